"""Variance components: how much persons differ within schools, and how much schools differ.

One-way analysis of variance from each school's count, mean and variance, which come from additive
sums: no person is needed. Schools may be of any size.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import FloatArray, float_vector, require_equal_lengths, require_nonnegative


@dataclass(frozen=True, slots=True)
class VarianceComponents:
    """Between-school variance (floored at 0), pooled within-school variance, and the intraclass correlation.

    `icc` is the share 0–1 of the variance between persons that lies between schools (ICC 1).
    """

    between: float
    within: float
    icc: float


def variance_components(counts: ArrayLike, means: ArrayLike, variances: ArrayLike) -> VarianceComponents:
    """Split the variance between persons into a part between schools and a part within them.

    Parameters
    ----------
    counts, means, variances : array_like, shape (p,)
        Persons, mean and variance (denominator n − 1) of each school. Schools without persons are left
        out; the variance of a school with one person is not read and may be blank.

    Returns
    -------
    VarianceComponents
        `icc` is NaN if nobody differs from anybody.

    Raises
    ------
    ValueError
        If fewer than 2 schools have persons, or none has 2 persons, or a needed value is blank.

    References
    ----------
    Searle, Casella & McCulloch (1992), Variance Components, ch. 3.

    Examples
    --------
    >>> parts = variance_components([2, 2], [10.0, 20.0], [2.0, 2.0])
    >>> parts.between, parts.within, round(parts.icc, 4)
    (49.0, 2.0, 0.9608)
    """
    n, mean, variance = _nonempty_schools(counts, means, variances)
    persons, schools = float(n.sum()), len(n)
    within = float((n - 1) @ np.where(n > 1, variance, 0)) / (persons - schools)
    mean_square_between = float(n @ (mean - n @ mean / persons) ** 2) / (schools - 1)
    effective_size = (persons - float((n**2).sum()) / persons) / (schools - 1)
    return components_from_mean_squares(mean_square_between, within, effective_size)


def components_from_mean_squares(between: float, within: float, effective_size: float) -> VarianceComponents:
    """Return the components of published mean squares; `effective_size` is n₀, the persons of a typical school.

    Examples
    --------
    >>> round(components_from_mean_squares(408.219857, 39.141634, 44.886690).between, 4)
    8.2224
    """
    variance = max(0.0, (between - within) / effective_size)
    total = variance + within
    return VarianceComponents(variance, within, variance / total if total > 0 else float("nan"))


def _nonempty_schools(
    counts: ArrayLike, means: ArrayLike, variances: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Give the schools that have persons, and refuse what cannot be analysed."""
    n, mean, variance = (
        float_vector(counts, "counts"),
        float_vector(means, "means"),
        float_vector(variances, "variances"),
    )
    require_equal_lengths(counts=n, means=mean, variances=variance)
    n, mean, variance = n[n > 0], mean[n > 0], require_nonnegative(variance[n > 0], "variances")
    if len(n) < 2 or not (n > 1).any():
        raise ValueError("Fewer than 2 schools have persons, or none has 2; there is nothing to compare.")
    if np.isnan(mean).any() or np.isnan(variance[n > 1]).any():
        raise ValueError("A school with persons has a blank mean or variance; leave it out or mend it.")
    return n, mean, variance
