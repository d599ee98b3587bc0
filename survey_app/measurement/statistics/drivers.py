"""Drivers: which dimensions go together with the overall satisfaction, and how much.

Importance is the share of the overall item's variance (R²) that a dimension explains. Dimensions overlap,
so the credit for what they share must be divided fairly: averaged over all orders of entering them (LMG),
or, beyond twelve dimensions, by Johnson's relative weights, which come close. Pass covariances within
schools (`cross_products.covariance_within`), or good schools alone make everything look important.
"""

from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import ArrayLike

from .arrays import FloatArray, symmetric_matrix
from .cross_products import covariance_to_correlation

MAX_LMG_PREDICTORS = 12
SMALLEST_EIGENVALUE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class RelativeImportance:
    """Shares of R², one a dimension in the order given, with their sum and the method that made them."""

    shares: FloatArray
    r_squared: float
    method: str


def _correlations(covariance: ArrayLike, outcome: int) -> tuple[FloatArray, FloatArray]:
    """Give correlations between predictors, and of each with the outcome."""
    matrix = symmetric_matrix(covariance, "covariance")
    if not 0 <= outcome < len(matrix) or len(matrix) < 2:
        raise ValueError(
            f"Row {outcome} is to be the outcome, but there are {len(matrix)}; pass outcome and predictors."
        )
    correlation = nearest_correlation(covariance_to_correlation(matrix))
    if np.isnan(correlation).any():
        raise ValueError("A variable is blank or does not vary, so its importance is undefined; leave it out.")
    is_predictor = np.arange(len(matrix)) != outcome
    predictor_correlation = correlation[np.ix_(is_predictor, is_predictor)]
    if np.linalg.eigvalsh(predictor_correlation)[0] < 1e-10:
        raise ValueError("Predictors repeat each other exactly; leave one of them out.")
    return predictor_correlation, correlation[outcome, is_predictor]


def nearest_correlation(correlation: FloatArray) -> FloatArray:
    """Give correlations that some persons could have: as they are, or with negative eigenvalues taken out.

    Correlations of different persons (blank answers are left out pair by pair) need not fit together, and then
    explain more than all of the variance.

    References
    ----------
    Rousseeuw & Molenberghs (1993), Communications in Statistics 22, 965–984 (eigenvalue method).

    Examples
    --------
    >>> fitting = nearest_correlation(np.array([[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1.0]]))
    >>> bool(np.linalg.eigvalsh(fitting)[0] > 0)
    True
    """
    if np.isnan(correlation).any():
        return correlation
    values, vectors = np.linalg.eigh(correlation)
    if values[0] >= -1e-9:
        return correlation
    fitting = (vectors * np.maximum(values, SMALLEST_EIGENVALUE)) @ vectors.T
    deviation = np.sqrt(np.diag(fitting))
    return np.asarray(fitting / np.outer(deviation, deviation), dtype=np.float64)


def _r_squared_by_subset(predictor_correlation: FloatArray, outcome_correlation: FloatArray) -> FloatArray:
    """Give R² of every subset of predictors; bit j of the position says whether predictor j is in it."""
    p = len(outcome_correlation)
    r_squared = np.zeros(2**p)
    for size in range(1, p + 1):
        members = np.array(list(combinations(range(p), size)))
        subset_outcome = outcome_correlation[members]
        slopes = np.linalg.solve(
            predictor_correlation[members[:, :, None], members[:, None, :]], subset_outcome[:, :, None]
        )[:, :, 0]
        r_squared[(1 << members).sum(axis=1)] = (slopes * subset_outcome).sum(axis=1)
    return r_squared


def lmg(covariance: ArrayLike, outcome: int = 0) -> FloatArray:
    """Give each predictor's share of R², averaged over all orders in which predictors can enter.

    Parameters
    ----------
    covariance : array_like, shape (p + 1, p + 1)
        Covariances or correlations of outcome and p ≤ 12 predictors, without blanks.
    outcome : int
        Row of the outcome.

    Returns
    -------
    ndarray, shape (p,)
        Shares ≥ 0 that add up to R².

    Raises
    ------
    ValueError
        If there are more than 12 predictors, one does not vary, or they repeat each other.

    References
    ----------
    Lindeman, Merenda & Gold (1980); Grömping (2006), Journal of Statistical Software 17(1).

    Examples
    --------
    >>> lmg([[1, 0.6, 0.3], [0.6, 1, 0], [0.3, 0, 1]]).round(4).tolist()
    [0.36, 0.09]
    """
    predictor_correlation, outcome_correlation = _correlations(covariance, outcome)
    p = len(outcome_correlation)
    if p > MAX_LMG_PREDICTORS:
        raise ValueError(f"{p} predictors have too many subsets; use relative_weights beyond {MAX_LMG_PREDICTORS}.")
    r_squared, subset = _r_squared_by_subset(predictor_correlation, outcome_correlation), np.arange(2**p)
    size = np.sum([(subset >> j) & 1 for j in range(p)], axis=0)
    order_weights = np.array([factorial(m) * factorial(p - m - 1) / factorial(p) for m in range(p)])
    subsets_without = [subset[(subset >> j) & 1 == 0] for j in range(p)]
    return np.array(
        [order_weights[size[s]] @ (r_squared[s | 1 << j] - r_squared[s]) for j, s in enumerate(subsets_without)]
    )


def relative_weights(covariance: ArrayLike, outcome: int = 0) -> FloatArray:
    """Give each predictor's share of R² by way of the nearest uncorrelated variables; any number of predictors.

    Inputs, result and errors as in `lmg`, without its limit.

    References
    ----------
    Johnson (2000), Multivariate Behavioral Research 35, 1–19.

    Examples
    --------
    >>> relative_weights([[1, 0.6, 0.3], [0.6, 1, 0], [0.3, 0, 1]]).round(4).tolist()
    [0.36, 0.09]
    """
    predictor_correlation, outcome_correlation = _correlations(covariance, outcome)
    values, vectors = np.linalg.eigh(predictor_correlation)
    root = (vectors * np.sqrt(values)) @ vectors.T
    slopes = np.linalg.solve(root, outcome_correlation)
    return np.asarray(root**2 @ slopes**2, dtype=np.float64)


def relative_importance(covariance: ArrayLike, outcome: int = 0) -> RelativeImportance:
    """Give importances by LMG up to 12 predictors and by relative weights beyond, and say which.

    Inputs and errors as in `lmg`.

    Examples
    --------
    >>> found = relative_importance([[1, 0.6, 0.3], [0.6, 1, 0], [0.3, 0, 1]])
    >>> found.method, round(found.r_squared, 4)
    ('lmg', 0.45)
    """
    is_lmg_feasible = len(np.asarray(covariance)) - 1 <= MAX_LMG_PREDICTORS
    shares = lmg(covariance, outcome) if is_lmg_feasible else relative_weights(covariance, outcome)
    return RelativeImportance(shares, float(shares.sum()), "lmg" if is_lmg_feasible else "relative weights")
