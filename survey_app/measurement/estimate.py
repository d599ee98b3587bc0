"""One school × audience: from its tally and its roster to indices, rates and their errors."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .rates import SatisfactionRate, estimate_rate
from .settings import MeasurementSettings
from .strata import EMPTY_STRATUM, IndexEstimate, RosterPopulation, Stratum, collapse_strata, estimate_index
from .tally import Tally

MAX_MISSING_GRADE_SHARE = 0.05
FLAGS = (
    "suppressed", "zero_variance", "overcount", "census", "unstratified", "missing_grade", "missing_audience",
    "low_response", "unverified",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DimensionEstimate:
    """One dimension (or OVERALL) of one school × audience.

    ``index`` is the reported figure, stratified by grade where that is possible; ``plain`` the mean of the ``n``
    valid persons. ``strata`` are the groups behind ``index``, ``whole`` the one behind ``plain``.
    """

    dimension: str
    n: int
    index: IndexEstimate
    unweighted_index: IndexEstimate
    rate: SatisfactionRate
    strata: tuple[Stratum, ...]
    pooled_stratum: Stratum
    flags: frozenset[str] = frozenset()

    @property
    def is_unanimous(self) -> bool:
        """Whether all persons of each stratum have one score (at least two persons)."""
        return self.n > 1 and all(stratum.variance == 0.0 for stratum in self.strata)


@dataclass(frozen=True, slots=True)
class SchoolAudienceEstimate:
    """A school × audience: who was there, who came, and the estimate of each dimension, OVERALL last."""

    school: int
    audience: str
    instrument: str
    population: int
    received: int
    respondents: int
    estimates: tuple[DimensionEstimate, ...]
    flags: frozenset[str] = frozenset()

    @property
    def response_rate(self) -> float | None:
        return self.respondents / self.population if self.population else None

    @property
    def overall(self) -> DimensionEstimate:
        return self.estimates[-1]


def estimate_school_audience(
    tally: Tally, school: int, roster: RosterPopulation, settings: MeasurementSettings
) -> SchoolAudienceEstimate:
    """Everything that can be said of one school × audience by itself.

    Where all persons answered alike the error comes later, from :func:`with_pooled_variance`: it needs other schools.

    Raises
    ------
    ValueError
        If the tally was made from counts alone; see :func:`~.published.estimate_published`.
    """
    rows = tally.rows_for_school(school)
    if np.isnan(tally.moments[rows]).any():
        raise ValueError(f"Of school {school} only counts are known, not persons; use estimate_published.")
    received, respondents = (int(value) for value in tally.response_counts[rows].sum(axis=0))
    cell = _SchoolAudience(tally, rows, roster, settings, respondents)
    return SchoolAudienceEstimate(
        school=school,
        audience=tally.scoring.audience,
        instrument=tally.scoring.instrument,
        population=roster.population,
        received=received,
        respondents=respondents,
        estimates=tuple(
            cell.estimate(number, name) for number, name in enumerate(tally.scoring.dimensions_and_overall())
        ),
        flags=_participation_flags(respondents, roster.population),
    )


def _participation_flags(respondents: int, population: int) -> frozenset[str]:
    if not population or respondents < population:
        return frozenset()
    return frozenset({"overcount" if respondents > population else "census"})


@dataclass(frozen=True, slots=True)
class _SchoolAudience:
    tally: Tally
    rows: list[int]
    roster: RosterPopulation
    settings: MeasurementSettings
    respondents: int

    def estimate(self, number: int, name: str) -> DimensionEstimate:
        strata_by_grade = self._strata_by_grade(number)
        pooled_stratum = replace(sum(strata_by_grade.values(), EMPTY_STRATUM), population=self.roster.population)
        strata, flags = self._select_strata(strata_by_grade, pooled_stratum)
        scoring = self.tally.scoring
        rate = estimate_rate(
            self.tally.moments[self.rows, number].sum(axis=0), self.tally.counts[self.rows].sum(axis=0), scoring,
            scoring.item_positions(name), self.respondents, self.roster.population,
        )  # fmt: skip
        return DimensionEstimate(
            dimension=name,
            n=pooled_stratum.n,
            index=estimate_index(strata),
            unweighted_index=estimate_index([pooled_stratum]),
            rate=rate,
            strata=tuple(strata),
            pooled_stratum=pooled_stratum,
            flags=frozenset(flags),
        )

    def _strata_by_grade(self, number: int) -> dict[str, Stratum]:
        """Valid persons of this dimension, by grade."""
        strata_by_grade: dict[str, Stratum] = {}
        for row in self.rows:
            n, score_sum, score_square_sum = (float(value) for value in self.tally.moments[row, number, :3])
            grade = self.tally.cells[row].grade
            strata_by_grade[grade] = Stratum(int(n), self.roster.by_grade.get(grade, 0), score_sum, score_square_sum)
        return strata_by_grade

    def _select_strata(
        self, strata_by_grade: dict[str, Stratum], pooled_stratum: Stratum
    ) -> tuple[list[Stratum], set[str]]:
        """The groups that are weighted by enrolment; a single one where the plain mean is used."""
        if not self.roster.has_grades or pooled_stratum.n < self.settings.stratify_from:
            return [pooled_stratum], {"unstratified"}
        roster_strata = [
            strata_by_grade.get(grade, Stratum(0, population, 0.0, 0.0))
            for grade, population in self.roster.by_grade.items()
        ]
        persons_without_grade = pooled_stratum.n - sum(group.n for group in roster_strata)
        if persons_without_grade > MAX_MISSING_GRADE_SHARE * pooled_stratum.n:
            return [pooled_stratum], {"unstratified", "missing_grade"}
        return collapse_strata(roster_strata, self.settings.min_cell), {
            "missing_grade"
        } if persons_without_grade else set()


def with_pooled_variance(
    cells: Sequence[SchoolAudienceEstimate], pool: Sequence[tuple[str, Stratum]] | None = None
) -> list[SchoolAudienceEstimate]:
    """The cells of one category × audience; unanimous ones get the pooled variance of all and a flag.

    The pooled SD is √(Σ(n−1)s² / Σ(n−1)) over the schools; over the groups of ``pool`` (dimension, group), where given,
    because an error that is made of a hidden cell would tell its variance. If nobody among them differs, it is 0.
    """
    if pool is None:
        pool = [(estimate.dimension, estimate.pooled_stratum) for cell in cells for estimate in cell.estimates]
    pooled: dict[str, float] = {}
    for name in {estimate.dimension for cell in cells for estimate in cell.estimates}:
        pooled_strata = [stratum for dimension, stratum in pool if dimension == name]
        degrees_of_freedom = sum(whole.n - 1 for whole in pooled_strata if whole.n > 1)
        sum_of_squares = math.fsum((whole.n - 1) * (whole.variance or 0.0) for whole in pooled_strata if whole.n > 1)
        pooled[name] = sum_of_squares / degrees_of_freedom if degrees_of_freedom else 0.0
    return [
        replace(
            cell,
            estimates=tuple(
                _apply_pooled_variance(estimate, pooled[estimate.dimension]) for estimate in cell.estimates
            ),
        )
        for cell in cells
    ]


def _apply_pooled_variance(estimate: DimensionEstimate, variance: float) -> DimensionEstimate:
    if not estimate.is_unanimous:
        return estimate
    return replace(
        estimate,
        index=estimate_index(estimate.strata, variance),
        unweighted_index=estimate_index([estimate.pooled_stratum], variance)
        if estimate.pooled_stratum.variance == 0.0
        else estimate.unweighted_index,
        flags=estimate.flags | {"zero_variance"},
    )
