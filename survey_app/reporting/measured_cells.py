"""The cells of a wave, one audience after the other: tallies are read, made into what may be read, and let go.

A thousand schools have a hundred megabytes of sums and as much of raw estimates; a report that held both while it was
built took twice what it keeps.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from survey_app.definition.audiences import AUDIENCES
from survey_app.frame.access_modes import is_verified
from survey_app.frame.models import WaveSchool
from survey_app.frame.queries import (
    FrozenInstrument,
    eligible_population,
)
from survey_app.integrity.tally_store import load_tally
from survey_app.measurement.composite import Component
from survey_app.measurement.estimate import DimensionEstimate, SchoolAudienceEstimate, estimate_school_audience
from survey_app.measurement.estimate_errors import DispersionPriors, fit_priors, with_errors
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.strata import RosterPopulation
from survey_app.measurement.tally import Tally

from .analysis.item_analysis import TallyFindings, tally_findings
from .disclosure.cells import disclose_cell
from .disclosure.class_response import disclose_class_response
from .disclosure.figures import (
    Cell,
    DisclosurePolicy,
    FormGroupFigures,
    PublishableCell,
    PublishableDimension,
)
from .disclosure.follow_ups import disclose_follow_ups
from .disclosure.form_groups import FormGroupSource, disclose_form_groups
from .disclosure.grade_response import disclose_grade_response
from .disclosure.items import disclose_items
from .disclosure.signals import disclose_signals
from .wave_cells import Evidence, WaveCells, load_evidence
from .wave_report import CellReport

AddErrors = Callable[[SchoolAudienceEstimate], SchoolAudienceEstimate]


@dataclass(frozen=True, slots=True)
class MeasuredCell:
    """One school × audience: what may be read of it, and of the raw figures only what composites are made of.

    ``public``: as everybody may read it, whatever the policy of the report; ``report`` is None where only a comparison
    was asked for.
    """

    component: Component
    population: int
    received: int
    public: Cell
    report: CellReport | None


@dataclass(frozen=True, slots=True)
class MeasuredWave:
    """The cells by school and audience, and what the persons of all schools together tell."""

    cells: Mapping[tuple[int, str], MeasuredCell]
    by_tally: tuple[TallyFindings, ...]


def measure_wave(wave: WaveCells, with_reports: bool = True) -> MeasuredWave:
    """Return every cell with its errors; what cells borrow from each other is made of what may be read of them."""
    evidence = load_evidence(wave)
    cells: dict[tuple[int, str], MeasuredCell] = {}
    by_tally: list[TallyFindings] = []
    for audience in AUDIENCES.ids():
        measured, findings = _AudienceCells(wave, evidence, audience, with_reports).measure()
        cells |= {(school, audience): cell for school, cell in measured.items()}
        by_tally += findings
    return MeasuredWave(cells, tuple(by_tally))


class _AudienceCells:
    """The cells of one audience, with the tallies that they are made of: the only holder of raw cells.

    What leaves it has gone through :mod:`.disclosure`.
    """

    def __init__(self, wave: WaveCells, evidence: Evidence, audience: str, with_reports: bool) -> None:
        self.wave, self.evidence, self.audience, self.with_reports = wave, evidence, audience, with_reports
        self.settings = wave.scheme.settings
        self.tallies: dict[str, Tally] = {}
        self.form_groups: Mapping[int, FormGroupFigures] | None = None  # of another scoring, where that is not shipped

    def measure(self) -> tuple[dict[int, MeasuredCell], list[TallyFindings]]:
        """Return the cells by school, category by category, and the findings of each instrument."""
        if self.with_reports:
            self.form_groups = self._shipped_form_groups()
        cells = {
            school.school_id: self._measured(school, add_errors(raw), add_errors)
            for school, raw, add_errors in self._estimates()
        }
        public = [
            cell.public
            for cell in cells.values()
            if isinstance(cell.public, PublishableCell) and cell.public.overall.index.points is not None
        ]
        return cells, [tally_findings(tally, public, self.settings) for tally in self.tallies.values()]

    def _estimates(self) -> Iterator[tuple[WaveSchool, SchoolAudienceEstimate, AddErrors]]:
        """Each cell and what gives it its errors, category by category; it is let go at once."""
        cells = {school: cell for school in self.wave.schools if (cell := self._estimate(school)) is not None}
        priors = self._priors(cells)
        for category in priors:
            correlations, classes = self._class_correlations(category), self.evidence.classes
            for school in [school for school in cells if school.category == category]:
                cell = cells.pop(school)
                size = classes.class_size(cell.school, self.audience, cell.received, cell.response_rate)
                add_errors = partial(with_errors, priors=priors[category], settings=self.settings,
                                     correlations=correlations, class_size=size)  # fmt: skip
                yield school, cell, add_errors

    def _priors(self, cells: Mapping[WaveSchool, SchoolAudienceEstimate]) -> dict[str, DispersionPriors]:
        """What the cells of a category borrow from each other, made of what may be read of them."""
        shown = {school: _shown_dimensions(cell, self.settings) for school, cell in cells.items()}
        everybody = [estimate for estimates_of_cell in shown.values() for estimate in estimates_of_cell]
        return {
            category: fit_priors(
                [one for school, dimensions in shown.items() if school.category == category for one in dimensions],
                everybody,
            )
            for category in dict.fromkeys(school.category for school in cells)
        }

    def _class_correlations(self, category: str) -> dict[str, float]:
        """How alike persons of one class answer, measured over the schools of a category; empty where it was not."""
        instrument = self.wave.instrument(category, self.audience)
        if instrument is None:
            return {}
        schools = (school.school_id for school in self.wave.schools if school.category == category)
        return self.evidence.classes.correlations(self.audience, instrument.structure_hash, schools)

    def _tally(self, instrument: FrozenInstrument) -> Tally:
        structure = instrument.structure_hash
        if structure not in self.tallies:
            scoring = self.wave.scoring(instrument, self.audience)
            self.tallies[structure] = load_tally(self.wave.session, self.wave.wave.id, structure, scoring)
        return self.tallies[structure]

    def _estimate(self, school: WaveSchool) -> SchoolAudienceEstimate | None:
        """None if this audience is not asked at this school."""
        instrument = self.wave.instrument(school.category, self.audience)
        if instrument is None:
            return None
        tally = self._tally(instrument)
        enrolled = self._enrolment(school, instrument)
        is_on_roster = AUDIENCES[self.audience].is_on_roster
        if not enrolled.population and is_on_roster and not tally.rows_for_school(school.school_id):
            return None
        return estimate_school_audience(tally, school.school_id, enrolled, self.settings)

    def _enrolment(self, school: WaveSchool, instrument: FrozenInstrument) -> RosterPopulation:
        categories = self.wave.categories
        by_grade = eligible_population(
            self.wave.populations.get((school.school_id, self.audience), {}), instrument.instrument, categories,
            school.category, self.audience,
        )  # fmt: skip
        order = ["", *(grade.code for grade in categories[school.category].grades)]
        return RosterPopulation(dict(sorted(by_grade.items(), key=lambda entry: order.index(entry[0]))))

    def _shipped_form_groups(self) -> dict[int, FormGroupFigures] | None:
        """What flagged and paper forms do to an index, scored as shipped, as their sums are; None if the scheme is."""
        as_shipped = self.wave.as_shipped()
        if as_shipped is None:
            return None
        if not any(audience == self.audience for _school, audience in self.evidence.form_sums):
            return {}
        cells = _AudienceCells(as_shipped, self.evidence, self.audience, with_reports=False)
        return {
            school.school_id: figures
            for school, raw, add_errors in cells._estimates()
            if (figures := cells._form_groups(school, add_errors(raw), add_errors)) is not None
        }

    def _form_groups(
        self, school: WaveSchool, estimate: SchoolAudienceEstimate, add_errors: AddErrors
    ) -> FormGroupFigures | None:
        """None where nobody gave a signal that may be read."""
        key = (school.school_id, self.audience)
        signals, instrument = self.evidence.signals.get(key), self.wave.instrument(school.category, self.audience)
        if signals is None or instrument is None:
            return None
        source = FormGroupSource(
            estimate, self._tally(instrument), self._enrolment(school, instrument), self.settings, add_errors
        )
        return disclose_form_groups(source, self.evidence.form_sums.get(key, {}), signals)

    def _measured(self, school: WaveSchool, estimate: SchoolAudienceEstimate, add_errors: AddErrors) -> MeasuredCell:
        verified = is_verified(self.wave.wave.access, self.audience)
        overall = estimate.overall
        public = disclose_cell(estimate, self.settings)
        return MeasuredCell(
            Component(self.audience, overall.index, overall.n, estimate.response_rate, verified),
            estimate.population,
            estimate.received,
            public,
            self._report(school, estimate, public, add_errors) if self.with_reports else None,
        )

    def _report(
        self, school: WaveSchool, estimate: SchoolAudienceEstimate, public: Cell, add_errors: AddErrors
    ) -> CellReport:
        instrument = self.wave.instrument(school.category, self.audience)
        assert instrument is not None
        tally, policy = self._tally(instrument), self.wave.policy
        key = (school.school_id, self.audience)
        cell = public if policy is DisclosurePolicy.PUBLIC else disclose_cell(estimate, self.settings, policy)
        min_n = self.settings.audience_min_n(self.audience)
        is_publishable = isinstance(cell, PublishableCell)
        signals = self.evidence.signals.get(key) if is_publishable else None
        items = disclose_items(tally, cell, min_n, policy)
        form_groups = None
        if is_publishable and self.form_groups is None:
            form_groups = self._form_groups(school, estimate, add_errors)
        elif is_publishable and self.form_groups is not None:
            form_groups = self.form_groups.get(school.school_id)
        return CellReport(
            cell,
            tally.scoring,
            items,
            disclose_signals(signals, min_n, policy) if signals else None,
            disclose_follow_ups(tally, instrument.instrument, cell, items, min_n, policy),
            self.wave.pressed(*key) if is_publishable else None,
            disclose_class_response(cell, self.evidence.class_counts.get(key, ())),
            form_groups,
            disclose_grade_response(
                cell,
                self._enrolment(school, instrument).by_grade,
                _respondents_by_grade(tally, school.school_id),
                self.evidence.class_counts.get(key, ()),
            ),
        )


def _respondents_by_grade(tally: Tally, school: int) -> list[tuple[str, int]]:
    return [(tally.cells[row].grade, int(tally.response_counts[row, 1])) for row in tally.rows_for_school(school)]


def _shown_dimensions(estimate: SchoolAudienceEstimate, settings: MeasurementSettings) -> list[DimensionEstimate]:
    """Return the dimensions of a cell that may be read."""
    cell = disclose_cell(estimate, settings)
    return [
        dimension
        for dimension, figures in zip(estimate.estimates, cell.dimensions_and_overall, strict=True)
        if isinstance(figures, PublishableDimension)
    ]
