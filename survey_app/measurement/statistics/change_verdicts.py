"""Change with its interval: up, down, as before, or not to be told."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import FloatArray
from .change import WavePair
from .multiplicity import holm_adjust


class ChangeVerdict(StrEnum):
    """What can be said of a change."""

    UP = "up"
    DOWN = "down"
    EQUIVALENT = "equivalent"
    UNDECIDED = "undecided"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, eq=False)
class ChangeVerdicts:
    """One value a school, shape (p,); NaN and `unknown` where a wave is missing.

    low, high : interval of the change, this school alone.
    p_value, p_adjusted : two-sided, this school alone and within the list (Holm).
    p_equivalent : probability of a change at least as close to 0 if it were as large as the smallest relevant one.
    """

    difference: FloatArray
    error: FloatArray
    low: FloatArray
    high: FloatArray
    p_value: FloatArray
    p_adjusted: FloatArray
    p_equivalent: FloatArray
    verdict: tuple[ChangeVerdict, ...]


def change_verdicts(
    waves: WavePair, df: ArrayLike = np.inf, relevant: float = 3.0, level: float = 0.95
) -> ChangeVerdicts:
    """Judge the change of each school.

    Up or down: significant within the list (Holm) and at least `relevant` points. Equivalent: shown to be smaller
    than `relevant` either way (two one-sided tests at 1 − level). Otherwise undecided.

    Parameters
    ----------
    waves : WavePair
        With errors for comparing.
    df : array_like
        Degrees of freedom of each difference; infinity is the normal distribution.
    relevant : float
        Smallest change that matters, in points, above 0.

    References
    ----------
    Holm (1979); Schuirmann (1987), Journal of Pharmacokinetics and Biopharmaceutics 15, 657–680.

    Examples
    --------
    >>> from survey_app.measurement.statistics.change import pair_waves
    >>> waves = pair_waves([80.0, 80.0, 80.0], [1.0, 1.0, 3.0], [86.0, 80.2, 80.5], [1.0, 1.0, 3.0])
    >>> [str(verdict) for verdict in change_verdicts(waves).verdict]
    ['up', 'equivalent', 'undecided']
    """
    if not relevant > 0:
        raise ValueError(f"The smallest relevant change is {relevant}; give points above 0.")
    difference, error = waves.difference, waves.error
    freedom = np.broadcast_to(np.asarray(df, dtype=np.float64), difference.shape)
    upper = np.full(difference.shape, (1 + level) / 2)
    quantile = np.where(np.isinf(freedom), special.ndtri(upper), special.stdtrit(freedom, upper))
    half = quantile * error
    p_value = 2 * _upper_tail(np.abs(difference), error, freedom)
    p_equivalent = _upper_tail(np.round(relevant - np.abs(difference), 9), error, freedom)
    adjusted = holm_adjust(np.minimum(p_value, 1.0))
    alpha = 1 - level
    verdicts = []
    for change, p_change, p_same in zip(difference, adjusted, p_equivalent, strict=True):
        if np.isnan(p_change):
            verdicts.append(ChangeVerdict.UNKNOWN)
        elif p_change <= alpha and abs(change) >= relevant:
            verdicts.append(ChangeVerdict.UP if change > 0 else ChangeVerdict.DOWN)
        else:
            verdicts.append(ChangeVerdict.EQUIVALENT if p_same <= alpha else ChangeVerdict.UNDECIDED)
    return ChangeVerdicts(
        difference, error, difference - half, difference + half, p_value, adjusted, p_equivalent, tuple(verdicts)
    )


def _upper_tail(distance: FloatArray, error: FloatArray, df: FloatArray) -> FloatArray:
    """Return the chance of a distance this large or larger; without error 0 beyond and ½ at 0, blanks stay blank."""
    ratio = np.where(error > 0, distance / np.where(error > 0, error, 1.0), np.nan)
    tail = np.where(np.isinf(df), special.ndtr(-ratio), special.stdtr(df, -ratio))
    certain = np.where(distance > 0, 0.0, np.where(distance < 0, 1.0, 0.5))
    is_blank = np.isnan(distance) | np.isnan(error)
    return np.where(is_blank, np.nan, np.where(error > 0, tail, certain))
