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
from survey_app.foundation.retention_terms import ANSWERS
from survey_app.frame.look_backs import find_look_back, look_back_ids
from survey_app.frame.manifest import printable_hash
from survey_app.frame.models import Wave, WaveSchool
from survey_app.frame.purge_records import require_kept
from survey_app.frame.queries import list_waves, wave_by_id
from survey_app.frame.school_history import origins, successions
from survey_app.integrity.exclusions import count_excluded
from survey_app.integrity.tally_job import tally_parameters
from survey_app.measurement.composite import Component, Composite, estimate_composite
from survey_app.measurement.estimate import SchoolAudienceEstimate
from survey_app.measurement.ranking import Candidate, RankingEntry, rank_schools
from survey_app.measurement.scoring import Scoring
from survey_app.measurement.strata import IndexEstimate

from . import cache
from .accepted_findings import accepted_findings
from .analysis.change import Comparison, ComparisonWave, build_comparison
from .analysis.district import AnalysisInput, build_findings
from .cache import wave_digest
from .disclosure.figures import DisclosurePolicy, PressedFigures
from .disclosure.pressed import PRESSED_QUESTION, usual_pressed
from .item_rates import item_rates
from .measured_cells import MeasuredWave, measure_wave
from .wave_cells import WaveCells
from .wave_report import AudienceInstrument, SchoolReport, WaveReport

CellEstimates = dict[tuple[int, str], SchoolAudienceEstimate]


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
    require_sealed(wave)
    earlier = earlier or previous_sealed_wave(session, wave)
    after = successions(session)
    sources = tuple(wave_digest(session, source_wave) for source_wave in (wave, earlier) if source_wave is not None)

    def build() -> WaveReport:
        before = WaveCells(session, earlier, categories, scheme, policy) if earlier else None
        current = WaveCells(session, wave, categories, scheme, policy)
        _require_counted(session, [current, before] if before else [current], scheme)
        return _ReportBuilder(current, errors, after).report(before)

    came_after = tuple(sorted(after.items()))
    return cache.get_or_build((sources, scheme.sha256, policy, categories.all, errors, came_after), build)


def require_sealed(wave: Wave) -> None:
    """Raises :class:`UserError` before the seal."""
    if wave.sealed_at is None:
        raise user_error("批次“{name}”还没有封存，封存前看不到结果。截止一天后自动封存", name=wave.name)


def require_counted(
    session: Session, wave: Wave, categories: Categories, scheme: Scheme, earlier: Wave | None = None
) -> None:
    """Raises :class:`TalliesMissing` where :func:`build_report` would; nothing is built."""
    waves = [wave, earlier or previous_sealed_wave(session, wave)]
    _require_counted(
        session, [WaveCells(session, one, categories, scheme, DisclosurePolicy.PUBLIC) for one in waves if one], scheme
    )


def _require_counted(session: Session, cells: list[WaveCells], scheme: Scheme) -> None:
    uncounted = [one.wave for one in cells if not one.is_counted()]
    for wave in uncounted:
        require_kept(session, wave, ANSWERS)
    if uncounted:
        raise TalliesMissing(uncounted, scheme)


def previous_sealed_wave(session: Session, wave: Wave) -> Wave | None:
    """The last one of the district; one that looks back at schools is compared with what it looks back at, alone."""
    own, others = find_look_back(session, wave), look_back_ids(session)
    if own is not None:
        return wave_by_id(session, own.earlier_id)
    candidates = (
        other for other in list_waves(session)
        if other.sealed_at is not None and other.opens_at < wave.opens_at and other.id not in others
    )  # fmt: skip
    return next(candidates, None)


