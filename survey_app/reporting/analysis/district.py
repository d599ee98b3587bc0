"""Finds what stands above and between the schools, from estimates and tallies that may be published."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from survey_app.assessment.schemes import Scheme
from survey_app.measurement.composite import Composite
from survey_app.measurement.estimate import CellEstimate
from survey_app.measurement.ranking import Ranked
from survey_app.measurement.settings import Method
from survey_app.measurement.statistics.change import LineVerdict, line_verdicts
from survey_app.measurement.statistics.inequality import between_school_inequality, district_figure
from survey_app.measurement.statistics.intervals import normal
from survey_app.measurement.statistics.outliers import funnel
from survey_app.measurement.statistics.rank_sets import Award, award_quota
from survey_app.measurement.statistics.shrinkage import der_simonian_laird, reliability_of_means, shrink
from survey_app.measurement.statistics.variance_components import variance_components
from survey_app.measurement.strata import Index
from survey_app.measurement.tally import Tally

from ..disclosure import masked
from .item_analysis import driver_finding, scale_findings
from .models import (
    COMPOSITE,
    LINE,
    AwardFinding,
    DriverFinding,
    Figure,
    Findings,
    FunnelFinding,
    GroupFinding,
    SchoolPlace,
    places_of,
)

AWARD_PLACES = (1, 3, 5, 10)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What findings are made of. ``category``: of each school; ``tallies``: by (instrument, audience)."""

    scheme: Scheme
    category: Mapping[int, str]
    estimates: Mapping[tuple[int, str], CellEstimate]
    composites: Mapping[int, Composite]
    ranked: Mapping[int, Ranked]
    tallies: Sequence[Tally]

    def publishable(self) -> list[CellEstimate]:
        """Cells that may be shown; nothing above the school is made of any other."""
        method = self.scheme.method
        return [
            masked(cell, method) for cell in self.estimates.values()
            if cell.overall.index.points is not None
            and (cell.audience == "inspector" or cell.overall.n >= method.least_n(cell.audience))
        ]  # fmt: skip

    def enrolment(self, school: int) -> int:
        """The roster of the main audience: what composites are weighted by."""
        cell = self.estimates.get((school, self.scheme.method.main))
        return cell.population if cell else 0


def find(evidence: Evidence) -> Findings:
    """All findings of a wave."""
    cells, method = evidence.publishable(), evidence.scheme.method
    audiences = list(dict.fromkeys(cell.audience for cell in cells))
    districts = {name: _mean([_weighed(cell) for cell in cells if cell.audience == name]) for name in audiences}
    return Findings(
        districts=districts | {COMPOSITE: _mean(_composites(evidence, list(evidence.composites)))},
        groups=tuple(_groups(evidence, cells, audiences)),
        scales=tuple(found for tally in evidence.tallies for found in scale_findings(tally, _cells_of(cells, tally))),
        drivers=tuple(_drivers(evidence.tallies, cells, method)),
        awards=tuple(_awards(evidence)),
        lines=_lines(cells),
    )  # fmt: skip


def _drivers(tallies: Sequence[Tally], cells: Sequence[CellEstimate], method: Method) -> Iterator[DriverFinding]:
    for tally in tallies:
        found = driver_finding(tally, _cells_of(cells, tally), method.least_n(tally.scoring.audience))
        if found is not None:
            yield found


def _cells_of(cells: Sequence[CellEstimate], tally: Tally) -> list[CellEstimate]:
    wanted = (tally.scoring.instrument, tally.scoring.audience)
    return [cell for cell in cells if (cell.instrument, cell.audience) == wanted]


def _weighed(cell: CellEstimate) -> tuple[Index, int]:
    return cell.overall.index, cell.population


def _composites(evidence: Evidence, schools: Sequence[int]) -> list[tuple[Index, int]]:
    return [
        (evidence.composites[school].index, evidence.enrolment(school)) for school in schools
        if evidence.composites[school].index.points is not None
    ]  # fmt: skip


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def known(value: float) -> float | None:
    """None for what is undefined: a report has no NaN."""
    return float(value) if math.isfinite(value) else None


def _mean(parts: Sequence[tuple[Index, int]]) -> Figure:
    """Σ N·I / Σ N with the error of independent schools."""
    if not parts:
        return Figure()
    found = district_figure(
        [_number(index.points) for index, _ in parts],
        [_number(index.se) for index, _ in parts],
        [people for _, people in parts],
    )
    limits = normal(found.index, found.error)
    low, high = known(float(limits.low)), known(float(limits.high))
    return Figure(
        known(found.index), known(found.error), None if low is None else max(0.0, low),
        None if high is None else min(100.0, high), found.schools,
    )  # fmt: skip


