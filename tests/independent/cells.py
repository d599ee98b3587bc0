"""Index, rates and their errors of one school and audience: docs/method.md from “index” to “rate”."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats
from scipy.optimize import brentq

Vector = NDArray[np.float64]
NORMAL = 99999.0  # how the exports write the degrees of freedom of the normal distribution


@dataclass(frozen=True)
class Roster:
    """Of one school and audience: people by grade, and the sizes of classes."""

    grades: Mapping[str, int]
    classes: Sequence[int]

    @property
    def people(self) -> int:
        return sum(self.grades.values())

    @property
    def has_grades(self) -> bool:
        return any(self.grades)


@dataclass(frozen=True)
class Prior:
    """What a cell borrows: dispersion and degrees of freedom; 0 where nothing can be borrowed."""

    freedom: float = 0.0
    dispersion: float = 1.0


def collapse(valid: Mapping[str, int], roster: Roster, order: Sequence[str], least: int) -> list[list[str]]:
    """Grades in order: a group is closed when it has enough persons and people; the rest joins the last."""
    groups: list[list[str]] = []
    waiting: list[str] = []
    for grade in order:
        waiting.append(grade)
        enough = sum(valid.get(one, 0) for one in waiting) >= least
        if enough and any(roster.grades.get(one, 0) for one in waiting):
            groups.append(waiting)
            waiting = []
    if groups:
        groups[-1].extend(waiting)
    return groups or [waiting]


def quantile(freedom: float) -> float:
    """Two-sided 95%."""
    return float(special.ndtri(0.975) if not freedom < NORMAL else stats.t.ppf(0.975, freedom))


def satterthwaite(parts: Iterable[tuple[float, float]]) -> float:
    """(Σa)²/Σ(a²/ν) of variances with their degrees of freedom; the smallest of these where nothing varies."""
    parts = list(parts)
    if not any(part for part, _ in parts):
        return min(freedom for _, freedom in parts)
    below = sum(part**2 / freedom for part, freedom in parts if freedom < math.inf)
    return sum(part for part, _ in parts) ** 2 / below if below > 0 else math.inf


def score_interval(p: float, error: float, freedom: float) -> tuple[float, float]:
    """Of a share with its error."""
    return score_limits(p, quantile(freedom) * error)


def score_limits(p: float, half: float) -> tuple[float, float]:
    wanted = half**2
    if wanted == 0:
        return p, p

    def excess(k: float) -> float:
        return k * (p + k / 2) * (1 - p + k / 2) / (1 + k) ** 2 - wanted

    high = 1.0
    while excess(high) < 0:
        high *= 2
    k = float(brentq(excess, 0, high, xtol=1e-300, rtol=4 * np.finfo(float).eps, maxiter=500))
    half = math.sqrt(k * p * (1 - p) + k * k / 4)
    return (p + k / 2 - half) / (1 + k), (p + k / 2 + half) / (1 + k)


def wilson(good: float, n: float) -> tuple[float, float]:
    z, p = special.ndtri(0.975), good / n
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (p + z * z / (2 * n) - half) / (1 + z * z / n), (p + z * z / (2 * n) + half) / (1 + z * z / n)


@dataclass(frozen=True)
class Persons:
    """A group, or all of a cell: what each person adds, the mean, and who stands at the ends of the scale."""

    people: int  # on the roster
    values: Vector
    mean: float
    low: int = 0
    high: int = 0

    @property
    def n(self) -> int:
        return len(self.values)

    @property
    def variance(self) -> float:
        """With n − 1; differences that are dust of the arithmetic are none."""
        found = float(np.var(self.values, ddof=1)) if self.n > 1 else 0.0
        return found if found > 1e-20 else 0.0

    def spread(self) -> "Spread":
        return Spread.of(self.variance, self.mean, self.n - 1, self.n, max(self.low, self.high))

    def moderated(self, prior: Prior) -> tuple[float, float]:
        """Variance of a person and its degrees of freedom, at the centre of the score interval."""
        own = self.spread()
        freedom = prior.freedom + own.freedom
        if freedom == 0:
            dispersion, freedom = 1.0, math.inf
        elif freedom == math.inf:
            dispersion = prior.dispersion
        else:
            dispersion = (prior.freedom * prior.dispersion + own.freedom * own.dispersion) / freedom
        k = quantile(freedom) ** 2 * dispersion / self.n
        centre = (self.mean + k / 2) / (1 + k)
        return dispersion * centre * (1 - centre), freedom


@dataclass(frozen=True)
class Spread:
    """A dispersion φ = s²/(m(1 − m)) and how many degrees of freedom it is worth."""

    dispersion: float
    freedom: float

    @classmethod
    def of(cls, variance: float, mean: float, freedom: int, n: int, ends: int) -> "Spread":
        """``ends`` persons stand at the one end of the scale where most stand."""
        room = mean * (1 - mean)
        if variance <= 0 or room <= 1e-12:
            return cls(0.0, 0.0)
        if ends > n / 2:
            freedom = min(freedom, n - ends - 1)
        return cls(variance / room, float(max(0, freedom)))

    @classmethod
    def of_cell(cls, groups: Sequence[Persons]) -> "Spread":
        """What a cell tells others: variances within its groups, pooled."""
        n = sum(group.n for group in groups)
        freedom = n - len(groups)
        if freedom < 1:
            return cls(0.0, 0.0)
        within = sum((group.n - 1) * group.variance for group in groups) / freedom
        mean = sum(group.n * group.mean for group in groups) / n
        ends = max(sum(group.low for group in groups), sum(group.high for group in groups))
        return cls.of(within, mean, freedom, n, ends)


def borrowed_from(kind: Sequence[Spread], wider: Sequence[Spread]) -> Prior:
    """From cells of the own kind, of all categories where fewer than four serve, or nothing."""
    for spreads in (kind, wider):
        serving = [spread for spread in spreads if spread.freedom >= 1]
        if len(serving) >= 4:
            return fit_prior(serving)
    return Prior()


def fit_prior(serving: Sequence[Spread]) -> Prior:
    """Smyth (2004), by mean and variance of ln φ."""
    d = np.array([spread.freedom for spread in serving])
    e = np.log([spread.dispersion for spread in serving]) - special.digamma(d / 2) + np.log(d / 2)
    excess = float(np.var(e, ddof=1) - np.mean(special.polygamma(1, d / 2)))
    if excess <= 0:
        return Prior(math.inf, float(np.mean([spread.dispersion for spread in serving])))
    half = float(brentq(lambda x: special.polygamma(1, x) - excess, 1e-8, 1e12, xtol=1e-300, rtol=1e-15))
    return Prior(2 * half, float(np.exp(e.mean() + special.digamma(half) - np.log(half))))


@dataclass(frozen=True)
class Figure:
    """A figure 0–1 with both errors."""

    share: float
    sampling: float = 0.0
    sampling_df: float = math.inf
    hidden: float = 0.0  # what non-response may hide
    hidden_df: float = math.inf
    level: float = 0.0
    level_df: float = math.inf
    borrows: bool = False
    floor_year: float = 0.0
    floor_level: float = 0.0
    sd: float = 0.0  # between persons

    @property
    def year(self) -> float:
        return math.hypot(self.sampling, self.hidden)

    @property
    def year_df(self) -> float:
        parts = [(self.sampling**2, self.sampling_df), (self.hidden**2, self.hidden_df)]
        return at_least_so_wide(self.share, self.year, satterthwaite(parts), self.floor_year)

    @property
    def df_of_level(self) -> float:
        return at_least_so_wide(self.share, self.level, self.level_df, self.floor_level)

    def interval(self) -> tuple[float, float]:
        return score_interval(self.share, self.year, self.year_df)


def half_width(limits: tuple[float, float]) -> float:
    return (limits[1] - limits[0]) / 2


def at_least_so_wide(share: float, error: float, freedom: float, least: float) -> float:
    """Degrees of freedom, lowered until half the interval is ``least``."""
    if error == 0 or half_width(score_interval(share, error, freedom)) >= least:
        return freedom

    def lacks(t: float) -> float:
        return half_width(score_limits(share, t * error)) - least

    t = brentq(lacks, quantile(freedom), 1e4, xtol=1e-300, rtol=4 * np.finfo(float).eps, maxiter=500)
    return min(freedom, float(special.stdtridf(0.975, t)))


@dataclass(frozen=True)
class Surroundings:
    """What a cell brings to the errors of all its figures."""

    response: float
    nonresponse: float
    correlation: float
    class_size: float

    @property
    def design_effect(self) -> float:
        return 1 + (self.class_size - 1) * self.correlation


def figure(groups: Sequence[Persons], whole: Persons, prior: Prior, around: Surroundings,
           share: float | None = None) -> Figure | None:  # fmt: skip
    """Groups weighted by enrolment; None where one of them is a single person or nobody."""
    if not groups or any(group.n < 2 for group in groups):
        return None
    people = sum(group.people for group in groups)
    weights = [group.people / people for group in groups]
    parts, seen = [], []
    for weight, group in zip(weights, groups, strict=True):
        variance, freedom = group.moderated(prior)
        parts.append((weight**2 * variance / group.n, freedom))
        seen.append((parts[-1][0] * (1 - group.n / max(group.people, group.n)), freedom))
    variance, freedom = whole.moderated(prior)
    own = [group.spread().freedom for group in groups]
    sampling = sum(part for part, _ in seen)
    return Figure(
        sum(weight * group.mean for weight, group in zip(weights, groups, strict=True)) if share is None else share,
        math.sqrt(sampling), satterthwaite(seen if sampling else parts),
        max(0.0, 1 - around.response) * math.log(around.nonresponse) * math.sqrt(variance), freedom,
        math.sqrt(sum(part for part, _ in parts) * around.design_effect), satterthwaite(parts),
        any(prior.freedom > one or prior.freedom + one == 0 for one in own),
        sd=math.sqrt(variance),
    )  # fmt: skip
