"""Intervals: how far a share or a mean could be from the printed figure.

All functions take numbers or arrays that broadcast and give an `Interval` of arrays of that shape.
A cell without answers (n = 0) or without a degree of freedom has no interval: NaN, never 0.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Interval:
    """Lower and upper limits, arrays of the shape of the inputs."""

    low: FloatArray
    high: FloatArray


def normal_quantile(level: float) -> float:
    """Give z so that a standard normal value lies within ±z with probability `level` (0.95: 1.96)."""
    if not 0 < level < 1:
        raise ValueError(f"The level is {level}; give a probability between 0 and 1, for example 0.95.")
    return float(special.ndtri((1 + level) / 2))


def _validate_counts(successes: ArrayLike, n: ArrayLike) -> tuple[FloatArray, FloatArray]:
    s, m = np.broadcast_arrays(np.asarray(successes, dtype=np.float64), np.asarray(n, dtype=np.float64))
    if (s < 0).any() or (s > m).any():
        raise ValueError("The favourable answers are not between 0 and n; check which answers were counted.")
    return np.where(m > 0, s, np.nan), np.where(m > 0, m, np.nan)


def _exact_at_bounds(low: FloatArray, high: FloatArray, s: FloatArray, n: FloatArray) -> Interval:
    """Put the limit at exactly 0 (or 1) where no answer (or every answer) is favourable."""
    return Interval(np.where(s == 0, 0.0, low), np.where(s == n, 1.0, high))


def wilson(successes: ArrayLike, n: ArrayLike, level: float = 0.95) -> Interval:
    """Give the score interval of a share: the standard one here, good for small n and shares near 0 or 1.

    Parameters
    ----------
    successes, n : array_like
        Favourable and scored answers; n = 0 gives NaN.
    level : float
        Coverage, 0–1.

    Raises
    ------
    ValueError
        If a count lies outside 0–n or the level outside 0–1.

    References
    ----------
    Wilson (1927); Newcombe (1998), method 3.

    Examples
    --------
    >>> limits = wilson(81, 263)
    >>> round(float(limits.low), 4), round(float(limits.high), 4)
    (0.2553, 0.3662)
    """
    s, m = _validate_counts(successes, n)
    z = normal_quantile(level)
    centre = (s + z**2 / 2) / (m + z**2)
    half_width = z / (m + z**2) * np.sqrt(s * (m - s) / m + z**2 / 4)
    return _exact_at_bounds(centre - half_width, centre + half_width, s, m)


def wilson_corrected(successes: ArrayLike, n: ArrayLike, level: float = 0.95) -> Interval:
    """Give the score interval with continuity correction (Newcombe 1998, method 4): wider, cautious.

    Inputs, blanks and errors as in `wilson`.

    Examples
    --------
    >>> round(float(wilson_corrected(0, 20).high), 4)
    0.2005
    """
    s, m = _validate_counts(successes, n)
    z, p = normal_quantile(level), s / m
    below = z * np.sqrt(np.maximum(0, z**2 - 2 - 1 / m + 4 * p * (m - s + 1)))
    above = z * np.sqrt(np.maximum(0, z**2 + 2 - 1 / m + 4 * p * (m - s - 1)))
    low = (2 * s + z**2 - 1 - below) / (2 * (m + z**2))
    high = (2 * s + z**2 + 1 + above) / (2 * (m + z**2))
    return _exact_at_bounds(np.maximum(low, 0), np.minimum(high, 1), s, m)


def clopper_pearson(successes: ArrayLike, n: ArrayLike, level: float = 0.95) -> Interval:
    """Give the interval that never covers less than `level` (Clopper & Pearson 1934): the most cautious.

    Inputs, blanks and errors as in `wilson`.

    Examples
    --------
    >>> round(float(clopper_pearson(1, 29).high), 4)
    0.1776
    """
    s, m = _validate_counts(successes, n)
    normal_quantile(level)
    tail = (1 - level) / 2
    low = special.betaincinv(np.maximum(s, 1e-9), m - s + 1, tail)
    high = special.betaincinv(s + 1, np.maximum(m - s, 1e-9), 1 - tail)
    return _exact_at_bounds(np.asarray(low, np.float64), np.asarray(high, np.float64), s, m)


def wald(successes: ArrayLike, n: ArrayLike, level: float = 0.95) -> Interval:
    """Give share ± z·√(p(1−p)/n), unclipped; only for comparison with published figures, as it covers too little.

    Inputs, blanks and errors as in `wilson`.

    Examples
    --------
    >>> round(float(wald(15, 148).low), 4)
    0.0527
    """
    s, m = _validate_counts(successes, n)
    return normal_interval(s / m, np.sqrt(s * (m - s) / m**3), level)


def normal_interval(estimate: ArrayLike, error: ArrayLike, level: float = 0.95) -> Interval:
    """Give estimate ± z·error, for figures whose error is known well (composites, districts).

    Blank estimates or errors give blank limits. Errors as in `wilson`.

    Examples
    --------
    >>> round(float(normal_interval(662.29, 9.4089).low), 2)
    643.85
    """
    value, half_width = np.asarray(estimate, np.float64), normal_quantile(level) * np.asarray(error, np.float64)
    return Interval(value - half_width, value + half_width)
