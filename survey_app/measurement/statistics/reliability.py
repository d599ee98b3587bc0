"""Reliability: would the persons stand in the same order if other items of the same kind had been asked?

Every function takes either a persons × items table of points (NaN blank) or `CrossProducts`, the
additive sums of one; reverse items must have been flipped before, or alpha collapses. Covariances are
pairwise: a person counts in every pair of items he or she answered. A figure that is undefined (an item
answered by fewer than two persons, nobody differs) is NaN.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import FloatArray
from .cross_products import CrossProducts, covariance_to_correlation
from .factor_analysis import minres
from .intervals import Interval, normal_quantile

ScoresOrCrossProducts: TypeAlias = CrossProducts | ArrayLike

__all__ = [
    "CrossProducts",
    "alpha",
    "average_correlation",
    "feldt_interval",
    "item_rest_correlations",
    "lambda_6",
    "omega",
    "standardized_alpha",
]


def _covariance(source: ScoresOrCrossProducts, min_items: int = 2) -> FloatArray:
    sums = source if isinstance(source, CrossProducts) else CrossProducts.from_scores(source)
    if len(sums.pair_counts) < min_items:
        raise ValueError(f"There are {len(sums.pair_counts)} items; this figure needs at least {min_items}.")
    return sums.covariance()


def _alpha_from_covariance(matrix: FloatArray) -> float:
    k, total, item_variance = len(matrix), float(matrix.sum()), float(np.trace(matrix))
    is_more_than_rounding = total > 1e-9 * item_variance
    return k / (k - 1) * (1 - item_variance / total) if is_more_than_rounding else float("nan")


def alpha(source: ScoresOrCrossProducts) -> float:
    """Give Cronbach's alpha: the share of the sum score's variance that the items have in common.

    Parameters
    ----------
    source : array_like of shape (persons, k), or CrossProducts
        Points with NaN for blanks, or their sums; k ≥ 2 items.

    Returns
    -------
    float
        At most 1 (a little above is possible with few persons and blanks); below 0 if items contradict
        each other: look for one that was not flipped.

    Raises
    ------
    ValueError
        If there are fewer than two items.

    References
    ----------
    Cronbach (1951), Psychometrika 16, 297–334.

    Examples
    --------
    >>> round(alpha([[100, 75], [50, 75], [0, 25], [75, 50], [25, np.nan]]), 3)
    0.845
    """
    return _alpha_from_covariance(_covariance(source))


def standardized_alpha(source: ScoresOrCrossProducts) -> float:
    """Give alpha from correlations, as if all items spread equally. Inputs, blanks, errors as in `alpha`.

    Examples
    --------
    >>> round(standardized_alpha([[100, 60], [50, 50], [0, 40]]), 3)
    1.0
    """
    return _alpha_from_covariance(covariance_to_correlation(_covariance(source)))


def average_correlation(source: ScoresOrCrossProducts) -> float:
    """Give the mean correlation between items, −1 to 1. Inputs, blanks, errors as in `alpha`.

    Examples
    --------
    >>> round(average_correlation([[1, 1, 3], [2, 2, 2], [3, 3, 1]]), 3)
    -0.333
    """
    correlation = covariance_to_correlation(_covariance(source))
    k = len(correlation)
    return float((correlation.sum() - k) / (k * (k - 1)))


def lambda_6(source: ScoresOrCrossProducts) -> float:
    """Give Guttman's lambda 6: what each item shares with all others together, on standardised items.

    Inputs, blanks as in `alpha`; NaN as well if an item repeats others exactly.

    References
    ----------
    Guttman (1945), Psychometrika 10, 255–282.

    Examples
    --------
    >>> round(lambda_6([[1, 2], [2, 1], [3, 4], [4, 3]]), 3)
    0.6
    """
    correlation = covariance_to_correlation(_covariance(source))
    if np.isnan(correlation).any() or np.linalg.matrix_rank(correlation, hermitian=True) < len(correlation):
        return float("nan")
    unshared = 1 / np.diag(np.linalg.inv(correlation))
    return float(1 - unshared.sum() / correlation.sum())


def feldt_interval(value: float, n: int, k: int, level: float = 0.95) -> Interval:
    """Give Feldt's interval of alpha, from an F distribution.

    Parameters
    ----------
    value, level : float
        Alpha (NaN gives NaN limits), and coverage 0–1.
    n, k : int
        Persons with complete answers (say their number beside the interval) and items, each ≥ 2.

    Raises
    ------
    ValueError
        If n or k is below 2, or the level outside 0–1.

    References
    ----------
    Feldt (1965), Psychometrika 30, 357–370.

    Examples
    --------
    >>> limits = feldt_interval(0.8431, n=30, k=7)
    >>> round(float(limits.low), 3), round(float(limits.high), 3)
    (0.739, 0.916)
    """
    if n < 2 or k < 2:
        raise ValueError(f"There are {n} complete persons and {k} items; the interval needs at least 2 of each.")
    normal_quantile(level)
    tails = np.array([(1 + level) / 2, (1 - level) / 2])
    low, high = 1 - (1 - value) * special.fdtri(n - 1, (n - 1) * (k - 1), tails)
    return Interval(np.asarray(low), np.asarray(high))


def omega(source: ScoresOrCrossProducts) -> float:
    """Give McDonald's omega for one factor: the share of the sum score's variance owed to that factor.

    Unlike alpha it does not assume that all items measure equally well. Loadings by minimum residuals.

    Inputs as in `alpha`, k ≥ 3 items; NaN if a covariance is undefined. Source: McDonald (1999), ch. 6.

    Examples
    --------
    >>> points = [[1, 2, 1], [2, 1, 2], [3, 4, 2], [4, 3, 5], [5, 5, 4]]
    >>> round(omega(points), 3)
    0.878
    """
    covariance = _covariance(source, min_items=3)
    correlation = covariance_to_correlation(covariance)
    if np.isnan(correlation).any():
        return float("nan")
    solution = minres(correlation)
    deviation = np.sqrt(np.diag(covariance))
    common = float((deviation * solution.loadings[:, 0]).sum()) ** 2
    return common / (common + float((deviation**2 * solution.uniquenesses).sum()))


def item_rest_correlations(source: ScoresOrCrossProducts) -> FloatArray:
    """Give, for each item, its correlation with the sum of the others: low or negative ones need a look.

    Inputs, errors as in `alpha`; NaN for an item that everybody answered alike, and where covariances of different
    persons (blank answers are left out pair by pair) do not fit together and would give more than 1.

    Returns
    -------
    ndarray, shape (k,)

    Examples
    --------
    >>> item_rest_correlations([[1, 1, 3], [2, 2, 2], [3, 3, 1]]).round(3).tolist()
    [nan, nan, -1.0]
    """
    covariance = _covariance(source)
    item_variance = np.diag(covariance)
    rest_covariance = covariance.sum(axis=1) - item_variance
    rest_variance = covariance.sum() - 2 * covariance.sum(axis=1) + item_variance
    deviation_product = np.sqrt(np.maximum(item_variance * rest_variance, 0))
    correlation = np.where(
        deviation_product > 0, rest_covariance / np.where(deviation_product > 0, deviation_product, 1.0), np.nan
    )
    return np.where(np.abs(correlation) <= 1 + 1e-9, correlation, np.nan)
