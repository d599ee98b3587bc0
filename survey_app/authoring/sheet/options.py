"""A list of options of a sheet, as its rows say it."""

from dataclasses import dataclass, field

from ..draft import DraftOption, Place


@dataclass(slots=True)
class OptionList:
    """The options under one name. ``without_points`` are those that the sheet says have none.

    With ``show`` they are numbers, of which only the ends have words; with ``faces`` a face stands beside each word.
    """

    name: str
    options: list[DraftOption] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    without_points: set[str] = field(default_factory=set)
    states_favourable: bool = False
    is_used: bool = False
    show: str = ""
    faces: bool = False
    is_nps: bool = False
    unfavourable: set[str] = field(default_factory=set)

    @property
    def has_points(self) -> bool:
        return any(option.points is not None for option in self.options)
