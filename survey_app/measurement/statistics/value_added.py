"""Value added: whether a school did better than schools that stood where it stood last time.

A simple change punishes last year's lucky and rewards last year's unlucky (regression to the mean). So
this wave's figure is predicted from last wave's shrunken one, and what is left over is the school's own.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import BoolArray, FloatArray, IntArray, require_equal_lengths
from .change import WavePair
from .shrinkage import der_simonian_laird, shrink

MIN_SCHOOLS = 20


@dataclass(frozen=True, slots=True, eq=False)
class ValueAdded:
    """One value a school, shape (p,); NaN where it is undefined.

    change : this wave minus last wave, in points.
    residual : points above (below) what was predicted; only where `is_modelled`.
    score : residual divided by the residual standard deviation of the category; only where `is_modelled`.
    modelled : the category has enough schools; elsewhere the simple change is all there is.
    """

    change: FloatArray
    residual: FloatArray
    score: FloatArray
    is_modelled: BoolArray


def value_added(waves: WavePair, category: ArrayLike, min_schools: int = MIN_SCHOOLS) -> ValueAdded:
    """Compare each school with what its last wave and its category let expect.

    One weighted regression of this wave on last wave's shrunken figures with a constant for each
    category, weights 1/SE². Shrinkage (DerSimonian–Laird) is done within categories.

    Parameters
    ----------
    waves : TwoWaves
        Composites of p schools; a school with a blank is not modelled.
    category : array_like, shape (p,)
        Category of each school.
    least : int
        Complete schools a category needs to be modelled, 3 or more.

    Raises
    ------
    ValueError
        If a modelled school has error 0, lengths differ, or `least` is below 3.

    References
    ----------
    Goldstein & Spiegelhalter (1996), JRSS A 159, 385–443.

    Examples
    --------
    >>> from survey_app.measurement.statistics.change import pair_waves
    >>> found = value_added(pair_waves([70, 80], [1, 1], [80, 80], [1, 1]), ["primary", "primary"])
    >>> found.change.tolist(), found.is_modelled.tolist()
    ([10.0, 0.0], [False, False])
    """
    group, is_modelled = _select_modelled_schools(waves, category, min_schools)
    residual, score = np.full(len(group), np.nan), np.full(len(group), np.nan)
    if is_modelled.any():
        members = group[is_modelled]
        expected = _shrink_within_categories(waves.before[is_modelled], waves.error_before[is_modelled], members)
        residual[is_modelled] = _regression_residuals(
            expected, waves.after[is_modelled], waves.error_after[is_modelled], members
        )
        score[is_modelled] = _standardize_residuals(residual[is_modelled], members)
    return ValueAdded(waves.difference, residual, score, is_modelled)


def _select_modelled_schools(waves: WavePair, category: ArrayLike, min_schools: int) -> tuple[IntArray, BoolArray]:
    """Give each school's category as a code, and whether the category has enough complete schools."""
    if min_schools < 3:
        raise ValueError(f"A category of {min_schools} schools leaves nothing to compare; ask for at least 3.")
    group = np.unique(np.asarray(category), return_inverse=True)[1].astype(np.int64)
    require_equal_lengths(waves=waves.before, category=group.astype(np.float64))
    complete = np.isfinite(waves.difference) & np.isfinite(waves.error)
    return group, complete & (np.bincount(group[complete], minlength=len(group) + 1)[group] >= min_schools)


def _shrink_within_categories(value: FloatArray, error: FloatArray, group: IntArray) -> FloatArray:
    """Shrink last wave's figures towards the mean of their category."""
    result = np.empty_like(value)
    for category_code in np.unique(group):
        members = group == category_code
        effects = der_simonian_laird(value[members], error[members])
        result[members] = shrink(value[members], error[members], effects)
    return result


def _regression_residuals(expected: FloatArray, value: FloatArray, error: FloatArray, group: IntArray) -> FloatArray:
    """Give what a weighted regression on last wave and category leaves over.

    If nothing differs last wave (τ² = 0 everywhere), the categories alone predict.
    """
    if (error == 0).any():
        raise ValueError("A school's error is 0, so its weight 1/SE² is infinite; leave it out of value added.")
    constants = (group[:, None] == np.unique(group)).astype(np.float64)
    predictors = np.column_stack([expected - expected.mean(), constants])
    coefficients = np.linalg.lstsq(predictors / error[:, None], value / error, rcond=1e-10)[0]
    return np.asarray(value - predictors @ coefficients, dtype=np.float64)


def _standardize_residuals(residual: FloatArray, group: IntArray) -> FloatArray:
    """Divide by the standard deviation of the residuals of the category; NaN if they are all equal."""
    result = np.full(len(residual), np.nan)
    for category_code in np.unique(group):
        members = group == category_code
        residual_sd = residual[members].std(ddof=1)
        if residual_sd > 0:
            result[members] = residual[members] / residual_sd
    return result
