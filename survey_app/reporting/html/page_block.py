"""A part of a results page: its title, its table, and the picture of the same figures where there is one."""

from dataclasses import dataclass

from survey_app.foundation.translation import _

from ..charts.dot_plot import DotPlot
from ..charts.likert import Likert
from ..charts.scatter import Scatter


@dataclass(frozen=True, slots=True)
class Heading:
    """A column heading; ``how`` names the explanation of its figure."""

    text: str
    method_note: str = ""
    numeric: bool = True


@dataclass(frozen=True, slots=True)
class TextTable:
    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def heading_texts(self) -> tuple[str, ...]:
        return tuple(heading.text for heading in self.headings)


@dataclass(frozen=True, slots=True)
class PageBlock:
    """``kind`` is the macro that draws ``chart``; empty without one."""

    id: str
    title: str
    method_note: str
    table: TextTable
    kind: str = ""
    chart: DotPlot | Likert | Scatter | None = None
    note: str = ""

    @property
    def heads(self) -> list[tuple[str, str, str]]:
        """Return text, class and note of each column; what the title says of all is not said again."""
        return [
            (one.text, "num" if one.numeric else "", "" if one.method_note == self.method_note else one.method_note)
            for one in self.table.headings
        ]


def school_heading() -> Heading:
    return Heading(_("学校"), numeric=False)


def audience_heading() -> Heading:
    return Heading(_("对象"), numeric=False)
