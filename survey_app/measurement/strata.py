"""Grades as strata: collapsed until each is large enough, weighted by enrolment."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from .respondent_scores import SCORE_ORIGIN
from .two_errors import TwoErrors

CONFIDENCE_LEVEL = 0.95
SCALE = 100.0


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum: valid persons, population, sum and sum of squares of (score − 50)."""

    n: int
    population: int
    score_sum: float
    score_square_sum: float

    def __add__(self, other: "Stratum") -> "Stratum":
        return Stratum(
            self.n + other.n, self.population + other.population, self.score_sum + other.score_sum,
            self.score_square_sum + other.score_square_sum,
        )  # fmt: skip

    @property
    def mean(self) -> float:
        return SCORE_ORIGIN + self.score_sum / self.n

    @property
    def variance(self) -> float | None:
        """With n − 1; None for one person; exactly 0 if all scores are equal."""
        if self.n < 2:
            return None
        sum_of_squares = self.score_square_sum - self.score_sum**2 / self.n
        is_more_than_rounding = sum_of_squares > 1e-12 * self.score_square_sum
        return sum_of_squares / (self.n - 1) if is_more_than_rounding else 0.0

    @property
    def nonsampled_share(self) -> float:
        """The share of the population that did not answer, 1 − n/N′ with N′ = max(N, n)."""
        return 1 - self.n / max(self.population, self.n)


EMPTY_STRATUM = Stratum(0, 0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class RosterPopulation:
    """The roster of one school × audience: population by grade, in the order of the grades; {"": N} without grades."""

    by_grade: Mapping[str, int] = field(default_factory=dict)

    @property
    def population(self) -> int:
        return sum(self.by_grade.values())

    @property
    def has_grades(self) -> bool:
        return any(self.by_grade) and "" not in self.by_grade


@dataclass(frozen=True, slots=True)
class IndexEstimate:
    """A mean of scores in points 0–100; None is undefined.

    ``se`` and ``se_corrected`` are the raw errors of other software, without borrowing, without and with the finite
    population correction. ``low`` and ``high`` are the printed interval of this year, from ``errors``.
    """

    points: float | None = None
    se: float | None = None
    se_corrected: float | None = None
    low: float | None = None
    high: float | None = None
    errors: TwoErrors | None = None

    def with_errors(self, errors: TwoErrors | None) -> "IndexEstimate":
        """Return the figure with the errors of this year and of the level, and the interval of this year."""
        if errors is None:
            return self
        limits = errors.year_interval()
        return replace(self, low=SCALE * limits.low, high=SCALE * limits.high, errors=errors)

    @property
    def se_year(self) -> float | None:
        """The error of this year, in points."""
        return None if self.errors is None else SCALE * self.errors.year

    @property
    def df_year(self) -> float | None:
        """Its degrees of freedom; infinite where it is known."""
        return None if self.errors is None else self.errors.df_year

    @property
    def se_level(self) -> float | None:
        """The error of the level, in points: for everything that compares."""
        return None if self.errors is None else SCALE * self.errors.level

    @property
    def df_level(self) -> float | None:
        """Its degrees of freedom; infinite where it is known."""
        return None if self.errors is None else self.errors.df_of_level


def estimate_index(strata: Sequence[Stratum]) -> IndexEstimate:
    """The mean of the strata's means weighted by population.

    Raw errors are √Σ W²·s²/n, and √Σ W²·(1 − n/N′)·s²/n with the finite population correction. A stratum of one person
    has no variance, so the error is undefined. Without a population there is one stratum and no corrected error.

    Source: Cochran (1977), Sampling Techniques, chapter 5.
    """
    persons = sum(stratum.n for stratum in strata)
    if persons == 0:
        return IndexEstimate()
    population = sum(stratum.population for stratum in strata)
    weights = [stratum.population / population if population else 1.0 for stratum in strata]
    points = sum(weight * stratum.mean for weight, stratum in zip(weights, strata, strict=True))
    variances = [stratum.variance for stratum in strata]
    defined_variances = [variance for variance in variances if variance is not None]
    if len(defined_variances) < len(strata) or persons <= len(strata):
        return IndexEstimate(points)
    terms = list(zip(weights, strata, defined_variances, strict=True))
    se = math.sqrt(sum(weight**2 * s2 / stratum.n for weight, stratum, s2 in terms))
    se_corrected = math.sqrt(
        sum(weight**2 * stratum.nonsampled_share * s2 / stratum.n for weight, stratum, s2 in terms)
    )
    return IndexEstimate(points, se, se_corrected if population else None)
