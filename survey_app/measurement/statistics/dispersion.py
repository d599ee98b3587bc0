"""Dispersion: how much persons differ, relative to where their mean stands on a closed scale.

Near an end of the scale a small group is a bad witness of its own variance: when nearly everybody stands at the end,
the next answer changes it tenfold. So every group borrows from the others, and it borrows the dispersion
φ = s²/(m(1 − m)), which hardly depends on the mean m, not the variance. Scores are shares of the scale, 0–1.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import FloatArray, float_vector, require_equal_lengths

MIN_CELLS = 4
LARGEST_DISPERSION = 1.0  # everybody stands at one end or the other
_MAX_NEWTON_STEPS = 50


@dataclass(frozen=True, slots=True)
class ScaledChiSquarePrior:
    """Variances spread around `value` as if each were known from `df` further observations.

    `df` 0 borrows nothing; infinity says that all groups have one variance.
    """

    df: float
    value: float

    def moderate(self, own: float, own_df: float) -> tuple[float, float]:
        """Return the moderated value and its degrees of freedom.

        Examples
        --------
        >>> ScaledChiSquarePrior(4.0, 2.0).moderate(5.0, 8.0)
        (4.0, 12.0)
        """
        df = self.df + own_df
        if np.isinf(self.df):
            return self.value, df
        return ((self.df * self.value + own_df * own) / df, df) if df > 0 else (LARGEST_DISPERSION, np.inf)

    def is_mostly_borrowed(self, own_df: float) -> bool:
        """Return whether more than half of a moderated value is borrowed, or there was nothing to know it from."""
        return self.df > own_df or own_df == 0


NOTHING_TO_BORROW = ScaledChiSquarePrior(0.0, LARGEST_DISPERSION)


def fit_prior(values: ArrayLike, df: ArrayLike) -> ScaledChiSquarePrior:
    """Return the prior of variances (or dispersions) by matching mean and variance of their logarithms.

    Parameters
    ----------
    values, df : array_like, shape (p,)
        Variance of each group and its degrees of freedom. Groups with a variance of 0 or less than one degree of
        freedom do not enter; with fewer than two left, nothing is borrowed.

    References
    ----------
    Smyth (2004), Statistical Applications in Genetics and Molecular Biology 3(1), article 3, section 6.2.

    Examples
    --------
    >>> fit_prior([1.0, 1.0, 1.0], [5, 5, 5])
    ScaledChiSquarePrior(df=inf, value=1.0)
    """
    value, freedom = float_vector(values, "values"), float_vector(df, "df")
    require_equal_lengths(values=value, df=freedom)
    is_known = (value > 0) & (freedom >= 1) & np.isfinite(value)
    value, freedom = value[is_known], freedom[is_known]
    if len(value) < 2:
        return NOTHING_TO_BORROW
    logarithm = np.log(value) - special.digamma(freedom / 2) + np.log(freedom / 2)
    excess = float(logarithm.var(ddof=1) - special.polygamma(1, freedom / 2).mean())
    if excess <= 0:
        return ScaledChiSquarePrior(float("inf"), float(value.mean()))
    half_df = _inverse_trigamma(excess)
    centre = float(np.exp(logarithm.mean() + special.digamma(half_df) - np.log(half_df)))
    return ScaledChiSquarePrior(2 * half_df, centre)


def _inverse_trigamma(value: float) -> float:
    """Return x with trigamma(x) = value by Newton's method, which converges monotonically for 1/trigamma."""
    if value > 1e7:
        return 1 / math.sqrt(value)
    if value < 1e-6:
        return 1 / value
    x = float(0.5 + 1 / value)
    for _ in range(_MAX_NEWTON_STEPS):
        trigamma = float(special.polygamma(1, x))
        step = trigamma * (1 - trigamma / value) / float(special.polygamma(2, x))
        x += step
        if -step / x < 1e-12:
            break
    return x


def dispersion(mean: float, variance: float) -> float:
    """Return φ = s²/(m(1 − m)); 0 where nobody differs, at most 1 but for the n − 1 of the variance.

    Examples
    --------
    >>> round(dispersion(0.8, 0.04), 6)
    0.25
    """
    spread = mean * (1 - mean)
    return variance / spread if variance > 0 and spread > 0 else 0.0


def witness_df(n: int, groups: int, at_low_end: float, at_high_end: float, variance: float) -> float:
    """Return how many degrees of freedom the own variance of n persons in some groups is worth.

    n − groups; but where more than half stand at one end of the scale, no more than the others less one: it is
    they who tell how people differ. 0 where nobody differs.

    Examples
    --------
    >>> witness_df(20, 1, 0, 19, 0.1), witness_df(20, 1, 0, 17, 0.1), witness_df(20, 1, 0, 9, 0.1)
    (0, 2, 19)
    """
    if variance <= 0:
        return 0
    ends = max(at_low_end, at_high_end)
    df = n - groups
    return max(0, min(df, n - ends - 1)) if ends > n / 2 else max(0, df)


def moderated_variance(mean: float, dispersion_: float, n: float, t: float) -> float:
    """Return φ·m̃(1 − m̃), m̃ = (m + k/2)/(1 + k) the centre of the score interval, k = t²φ/n.

    At the mean itself it would be 0 where all stand at one end, and such a group would be beyond doubt; at the centre
    of its interval it never is, and for large groups the two are the same.

    Examples
    --------
    >>> round(moderated_variance(1.0, 0.2, 20, 1.96), 5), round(moderated_variance(0.8, 0.2, 1e9, 1.96), 5)
    (0.00363, 0.032)
    """
    k = t**2 * dispersion_ / n
    centre = (mean + k / 2) / (1 + k)
    return dispersion_ * centre * (1 - centre)


def pooled_dispersion_prior(
    own: tuple[FloatArray, FloatArray], wider: tuple[FloatArray, FloatArray]
) -> ScaledChiSquarePrior:
    """Return the prior of the own kind, of a wider kind where fewer than four groups serve, or none.

    Parameters
    ----------
    own, wider : (dispersions, degrees of freedom)

    Examples
    --------
    >>> few = (np.array([0.1, 0.2]), np.array([9.0, 9.0]))
    >>> pooled_dispersion_prior(few, few).df
    0.0
    """
    for values, df in (own, wider):
        if int(((values > 0) & (df >= 1)).sum()) >= MIN_CELLS:
            return fit_prior(values, df)
    return NOTHING_TO_BORROW
