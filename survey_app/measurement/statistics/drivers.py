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

from .arrays import FloatArray, symmetric
from .cross_products import correlation_from

MOST_FOR_ALL_SUBSETS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Importance:
    """Shares of R², one a dimension in the order given, with their sum and the method that made them."""

    shares: FloatArray
    r_squared: float
    method: str


def _correlations(covariance: ArrayLike, outcome: int) -> tuple[FloatArray, FloatArray]:
    """Give correlations between predictors, and of each with the outcome."""
    matrix = symmetric(covariance, "covariance")
    if not 0 <= outcome < len(matrix) or len(matrix) < 2:
        raise ValueError(
            f"Row {outcome} is to be the outcome, but there are {len(matrix)}; pass outcome and predictors."
        )
    correlation = correlation_from(matrix)
    if np.isnan(correlation).any():
        raise ValueError("A variable is blank or does not vary, so its importance is undefined; leave it out.")
    kept = np.arange(len(matrix)) != outcome
    between = correlation[np.ix_(kept, kept)]
    if np.linalg.eigvalsh(between)[0] < 1e-10:
        raise ValueError("Predictors repeat each other exactly (or pairs disagree); leave one of them out.")
    return between, correlation[outcome, kept]


def _r_squared(between: FloatArray, with_outcome: FloatArray) -> FloatArray:
    """Give R² of every subset of predictors; bit j of the position says whether predictor j is in it."""
    p = len(with_outcome)
    fitted = np.zeros(2**p)
    for size in range(1, p + 1):
        members = np.array(list(combinations(range(p), size)))
        right = with_outcome[members]
        slopes = np.linalg.solve(between[members[:, :, None], members[:, None, :]], right[:, :, None])[:, :, 0]
        fitted[(1 << members).sum(axis=1)] = (slopes * right).sum(axis=1)
    return fitted


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
    between, with_outcome = _correlations(covariance, outcome)
    p = len(with_outcome)
    if p > MOST_FOR_ALL_SUBSETS:
        raise ValueError(f"{p} predictors have too many subsets; use relative_weights beyond {MOST_FOR_ALL_SUBSETS}.")
    fitted, subset = _r_squared(between, with_outcome), np.arange(2**p)
    size = np.sum([(subset >> j) & 1 for j in range(p)], axis=0)
    orders = np.array([factorial(m) * factorial(p - m - 1) / factorial(p) for m in range(p)])
    without = [subset[(subset >> j) & 1 == 0] for j in range(p)]
    return np.array([orders[size[s]] @ (fitted[s | 1 << j] - fitted[s]) for j, s in enumerate(without)])


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
    between, with_outcome = _correlations(covariance, outcome)
    values, vectors = np.linalg.eigh(between)
    root = (vectors * np.sqrt(values)) @ vectors.T
    slopes = np.linalg.solve(root, with_outcome)
    return np.asarray(root**2 @ slopes**2, dtype=np.float64)


def importance(covariance: ArrayLike, outcome: int = 0) -> Importance:
    """Give importances by LMG up to 12 predictors and by relative weights beyond, and say which.

    Inputs and errors as in `lmg`.

    Examples
    --------
    >>> found = importance([[1, 0.6, 0.3], [0.6, 1, 0], [0.3, 0, 1]])
    >>> found.method, round(found.r_squared, 4)
    ('lmg', 0.45)
    """
    few = len(np.asarray(covariance)) - 1 <= MOST_FOR_ALL_SUBSETS
    shares = lmg(covariance, outcome) if few else relative_weights(covariance, outcome)
    return Importance(shares, float(shares.sum()), "lmg" if few else "relative weights")
