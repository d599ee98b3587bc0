"""What a scheme of format 2 states beyond weights: marks, awards, triggers, recognition and release, as values."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from survey_app.definition.messages import Message, message
from survey_app.measurement.marks import MARK_FUNCTIONS, MarkFunction, Standardised, Threshold

from .mark_sources import MarkSource, source_label


@dataclass(frozen=True, slots=True)
class MarkLine:
    """One line of the marks. ``share``: its per cent of the full marks; the limits are those of ``threshold`` only."""

    id: str
    source: MarkSource
    share: float
    function: str
    zero_at: float | None = None
    full_at: float | None = None

    def mark_function(self, mean: float = 0.0, sd: float = 0.0) -> MarkFunction:
        """Return the function; ``mean`` and ``sd`` of the category are used by ``standardised`` alone."""
        if self.function == Threshold.name:
            assert self.zero_at is not None
            assert self.full_at is not None
            return Threshold(self.zero_at, self.full_at)
        if self.function == Standardised.name:
            return Standardised(mean, sd)
        return MARK_FUNCTIONS[self.function]()  # the others have no parameters


@dataclass(frozen=True, slots=True)
class Marks:
    """Full marks, the lines they are made of, and points taken off by kind, ``most`` at the most."""

    full: float
    lines: tuple[MarkLine, ...]
    deductions: Mapping[str, float] = field(default_factory=dict, hash=False)
    most: float | None = None

    def line_labels(self, dimension: Callable[[str], str] = str) -> dict[str, Message]:
        """Return a heading for each line by its id: what it is of, with the id where two lines are of the same."""
        sources = Counter(line.source for line in self.lines)
        labels = {line.id: source_label(line.source, dimension) for line in self.lines}
        return {
            line.id: message("{name}（{id}）", name=labels[line.id], id=line.id)
            if sources[line.source] > 1 else labels[line.id]
            for line in self.lines
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quota:
    """Places of an award: so many, or this share of the ranked schools."""

    text: str

    def places(self, ranked: int) -> int:
        """Return the places among so many ranked schools, rounded down.

        >>> Quota("1/3").places(11), Quota("2").places(1)
        (3, 1)
        """
        share = Fraction(self.text)
        return min(ranked, int(share)) if "/" not in self.text else int(ranked * share)


@dataclass(frozen=True, slots=True)
class Awards:
    """Places by category, and the facts that keep a school from one."""

    quota: Mapping[str, Quota] = field(default_factory=dict, hash=False)
    excluded_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeTrigger:
    """Satisfied persons surely below the line, and not because of who answered."""

    line: float = 0.85
    level: float = 0.025
    tipping: float = 1.25
    days: int = 30


@dataclass(frozen=True, slots=True)
class ReminderTrigger:
    """Below the line, but not surely."""

    line: float = 0.85
    days: int = 30


@dataclass(frozen=True, slots=True)
class LedgerTrigger:
    """An item that surely too many are dissatisfied with, or a sure drop of so many points."""

    item_dissatisfied: float = 0.10
    n: int = 30
    drop: float = 3.0


@dataclass(frozen=True, slots=True)
class InterviewTrigger:
    """One-sided probability below which a school lies too far under its category, and that for a small one."""

    outlier: float = 0.001
    small_category: float = 0.025


@dataclass(frozen=True, slots=True)
class WatchListTrigger:
    """The share of false alarms that a list of schools to watch may hold."""

    false_discovery: float = 0.10


@dataclass(frozen=True, slots=True)
class Triggers:
    """Those that the scheme names; what is None is never proposed."""

    notice: NoticeTrigger | None = None
    reminder: ReminderTrigger | None = None
    ledger: LedgerTrigger | None = None
    interview: InterviewTrigger | None = None
    watch_list: WatchListTrigger | None = None


@dataclass(frozen=True, slots=True)
class Recognition:
    """社会认可度: weights of the groups asked, the line, and how many per thousand residents."""

    groups: Mapping[str, float] = field(hash=False)
    line: float = 0.85
    quota_per_mille: float = 1.5


@dataclass(frozen=True, slots=True)
class ReleaseLevel:
    """What a level may see: which ranks, and from how many persons on."""

    ranks: str
    min_n: int


AREA_UNIT, SCHOOL_UNIT = "area", "school"


@dataclass(frozen=True, slots=True)
class SchemeRules:
    """Everything of ``format: 2`` that is not weights or method. ``units``: what a category ranks, where no schools."""

    marks: Marks | None = None
    awards: Awards = Awards()
    triggers: Triggers = Triggers()
    recognition: Recognition | None = None
    release: Mapping[str, ReleaseLevel] = field(default_factory=dict, hash=False)
    units: Mapping[str, str] = field(default_factory=dict, hash=False)

    def ranks_areas(self, category: str) -> bool:
        """Return whether this category is made of areas (学区), and not of schools."""
        return self.units.get(category) == AREA_UNIT
