"""Intervals on a closed scale for figures whose error was estimated: asymmetric near the ends, never beyond them.

A figure is a share p of its scale (an index / 100, or a rate) with a standard error and degrees of freedom. Wilson's
interval asks which true shares could have given p when the error depends on the truth as m(1 − m) does; here with the
error and t that the data have.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from .intervals import Interval

_NEWTON_STEPS = 100
LARGEST_TARGET = 1e90  # whose third power is still a number
LARGEST_T = 1e6


@dataclass(frozen=True, slots=True)
class Limits:
    """Lower and upper limit of one figure, shares of the scale."""

    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Return half the distance of the limits."""
        return (self.high - self.low) / 2


def t_quantile(df: float, level: float = 0.95) -> float:
    """Return t so that a Student variable lies within ±t with probability `level`; z for infinite df.

    Examples
    --------
    >>> round(t_quantile(3.0), 4), round(t_quantile(float("inf")), 4)
    (3.1824, 1.96)
    """
    upper = (1 + level) / 2
    return float(special.ndtri(upper) if math.isinf(df) else special.stdtrit(df, upper))


def satterthwaite_df(parts: Sequence[float], df: Sequence[float]) -> float:
    """Return the degrees of freedom of a sum of independent variances, (Σa)²/Σ(a²/ν).

    Parameters
    ----------
    parts, df : sequence of float, length k
        The variances that were added up, 0 or more, and the degrees of freedom each was estimated with (infinity
        allowed). If all parts are 0, the smallest.

    References
    ----------
    Satterthwaite (1946), Biometrics Bulletin 2, 110–114; Welch (1947).

    Examples
    --------
    >>> satterthwaite_df([1.0, 1.0], [10, 10]), satterthwaite_df([1.0, 0.0], [3, 99])
    (20.0, 3.0)
    """
    if any(part < 0 for part in parts) or not all(freedom > 0 for freedom in df):
        raise ValueError("A variance is below 0 or has no degree of freedom; leave the part out or borrow.")
    largest = max(parts, default=0.0)
    if largest == 0:
        return float(min(df, default=math.inf))
    shares = [part / largest for part in parts]
    denominator = sum(share * share / freedom for share, freedom in zip(shares, df, strict=True))
    return float(sum(shares) ** 2 / denominator) if denominator > 0 else math.inf


def score_limits(share: float, k: float) -> Limits:
    """Return (p + k/2 ± √(kp(1 − p) + k²/4))/(1 + k); k = z²/n is Wilson's interval.

    Examples
    --------
    >>> wilson = score_limits(81 / 263, 1.959964**2 / 263)
    >>> round(wilson.low, 4), round(wilson.high, 4)
    (0.2553, 0.3662)
    """
    if math.isinf(k):
        return Limits(0.0, 1.0)
    root = math.sqrt(k * share * (1 - share) + k**2 / 4)
    low, high = (share + k / 2 - root) / (1 + k), (share + k / 2 + root) / (1 + k)
    return Limits(max(0.0, min(share, float(low))), min(1.0, max(share, float(high))))


def score_k(share: float, error: float, t: float) -> float:
    """Return the k whose interval belongs to a share with this error: k·m̃(1 − m̃) = t²·SE², m̃ its centre.

    k(p + k/2)(1 − p + k/2)/(1 + k)² grows without bound from 0, so there is exactly one.

    Examples
    --------
    >>> round(score_k(1.0, (0.2 * 0.018 / 20) ** 0.5, 1.96), 3)
    0.038
    """
    target = (t * error) ** 2
    if not target < LARGEST_TARGET:
        return float("inf")  # the interval is the whole scale, to any number of digits

    if target == 0:
        return 0.0
    # Multiplied out, a cubic with one positive root; right of it and of its inflection it is convex, so Newton's steps
    # from there come down to the root and never pass it.
    square, linear = 0.5 - target, share * (1 - share) - 2 * target
    k = max(1.0, 4 * target)
    while ((k / 4 + square) * k + linear) * k < target:
        k *= 2
    for _ in range(_NEWTON_STEPS):
        step = (((k / 4 + square) * k + linear) * k - target) / ((0.75 * k + 2 * square) * k + linear)
        k, before = k - step, k
        if abs(step) <= 1e-15 * before:
            break
    return k


