"""The report of a wave as one frozen value. Hidden figures are gone from it before anything is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from survey_app.assessment.schemes import Scheme
from survey_app.definition.categories import Category
from survey_app.definition.model import Instrument
from survey_app.measurement.composite import Composite
from survey_app.measurement.distribution import ItemDistribution
from survey_app.measurement.estimate import CellEstimate, Estimate
from survey_app.measurement.method import Method
from survey_app.measurement.ranking import Ranked
from survey_app.measurement.rates import Rate
from survey_app.measurement.scoring import Scoring
from survey_app.measurement.strata import NOBODY, Index
from survey_app.measurement.suppression import hidden_parts

SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """The answers to one item; with ``hidden`` or ``unanimous`` the counts are not there any more."""

    concept: str
    codes: tuple[str, ...]
    distribution: ItemDistribution | None
    hidden: bool = False
    unanimous: bool = False
    rate_low: float | None = None
    rate_high: float | None = None


@dataclass(frozen=True, slots=True)
class CellReport:
    """One school × audience as it may be read."""

    estimate: CellEstimate
    scoring: Scoring
    items: tuple[tuple[str, ItemFigures], ...]
    shown: bool


@dataclass(frozen=True, slots=True)
class SchoolReport:
    """One school: its cells by audience, its composite and its line of the ranking."""

    school_id: int
    code: str
    name: str
    category: str
    cells: Mapping[str, CellReport]
    composite: Composite
    ranked: Ranked


@dataclass(frozen=True, slots=True)
class AudienceInstrument:
    """Which instrument asked an audience of a category."""

    category: str
    audience: str
    instrument: Instrument
    structure_hash: str


@dataclass(frozen=True, slots=True)
class WaveReport:
    """Everything that a reader of a wave's results can be shown."""

    wave: str
    opens_at: datetime
    closes_at: datetime
    sealed_at: datetime
    access: Mapping[str, str]
    manifest_hash: str
    scheme: Scheme
    categories: tuple[Category, ...]
    asked: tuple[AudienceInstrument, ...]
    schools: tuple[SchoolReport, ...]
    full: bool
    dimension_labels: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def in_category(self, category: str) -> tuple[SchoolReport, ...]:
        """The schools of a category, ranked ones first."""
        found = [school for school in self.schools if school.category == category]
        return tuple(sorted(found, key=lambda school: (school.ranked.rank or 10**9, school.code)))

    def audiences(self, category: str) -> tuple[str, ...]:
        return tuple(found.audience for found in self.asked if found.category == category)

    @property
    def is_verified(self) -> bool:
        """Whether every audience that was asked voted with codes."""
        return all(self.access.get(found.audience) != "open" for found in self.asked)

    @property
    def received(self) -> int:
        return sum(cell.estimate.received for school in self.schools for cell in school.cells.values())


def masked(estimate: CellEstimate, method: Method) -> CellEstimate:
    """The cell without what concerns fewer people than may be shown."""
    least = method.least_n(estimate.audience)
    if estimate.audience == "inspector":
        return estimate
    return replace(
        estimate,
        estimates=tuple(_masked(found, least, estimate.received) for found in estimate.estimates),
    )


def _masked(estimate: Estimate, least: int, received: int) -> Estimate:
    if estimate.n >= least or received == 0:
        return estimate
    return replace(
        estimate, n=0, index=Index(), plain=Index(), rate=Rate(), strata=(), whole=NOBODY,
        flags=frozenset({SUPPRESSED}),
    )  # fmt: skip


def is_hidden(estimate: Estimate) -> bool:
    return SUPPRESSED in estimate.flags


def masked_items(
    items: list[tuple[str, ItemFigures]], least: int, cell_shown: bool
) -> tuple[tuple[str, ItemFigures], ...]:
    """The items of a cell without small, subtractable or unanimous counts."""
    sizes = [figures.distribution.n if figures.distribution else 0 for _, figures in items]
    hidden = hidden_parts(sizes, least) if cell_shown else frozenset(range(len(items)))
    return tuple(
        (name, _without(figures) if number in hidden else _unanimous(figures))
        for number, (name, figures) in enumerate(items)
    )


def _without(figures: ItemFigures) -> ItemFigures:
    return replace(figures, distribution=None, hidden=True, rate_low=None, rate_high=None)


def _unanimous(figures: ItemFigures) -> ItemFigures:
    """Everybody chose one option: the share is said to be at least 95 % or at most 5 %, the counts are not shown."""
    found = figures.distribution
    if found is None or not found.is_unanimous:
        return figures
    low, high = (0.95, 1.0) if found.rate == 1.0 else (0.0, 0.05)
    return replace(figures, distribution=None, unanimous=True, rate_low=low, rate_high=high)
