"""Builds the report of a wave from stored tallies and the frozen roster."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from survey_app.assessment.schemes import Scheme
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Categories
from survey_app.definition.languages import Text
from survey_app.definition.messages import message
from survey_app.foundation.errors import UserError, user_error
from survey_app.frame.access_modes import is_verified
from survey_app.frame.manifest import printable_hash
from survey_app.frame.models import Wave, WaveSchool
from survey_app.frame.queries import (
    list_waves,
)
from survey_app.integrity.class_response import load_class_counts
from survey_app.integrity.exclusions import count_excluded
from survey_app.integrity.form_sums_store import load_form_sums
from survey_app.integrity.private_counts_store import load_private_counts
from survey_app.integrity.signals_store import load_signals
from survey_app.integrity.tally_job import tally_parameters
from survey_app.integrity.tally_store import build_scorings, missing_tallies
from survey_app.measurement.composite import Component, Composite, estimate_composite
from survey_app.measurement.estimate import (
    SchoolAudienceEstimate,
)
from survey_app.measurement.ranking import Candidate, RankingEntry, rank_schools
from survey_app.measurement.scoring import Scoring
from survey_app.measurement.strata import IndexEstimate

from . import cache
from .analysis.change import Comparison, ComparisonWave, build_comparison
from .analysis.district import AnalysisInput, build_findings
from .cache import wave_digest
from .cell_estimates import CellEstimates, CellEstimator, shipped_scoring
from .disclosure.cells import disclose_cell
from .disclosure.class_response import disclose_class_response
from .disclosure.figures import (
    DisclosurePolicy,
    FormGroupFigures,
    PressedFigures,
    PublishableCell,
)
from .disclosure.follow_ups import disclose_follow_ups
from .disclosure.form_groups import disclose_form_groups
from .disclosure.items import disclose_items
from .disclosure.pressed import PRESSED_QUESTION, disclose_pressed, usual_pressed
from .disclosure.signals import disclose_signals
from .wave_report import AudienceInstrument, CellReport, SchoolReport, WaveReport


class TalliesMissing(UserError):
    """Waves were never counted with the settings of this scheme. ``parameters``: of the job that counts each."""

    def __init__(self, waves: Sequence[Wave], scheme: Scheme) -> None:
        super().__init__(
            message("还没有按考核方案“{scheme}”的计分口径计数，结果正在准备。请稍后再看", scheme=scheme.id)
        )
        self.parameters = [tally_parameters(wave, scheme.settings, scheme.dimension_weights) for wave in waves]


def build_report(
    session: Session, wave: Wave, categories: Categories, scheme: Scheme,
    policy: DisclosurePolicy = DisclosurePolicy.PUBLIC, earlier: Wave | None = None, errors: str = "level",
) -> WaveReport:  # fmt: skip
    """The report, compared with the ``earlier_codes`` wave, by default the last one sealed before this one opened.

    ``errors``: those that schools are ranked by, one of :data:`~..measurement.ranking.RANKING_ERRORS`.

    Answers are never counted here. Raises :class:`TalliesMissing` where they were not counted with the settings of
    this scheme, and :class:`UserError` before the seal or if nobody answered.
    """
    if wave.sealed_at is None:
        raise user_error(
            "批次“{name}”还没有封存，封存前看不到结果。截止一天后自动封存",
            name=wave.name,
        )
    earlier = earlier or _previous_sealed_wave(session, wave)
    sources = tuple(wave_digest(session, source_wave) for source_wave in (wave, earlier) if source_wave is not None)

    def build() -> WaveReport:
        before = _ReportBuilder(session, earlier, categories, scheme, policy) if earlier else None
        current = _ReportBuilder(session, wave, categories, scheme, policy, errors)
        uncounted = [builder.wave for builder in (current, before) if builder is not None and not builder.is_counted()]
        if uncounted:
            raise TalliesMissing(uncounted, scheme)
        return current.report(before)

    return cache.get_or_build((sources, scheme.sha256, policy, categories.all, errors), build)


def _previous_sealed_wave(session: Session, wave: Wave) -> Wave | None:
    candidates = (
        other for other in list_waves(session) if other.sealed_at is not None and other.opens_at < wave.opens_at
    )
    return next(candidates, None)


class _ReportBuilder:
    """The only holder of raw cells: what leaves it has gone through :mod:`.disclosure`."""

    def __init__(
        self, session: Session, wave: Wave, categories: Categories, scheme: Scheme, policy: DisclosurePolicy,
        errors: str = "level",
    ) -> None:  # fmt: skip
        self.session = session
        self.wave = wave
        self.categories = categories
        self.scheme = scheme
        self.policy = policy
        self.errors = errors
        self.cells = CellEstimator(session, wave, categories, scheme)
        self.instruments = self.cells.instruments
        self.schools = self.cells.schools
        self.signals = load_signals(session, wave.id)
        self.private_counts = load_private_counts(session, wave.id)
        self.class_counts = load_class_counts(session, wave.id)

    def is_counted(self) -> bool:
        """Whether every audience was counted with the settings of the scheme, be it that nobody answered."""
        scorings = build_scorings(self.instruments, self.scheme.settings, self.scheme.dimension_weights)
        return not missing_tallies(self.session, self.wave.id, scorings)

    def report(self, earlier: "_ReportBuilder | None" = None) -> WaveReport:
        estimates = self.cells.estimates()
        if not any(cell.received for cell in estimates.values()):
            raise user_error("批次“{name}”没有收到答卷，没有可报告的结果", name=self.wave.name)
        composites = self._composites(estimates)
        rankings = self._rankings(estimates, composites)
        analysis_input = self._analysis_input(estimates, composites, rankings)
        assert self.wave.sealed_at is not None
        form_groups = self._form_groups(estimates)
        return WaveReport(
            wave=self.wave.name,
            opens_at=self.wave.opens_at,
            closes_at=self.wave.closed_at or self.wave.closes_at,
            sealed_at=self.wave.sealed_at,
            access=self.wave.access,
            manifest_hash=printable_hash(self.session, self.wave),
            excluded=count_excluded(self.session, self.wave.id),
            scheme=self.scheme,
            categories=tuple(c for c in self.categories.all if any(s.category == c.id for s in self.schools)),
            audience_instruments=tuple(self._audience_instruments()),
            policy=self.policy,
            dimension_labels=self._dimension_labels(),
            schools=tuple(
                self._school(school, estimates, composites[school.school_id], rankings[school.school_id], form_groups)
                for school in self.schools
            ),
            findings=build_findings(analysis_input),
            comparison=self._comparison(analysis_input, earlier) if earlier else None,
            ranking_errors=self.errors,
            usual_pressed=self._usual_pressed(analysis_input),
        )

    def _pressed(self, school: int, audience: str) -> PressedFigures | None:
        """None where nobody was asked, or hardly anybody answered."""
        counts = self.private_counts.get((school, audience), {}).get(PRESSED_QUESTION)
        return disclose_pressed(counts, self.scheme.settings.audience_min_n(audience), self.policy) if counts else None

    def _usual_pressed(self, analysis_input: AnalysisInput) -> dict[tuple[str, str], PressedFigures]:
        """The usual share by category and audience, over cells that may be read."""
        cells: dict[tuple[str, str], list[tuple[PressedFigures, Mapping[str, int]]]] = {}
        for cell in analysis_input.publishable_cells():
            if (figures := self._pressed(cell.school, cell.audience)) is not None:
                key = analysis_input.category_by_school[cell.school], cell.audience
                counts = self.private_counts[cell.school, cell.audience][PRESSED_QUESTION]
                cells.setdefault(key, []).append((figures, counts))
        return {key: usual_pressed(entries) for key, entries in cells.items()}

    def _form_groups(self, estimates: CellEstimates) -> dict[tuple[int, str], FormGroupFigures]:
        """What flagged and paper forms do to an index, scored as shipped: their sums were made so, for every scheme."""
        sums = load_form_sums(self.session, self.wave.id)
        scheme, cells = shipped_scoring(self.scheme), self.cells
        if sums and scheme != self.scheme:
            cells = CellEstimator(self.session, self.wave, self.categories, scheme)
            estimates = cells.estimates()
        settings = scheme.settings
        return {
            key: disclose_form_groups(cells.form_group_source(whole), sums.get(key, {}), self.signals[key])
            for key, whole in estimates.items()
            if key in self.signals and isinstance(disclose_cell(whole, settings, self.policy), PublishableCell)
        }

    def _composites(self, estimates: CellEstimates) -> dict[int, Composite]:
        category = {school.school_id: school.category for school in self.schools}
        expected_audiences = {(category[school], audience) for school, audience in estimates}
        return {school.school_id: self._composite(school, estimates, expected_audiences) for school in self.schools}

    def _analysis_input(
        self, estimates: CellEstimates, composites: dict[int, Composite], rankings: dict[int, RankingEntry]
    ) -> AnalysisInput:
        category = {school.school_id: school.category for school in self.schools}
        settings = self.scheme.settings
        cells = {key: disclose_cell(estimate, settings) for key, estimate in estimates.items()}
        return AnalysisInput(self.scheme, category, cells, composites, rankings, tuple(self.cells.tallies.values()))

    def _comparison(self, current: AnalysisInput, earlier: "_ReportBuilder") -> Comparison:
        estimates = earlier.cells.estimates()
        previous = earlier._analysis_input(estimates, earlier._composites(estimates), {})
        return build_comparison(
            earlier.wave.name,
            earlier._comparison_wave(previous),
            self._comparison_wave(current),
            current.category_by_school,
        )

    def _comparison_wave(self, analysis_input: AnalysisInput) -> ComparisonWave:
        cells = {(cell.school, cell.audience): cell for cell in analysis_input.publishable_cells()}

        def scoring(school: int, audience: str) -> Scoring | None:
            found = self.cells.instrument(analysis_input.category_by_school.get(school, ""), audience)
            return None if found is None else self.cells.tally(found, audience).scoring

        return ComparisonWave(cells, analysis_input.composites, scoring)

    def _audience_instruments(self) -> list[AudienceInstrument]:
        present = {school.category for school in self.schools}
        return [
            AudienceInstrument(category.id, audience, instrument.instrument, instrument.structure_hash)
            for category in self.categories.all
            if category.id in present
            for audience in AUDIENCES.ids()
            if (instrument := self.cells.instrument(category.id, audience)) is not None
        ]

    def _dimension_labels(self) -> dict[str, Text]:
        return {
            dimension.id: dimension.label for frozen in self.instruments for dimension in frozen.instrument.dimensions
        }

    def _component(self, cell: SchoolAudienceEstimate) -> Component:
        overall = cell.overall
        verified = is_verified(self.wave.access, cell.audience)
        return Component(cell.audience, overall.index, overall.n, cell.response_rate, verified)

    def _composite(
        self, school: WaveSchool, estimates: CellEstimates, expected_audiences: set[tuple[str, str]]
    ) -> Composite:
        """An audience that other schools of the category have is missing where it is not even on the roster."""
        components = [
            self._component(estimates[school.school_id, audience])
            if (school.school_id, audience) in estimates
            else Component(audience, IndexEstimate(), 0, None)
            for audience in AUDIENCES.ids()
            if (school.category, audience) in expected_audiences
        ]
        weights = self.scheme.weights_for(school.category)
        return estimate_composite(components, weights, self.scheme.minimum_response, self.scheme.settings)

    def _rankings(self, estimates: CellEstimates, composites: dict[int, Composite]) -> dict[int, RankingEntry]:
        main_audience = self.scheme.settings.main
        rankings: dict[int, RankingEntry] = {}
        for category in dict.fromkeys(school.category for school in self.schools):
            candidates = []
            for school in self.schools:
                if school.category == category:
                    cell = estimates.get((school.school_id, main_audience))
                    candidates.append(
                        Candidate(school.school_id, composites[school.school_id],
                                  self._component(cell) if cell else None, cell.population if cell else 0)
                    )  # fmt: skip
            rankings |= {entry.school: entry for entry in rank_schools(candidates, self.scheme.settings, self.errors)}
        return rankings

    def _school(
        self, school: WaveSchool, estimates: CellEstimates, composite: Composite, ranking: RankingEntry,
        form_groups: Mapping[tuple[int, str], FormGroupFigures],
    ) -> SchoolReport:  # fmt: skip
        cells = {
            audience: replace(
                self._cell(school, estimates[school.school_id, audience]),
                form_groups=form_groups.get((school.school_id, audience)),
            )
            for audience in AUDIENCES.ids()
            if (school.school_id, audience) in estimates
        }
        return SchoolReport(school.school_id, school.code, school.name, school.category, cells, composite, ranking)

    def _cell(self, school: WaveSchool, estimate: SchoolAudienceEstimate) -> CellReport:
        instrument = self.cells.instrument(school.category, estimate.audience)
        assert instrument is not None
        tally = self.cells.tally(instrument, estimate.audience)
        settings = self.scheme.settings
        cell, min_n = disclose_cell(estimate, settings, self.policy), settings.audience_min_n(estimate.audience)
        is_publishable = isinstance(cell, PublishableCell)
        signals = self.signals.get((school.school_id, estimate.audience)) if is_publishable else None
        items = disclose_items(tally, cell, min_n, self.policy)
        return CellReport(
            cell,
            tally.scoring,
            items,
            disclose_signals(signals, min_n, self.policy) if signals else None,
            disclose_follow_ups(tally, instrument.instrument, cell, items, min_n, self.policy),
            self._pressed(school.school_id, estimate.audience) if is_publishable else None,
            disclose_class_response(cell, self.class_counts.get((school.school_id, estimate.audience), ())),
        )
