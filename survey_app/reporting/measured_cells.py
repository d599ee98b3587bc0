"""The cells of a wave, one audience after the other: tallies are read, made into what may be read, and let go.

A thousand schools have a hundred megabytes of sums and as much of raw estimates; a report that held both while it was
built took twice what it keeps.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy.orm import Session

from survey_app.assessment.schemes import Scheme
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Categories
from survey_app.frame.access_modes import is_verified
from survey_app.frame.models import Wave, WaveSchool
from survey_app.frame.queries import (
    FrozenInstrument,
    eligible_population,
    frozen_instruments,
    frozen_populations,
    frozen_schools,
)
from survey_app.integrity.class_response import ClassCounts, load_class_counts
from survey_app.integrity.class_sums_store import ClassEvidence, load_class_evidence
from survey_app.integrity.form_sums_store import FormSums, load_form_sums
from survey_app.integrity.private_counts_store import load_private_counts
from survey_app.integrity.signals_store import load_signals
from survey_app.integrity.tally_store import build_scorings, load_tally, missing_tallies
from survey_app.measurement.composite import Component
from survey_app.measurement.estimate import (
    DimensionEstimate,
    DispersionPriors,
    SchoolAudienceEstimate,
    estimate_school_audience,
    fit_priors,
    with_errors,
)
from survey_app.measurement.scoring import Scoring, build_scoring
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.signals import Signals
from survey_app.measurement.strata import RosterPopulation
from survey_app.measurement.tally import Tally

from .analysis.item_analysis import TallyFindings, tally_findings
from .disclosure.cells import disclose_cell
from .disclosure.class_response import disclose_class_response
from .disclosure.figures import (
    Cell,
    DisclosurePolicy,
    FormGroupFigures,
    PressedFigures,
    PublishableCell,
    PublishableDimension,
)
from .disclosure.follow_ups import disclose_follow_ups
from .disclosure.form_groups import FormGroupSource, disclose_form_groups
from .disclosure.items import disclose_items
from .disclosure.pressed import PRESSED_QUESTION, disclose_pressed
from .disclosure.signals import disclose_signals
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


class WaveCells:
    """The only holder of raw cells: what leaves it has gone through :mod:`.disclosure`."""

    def __init__(
        self, session: Session, wave: Wave, categories: Categories, scheme: Scheme, policy: DisclosurePolicy
    ) -> None:
        self.session = session
        self.wave = wave
        self.categories = categories
        self.scheme = scheme
        self.policy = policy
        self.instruments = frozen_instruments(session, wave.id, categories)
        self.schools = frozen_schools(session, wave.id)
        self.populations = frozen_populations(session, wave.id)
        self.private_counts = load_private_counts(session, wave.id)
        self._scorings: dict[tuple[str, str], Scoring] = {}

    def is_counted(self) -> bool:
        """Whether every audience was counted with the settings of the scheme, be it that nobody answered."""
        scorings = build_scorings(self.instruments, self.scheme.settings, self.scheme.dimension_weights)
        return not missing_tallies(self.session, self.wave.id, scorings)

    def measure(self, with_reports: bool = True) -> MeasuredWave:
        """Every cell with its errors; what cells borrow from each other is made of what may be read of them."""
        evidence = _load_evidence(self)
        cells: dict[tuple[int, str], MeasuredCell] = {}
        by_tally: list[TallyFindings] = []
        for audience in AUDIENCES.ids():
            measured, findings = _AudienceCells(self, evidence, audience, with_reports).measure()
            cells |= {(school, audience): cell for school, cell in measured.items()}
            by_tally += findings
        return MeasuredWave(cells, tuple(by_tally))

    def instrument(self, category: str, audience: str) -> FrozenInstrument | None:
        candidates = (
            f for f in self.instruments if category in f.instrument.categories and audience in f.instrument.audiences
        )
        return next(candidates, None)

    def scoring(self, instrument: FrozenInstrument, audience: str) -> Scoring:
        """How an instrument is scored for an audience, by the scheme."""
        key = (instrument.structure_hash, audience)
        if key not in self._scorings:
            settings = self.scheme.settings
            self._scorings[key] = build_scoring(
                instrument.instrument,
                audience,
                settings.valid_share,
                settings.map,
                self.scheme.dimension_weights,
                settings.conditional_items,
            )
        return self._scorings[key]

    def pressed(self, school: int, audience: str) -> PressedFigures | None:
        """None where nobody was asked, or hardly anybody answered."""
        counts = self.private_counts.get((school, audience), {}).get(PRESSED_QUESTION)
        return disclose_pressed(counts, self.scheme.settings.audience_min_n(audience), self.policy) if counts else None


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What is known beside the answers; let go when the last cell is made."""

    classes: ClassEvidence
    signals: Mapping[tuple[int, str], Signals]
    class_counts: Mapping[tuple[int, str], ClassCounts]
    form_sums: Mapping[tuple[int, str], FormSums]


def _load_evidence(wave: WaveCells) -> _Evidence:
    session, wave_id = wave.session, wave.wave.id
    requests = build_scorings(wave.instruments, wave.scheme.settings, wave.scheme.dimension_weights)
    return _Evidence(
        load_class_evidence(session, wave_id, requests),
        load_signals(session, wave_id),
        load_class_counts(session, wave_id),
        load_form_sums(session, wave_id),
    )


class _AudienceCells:
    """The cells of one audience, with the tallies that they are made of."""

    def __init__(self, wave: WaveCells, evidence: _Evidence, audience: str, with_reports: bool) -> None:
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
        wave, shipped = self.wave, _shipped_scoring(self.wave.scheme)
        if shipped == wave.scheme:
            return None
        if not any(audience == self.audience for _school, audience in self.evidence.form_sums):
            return {}
        as_shipped = WaveCells(wave.session, wave.wave, wave.categories, shipped, wave.policy)
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
        )


def _shipped_scoring(scheme: Scheme) -> Scheme:
    """Return the scheme with answers worth what they are worth as shipped; thresholds and weights are its own."""
    shipped = MeasurementSettings()
    settings = replace(
        scheme.settings, valid_share=shipped.valid_share, map=shipped.map, conditional_items=shipped.conditional_items
    )
    return replace(scheme, settings=settings, dimension_weights={})


def _shown_dimensions(estimate: SchoolAudienceEstimate, settings: MeasurementSettings) -> list[DimensionEstimate]:
    """Return the dimensions of a cell that may be read."""
    cell = disclose_cell(estimate, settings)
    return [
        dimension
        for dimension, figures in zip(estimate.estimates, cell.dimensions_and_overall, strict=True)
        if isinstance(figures, PublishableDimension)
    ]
