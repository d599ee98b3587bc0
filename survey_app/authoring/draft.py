"""What a reader makes of a source: questions with their places, and an account of every line or row.

How a reader uses it
--------------------
* It numbers the units of its source (:class:`Place`) and files each in one of four lists through
  :class:`~survey_app.authoring.account.AccountBook`.
* It makes one :class:`DraftItem` per question in the order of the source. ``name`` is what the source calls it, in any
  script; items without a name are given an id. Names must differ within one form.
* Conditions are :class:`~survey_app.definition.conditions.Condition` over names: of items, and of options
  (:attr:`DraftOption.name`: the code in the source, without one the label). ``draft_instrument`` maps names and codes
  that break the rules of the format, there and in conditions alike, so a reader never has to.
* What is not known is ``None`` and becomes a gap (null). What is guessed is filed under *asked* and has a fault that
  says so. Points are 0–100 as the format has them; ``shown_points`` are those of the source.
* An item of a kind that the format does not have (ranking), or that was read but cannot be used, has
  ``is_left_out=True``; its place is filed under *left*.
* A source with one sheet for each audience has several :class:`FormHead`; ``DraftItem.form`` says whose an item is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from survey_app.definition.conditions import Condition
from survey_app.definition.languages import Text
from survey_app.definition.messages import Message
from survey_app.definition.model import RetiredId


class Fate(StrEnum):
    """The four lists, from the one that needs a person most."""

    LEFT = "left"
    ASKED = "asked"
    TAKEN = "taken"
    FURNITURE = "furniture"


class Severity(StrEnum):
    """An error keeps everything from being saved; a warning was asked, guessed or left out."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class ItemKind(StrEnum):
    """What a question is. A scale is scored; a ranking is never taken."""

    SCALE = "scale"
    CHOICE = "choice"
    CHOICES = "choices"
    GRADE = "grade"
    NUMBER = "number"
    TEXT = "text"
    RANKING = "ranking"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a line of a text, a row (and column letter) of a sheet, or a question's code."""

    line: int | None = None
    sheet: str = ""
    row: int | None = None
    column: str = ""
    question: str = ""

    @property
    def unit(self) -> "Place":
        """The line, row or question as a whole, which is what the account counts."""
        return Place(self.line, self.sheet, self.row, "", self.question) if self.column else self

    def written(self) -> dict[str, object]:
        """Return the keys that name it in JSON."""
        if self.line is not None:
            return {"line": self.line}
        if self.row is not None:
            column = {"column": self.column} if self.column else {}
            return {"sheet": self.sheet, "row": self.row} | column
        if self.question:
            return {"question": self.question}
        return {"sheet": self.sheet} if self.sheet else {}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line or row of the account. ``role``: title intro section question option scale heading setting note …"""

    place: Place
    fate: Fate
    role: str = ""
    code: str = ""

    def written(self) -> dict[str, object]:
        """Return the entry as its list in JSON has it."""
        role = {"as": self.role} if self.role and self.fate in (Fate.TAKEN, Fate.ASKED) else {}
        return self.place.written() | role | ({"code": self.code} if self.code else {})


@dataclass(frozen=True, slots=True)
class DraftFault:
    """What must be shown beside a place; without one it concerns the whole. ``value`` is what stands there."""

    code: str
    severity: Severity
    message: Message
    place: Place | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class DraftOption:
    """Something that can be chosen. ``text_length``: characters that may be written beside it ("other")."""

    label: Text
    code: str = ""
    points: float | None = None
    favourable: bool | None = None
    text_length: int = 0
    exclusive: bool = False

    @property
    def name(self) -> str:
        """What conditions call it: its code in the source, without one its label."""
        return self.code or next(iter(self.label.values()), "")


@dataclass(frozen=True, slots=True)
class NumericRange:
    """A scale of numbers with labels at its ends only. ``favourable_from`` is a gap where it is None.

    ``points`` are listed where they are not spread evenly.
    """

    low: int
    high: int
    low_label: Text | None = None
    high_label: Text | None = None
    favourable_from: int | None = None
    unfavourable_to: int | None = None
    show: str = "numbers"
    is_nps: bool = False
    points: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftScale:
    """A scored scale, in the order of the source. Equal ones become one scale of the instrument.

    ``family`` names the meaning (satisfaction, agreement, …); ``name`` what the source calls it, if anything.
    With ``numbers`` the options are only how the source shows them.
    """

    family: str
    options: tuple[DraftOption, ...] = ()
    not_applicable: DraftOption | None = None
    numbers: NumericRange | None = None
    shown_points: tuple[float, ...] = ()
    name: str = ""
    faces: bool = False

    @property
    def size(self) -> int:
        return len(self.options)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is still asked: which is favourable, what it is worth, what the ends of numbers mean."""
        if self.numbers:
            ends = self.numbers.low_label and self.numbers.high_label
            return bool(ends) and self.favourable_count is not None
        return all(option.points is not None and option.favourable is not None for option in self.options)

    @property
    def favourable_count(self) -> int | None:
        """How many options count as favourable; None while that is a gap."""
        if self.numbers:
            start = self.numbers.favourable_from
            return None if start is None else self.numbers.high - start + 1
        if any(option.favourable is None for option in self.options):
            return None
        return sum(bool(option.favourable) for option in self.options)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading. Scored items below it become a dimension: ``name``, ``weight`` and ``lead`` are its."""

    label: Text
    name: str = ""
    weight: float | None = None
    lead: Text | None = None
    label_for: Mapping[str, Text] = field(default_factory=dict, hash=False)
    lead_for: Mapping[str, Text] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class GuessedCondition:
    """A condition as the source words it, by number and labels, beside the one over names."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftItem:
    """One question, in the words of the source.

    ``lead`` is the stem of a matrix, above its rows. ``is_overall`` marks the overall item; ``follow_up`` a closed
    question after it. ``audiences`` is empty where everybody is asked.
    """

    place: Place
    text: Text
    kind: ItemKind
    name: str = ""
    number: str | None = None
    options: tuple[DraftOption, ...] = ()
    scale: DraftScale | None = None
    required: bool | None = None
    section: Section | None = None
    lead: Text | None = None
    help: Text | None = None
    text_for: Mapping[str, Text] = field(default_factory=dict, hash=False)
    help_for: Mapping[str, Text] = field(default_factory=dict, hash=False)
    audiences: tuple[str, ...] = ()
    concept: str = ""
    at_most: int | None = None
    at_least: int | None = None
    show_if: Condition | None = None
    guessed_condition: GuessedCondition | None = None
    reverse: bool = False
    is_overall: bool = False
    follow_up: bool = False
    private: bool | None = None
    max_length: int | None = None
    unit: Text | None = None
    bands: tuple[int, ...] = ()
    form: int = 0
    is_left_out: bool = False


