"""How sure the order of the drivers is: importances with intervals, from schools drawn again and again.

Schools are drawn with replacement, as many as there are, with a fixed seed; the importances are computed each time.
Two dimensions are put in an order only if one is more important in nearly every draw.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .arrays import BoolArray, FloatArray
from .cross_products import CrossProducts, pooled_within_covariance, within_school
from .drivers import RelativeImportance, relative_importance

DRAWS, SEED, MIN_SCHOOLS = 200, 20240101, 5


@dataclass(frozen=True, slots=True, eq=False)
class DriverIntervals:
    """Importances with limits, shape (k,), and at [i, j] whether i is told to be more important than j."""

    importance: RelativeImportance
    low: FloatArray
    high: FloatArray
    is_above: BoolArray


def driver_intervals(
    schools: Sequence[CrossProducts], outcome: int = 0, level: float = 0.95, draws: int = DRAWS
) -> DriverIntervals:
    """Return importances with bootstrap intervals over schools.

    Parameters
    ----------
    schools : sequence of CrossProducts
        One table a school: outcome and predictors. With fewer than five schools, limits are NaN.
    outcome : int
        Row of the outcome.

    Returns
    -------
    DriverIntervals
        Percentile limits; draws in which an importance is undefined (nothing varies) are left out.

    Raises
    ------
    ValueError
        As :func:`~.drivers.relative_importance`.

    References
    ----------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13.

    Examples
    --------
    >>> table = CrossProducts.from_scores([[1, 2, 1], [2, 1, 2], [3, 4, 2], [4, 3, 5]])
    >>> bool(np.isnan(driver_intervals([table] * 2).low).all())
    True
    """
    importance = relative_importance(pooled_within_covariance(schools), outcome)
    k, tail = len(importance.shares), (1 - level) / 2
    drawn = _drawn_shares(schools, outcome, draws) if len(schools) >= MIN_SCHOOLS else np.empty((0, k))
    if len(drawn) < draws / 2:
        blank = np.full(k, np.nan)
        return DriverIntervals(importance, blank, blank, np.zeros((k, k), dtype=np.bool_))
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    difference_low = np.quantile(drawn[:, :, None] - drawn[:, None, :], tail, axis=0)
    return DriverIntervals(importance, low, high, np.asarray(difference_low > 0))


def _drawn_shares(schools: Sequence[CrossProducts], outcome: int, draws: int) -> FloatArray:
    deviations, freedom = zip(*(within_school(school) for school in schools), strict=True)
    times = np.random.default_rng(SEED).multinomial(len(schools), [1 / len(schools)] * len(schools), draws)
    drawn_deviations = np.einsum("ds,sij->dij", times, np.array(deviations))
    drawn_freedom = np.einsum("ds,sij->dij", times, np.array(freedom))
    result = []
    for deviation, df in zip(drawn_deviations, drawn_freedom, strict=True):
        if (df > 0).all() and (np.diag(deviation) > 0).all():
            try:
                result.append(relative_importance(deviation / df, outcome).shares)
            except ValueError:  # in this draw two predictors repeat each other: it tells nothing of their order
                continue
    return np.array(result).reshape(len(result), -1)
