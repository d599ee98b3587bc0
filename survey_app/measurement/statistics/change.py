"""Change: whether a school rose or fell between two waves, and whether it keeps a promised line.

Chance moves every index a little, and among a hundred schools a few by much. A change is reported only
if it is beyond chance for the whole list (Holm) and large enough to matter.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import BoolArray, FloatArray, float_vector, require_equal_lengths, require_nonnegative
from .intervals import normal_quantile
from .multiplicity import holm_adjust
from .score_intervals import score_interval

_DUST = 1e-9


class TargetVerdict(StrEnum):
    """Whether a figure lies above a line: judged by its whole interval, never by the point."""

    MET = "met"
    NOT_MET = "not_met"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, eq=False)
class WavePair:
    """The same schools in two waves, shape (p,) each; NaN where a wave is missing. Made by `pair_waves`."""

    before: FloatArray
    error_before: FloatArray
    after: FloatArray
    error_after: FloatArray

    @property
    def difference(self) -> FloatArray:
        """After minus before, to nine decimals, so that 83 − 80 is 3."""
        return np.round(self.after - self.before, 9)

    @property
    def error(self) -> FloatArray:
        """Standard error of the difference."""
        return np.hypot(self.error_before, self.error_after)


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """One value a school, shape (p,); blank and False where a wave is missing.

    difference, error : after minus before, and its standard error.
    p_value, p_adjusted : two-sided, of this school alone and within the list.
    changed : significant within the list and at least the threshold.
    not_lower : shown not to have fallen by the margin or more (one-sided, this school alone).
    """

    difference: FloatArray
    error: FloatArray
    p_value: FloatArray
    p_adjusted: FloatArray
    changed: BoolArray
    not_lower: BoolArray


def pair_waves(before: ArrayLike, error_before: ArrayLike, after: ArrayLike, error_after: ArrayLike) -> WavePair:
    """Put two waves of the same schools side by side, over the same items, options and map only.

    Errors are those without finite population correction; the waves are independent samples.

    Raises
    ------
    ValueError
        If lengths differ or an error is negative.

    Examples
    --------
    >>> pair_waves([80.0], [0.6], [83.0], [0.8]).error.tolist()
    [1.0]
    """
    old, new = float_vector(before, "before"), float_vector(after, "after")
    old_error = require_nonnegative(float_vector(error_before, "error_before"), "error_before")
    new_error = require_nonnegative(float_vector(error_after, "error_after"), "error_after")
    require_equal_lengths(before=old, error_before=old_error, after=new, error_after=new_error)
    return WavePair(old, old_error, new, new_error)


def _z_scores(difference: FloatArray, error: FloatArray) -> FloatArray:
    """Count a difference in errors; without error, any difference is beyond doubt and none is none."""
    certain = np.where(difference == 0, 0.0, np.copysign(np.inf, difference))
    z = np.where(error > 0, difference / np.where(error > 0, error, 1.0), certain)
    return np.where(np.isnan(difference) | np.isnan(error), np.nan, z)


def compare_waves(waves: WavePair, threshold: float = 3.0, margin: float = 2.0, level: float = 0.95) -> Changes:
    """Compare two waves, school by school.

    Parameters
    ----------
    waves : TwoWaves
        A blank makes the school's result blank, and it is not counted among the tests.
    threshold : float
        Points from which a significant change is called one.
    margin : float
        Points a school may fall and still count as not lower.
    level : float
        Confidence, 0–1.

    Raises
    ------
    ValueError
        If threshold or margin is below 0, or the level outside 0–1.

    References
    ----------
    Holm (1979); Schuirmann (1987) for the one-sided margin.

    Examples
    --------
    >>> found = compare_waves(pair_waves([80.0, 80.0], [1.0, 1.0], [86.0, 80.5], [1.0, 1.0]))
    >>> found.changed.tolist(), found.not_lower.tolist()
    ([True, False], [True, True])
    """
    if threshold < 0 or margin < 0:
        raise ValueError(f"Threshold {threshold} or margin {margin} is below 0; give points of 0 or more.")
    normal_quantile(level)
    difference, error = waves.difference, waves.error
    p_value = 2 * special.ndtr(-np.abs(_z_scores(difference, error)))
    adjusted = holm_adjust(p_value)
    changed = (adjusted <= 1 - level) & (np.abs(difference) >= threshold)
    not_lower = _z_scores(np.round(difference + margin, 9), error) > special.ndtri(level)
    return Changes(difference, error, p_value, adjusted, changed, not_lower)


def target_verdicts(low: ArrayLike, high: ArrayLike, target: float) -> tuple[TargetVerdict, ...]:
    """Judge figures against a line by their intervals: met, not met, or undecided.

    Parameters
    ----------
    low, high : array_like, shape (p,)
        Limits of the intervals; blank limits are undecided.
    line : float
        The promised value, in the unit of the limits (0.85 for shares, 85 for points). Reaching the
        line meets it.

    Returns
    -------
    tuple of LineVerdict

    Raises
    ------
    ValueError
        If lengths differ or a lower limit lies above its upper one.

    Examples
    --------
    >>> [str(verdict) for verdict in target_verdicts([0.86, 0.80, 0.70], [0.92, 0.88, 0.84], 0.85)]
    ['met', 'undecided', 'not_met']
    """
    lower, upper = float_vector(low, "low"), float_vector(high, "high")
    require_equal_lengths(low=lower, high=upper)
    if (lower > upper).any():
        raise ValueError("A lower limit lies above its upper limit; pass low and high in this order.")
    verdict = {1: TargetVerdict.MET, -1: TargetVerdict.NOT_MET, 0: TargetVerdict.UNDECIDED}
    return tuple(
        verdict[int(is_above) - int(is_below)]
        for is_above, is_below in zip(lower >= target, upper < target, strict=True)
    )


def answers_to_decide(
    share: float, line: float, n: int, sampling: float, population: int | None, nonresponse: float
) -> int | None:
    """Return about how many answers would take the interval of this year off a line, were the share to stay.

    The least m whose interval, with the error √(R̃(1 − R̃)·(deff·(1/m − 1/N) + (κ(1 − m/N))²)), does not hold the line;
    κ = ln(`nonresponse`), R̃ the centre of Wilson's interval of m answers, and deff what the sampling variance of the
    n answers is to R̃(1 − R̃)·(1/n − 1/N). Once all answered nothing is left to doubt, so never more than N.

    Parameters
    ----------
    share, line : float
        R and L, 0–1.
    n : int
        Persons whose answers count, 1 or more; the result is above it.
    sampling : float
        Standard error from who happened to answer.
    population : int or None
        N; None where nobody knows it.
    nonresponse : float
        By what one SD multiplies the odds of answering, 1 or more.

    Returns
    -------
    int or None
        None where no number would do: at the line itself, without an error, or where all of them answered.

    Examples
    --------
    >>> answers_to_decide(0.9, 0.85, 50, 0.0433, None, 1.1)
    166
    >>> answers_to_decide(0.9, 0.85, 50, 0.0335, 125, 1.1)
    82
    """
    people = math.inf if population is None else population
    if abs(share - line) < _DUST or sampling <= 0 or n >= people:
        return None
    deff = sampling**2 / (_wilson_variance(share, n) * (1 / n - 1 / people))
    kappa = math.log(nonresponse) if population is not None else 0.0

    def leaves_doubt(answers: int) -> bool:
        parts = deff * (1 / answers - 1 / people) + (kappa * (1 - answers / people)) ** 2
        limits = score_interval(share, math.sqrt(_wilson_variance(share, answers) * max(0.0, parts)), math.inf)
        return limits.low < line <= limits.high

    low, high = n, n + 1 if population is None else population
    while leaves_doubt(high):
        high *= 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if leaves_doubt(middle) else (low, middle)
    return high


def _wilson_variance(share: float, n: int) -> float:
    k = normal_quantile(0.95) ** 2 / n
    centre = (share + k / 2) / (1 + k)
    return centre * (1 - centre)
