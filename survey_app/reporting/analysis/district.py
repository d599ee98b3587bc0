"""Finds what stands above and between the schools, from estimates and tallies that may be published."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from survey_app.assessment.schemes import Scheme
from survey_app.definition.audiences import AUDIENCES
from survey_app.measurement.composite import Composite
from survey_app.measurement.ranking import PLACES, RankingEntry
from survey_app.measurement.statistics.category_model import (
    ALARM_LEVEL,
    MIN_SCHOOLS_FOR_OWN_VARIANCE,
    WARNING_LEVEL,
    deleted_residuals,
    pooled_between_variance,
    shrunken_means,
)
from survey_app.measurement.statistics.change import TargetVerdict, answers_to_decide, target_verdicts
from survey_app.measurement.statistics.inequality import between_school_inequality
from survey_app.measurement.statistics.rank_sets import Award, classify_awards, top_set
from survey_app.measurement.statistics.score_intervals import t_quantile
from survey_app.measurement.statistics.shrinkage import paule_mandel, random_effects
from survey_app.measurement.strata import IndexEstimate
from survey_app.measurement.two_errors import TwoErrors, combine

from ..disclosure.figures import Cell, PublishableCell
from .item_analysis import TallyFindings
from .models import (
    COMPOSITE,
    RATE_TARGET,
    AwardFinding,
    Findings,
    FunnelFinding,
    FunnelSchool,
    GroupFinding,
    RateVerdict,
    WeightedMean,
    none_if_nan,
    schools_with_award,
)


@dataclass(frozen=True, slots=True)
class AnalysisInput:
    """What findings are made of. ``category_by_school``: of each school; ``by_tally``: by (instrument, audience)."""

    scheme: Scheme
    category_by_school: Mapping[int, str]
    cells: Mapping[tuple[int, str], Cell]
    composites: Mapping[int, Composite]
    rankings: Mapping[int, RankingEntry]
    by_tally: Sequence[TallyFindings]

    def publishable_cells(self) -> list[PublishableCell]:
        """Return the cells that have an index to show; nothing above the school is made of any other."""
        return [
            cell
            for cell in self.cells.values()
            if isinstance(cell, PublishableCell) and cell.overall.index.points is not None
        ]

    def enrolment(self, school: int) -> int:
        """The roster of the main audience: what composites are weighted by."""
        cell = self.cells.get((school, self.scheme.settings.main))
        return cell.population if cell else 0


def build_findings(analysis_input: AnalysisInput) -> Findings:
    """All findings of a wave."""
    cells = analysis_input.publishable_cells()
    audiences = list(dict.fromkeys(cell.audience for cell in cells))
    districts = {
        name: _weighted_mean([_weighted_index(cell) for cell in cells if cell.audience == name]) for name in audiences
    }
    return Findings(
        district_means=districts
        | {COMPOSITE: _weighted_mean(_composite_indices(analysis_input, list(analysis_input.composites)))},
        groups=tuple(_group_findings(analysis_input, cells, audiences)),
        consistency=tuple(finding for found in analysis_input.by_tally for finding in found.consistency),
        drivers=tuple(found.driver for found in analysis_input.by_tally if found.driver is not None),
        awards=tuple(_award_findings(analysis_input)),
        rate_verdicts=_rate_verdicts(cells, analysis_input.scheme.settings.nonresponse),
    )


def _weighted_index(cell: PublishableCell) -> tuple[IndexEstimate, int]:
    return cell.overall.index, cell.population


def _composite_indices(analysis_input: AnalysisInput, schools: Sequence[int]) -> list[tuple[IndexEstimate, int]]:
    """Composites of the same audiences only: others are listed, and compared with nobody."""
    return [
        (analysis_input.composites[school].index, analysis_input.enrolment(school)) for school in schools
        if analysis_input.composites[school].is_comparable
    ]  # fmt: skip


def _nan_if_none(value: float | None) -> float:
    return math.nan if value is None else value


def _weighted_mean(weighted_indices: Sequence[tuple[IndexEstimate, int]]) -> WeightedMean:
    """Σ N·I / Σ N; sampling errors of independent schools, what non-response may hide adds up linearly."""
    known = [(index, people) for index, people in weighted_indices if index.points is not None and people > 0]
    if not known:
        return WeightedMean()
    people_in_all = sum(people for _, people in known)
    points = math.fsum(people / people_in_all * (index.points or 0.0) for index, people in known)
    parts: list[tuple[float, TwoErrors]] = [(people, index.errors) for index, people in known if index.errors]
    errors = combine(parts) if len(parts) == len(known) else None
    if errors is None:
        return WeightedMean(points, schools=len(known))
    limits = errors.year_interval()
    return WeightedMean(points, 100 * errors.year, 100 * limits.low, 100 * limits.high, len(known))


def _group_findings(
    analysis_input: AnalysisInput, cells: Sequence[PublishableCell], audiences: Sequence[str]
) -> Iterator[GroupFinding]:
    pooled = _pooled_variances(analysis_input, cells, audiences)
    for category in dict.fromkeys(analysis_input.category_by_school.values()):
        members = [
            school
            for school, school_category in analysis_input.category_by_school.items()
            if school_category == category
        ]
        composites = {school: composite.index for school in members
                      if (composite := analysis_input.composites[school]).is_comparable}  # fmt: skip
        mean = _weighted_mean(_composite_indices(analysis_input, members))
        yield _group_finding(
            category, COMPOSITE, composites, mean, _reliabilities(composites, pooled[COMPOSITE]),
            pooled[COMPOSITE],
        )  # fmt: skip
        for audience in audiences:
            category_cells = [
                c for c in cells if c.audience == audience and analysis_input.category_by_school[c.school] == category
            ]
            if category_cells:
                indices = {cell.school: cell.overall.index for cell in category_cells}
                yield _group_finding(
                    category,
                    audience,
                    indices,
                    _weighted_mean([_weighted_index(cell) for cell in category_cells]),
                    _reliabilities(indices, pooled[audience]),
                    pooled[audience],
                )


PooledVariance = tuple[float, int]


def _pooled_variances(
    analysis_input: AnalysisInput, cells: Sequence[PublishableCell], audiences: Sequence[str]
) -> dict[str, PooledVariance]:
    """How much schools of one category differ, over all categories: for categories too small to tell by themselves."""
    category = analysis_input.category_by_school
    comparable = {s: c.index for s, c in analysis_input.composites.items() if s in category and c.is_comparable}
    kinds = {COMPOSITE: comparable} | {
        name: {cell.school: cell.overall.index for cell in cells if cell.audience == name} for name in audiences
    }
    result: dict[str, PooledVariance] = {}
    for name, indices in kinds.items():
        with_error = _with_level_error(indices)
        values, errors = [points for _, points, _ in with_error], [error for _, _, error in with_error]
        groups = [category[school] for school, _, _ in with_error]
        result[name] = pooled_between_variance(values, errors, groups) if len(values) > 1 else (0.0, 0)
    return result


def _with_level_error(indices: Mapping[int, IndexEstimate]) -> list[tuple[int, float, float]]:
    return [
        (school, index.points, index.se_level)
        for school, index in indices.items()
        if index.points is not None and index.se_level
    ]


def _reliabilities(indices: Mapping[int, IndexEstimate], pooled: PooledVariance) -> dict[int, float]:
    """λ = τ²/(τ² + SE²) of each school, with the error of the level: it is what schools are compared by."""
    with_error = _with_level_error(indices)
    if len(with_error) < 2:
        return {}
    values, errors = [points for _, points, _ in with_error], [error for _, _, error in with_error]
    is_small = len(values) < MIN_SCHOOLS_FOR_OWN_VARIANCE and pooled[1] > 0
    tau2 = pooled[0] if is_small else paule_mandel(values, errors).tau2
    return {school: tau2 / (tau2 + error**2) for school, _, error in with_error}


def _group_finding(
    category: str,
    audience: str,
    indices: Mapping[int, IndexEstimate],
    mean: WeightedMean,
    reliabilities: Mapping[int, float],
    pooled: PooledVariance,
) -> GroupFinding:
    inequality = between_school_inequality(
        [_nan_if_none(index.points) for index in indices.values()],
        [_nan_if_none(index.se_level) for index in indices.values()],
    )
    return GroupFinding(
        category=category,
        audience=audience,
        mean=mean,
        inequality=none_if_nan(inequality.cv),
        funnel=_funnel_finding(indices, pooled),
        reliability=float(np.median(list(reliabilities.values()))) if reliabilities else None,
        reliabilities=reliabilities,
    )


def _funnel_finding(indices: Mapping[int, IndexEstimate], pooled: PooledVariance) -> FunnelFinding | None:
    """None with fewer than three schools that have an error: one of two is no outlier."""
    with_error = _with_level_error(indices)
    if len(with_error) < 3:
        return None
    values, errors = np.array([points for _, points, _ in with_error]), np.array([se for _, _, se in with_error])
    is_small = len(values) < MIN_SCHOOLS_FOR_OWN_VARIANCE and pooled[1] > len(values) - 2
    residuals = deleted_residuals(values, errors, pooled=pooled if is_small else None)
    effects = random_effects(values, errors, pooled[0]) if is_small else paule_mandel(values, errors)
    shrunken, zone = shrunken_means(values, errors, effects), residuals.zone()
    schools = tuple(
        FunnelSchool(
            school=school,
            points=points,
            se=se,
            z=float(residuals.t[row]),
            zone=int(zone[row]),
            shrinkage_estimate=float(shrunken.mean[row]),
            p=float(residuals.p_value[row]),
        )
        for row, (school, points, se) in enumerate(with_error)
    )
    return FunnelFinding(
        effects.mean, effects.tau2 + effects.error**2, t_quantile(residuals.df, WARNING_LEVEL),
        t_quantile(residuals.df, ALARM_LEVEL), schools,
    )  # fmt: skip


def _rate_verdicts(cells: Sequence[PublishableCell], nonresponse: float) -> dict[tuple[int, str], RateVerdict]:
    """The verdict on the promised rate of each cell."""
    verdicts = {
        (cell.school, cell.audience): _rate_verdict(cell, nonresponse)
        for cell in cells
        if AUDIENCES[cell.audience].is_sample
    }
    return {key: verdict for key, verdict in verdicts.items() if verdict is not None}


def _rate_verdict(cell: PublishableCell, nonresponse: float) -> RateVerdict | None:
    """On satisfied persons; where the form has no overall item, on the satisfaction rate."""
    satisfied, rate = cell.overall.satisfied, cell.overall.rate
    figure = rate if satisfied.share is None else satisfied
    if figure.share is None or figure.errors is None or figure.low is None or figure.high is None:
        return None
    verdict = target_verdicts([figure.low], [figure.high], RATE_TARGET)[0]
    n = cell.respondents if satisfied.share is None else satisfied.n
    decide = None
    if verdict == TargetVerdict.UNDECIDED and n:
        people = cell.population or None
        decide = answers_to_decide(figure.share, RATE_TARGET, n, figure.errors.sampling, people, nonresponse)
    return RateVerdict(
        verdict, figure.share, figure.low, figure.high, satisfied.share is not None,
        figure.errors.tipping_odds(RATE_TARGET), decide, satisfied.bound,
    )  # fmt: skip


def _award_findings(analysis_input: AnalysisInput) -> Iterator[AwardFinding]:
    """For some numbers of places, who is certain and who possible, from the sets that hold for the whole list."""
    for category in dict.fromkeys(analysis_input.category_by_school.values()):
        entries = [entry for school, entry in analysis_input.rankings.items()
                 if analysis_input.category_by_school[school] == category and entry.rank is not None]  # fmt: skip
        entries.sort(key=lambda entry: (entry.rank or 0, entry.school))
        schools = tuple(entry.school for entry in entries)
        for quota in PLACES:
            if quota < len(entries):
                awards = classify_awards(
                    [entry.low_simultaneous or 1 for entry in entries],
                    [entry.high_simultaneous or len(entries) for entry in entries],
                    quota,
                )
                certain = schools_with_award(awards, schools, Award.CERTAIN)
                may_be = top_set([entry.points or 0.0 for entry in entries], [e.se or 0.0 for e in entries], quota)
                possible = tuple(school for school, is_in in zip(schools, may_be, strict=True) if is_in)
                likely = {entry.school: dict(entry.among_first)[quota] for entry in entries if entry.among_first}
                yield AwardFinding(category, quota, certain, tuple(s for s in possible if s not in certain), likely)
