"""Factors: the few things that many items measure together.

`minres` finds the loadings that leave the smallest correlations between items unexplained; it starts
from the same point every time and goes on until nothing moves, so that it gives one answer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import FloatArray, symmetric_matrix

_MIN_UNIQUENESS = 0.005
_TOLERANCE = 1e-12
_MAX_ITERATIONS = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class FactorSolution:
    """Loadings (items × factors, unrotated) and uniquenesses (items), on standardised items.

    `improper` says that an item's own variance ran against its limit of 0.005 (a Heywood case): too few
    items or too few persons for this number of factors.
    """

    loadings: FloatArray
    uniquenesses: FloatArray
    improper: bool


def minres(correlation: ArrayLike, factors: int = 1) -> FactorSolution:
    """Give the factors that leave the least squared correlation between items unexplained.

    Parameters
    ----------
    correlation : array_like, shape (k, k)
        Correlations without blanks.
    factors : int
        1 or more; k must be at least 3 for one factor, more for several.

    Returns
    -------
    FactorSolution
        Loadings −1 to 1, each factor with a positive sum.

    Raises
    ------
    ValueError
        If the matrix is not a correlation matrix, has too few items, or no solution settles.

    References
    ----------
    Harman & Jones (1966), Psychometrika 31, 351–368; equal to unweighted least squares.

    Examples
    --------
    >>> minres([[1, .56, .48], [.56, 1, .42], [.48, .42, 1]]).loadings[:, 0].round(4).tolist()
    [0.8, 0.7, 0.6]
    """
    matrix = symmetric_matrix(correlation, "correlation")
    _check_correlation_matrix(matrix, factors)
    uniqueness = _initial_uniqueness(matrix)
    for _ in range(_MAX_ITERATIONS):
        loadings = _principal_axes(matrix - np.diag(uniqueness), factors)
        next_uniqueness = np.maximum(1 - (loadings**2).sum(axis=1), _MIN_UNIQUENESS)
        largest_change = float(np.abs(next_uniqueness - uniqueness).max())
        uniqueness = next_uniqueness
        if largest_change < _TOLERANCE:
            return FactorSolution(_orient_factors(loadings), uniqueness, bool((uniqueness <= _MIN_UNIQUENESS).any()))
    raise ValueError(f"The loadings did not settle in {_MAX_ITERATIONS} rounds; use fewer factors or more items.")


def _check_correlation_matrix(matrix: FloatArray, factors: int) -> None:
    if not np.isfinite(matrix).all() or not np.allclose(np.diag(matrix), 1):
        raise ValueError("This is no complete correlation matrix; leave out items without variance.")
    k = len(matrix)
    degrees_of_freedom = (k - factors) ** 2 - (k + factors)
    if factors < 1 or degrees_of_freedom < 0:
        raise ValueError(f"{k} items cannot tell {factors} factors apart; use fewer factors or more items.")


def _initial_uniqueness(matrix: FloatArray) -> FloatArray:
    """Give what each item does not share with the others; 0.5 if the items repeat each other."""
    if np.linalg.matrix_rank(matrix, hermitian=True) < len(matrix):
        return np.full(len(matrix), 0.5)
    return np.clip(1 / np.diag(np.linalg.inv(matrix)), _MIN_UNIQUENESS, 1.0)


def _principal_axes(reduced: FloatArray, factors: int) -> FloatArray:
    values, vectors = np.linalg.eigh(reduced)
    largest = slice(-1, -factors - 1, -1)
    return np.asarray(vectors[:, largest] * np.sqrt(np.maximum(values[largest], 0)), dtype=np.float64)


def _orient_factors(loadings: FloatArray) -> FloatArray:
    """Turn each factor so that its loadings have a positive sum."""
    return loadings * np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)
