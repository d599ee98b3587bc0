"""Grades as strata: collapsed until each is large enough, weighted by enrolment."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scipy import special

from .tally import CENTRE

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Group:
    """One stratum: valid persons, population, sum and sum of squares of (score − 50)."""

    n: int
    population: int
    total: float
    squares: float

    def __add__(self, other: "Group") -> "Group":
        return Group(
            self.n + other.n, self.population + other.population, self.total + other.total,
            self.squares + other.squares,
        )  # fmt: skip

    @property
    def mean(self) -> float:
        return CENTRE + self.total / self.n

    @property
    def variance(self) -> float | None:
        """With n − 1; None for one person; exactly 0 if all scores are equal."""
        if self.n < 2:
            return None
        spread = self.squares - self.total**2 / self.n
        is_more_than_rounding = spread > 1e-12 * self.squares
        return spread / (self.n - 1) if is_more_than_rounding else 0.0

    @property
    def unseen(self) -> float:
        """The share of the population that did not answer, 1 − n/N′ with N′ = max(N, n)."""
        return 1 - self.n / max(self.population, self.n)


NOBODY = Group(0, 0, 0.0, 0.0)


def collapsed(groups: Sequence[Group], min_cell: int) -> list[Group]:
    """Neighbouring grades joined until each group has enough valid persons and a population.

    Examples
    --------
    >>> parts = [Group(3, 40, 0, 0), Group(4, 40, 0, 0), Group(9, 50, 0, 0), Group(2, 30, 0, 0)]
    >>> [(group.n, group.population) for group in collapsed(parts, 5)]
    [(7, 80), (11, 80)]
    """
    closed: list[Group] = []
    current = NOBODY
    for group in groups:
        current = current + group
        if current.n >= min_cell and current.population > 0:
            closed.append(current)
            current = NOBODY
    if closed:
        closed[-1] = closed[-1] + current
        return closed
    return [current]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The roster of one school × audience: population by grade, in the order of the grades; {"": N} without grades."""

    by_grade: Mapping[str, int] = field(default_factory=dict)

    @property
    def population(self) -> int:
        return sum(self.by_grade.values())

    @property
    def has_grades(self) -> bool:
        return any(self.by_grade) and "" not in self.by_grade


@dataclass(frozen=True, slots=True)
class Index:
    """A mean of scores in points 0–100 with both errors and the printed interval; None is undefined."""

    points: float | None = None
    se: float | None = None
    se_corrected: float | None = None
    low: float | None = None
    high: float | None = None


def index_of(strata: Sequence[Group], pooled_variance: float | None = None) -> Index:
    """The mean of the strata's means weighted by population.

    Errors are √Σ W²·s²/n, and √Σ W²·(1 − n/N′)·s²/n with the finite population correction; the interval uses the first,
    Student t with persons minus strata degrees of freedom, clipped to 0–100. ``pooled_variance`` stands in for s² where
    all persons answered alike. A stratum of one person has no variance, so the error is undefined. Without a
    population there is one stratum and no corrected error.

    Source: Cochran (1977), Sampling Techniques, chapter 5.
    """
    persons = sum(stratum.n for stratum in strata)
    if persons == 0:
        return Index()
    people = sum(stratum.population for stratum in strata)
    weights = [stratum.population / people if people else 1.0 for stratum in strata]
    points = sum(weight * stratum.mean for weight, stratum in zip(weights, strata, strict=True))
    variances = [stratum.variance if pooled_variance is None else pooled_variance for stratum in strata]
    known = [variance for variance in variances if variance is not None]
    if len(known) < len(strata) or persons <= len(strata):
        return Index(points)
    parts = list(zip(weights, strata, known, strict=True))
    se = math.sqrt(sum(weight**2 * s2 / stratum.n for weight, stratum, s2 in parts))
    corrected = math.sqrt(sum(weight**2 * stratum.unseen * s2 / stratum.n for weight, stratum, s2 in parts))
    half = float(special.stdtrit(persons - len(strata), (1 + CONFIDENCE) / 2)) * se
    low, high = max(0.0, points - half), min(100.0, points + half)
    return Index(points, se, corrected if people else None, low, high)