@dataclass(frozen=True, slots=True)
class FormHead:
    """What stands above the questions of one form. Empty means a gap.

    ``scale_order``: names of scales in the order of the source, where that is another than that of their use.
    """

    title: Text | None = None
    intro: Text | None = None
    audiences: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("zh",)
    name: str = ""
    version: str = ""
    grades_from: Mapping[str, str] = field(default_factory=dict, hash=False)
    title_for: Mapping[str, Text] = field(default_factory=dict, hash=False)
    intro_for: Mapping[str, Text] = field(default_factory=dict, hash=False)
    retired: tuple[RetiredId, ...] = ()
    scale_order: tuple[str, ...] = ()
    occasion: str = ""
    accepted: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    source: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """A source as it was read."""

    forms: tuple[FormHead, ...]
    items: tuple[DraftItem, ...]
    account: tuple[Entry, ...]
    faults: tuple[DraftFault, ...] = ()

    def listed(self, fate: Fate) -> tuple[Entry, ...]:
        """Return one of the four lists, in the order of the source."""
        return tuple(entry for entry in self.account if entry.fate is fate)

    @property
    def has_errors(self) -> bool:
        return any(fault.severity is Severity.ERROR for fault in self.faults)

    @property
    def usable_items(self) -> tuple[DraftItem, ...]:
        return tuple(item for item in self.items if not item.is_left_out)
