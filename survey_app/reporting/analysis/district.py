"""Finds what stands above and between the schools, from estimates and tallies that may be published."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from survey_app.assessment.schemes import Scheme
from survey_app.measurement.composite import Composite
from survey_app.measurement.ranking import RankingEntry
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.statistics.change import TargetVerdict, target_verdicts
from survey_app.measurement.statistics.inequality import between_school_inequality, estimate_district_index
from survey_app.measurement.statistics.intervals import normal_interval
from survey_app.measurement.statistics.outliers import fit_funnel
from survey_app.measurement.statistics.rank_sets import Award, classify_awards
from survey_app.measurement.statistics.shrinkage import der_simonian_laird, reliability_of_means, shrink
from survey_app.measurement.statistics.variance_components import variance_components
from survey_app.measurement.strata import IndexEstimate
from survey_app.measurement.tally import Tally

from ..disclosure.figures import Cell, PublishableCell
from .item_analysis import consistency_findings, driver_finding
from .models import (
    COMPOSITE,
    RATE_TARGET,
    AwardFinding,
    DriverFinding,
    Findings,
    FunnelFinding,
    FunnelSchool,
    GroupFinding,
    WeightedMean,
    none_if_nan,
    schools_with_award,
)

AWARD_QUOTAS = (1, 3, 5, 10)


@dataclass(frozen=True, slots=True)
class AnalysisInput:
    """What findings are made of. ``category_by_school``: of each school; ``tallies``: by (instrument, audience)."""

    scheme: Scheme
    category_by_school: Mapping[int, str]
    cells: Mapping[tuple[int, str], Cell]
    composites: Mapping[int, Composite]
    rankings: Mapping[int, RankingEntry]
    tallies: Sequence[Tally]

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
    cells, settings = analysis_input.publishable_cells(), analysis_input.scheme.settings
    audiences = list(dict.fromkeys(cell.audience for cell in cells))
    districts = {
        name: _weighted_mean([_weighted_index(cell) for cell in cells if cell.audience == name]) for name in audiences
    }
    return Findings(
        district_means=districts
        | {COMPOSITE: _weighted_mean(_composite_indices(analysis_input, list(analysis_input.composites)))},
        groups=tuple(_group_findings(analysis_input, cells, audiences)),
        consistency=tuple(
            finding
            for tally in analysis_input.tallies
            for finding in consistency_findings(tally, _cells_for_tally(cells, tally))
        ),
        drivers=tuple(_driver_findings(analysis_input.tallies, cells, settings)),
        awards=tuple(_award_findings(analysis_input)),
        rate_verdicts=_rate_verdicts(cells),
    )


def _driver_findings(
    tallies: Sequence[Tally], cells: Sequence[PublishableCell], settings: MeasurementSettings
) -> Iterator[DriverFinding]:
    for tally in tallies:
        finding = driver_finding(tally, _cells_for_tally(cells, tally), settings.audience_min_n(tally.scoring.audience))
        if finding is not None:
            yield finding


def _cells_for_tally(cells: Sequence[PublishableCell], tally: Tally) -> list[PublishableCell]:
    key = (tally.scoring.instrument, tally.scoring.audience)
    return [cell for cell in cells if (cell.instrument, cell.audience) == key]


def _weighted_index(cell: PublishableCell) -> tuple[IndexEstimate, int]:
    return cell.overall.index, cell.population


def _composite_indices(analysis_input: AnalysisInput, schools: Sequence[int]) -> list[tuple[IndexEstimate, int]]:
    return [
        (analysis_input.composites[school].index, analysis_input.enrolment(school)) for school in schools
        if analysis_input.composites[school].index.points is not None
    ]  # fmt: skip


def _nan_if_none(value: float | None) -> float:
    return math.nan if value is None else value


def _weighted_mean(weighted_indices: Sequence[tuple[IndexEstimate, int]]) -> WeightedMean:
    """Σ N·I / Σ N with the error of independent schools."""
    if not weighted_indices:
        return WeightedMean()
    mean = estimate_district_index(
        [_nan_if_none(index.points) for index, _ in weighted_indices],
        [_nan_if_none(index.se) for index, _ in weighted_indices],
        [people for _, people in weighted_indices],
    )
    limits = normal_interval(mean.index, mean.error)
    low, high = none_if_nan(float(limits.low)), none_if_nan(float(limits.high))
    return WeightedMean(
        none_if_nan(mean.index), none_if_nan(mean.error), None if low is None else max(0.0, low),
        None if high is None else min(100.0, high), mean.schools,
    )  # fmt: skip


def _group_findings(
    analysis_input: AnalysisInput, cells: Sequence[PublishableCell], audiences: Sequence[str]
) -> Iterator[GroupFinding]:
    for category in dict.fromkeys(analysis_input.category_by_school.values()):
        members = [
            school
            for school, school_category in analysis_input.category_by_school.items()
            if school_category == category
        ]
        composites = {school: analysis_input.composites[school].index for school in members}
        yield _group_finding(
            category, COMPOSITE, composites, _weighted_mean(_composite_indices(analysis_input, members)), {}
        )
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
                    _reliabilities(category_cells),
                )


def _group_finding(
    category: str,
    audience: str,
    indices: Mapping[int, IndexEstimate],
    mean: WeightedMean,
    reliabilities: Mapping[int, float],
) -> GroupFinding:
    inequality = between_school_inequality(
        [_nan_if_none(index.points) for index in indices.values()],
        [_nan_if_none(index.se) for index in indices.values()],
    )
    return GroupFinding(
        category=category,
        audience=audience,
        mean=mean,
        inequality=none_if_nan(inequality.cv),
        funnel=_funnel_finding(indices),
        reliability=float(np.median(list(reliabilities.values()))) if reliabilities else None,
        reliabilities=reliabilities,
    )


def _funnel_finding(indices: Mapping[int, IndexEstimate]) -> FunnelFinding | None:
    """None with fewer than three schools that have an error: one of two is no outlier."""
    with_error = [(school, index.points, index.se) for school, index in indices.items() if index.points is not None
               and index.se]  # fmt: skip
    if len(with_error) < 3:
        return None
    values, errors = [points for _, points, _ in with_error], [se or 0.0 for _, _, se in with_error]
    result = fit_funnel(values, errors)
    shrinkage_estimates = shrink(values, errors, der_simonian_laird(values, errors))
    schools = tuple(
        FunnelSchool(
            school, points, se or 0.0, float(result.z[row]), int(result.zone[row]), float(shrinkage_estimates[row])
        )
        for row, (school, points, se) in enumerate(with_error)
    )
    return FunnelFinding(result.mean, result.tau2, schools)


def _reliabilities(cells: Sequence[PublishableCell]) -> dict[int, float]:
    """λ = τ²/(τ² + s²/n) of each school, τ² by one-way analysis of variance; empty where it is undefined."""
    cell_totals = [cell.overall.pooled_stratum for cell in cells if cell.overall.n > 0]
    if len(cell_totals) < 2 or not any(cell_total.n > 1 for cell_total in cell_totals):
        return {}
    counts = [cell_total.n for cell_total in cell_totals]
    variances = [_nan_if_none(cell_total.variance) for cell_total in cell_totals]
    components = variance_components(counts, [cell_total.mean for cell_total in cell_totals], variances)
    within_variances = [components.within if not variance > 0 else variance for variance in variances]
    if components.between == 0 and components.within == 0:
        return {}
    lambdas = reliability_of_means(components.between, within_variances, counts)
    return {
        cell.school: float(value)
        for cell, value in zip((cell for cell in cells if cell.overall.n > 0), lambdas, strict=True)
        if math.isfinite(value)
    }


def _rate_verdicts(cells: Sequence[PublishableCell]) -> dict[tuple[int, str], TargetVerdict]:
    """The verdict on the satisfaction rate of each cell, by its interval."""
    rated_cells = [cell for cell in cells if cell.audience != "inspector" and cell.overall.rate.share is not None]
    rates = [cell.overall.rate for cell in rated_cells]
    verdicts = target_verdicts(
        [_nan_if_none(rate.low) for rate in rates], [_nan_if_none(rate.high) for rate in rates], RATE_TARGET
    )
    return {(cell.school, cell.audience): verdict for cell, verdict in zip(rated_cells, verdicts, strict=True)}


def _award_findings(analysis_input: AnalysisInput) -> Iterator[AwardFinding]:
    """For some numbers of places, who is certain and who possible, from the sets that hold for the whole list."""
    for category in dict.fromkeys(analysis_input.category_by_school.values()):
        entries = [entry for school, entry in analysis_input.rankings.items()
                 if analysis_input.category_by_school[school] == category and entry.rank is not None]  # fmt: skip
        entries.sort(key=lambda entry: (entry.rank or 0, entry.school))
        schools = tuple(entry.school for entry in entries)
        for quota in AWARD_QUOTAS:
            if quota < len(entries):
                awards = classify_awards(
                    [entry.low_simultaneous or 1 for entry in entries],
                    [entry.high_simultaneous or len(entries) for entry in entries],
                    quota,
                )
                yield AwardFinding(
                    category, quota, schools_with_award(awards, schools, Award.CERTAIN),
                    schools_with_award(awards, schools, Award.POSSIBLE),
                )  # fmt: skip