def _groups(evidence: Evidence, cells: Sequence[CellEstimate], audiences: Sequence[str]) -> Iterator[GroupFinding]:
    for category in dict.fromkeys(evidence.category.values()):
        members = [school for school, own in evidence.category.items() if own == category]
        composites = {school: evidence.composites[school].index for school in members}
        yield _group(category, COMPOSITE, composites, _mean(_composites(evidence, members)), {})
        for audience in audiences:
            found = [c for c in cells if c.audience == audience and evidence.category[c.school] == category]
            if found:
                indices = {cell.school: cell.overall.index for cell in found}
                yield _group(
                    category, audience, indices, _mean([_weighed(cell) for cell in found]), _reliabilities(found)
                )


def _group(
    category: str, audience: str, indices: Mapping[int, Index], mean: Figure, reliabilities: Mapping[int, float]
) -> GroupFinding:
    spread = between_school_inequality(
        [_number(index.points) for index in indices.values()], [_number(index.se) for index in indices.values()]
    )
    return GroupFinding(
        category=category,
        audience=audience,
        mean=mean,
        inequality=known(spread.cv),
        funnel=_funnel(indices),
        reliability=float(np.median(list(reliabilities.values()))) if reliabilities else None,
        reliabilities=reliabilities,
    )


def _funnel(indices: Mapping[int, Index]) -> FunnelFinding | None:
    """None with fewer than three schools that have an error: one of two is no outlier."""
    sampled = [(school, index.points, index.se) for school, index in indices.items() if index.points is not None
               and index.se]  # fmt: skip
    if len(sampled) < 3:
        return None
    values, errors = [points for _, points, _ in sampled], [se or 0.0 for _, _, se in sampled]
    found = funnel(values, errors)
    shrunken = shrink(values, errors, der_simonian_laird(values, errors))
    places = tuple(
        SchoolPlace(school, points, se or 0.0, float(found.z[at]), int(found.zone[at]), float(shrunken[at]))
        for at, (school, points, se) in enumerate(sampled)
    )
    return FunnelFinding(found.mean, found.tau2, places)


def _reliabilities(cells: Sequence[CellEstimate]) -> dict[int, float]:
    """λ = τ²/(τ² + s²/n) of each school, τ² by one-way analysis of variance; empty where it is undefined."""
    wholes = [cell.overall.whole for cell in cells if cell.overall.n > 0]
    if len(wholes) < 2 or not any(whole.n > 1 for whole in wholes):
        return {}
    counts = [whole.n for whole in wholes]
    variances = [_number(whole.variance) for whole in wholes]
    parts = variance_components(counts, [whole.mean for whole in wholes], variances)
    spread = [parts.within if not variance > 0 else variance for variance in variances]
    if parts.between == 0 and parts.within == 0:
        return {}
    lambdas = reliability_of_means(parts.between, spread, counts)
    return {
        cell.school: float(value)
        for cell, value in zip((cell for cell in cells if cell.overall.n > 0), lambdas, strict=True)
        if math.isfinite(value)
    }


def _lines(cells: Sequence[CellEstimate]) -> dict[tuple[int, str], LineVerdict]:
    """The verdict on the satisfaction rate of each cell, by its interval."""
    judged = [cell for cell in cells if cell.audience != "inspector" and cell.overall.rate.share is not None]
    rates = [cell.overall.rate for cell in judged]
    verdicts = line_verdicts([_number(rate.low) for rate in rates], [_number(rate.high) for rate in rates], LINE)
    return {(cell.school, cell.audience): verdict for cell, verdict in zip(judged, verdicts, strict=True)}


def _awards(evidence: Evidence) -> Iterator[AwardFinding]:
    """For some numbers of places, who is certain and who possible, from the sets that hold for the whole list."""
    for category in dict.fromkeys(evidence.category.values()):
        lines = [line for school, line in evidence.ranked.items()
                 if evidence.category[school] == category and line.rank is not None]  # fmt: skip
        lines.sort(key=lambda line: (line.rank or 0, line.school))
        schools = tuple(line.school for line in lines)
        for places in AWARD_PLACES:
            if places < len(lines):
                awards = award_quota(
                    [line.low_simultaneous or 1 for line in lines],
                    [line.high_simultaneous or len(lines) for line in lines],
                    places,
                )
                yield AwardFinding(
                    category, places, places_of(awards, schools, Award.CERTAIN),
                    places_of(awards, schools, Award.POSSIBLE),
                )  # fmt: skip
