"""The report of a wave as one frozen value. Hidden figures are gone from it before anything is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from survey_app.assessment.schemes import Scheme
from survey_app.definition.categories import Category
from survey_app.definition.model import Instrument
from survey_app.measurement.composite import Composite
from survey_app.measurement.estimate import CellEstimate
from survey_app.measurement.ranking import Ranked
from survey_app.measurement.scoring import Scoring

from .analysis.change import Comparison
from .analysis.models import Findings
from .analysis.signals import ShownSignals
from .disclosure import ItemFigures, is_hidden, masked

__all__ = ["AudienceInstrument", "CellReport", "ItemFigures", "SchoolReport", "WaveReport", "is_hidden", "masked"]


@dataclass(frozen=True, slots=True)
class CellReport:
    """One school × audience as it may be read."""

    estimate: CellEstimate
    scoring: Scoring
    items: tuple[tuple[str, ItemFigures], ...]
    shown: bool
    signals: ShownSignals | None = None


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
    findings: Findings = field(default_factory=Findings)
    comparison: Comparison | None = None

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