def score_interval(share: float, error: float, df: float, level: float = 0.95) -> Limits:
    """Return the interval of a share of the scale from its error and degrees of freedom alone.

    Parameters
    ----------
    share, error : float
        The figure 0–1 and its standard error, estimated at the centre of the interval
        (:func:`~.dispersion.moderated_variance`); 0 gives the figure itself.
    df : float
        Degrees of freedom of the error, above 0; infinity allowed.

    References
    ----------
    Wilson (1927); Korn & Graubard (1998), Survey Methodology 24, for estimated errors.

    Examples
    --------
    >>> found = score_interval(0.96, 0.02, 19)
    >>> round(found.low, 4), round(found.high, 4)
    (0.9066, 0.9834)
    """
    if not 0 <= share <= 1 or not error >= 0:
        raise ValueError(f"{share} ± {error} is no share of a scale with an error; divide points by their range.")
    return score_limits(share, score_k(share, error, t_quantile(df, level)))


def probability_below(share: float, error: float, df: float, line: float) -> float:
    """Return the one-sided p-value of "not below the line": half of 1 − the level at which the interval ends there.

    A limit m of the interval solves (p − m)² = k·m(1 − m), which gives k, and k gives t.

    Examples
    --------
    >>> limits = score_interval(0.7, 0.05, 30)
    >>> round(probability_below(0.7, 0.05, 30, limits.high), 6), probability_below(0.9, 0.0, 30, 0.85)
    (0.025, 1.0)
    """
    if error == 0 or share == line:
        return 0.5 if share == line else float(share > line)
    if not 0 < line < 1:
        return float(share > line)  # no interval ends there
    k = (share - line) ** 2 / (line * (1 - line))
    t = math.sqrt(k * (share + k / 2) * (1 - share + k / 2)) / ((1 + k) * error)
    p = float(special.ndtr(-t) if math.isinf(df) else special.stdtr(df, -t))
    return p if share < line else 1 - p


def df_for_half_width(share: float, error: float, df: float, half_width: float, level: float = 0.95) -> float:
    """Return the largest degrees of freedom, at most `df`, with which the interval is at least so wide.

    A weighted sum is then never more certain than the share of its least certain part, which Satterthwaite's degrees
    of freedom alone do not ensure.

    Examples
    --------
    >>> df_for_half_width(0.5, 0.1, 30.0, 0.0)
    30.0
    >>> round(score_interval(0.5, 0.1, df_for_half_width(0.5, 0.1, 30.0, 0.25)).half_width, 6)
    0.25
    """

    def width(t: float) -> float:
        return score_limits(share, score_k(share, error, t)).half_width

    low = t_quantile(df, level)
    if error <= 0 or width(low) >= half_width:
        return df
    high = low
    while width(high) < half_width and high < LARGEST_T:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if width(middle) < half_width else (low, middle)
    return min(df, float(special.stdtridf((1 + level) / 2, high)))


def logit_interval(share: float, error: float, df: float, level: float = 0.95) -> Limits:
    """Return the interval on the logit scale, as survey packages print it; for comparison with them.

    Examples
    --------
    >>> round(logit_interval(0.5, 0.1, 10).low, 3)
    0.291
    """
    logit, half_width = float(special.logit(share)), t_quantile(df, level) * error / (share * (1 - share))
    return Limits(float(special.expit(logit - half_width)), float(special.expit(logit + half_width)))


def korn_graubard_interval(share: float, error: float, n: int, df: float, level: float = 0.95) -> Limits:
    """Return Clopper and Pearson's interval with the effective number of persons; for comparison.

    References
    ----------
    Korn & Graubard (1998), Survey Methodology 24, 193–201.

    Examples
    --------
    >>> round(korn_graubard_interval(0.5, 0.1, 100, 10).low, 3)
    0.271
    """
    effective = share * (1 - share) / error**2 * (t_quantile(n - 1, level) / t_quantile(df, level)) ** 2
    tail, successes = (1 - level) / 2, share * effective
    low = special.betaincinv(successes, effective - successes + 1, tail)
    high = special.betaincinv(successes + 1, effective - successes, 1 - tail)
    return Limits(float(low), float(high))


def newcombe_difference(first: tuple[int, int], second: tuple[int, int], level: float = 0.95) -> Interval:
    """Return the interval of a difference of two independent shares (successes, n), from their own intervals.

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17, 873–890, method 10.

    Examples
    --------
    >>> limits = newcombe_difference((56, 70), (48, 80))
    >>> round(float(limits.low), 4), round(float(limits.high), 4)
    (0.0524, 0.3339)
    """
    z = t_quantile(float("inf"), level)
    (s1, n1), (s2, n2) = first, second
    p1, p2 = s1 / n1, s2 / n2
    own, other = score_limits(p1, z**2 / n1), score_limits(p2, z**2 / n2)
    return Interval(
        np.asarray(p1 - p2 - np.hypot(p1 - own.low, other.high - p2)),
        np.asarray(p1 - p2 + np.hypot(own.high - p1, p2 - other.low)),
    )