class _ReportBuilder:
    """Puts the measured cells of a wave together to schools, ranks and findings."""

    def __init__(self, cells: WaveCells, errors: str = "level", after: Mapping[int, int] | None = None) -> None:
        self.cells = cells
        self.wave, self.scheme, self.schools = cells.wave, cells.scheme, cells.schools
        self.errors, self.after = errors, after or {}
        self.category_by_school = {school.school_id: school.category for school in self.schools}

    def report(self, earlier: WaveCells | None = None) -> WaveReport:
        measured = measure_wave(self.cells)
        if not any(cell.received for cell in measured.cells.values()):
            raise user_error("批次“{name}”没有收到答卷，没有可报告的结果", name=self.wave.name)
        composites = self.composites(measured)
        rankings = self._rankings(measured, composites)
        analysis_input = self.analysis_input(measured, composites, rankings)
        schools = tuple(
            self._school(school, measured, composites[school.school_id], rankings[school.school_id])
            for school in self.schools
        )
        assert self.wave.sealed_at is not None
        return WaveReport(
            wave=self.wave.name,
            opens_at=self.wave.opens_at,
            closes_at=self.wave.closed_at or self.wave.closes_at,
            sealed_at=self.wave.sealed_at,
            access=self.wave.access,
            manifest_hash=printable_hash(self.cells.session, self.wave),
            excluded=count_excluded(self.cells.session, self.wave.id),
            accepted=accepted_findings([frozen.instrument for frozen in self.cells.instruments], self.cells.categories),
            scheme=self.scheme,
            categories=tuple(c for c in self.cells.categories.all if any(s.category == c.id for s in self.schools)),
            audience_instruments=tuple(self._audience_instruments()),
            policy=self.cells.policy,
            dimension_labels=self._dimension_labels(),
            schools=schools,
            findings=build_findings(analysis_input),
            comparison=self._comparison(analysis_input, earlier) if earlier else None,
            ranking_errors=self.errors,
            usual_pressed=self._usual_pressed(analysis_input),
            item_rates=item_rates(schools),
        )

    def _usual_pressed(self, analysis_input: AnalysisInput) -> dict[tuple[str, str], PressedFigures]:
        """The usual share by category and audience, over cells that may be read."""
        cells: dict[tuple[str, str], list[tuple[PressedFigures, Mapping[str, int]]]] = {}
        for cell in analysis_input.publishable_cells():
            if (figures := self.cells.pressed(cell.school, cell.audience)) is not None:
                key = analysis_input.category_by_school[cell.school], cell.audience
                counts = self.cells.private_counts[cell.school, cell.audience][PRESSED_QUESTION]
                cells.setdefault(key, []).append((figures, counts))
        return {key: usual_pressed(entries) for key, entries in cells.items()}

    def composites(self, measured: MeasuredWave) -> dict[int, Composite]:
        expected_audiences = {(self.category_by_school[school], audience) for school, audience in measured.cells}
        return {school.school_id: self._composite(school, measured, expected_audiences) for school in self.schools}

    def analysis_input(
        self, measured: MeasuredWave, composites: dict[int, Composite], rankings: dict[int, RankingEntry]
    ) -> AnalysisInput:
        cells = {key: cell.public for key, cell in measured.cells.items()}
        return AnalysisInput(self.scheme, self.category_by_school, cells, composites, rankings, measured.by_tally)

    def _comparison(self, current: AnalysisInput, earlier: WaveCells) -> Comparison:
        before, measured = _ReportBuilder(earlier), measure_wave(earlier, with_reports=False)
        previous = before.analysis_input(measured, before.composites(measured), {})
        came_from = origins(before.category_by_school, self.category_by_school, self.after)
        found = build_comparison(
            earlier.wave.name,
            before.comparison_wave(previous),
            self.comparison_wave(current),
            current.category_by_school,
            came_from,
        )
        names = {school.school_id: f"{school.name}（{school.code}）" for school in before.schools}
        changed = {now: tuple(names[one] for one in was) for now, was in came_from.items() if was != (now,)}
        return replace(found, origins=changed)

    def comparison_wave(self, analysis_input: AnalysisInput) -> ComparisonWave:
        cells = {(cell.school, cell.audience): cell for cell in analysis_input.publishable_cells()}

        def scoring(school: int, audience: str) -> Scoring | None:
            found = self.cells.instrument(analysis_input.category_by_school.get(school, ""), audience)
            return None if found is None else self.cells.scoring(found, audience)

        return ComparisonWave(cells, analysis_input.composites, scoring)

    def _audience_instruments(self) -> list[AudienceInstrument]:
        present = {school.category for school in self.schools}
        return [
            AudienceInstrument(category.id, audience, instrument.instrument, instrument.structure_hash)
            for category in self.cells.categories.all
            if category.id in present
            for audience in AUDIENCES.ids()
            if (instrument := self.cells.instrument(category.id, audience)) is not None
        ]

    def _dimension_labels(self) -> dict[str, Text]:
        return {
            dimension.id: dimension.label
            for frozen in self.cells.instruments
            for dimension in frozen.instrument.dimensions
        }

    def _composite(
        self, school: WaveSchool, measured: MeasuredWave, expected_audiences: set[tuple[str, str]]
    ) -> Composite:
        """An audience that other schools of the category have is missing where it is not even on the roster."""
        components = [
            measured.cells[school.school_id, audience].component
            if (school.school_id, audience) in measured.cells
            else Component(audience, IndexEstimate(), 0, None)
            for audience in AUDIENCES.ids()
            if (school.category, audience) in expected_audiences
        ]
        weights = self.scheme.weights_for(school.category)
        return estimate_composite(components, weights, self.scheme.minimum_response, self.scheme.settings)

    def _rankings(self, measured: MeasuredWave, composites: dict[int, Composite]) -> dict[int, RankingEntry]:
        main_audience = self.scheme.settings.main
        rankings: dict[int, RankingEntry] = {}
        for category in dict.fromkeys(school.category for school in self.schools):
            candidates = []
            for school in self.schools:
                if school.category == category:
                    cell = measured.cells.get((school.school_id, main_audience))
                    candidates.append(
                        Candidate(school.school_id, composites[school.school_id],
                                  cell.component if cell else None, cell.population if cell else 0)
                    )  # fmt: skip
            rankings |= {entry.school: entry for entry in rank_schools(candidates, self.scheme.settings, self.errors)}
        return rankings

    def _school(
        self, school: WaveSchool, measured: MeasuredWave, composite: Composite, ranking: RankingEntry
    ) -> SchoolReport:
        cells = {
            audience: cell.report
            for audience in AUDIENCES.ids()
            if (cell := measured.cells.get((school.school_id, audience))) is not None and cell.report is not None
        }
        return SchoolReport(
            school.school_id, school.code, school.name, school.category, cells, composite, ranking, school.area
        )
