"""Change: whether a school rose or fell between two waves, and whether it keeps a promised line.

Chance moves every index a little, and among a hundred schools a few by much. A change is reported only
if it is beyond chance for the whole list (Holm) and large enough to matter.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import BoolArray, FloatArray, matched, not_negative, vector
from .intervals import normal_quantile
from .multiplicity import holm_adjusted


class LineVerdict(StrEnum):
    """Whether a figure lies above a line: judged by its whole interval, never by the point."""

    MET = "met"
    NOT_MET = "not_met"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, eq=False)
class TwoWaves:
    """The same schools in two waves, shape (p,) each; NaN where a wave is missing. Made by `two_waves`."""

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


def two_waves(before: ArrayLike, error_before: ArrayLike, after: ArrayLike, error_after: ArrayLike) -> TwoWaves:
    """Put two waves of the same schools side by side, over the same items, options and map only.

    Errors are those without finite population correction; the waves are independent samples.

    Raises
    ------
    ValueError
        If lengths differ or an error is negative.

    Examples
    --------
    >>> two_waves([80.0], [0.6], [83.0], [0.8]).error.tolist()
    [1.0]
    """
    old, new = vector(before, "before"), vector(after, "after")
    old_error = not_negative(vector(error_before, "error_before"), "error_before")
    new_error = not_negative(vector(error_after, "error_after"), "error_after")
    matched(before=old, error_before=old_error, after=new, error_after=new_error)
    return TwoWaves(old, old_error, new, new_error)


def _z(difference: FloatArray, error: FloatArray) -> FloatArray:
    """Count a difference in errors; without error, any difference is beyond doubt and none is none."""
    certain = np.where(difference == 0, 0.0, np.copysign(np.inf, difference))
    z = np.where(error > 0, difference / np.where(error > 0, error, 1.0), certain)
    return np.where(np.isnan(difference) | np.isnan(error), np.nan, z)


def changes(waves: TwoWaves, threshold: float = 3.0, margin: float = 2.0, level: float = 0.95) -> Changes:
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
    >>> found = changes(two_waves([80.0, 80.0], [1.0, 1.0], [86.0, 80.5], [1.0, 1.0]))
    >>> found.changed.tolist(), found.not_lower.tolist()
    ([True, False], [True, True])
    """
    if threshold < 0 or margin < 0:
        raise ValueError(f"Threshold {threshold} or margin {margin} is below 0; give points of 0 or more.")
    normal_quantile(level)
    difference, error = waves.difference, waves.error
    p_value = 2 * special.ndtr(-np.abs(_z(difference, error)))
    adjusted = holm_adjusted(p_value)
    changed = (adjusted <= 1 - level) & (np.abs(difference) >= threshold)
    not_lower = _z(np.round(difference + margin, 9), error) > special.ndtri(level)
    return Changes(difference, error, p_value, adjusted, changed, not_lower)


def line_verdicts(low: ArrayLike, high: ArrayLike, line: float) -> tuple[LineVerdict, ...]:
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
    >>> [str(verdict) for verdict in line_verdicts([0.86, 0.80, 0.70], [0.92, 0.88, 0.84], 0.85)]
    ['met', 'undecided', 'not_met']
    """
    bottom, top = vector(low, "low"), vector(high, "high")
    matched(low=bottom, high=top)
    if (bottom > top).any():
        raise ValueError("A lower limit lies above its upper limit; pass low and high in this order.")
    verdict = {1: LineVerdict.MET, -1: LineVerdict.NOT_MET, 0: LineVerdict.UNDECIDED}
    return tuple(verdict[int(over) - int(under)] for over, under in zip(bottom >= line, top < line, strict=True))
