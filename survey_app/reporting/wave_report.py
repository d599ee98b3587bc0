"""The report of a wave as one frozen value. It holds what may be read and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from survey_app.assessment.schemes import Scheme
from survey_app.assessment.trigger_facts import ItemRates
from survey_app.definition.categories import Category
from survey_app.definition.languages import Text
from survey_app.definition.model import Instrument
from survey_app.frame.access_modes import is_verified
from survey_app.measurement.composite import Component, Composite
from survey_app.measurement.ranking import RankingEntry
from survey_app.measurement.scoring import Scoring

from .accepted_findings import AcceptedFinding
from .analysis.change import Comparison
from .analysis.models import Findings
from .disclosure.class_response import ClassResponse
from .disclosure.figures import (
    Cell,
    CellSignals,
    DisclosurePolicy,
    FollowUpFigures,
    FormGroupFigures,
    ItemFigures,
    PressedFigures,
    PublishableCell,
)
from .disclosure.grade_response import GradeResponse


@dataclass(frozen=True, slots=True)
class CellReport:
    """One school × audience as it may be read."""

    cell: Cell
    scoring: Scoring
    items: tuple[tuple[str, ItemFigures], ...]
    signals: CellSignals | None = None
    follow_ups: tuple[tuple[str, FollowUpFigures], ...] = ()
    pressed: PressedFigures | None = None
    classes: ClassResponse | None = None
    form_groups: FormGroupFigures | None = None
    grades: tuple[GradeResponse, ...] = ()

    @property
    def publishable(self) -> PublishableCell | None:
        """The cell if its figures may be read."""
        return self.cell if isinstance(self.cell, PublishableCell) else None


@dataclass(frozen=True, slots=True)
class SchoolReport:
    """One school: its cells by audience, its composite and its line of the ranking."""

    school_id: int
    code: str
    name: str
    category: str
    cells: Mapping[str, CellReport]
    composite: Composite
    ranking: RankingEntry
    area: str = ""
    imported: Mapping[str, Component] = field(default_factory=dict)  # by audience, where an office brought its figures


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
    audience_instruments: tuple[AudienceInstrument, ...]
    schools: tuple[SchoolReport, ...]
    policy: DisclosurePolicy
    dimension_labels: Mapping[str, Text] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
    comparison: Comparison | None = None
    ranking_errors: str = "level"
    usual_pressed: Mapping[tuple[str, str], PressedFigures] = field(default_factory=dict)  # by category and audience
    shows_private: bool = True
    accepted: tuple[AcceptedFinding, ...] = ()
    excluded: int = 0  # responses that two people left out after the seal
    item_rates: ItemRates = field(default_factory=lambda: ItemRates.of({}), compare=False)  # of ``schools``, once

    @property
    def is_full(self) -> bool:
        """Whether nothing was hidden: for the office at the server's command line only."""
        return self.policy is DisclosurePolicy.FULL

    def check_public(self) -> None:
        """Raises :class:`ValueError` if figures are in it that must not be drawn."""
        if self.is_full:
            raise ValueError("A full report is printed as a table on the command line and never drawn.")

    def without_private(self) -> "WaveReport":
        """Return the report for those who are neither office nor auditor.

        Without answers to private questions, and without what some of the forms do to an index.
        """
        schools = tuple(
            replace(
                school,
                cells={
                    audience: replace(cell, pressed=None, form_groups=None) for audience, cell in school.cells.items()
                },
            )
            for school in self.schools
        )
        return replace(self, schools=schools, usual_pressed={}, shows_private=False)

    def in_category(self, category: str) -> tuple[SchoolReport, ...]:
        """The schools of a category, ranked ones first."""
        schools = [school for school in self.schools if school.category == category]
        return tuple(sorted(schools, key=lambda school: (school.ranking.rank or 10**9, school.code)))

    def audiences(self, category: str) -> tuple[str, ...]:
        return tuple(entry.audience for entry in self.audience_instruments if entry.category == category)

    @property
    def is_verified(self) -> bool:
        """Whether every audience that was asked voted with codes."""
        return all(self.is_audience_verified(entry.audience) for entry in self.audience_instruments)

    def is_audience_verified(self, audience: str) -> bool:
        """Whether its way in keeps anybody from answering unnoticed more than once."""
        return is_verified(self.access, audience)

    @property
    def asks_for_promoters(self) -> bool:
        """Whether some item has a net promoter score, which then has columns of its own."""
        cells = (cell for school in self.schools for cell in school.cells.values())
        return any(item.nps and item.asked for cell in cells for item in cell.scoring.items)

    @property
    def has_follow_ups(self) -> bool:
        """Whether somebody was asked a follow-up, which then has tables of its own."""
        return any(cell.follow_ups for school in self.schools for cell in school.cells.values())

    @property
    def received(self) -> int:
        return sum(cell.cell.received or 0 for school in self.schools for cell in school.cells.values())
