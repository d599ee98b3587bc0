"""Every school × audience of a wave as raw estimates: only :mod:`.build` holds them, and hides before it shows."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from sqlalchemy.orm import Session

from survey_app.assessment.schemes import Scheme
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Categories
from survey_app.frame.models import Wave, WaveSchool
from survey_app.frame.queries import (
    FrozenInstrument,
    eligible_population,
    frozen_instruments,
    frozen_populations,
    frozen_schools,
)
from survey_app.integrity.class_sums_store import load_class_evidence
from survey_app.integrity.tally_store import build_scorings, load_tally
from survey_app.measurement.estimate import (
    DimensionEstimate,
    SchoolAudienceEstimate,
    estimate_school_audience,
    fit_priors,
    with_errors,
)
from survey_app.measurement.scoring import build_scoring
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.strata import RosterPopulation
from survey_app.measurement.tally import Tally

from .disclosure.cells import disclose_cell
from .disclosure.figures import PublishableDimension
from .disclosure.form_groups import FormGroupSource

CellEstimates = dict[tuple[int, str], SchoolAudienceEstimate]
AddErrors = Callable[[SchoolAudienceEstimate], SchoolAudienceEstimate]


def shipped_scoring(scheme: Scheme) -> Scheme:
    """Return the scheme with answers worth what they are worth as shipped; thresholds and weights are its own."""
    shipped = MeasurementSettings()
    settings = replace(
        scheme.settings, valid_share=shipped.valid_share, map=shipped.map, conditional_items=shipped.conditional_items
    )
    return replace(scheme, settings=settings, dimension_weights={})


class CellEstimator:
    """Estimates of the cells of a wave from stored tallies, the frozen roster and the settings of a scheme."""

    def __init__(self, session: Session, wave: Wave, categories: Categories, scheme: Scheme) -> None:
        self.session = session
        self.wave = wave
        self.categories = categories
        self.scheme = scheme
        self.instruments = frozen_instruments(session, wave.id, categories)
        self.schools = frozen_schools(session, wave.id)
        self.school_by_id = {school.school_id: school for school in self.schools}
        self.populations = frozen_populations(session, wave.id)
        requests = build_scorings(self.instruments, scheme.settings, scheme.dimension_weights)
        self.classes = load_class_evidence(session, wave.id, requests)
        self.tallies: dict[tuple[str, str], Tally] = {}
        self.add_errors: dict[tuple[int, str], AddErrors] = {}  # filled with the estimates

    def instrument(self, category: str, audience: str) -> FrozenInstrument | None:
        candidates = (
            f for f in self.instruments if category in f.instrument.categories and audience in f.instrument.audiences
        )
        return next(candidates, None)

    def tally(self, instrument: FrozenInstrument, audience: str) -> Tally:
        key = (instrument.structure_hash, audience)
        if key not in self.tallies:
            settings = self.scheme.settings
            scoring = build_scoring(
                instrument.instrument,
                audience,
                settings.valid_share,
                settings.map,
                self.scheme.dimension_weights,
                settings.conditional_items,
            )
            self.tallies[key] = load_tally(self.session, self.wave.id, instrument.structure_hash, scoring)
        return self.tallies[key]

    def estimates(self) -> CellEstimates:
        """Every cell with its errors; what cells borrow from each other is made of what may be read of them."""
        settings = self.scheme.settings
        estimates: CellEstimates = {}
        for audience in AUDIENCES.ids():
            cells = {school: cell for school in self.schools if (cell := self._estimate(school, audience)) is not None}
            shown = {school.school_id: _shown_dimensions(cell, settings) for school, cell in cells.items()}
            everybody = [estimate for estimates_of_cell in shown.values() for estimate in estimates_of_cell]
            for category in dict.fromkeys(school.category for school in cells):
                members = {school: cell for school, cell in cells.items() if school.category == category}
                own = [estimate for school in members for estimate in shown[school.school_id]]
                priors = fit_priors(own, everybody)
                correlations = self._class_correlations(category, audience)
                for cell in members.values():
                    size = self.classes.class_size(cell.school, audience, cell.received, cell.response_rate)
                    add_errors = partial(
                        with_errors, priors=priors, settings=settings, correlations=correlations, class_size=size
                    )
                    self.add_errors[cell.school, audience] = add_errors
                    estimates[cell.school, audience] = add_errors(cell)
        return estimates

    def _class_correlations(self, category: str, audience: str) -> dict[str, float]:
        """How alike persons of one class answer, measured over the schools of a category; empty where it was not."""
        instrument = self.instrument(category, audience)
        schools = (school.school_id for school in self.schools if school.category == category)
        return self.classes.correlations(audience, instrument.structure_hash, schools) if instrument else {}

    def _estimate(self, school: WaveSchool, audience: str) -> SchoolAudienceEstimate | None:
        """None if this audience is not asked at this school."""
        instrument = self.instrument(school.category, audience)
        if instrument is None:
            return None
        tally = self.tally(instrument, audience)
        enrolled = self._enrolment(school, audience, instrument)
        if not enrolled.population and AUDIENCES[audience].is_on_roster and not tally.rows_for_school(school.school_id):
            return None
        return estimate_school_audience(tally, school.school_id, enrolled, self.scheme.settings)

    def _enrolment(self, school: WaveSchool, audience: str, instrument: FrozenInstrument) -> RosterPopulation:
        by_grade = eligible_population(
            self.populations.get((school.school_id, audience), {}), instrument.instrument, self.categories,
            school.category, audience,
        )  # fmt: skip
        order = ["", *(grade.code for grade in self.categories[school.category].grades)]
        return RosterPopulation(dict(sorted(by_grade.items(), key=lambda entry: order.index(entry[0]))))

    def form_group_source(self, whole: SchoolAudienceEstimate) -> FormGroupSource:
        """Return what figures of some of the forms of a cell are made from; after the estimates."""
        school = self.school_by_id[whole.school]
        instrument = self.instrument(school.category, whole.audience)
        assert instrument is not None
        return FormGroupSource(
            whole, self.tally(instrument, whole.audience), self._enrolment(school, whole.audience, instrument),
            self.scheme.settings, self.add_errors[whole.school, whole.audience],
        )  # fmt: skip


def _shown_dimensions(estimate: SchoolAudienceEstimate, settings: MeasurementSettings) -> list[DimensionEstimate]:
    """Return the dimensions of a cell that may be read."""
    cell = disclose_cell(estimate, settings)
    return [
        dimension
        for dimension, figures in zip(estimate.estimates, cell.dimensions_and_overall, strict=True)
        if isinstance(figures, PublishableDimension)
    ]
