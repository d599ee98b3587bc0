"""Two questions, two errors: all people of this year, and the level a school would have with other people and days.

Both are built from groups of persons (grades) weighted by enrolment, on a scale of 0–1. Every group borrows dispersion
from the cells of its kind, so that no group near the end of the scale is more certain than it can be.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .statistics.class_correlation import design_effect
from .statistics.dispersion import (
    NOTHING_TO_BORROW,
    ScaledChiSquarePrior,
    dispersion,
    moderated_variance,
    pooled_dispersion_prior,
    witness_df,
)
from .statistics.nonresponse import nonresponse_error, tipping_odds
from .statistics.score_intervals import Limits, df_for_half_width, satterthwaite_df, score_interval, t_quantile

BINOMIAL = ScaledChiSquarePrior(math.inf, 1.0)  # a person is satisfied or not: the dispersion is known


@dataclass(frozen=True, slots=True)
class PersonGroup:
    """Persons of a grade (or several): mean and variance (n − 1) of a figure 0–1, and how many stand at its ends."""

    n: int
    population: int
    mean: float
    variance: float
    at_low_end: float = 0.0
    at_high_end: float = 0.0

    def witness(self) -> tuple[float, float]:
        """Return the own dispersion and the degrees of freedom it is worth.

        A rate of 0 or 1 tells nothing of dispersion, however the numbers of answers differ between persons.
        """
        value = dispersion(self.mean, self.variance)
        df = witness_df(self.n, 1, self.at_low_end, self.at_high_end, self.variance) if value > 0 else 0.0
        return value, df

    @property
    def missing_share(self) -> float:
        """Return 1 − n/N′, N′ = max(N, n)."""
        return 1 - self.n / max(self.population, self.n)


@dataclass(frozen=True, slots=True)
class Moderated:
    """Variance of persons with what was borrowed, its degrees of freedom, and whether most of it is borrowed."""

    variance: float
    df: float
    is_borrowed: bool


@dataclass(frozen=True, slots=True)
class TwoErrors:
    """A figure 0–1 with both errors and where they come from.

    Attributes
    ----------
    share : float
        The figure.
    sampling, df_sampling : float
        Error of this year from who happened to answer; 0 if all did.
    nonresponse, df_sd : float
        What selective answering may hide, and the degrees of freedom of the person SD it is made of.
    level, df_level : float
        Error of the level, classes counted as clusters.
    sd : float
        Standard deviation between persons.
    response_rate : float
    is_borrowed : bool
        More than half of the dispersion of some group comes from other schools.
    min_half_width_year, min_half_width_level : float
        Intervals are at least so wide (composites: no surer than the share of their least certain part).
    """

    share: float
    sampling: float
    df_sampling: float
    nonresponse: float
    df_sd: float
    level: float
    df_level: float
    sd: float
    response_rate: float
    is_borrowed: bool = False
    min_half_width_year: float = 0.0
    min_half_width_level: float = 0.0

    @property
    def year(self) -> float:
        """Return the error of this year."""
        return math.hypot(self.sampling, self.nonresponse)

    @property
    def df_year(self) -> float:
        """Return the degrees of freedom of the error of this year."""
        df = satterthwaite_df([self.sampling**2, self.nonresponse**2], [self.df_sampling, self.df_sd])
        return df_for_half_width(self.share, self.year, df, self.min_half_width_year)

    @property
    def df_of_level(self) -> float:
        """Return the degrees of freedom of the error of the level, lowered where an interval must be wider."""
        return df_for_half_width(self.share, self.level, self.df_level, self.min_half_width_level)

    def year_interval(self) -> Limits:
        """Return the printed interval: all people of this year."""
        return score_interval(self.share, self.year, self.df_year)

    def level_interval(self) -> Limits:
        """Return the interval of the level."""
        return score_interval(self.share, self.level, self.df_of_level)

    def tipping_odds(self, line: float) -> float:
        """Return from which odds of answering, one SD more satisfied, a verdict on this line would fall."""
        limits = score_interval(self.share, self.sampling, self.df_sampling)
        return tipping_odds(limits.low, limits.high, line, self.response_rate, self.sd)


def moderate(group: PersonGroup, prior: ScaledChiSquarePrior) -> Moderated:
    """Return the variance of the persons of a group, moderated by the prior of its kind."""
    own, own_df = group.witness()
    value, df = prior.moderate(own, own_df)
    variance = moderated_variance(group.mean, value, group.n, t_quantile(df))
    return Moderated(variance, df, prior.is_mostly_borrowed(own_df) and prior != BINOMIAL)


def estimate_two_errors(
    groups: Sequence[PersonGroup],
    together: PersonGroup,
    prior: ScaledChiSquarePrior,
    response_rate: float | None,
    nonresponse: float = 1.1,
    class_size: float = 1.0,
    correlation: float = 0.0,
    share: float | None = None,
) -> TwoErrors | None:
    """Return the figure of groups weighted by population, with both errors; None if a group has a single person.

    Parameters
    ----------
    groups : sequence of PersonGroup
        The strata; a single one without a population is unweighted.
    together : PersonGroup
        All valid persons, unweighted; its SD is the one that non-response acts on.
    prior : ScaledChiSquarePrior
        Dispersion of the cells of this kind.
    response_rate : float or None
        Unit respondents / population; None (unknown) counts as nobody missing.
    nonresponse : float
        By what one SD of the figure multiplies the odds of answering, 1 or more.
    class_size, correlation : float
        Σm²/Σm of the classes that answered, and the correlation of persons of one class.
    share : float, optional
        The figure where it is not the weighted mean (a combined ratio).
    """
    n = sum(group.n for group in groups)
    if n == 0 or any(group.n < 2 for group in groups):
        return None
    population = sum(group.population for group in groups)
    weights = [group.population / population if population else 1.0 for group in groups]
    moderated = [moderate(group, prior) for group in groups]
    parts = [weight**2 * one.variance / group.n for weight, one, group in zip(weights, moderated, groups, strict=True)]
    sampled = [part * group.missing_share for part, group in zip(parts, groups, strict=True)]
    df = [one.df for one in moderated]
    persons = moderate(together, prior)
    sd = math.sqrt(persons.variance)
    rate = 1.0 if response_rate is None else response_rate
    mean = math.fsum(weight * group.mean for weight, group in zip(weights, groups, strict=True))
    return TwoErrors(
        share=min(1.0, max(0.0, mean if share is None else share)),
        sampling=math.sqrt(math.fsum(sampled)) if population else math.sqrt(math.fsum(parts)),
        df_sampling=satterthwaite_df(sampled if population and any(sampled) else parts, df),
        nonresponse=nonresponse_error(rate, nonresponse, sd),
        df_sd=persons.df,
        level=math.sqrt(math.fsum(parts) * float(design_effect(class_size, correlation))),
        df_level=satterthwaite_df(parts, df),
        sd=sd,
        response_rate=rate,
        is_borrowed=any(one.is_borrowed for one in moderated),
    )


def combine(parts: Sequence[tuple[float, TwoErrors]]) -> TwoErrors | None:
    """Return the weighted sum of independent figures, weights scaled to add up to 1; None without parts.

    Sampling parts add up in squares; what non-response may hide has one direction and adds up linearly. The interval
    is never narrower than the weight of a part times the interval of that part.
    """
    total = math.fsum(weight for weight, _ in parts)
    if not parts or total <= 0:
        return None
    shares = [(weight / total, part) for weight, part in parts]
    sampling = [(weight * part.sampling) ** 2 for weight, part in shares]
    level = [(weight * part.level) ** 2 for weight, part in shares]
    hidden = [weight * part.nonresponse for weight, part in shares]
    hidden_total = math.fsum(hidden)
    return TwoErrors(
        share=min(1.0, math.fsum(weight * part.share for weight, part in shares)),
        sampling=math.sqrt(math.fsum(sampling)),
        df_sampling=satterthwaite_df(sampling, [part.df_sampling for _, part in shares]),
        nonresponse=hidden_total,
        df_sd=satterthwaite_df([one * hidden_total for one in hidden], [part.df_sd for _, part in shares]),
        level=math.sqrt(math.fsum(level)),
        df_level=satterthwaite_df(level, [part.df_level for _, part in shares]),
        sd=math.sqrt(math.fsum((weight * part.sd) ** 2 for weight, part in shares)),
        response_rate=math.fsum(weight * part.response_rate for weight, part in shares),
        is_borrowed=any(part.is_borrowed for _, part in shares),
        min_half_width_year=max(weight * _half_widths(part)[0] for weight, part in shares),
        min_half_width_level=max(weight * _half_widths(part)[1] for weight, part in shares),
    )


@lru_cache(maxsize=16_384)
def _half_widths(part: TwoErrors) -> tuple[float, float]:
    """Of this year and of the level; the same parts are added up under many weights while a scheme is tried."""
    return part.year_interval().half_width, part.level_interval().half_width


def without_sampling(share: float, error: float, df: float = math.inf) -> TwoErrors:
    """Return a figure that is no sample of persons (a signed evaluation): its raters' error counts in both."""
    return TwoErrors(
        share=share, sampling=error, df_sampling=df, nonresponse=0.0, df_sd=df, level=error, df_level=df, sd=0.0,
        response_rate=1.0,
    )  # fmt: skip


