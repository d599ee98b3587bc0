"""What may be read, as types: a hidden cell has no figure that anybody could print by mistake.

Pages, sheets, exports and findings take these types only, so a forgotten call of :mod:`.cells` is a type error.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from survey_app.measurement.form_groups import Difference
from survey_app.measurement.item_distribution import ItemDistribution
from survey_app.measurement.rates import SatisfactionRate, SatisfiedPersons
from survey_app.measurement.strata import IndexEstimate

SUPPRESSED = "suppressed"
REVIEW_P_VALUE = 0.02  # so rarely do honest forms repeat each other as often by chance


class DisclosurePolicy(Enum):
    """Who reads: everybody, or the office at the server's command line, whose every reading is audited."""

    PUBLIC = "public"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class PublishableDimension:
    """One dimension (or OVERALL) whose figures may be read. ``strata_count``: groups behind the index."""

    dimension: str
    n: int
    index: IndexEstimate
    unweighted_index: IndexEstimate
    rate: SatisfactionRate
    satisfied: SatisfiedPersons
    strata_count: int
    correlation: float | None = None
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class HiddenDimension:
    """One dimension (or OVERALL) of which only the name may be known."""

    dimension: str

    @property
    def flags(self) -> frozenset[str]:
        return frozenset({SUPPRESSED})


DimensionFigures: TypeAlias = PublishableDimension | HiddenDimension


@dataclass(frozen=True, slots=True)
class _Participation:
    """Who was there, and who came: None where so few were there that it would be known who."""

    school: int
    audience: str
    instrument: str
    population: int
    received: int | None
    respondents: int | None
    flags: frozenset[str]

    @property
    def response_rate(self) -> float | None:
        return self.respondents / self.population if self.population and self.respondents is not None else None

    @property
    def unscored(self) -> int | None:
        """Responses without a scored answer."""
        return None if self.received is None or self.respondents is None else self.received - self.respondents


@dataclass(frozen=True, slots=True)
class PublishableCell(_Participation):
    """A school × audience whose OVERALL may be read; of its dimensions some may still be hidden."""

    dimensions: tuple[DimensionFigures, ...]
    overall: PublishableDimension

    @property
    def dimensions_and_overall(self) -> tuple[DimensionFigures, ...]:
        return (*self.dimensions, self.overall)


@dataclass(frozen=True, slots=True)
class HiddenCell(_Participation):
    """A school × audience of too few people: that they were there, and nothing of what they said."""

    dimension_names: tuple[str, ...]

    @property
    def dimensions_and_overall(self) -> tuple[HiddenDimension, ...]:
        return tuple(HiddenDimension(name) for name in self.dimension_names)


Cell: TypeAlias = PublishableCell | HiddenCell


@dataclass(frozen=True, slots=True)
class PublishableItem:
    """The answers to one item of one cell."""

    concept: str
    codes: tuple[str, ...]
    distribution: ItemDistribution


@dataclass(frozen=True, slots=True)
class ItemRange:
    """An item that nearly everybody answered alike: its rate lies between these limits."""

    concept: str
    codes: tuple[str, ...]
    rate_low: float
    rate_high: float


@dataclass(frozen=True, slots=True)
class HiddenItem:
    """An item of which only the options may be known."""

    concept: str
    codes: tuple[str, ...]


ItemFigures: TypeAlias = PublishableItem | ItemRange | HiddenItem


@dataclass(frozen=True, slots=True)
class PublishableFollowUp:
    """The answers to a follow-up of one cell: who answered, and how many chose each option."""

    codes: tuple[str, ...]
    n: int
    counts: tuple[int, ...]

    @property
    def shares(self) -> tuple[float | None, ...]:
        """Of those who answered; several answers add up to more than 1."""
        return tuple(count / self.n if self.n else None for count in self.counts)


@dataclass(frozen=True, slots=True)
class HiddenFollowUp:
    """A follow-up of which only the options may be known."""

    codes: tuple[str, ...]


FollowUpFigures: TypeAlias = PublishableFollowUp | HiddenFollowUp


@dataclass(frozen=True, slots=True)
class PublishableCount:
    """How many responses of ``total`` show a signal."""

    count: int
    total: int

    @property
    def share(self) -> float:
        return self.count / self.total


@dataclass(frozen=True, slots=True)
class UnanimousCount:
    """Nearly all of ``total`` show a signal, so only that it is at least ``low`` of them may be said."""

    total: int
    low: float = 0.95


@dataclass(frozen=True, slots=True)
class RareCount:
    """So few of ``total`` that only that they are at most ``high`` of them may be said."""

    total: int
    high: float = 0.05


class UnavailableCount(Enum):
    """Why there is no count: too few were observed, or nothing can be said."""

    HIDDEN = "hidden"
    UNDEFINED = "undefined"


SignalCount: TypeAlias = PublishableCount | UnanimousCount | RareCount | UnavailableCount


@dataclass(frozen=True, slots=True)
class PressedFigures:
    """How many say that they were told how to answer, how many prefer not to say, and Wilson's limits of the first."""

    pressed: SignalCount
    unsaid: SignalCount
    low: float | None = None
    high: float | None = None

    def is_above(self, usual: "PressedFigures") -> bool:
        """Whether it is surely more than usual: the whole interval lies above the usual share, or nearly all say it."""
        if not isinstance(usual.pressed, PublishableCount):
            return False
        if isinstance(self.pressed, UnanimousCount):
            return usual.pressed.share < self.pressed.low
        return self.low is not None and self.low > usual.pressed.share


@dataclass(frozen=True, slots=True)
class WithoutFlagged:
    """The index of a cell, and without its ``flagged`` persons, when ``n`` remain; scored as shipped."""

    flagged: int
    n: int
    index: IndexEstimate
    without: IndexEstimate

    @property
    def difference(self) -> float | None:
        """What leaving them out does to the index, in points."""
        points, without = self.index.points, self.without.points
        return None if points is None or without is None else without - points


@dataclass(frozen=True, slots=True)
class ModeFigures:
    """Persons and index of paper and of online forms of a cell over the same grades, and their difference."""

    paper_n: int
    online_n: int
    paper: IndexEstimate
    online: IndexEstimate
    difference: Difference


@dataclass(frozen=True, slots=True)
class FormGroupFigures:
    """What forms with a signal, and the way of answering, do to the index of a cell."""

    without: WithoutFlagged | UnavailableCount
    modes: ModeFigures | UnavailableCount

    @property
    def is_shown(self) -> bool:
        """Whether either may be read."""
        return isinstance(self.without, WithoutFlagged) or isinstance(self.modes, ModeFigures)


@dataclass(frozen=True, slots=True)
class CellSignals:
    """The signals of one school × audience, or of several together, by name."""

    counts: Mapping[str, SignalCount]
    expected: float | None = None
    p_value: float | None = None

    @property
    def needs_review(self) -> bool:
        """Whether forms repeat each other more often than chance explains."""
        return self.p_value is not None and self.p_value <= REVIEW_P_VALUE
