"""Above the school: how unequal schools are, and the district's own figure.

Both are made of publishable schools only; a blank index or error leaves the school out, and the result
says how many entered.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import FloatArray, float_vector, require_equal_lengths, require_nonnegative


@dataclass(frozen=True, slots=True)
class BetweenSchoolInequality:
    """Coefficient of variation between schools with and without sampling noise, mean, schools counted."""

    cv: float
    cv_raw: float
    mean: float
    schools: int


@dataclass(frozen=True, slots=True)
class DistrictIndex:
    """Index weighted by enrolment, its standard error, and the schools and pupils that entered."""

    index: float
    error: float
    schools: int
    enrolment: float


def _validate_estimates(indices: ArrayLike, errors: ArrayLike) -> tuple[FloatArray, FloatArray]:
    index, error = float_vector(indices, "indices"), require_nonnegative(float_vector(errors, "errors"), "errors")
    require_equal_lengths(indices=index, errors=error)
    return index, error


def between_school_inequality(indices: ArrayLike, errors: ArrayLike) -> BetweenSchoolInequality:
    """Give how much schools differ, relative to their mean, after taking out what sampling adds.

    CV = √(max(0, S² − mean SE²)) / mean: even equal schools spread in a sample, the more the smaller
    they are; that part is subtracted.

    Parameters
    ----------
    indices, errors : array_like, shape (p,)
        Indices of the schools and their standard errors; blanks are left out.

    Returns
    -------
    Inequality
        `cv` ≥ 0; NaN with fewer than 2 schools or a mean of 0.

    Raises
    ------
    ValueError
        If lengths differ or an error is negative.

    References
    ----------
    Hedges (1983), Psychological Bulletin 93, 388–395, for the unweighted moment estimate of the variance.

    Examples
    --------
    >>> found = between_school_inequality([70.0, 80.0, 90.0], [6.0, 6.0, 6.0])
    >>> found.cv, found.cv_raw
    (0.1, 0.125)
    """
    index, error = _validate_estimates(indices, errors)
    is_included = np.isfinite(index) & np.isfinite(error)
    index, error, n = index[is_included], error[is_included], int(is_included.sum())
    mean = float(index.mean()) if n else float("nan")
    if n < 2 or mean == 0:
        return BetweenSchoolInequality(float("nan"), float("nan"), mean, n)
    observed_variance = float(index.var(ddof=1))
    true_variance = max(0.0, observed_variance - float((error**2).mean()))
    return BetweenSchoolInequality(true_variance**0.5 / mean, observed_variance**0.5 / mean, mean, n)


def estimate_district_index(indices: ArrayLike, errors: ArrayLike, enrolment: ArrayLike) -> DistrictIndex:
    """Give the district's index: each school counts by its enrolment, Σ N·I / Σ N.

    Parameters
    ----------
    indices, errors : array_like, shape (p,)
        Indices of the schools and their standard errors, independent. A school whose index is blank is
        left out; if one that entered has no error, the district's error is blank.
    enrolment : array_like, shape (p,)
        Pupils of each school, 0 or more, known.

    Returns
    -------
    DistrictFigure
        NaN if no school with pupils entered.

    Raises
    ------
    ValueError
        If lengths differ, a value is negative, or an enrolment blank.

    References
    ----------
    Cochran (1977), ch. 5 (schools as strata).

    Examples
    --------
    >>> found = estimate_district_index([80.0, 90.0], [3.0, 4.0], [300, 100])
    >>> found.index, round(found.error, 4)
    (82.5, 2.4622)
    """
    index, error = _validate_estimates(indices, errors)
    pupils = require_nonnegative(float_vector(enrolment, "enrolment"), "enrolment")
    require_equal_lengths(indices=index, enrolment=pupils)
    if np.isnan(pupils).any():
        raise ValueError("An enrolment is blank; every school of the district needs one to be weighted.")
    is_included = np.isfinite(index) & (pupils > 0)
    return _enrolment_weighted_index(index[is_included], error[is_included], pupils[is_included])


def _enrolment_weighted_index(index: FloatArray, error: FloatArray, pupils: FloatArray) -> DistrictIndex:
    total = float(pupils.sum())
    if total == 0:
        return DistrictIndex(float("nan"), float("nan"), 0, 0.0)
    weight = pupils / total
    return DistrictIndex(float(weight @ index), float(np.sqrt(weight**2 @ error**2)), len(index), total)