def fit_dispersion_prior(
    cells: Iterable[Sequence[PersonGroup]], wider: Iterable[Sequence[PersonGroup]] = ()
) -> ScaledChiSquarePrior:
    """Return the prior of cells of one kind, or of a wider kind where fewer than four of them serve.

    Parameters
    ----------
    cells, wider : iterable of sequences of PersonGroup
        The strata of each publishable cell; within-group variances are pooled, d = n − groups.
    """
    return pooled_dispersion_prior(_witnesses(cells), _witnesses(wider)) or NOTHING_TO_BORROW


def _witnesses(cells: Iterable[Sequence[PersonGroup]]) -> tuple[np.ndarray, np.ndarray]:
    found = [_witness_of_cell([group for group in groups if group.n > 0]) for groups in cells]
    values = np.array([value for value, _ in found], dtype=np.float64)
    return values, np.array([df for _, df in found], dtype=np.float64)


def _witness_of_cell(groups: Sequence[PersonGroup]) -> tuple[float, float]:
    n, df = sum(group.n for group in groups), sum(group.n - 1 for group in groups)
    if df < 1:
        return 0.0, 0.0
    mean = math.fsum(group.n * group.mean for group in groups) / n
    variance = math.fsum((group.n - 1) * group.variance for group in groups if group.n > 1) / df
    low = sum(group.at_low_end for group in groups)
    high = sum(group.at_high_end for group in groups)
    return dispersion(mean, variance), witness_df(n, len(groups), low, high, variance)
