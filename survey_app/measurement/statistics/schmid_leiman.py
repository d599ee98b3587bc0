"""Hierarchical omega: how much of a whole questionnaire's sum score is one general satisfaction.

Several factors are found and turned obliquely until items load on few of them; what the factors share is
a general factor. Diagnostic for questionnaires with several dimensions, not used for an index.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import FloatArray, symmetric_matrix
from .factor_analysis import minres

_TOLERANCE = 1e-7
_MAX_ITERATIONS = 5_000
_ANGLES = (0.7, 1.1, 1.9, 2.3)


@dataclass(frozen=True, slots=True, eq=False)
class GeneralFactor:
    """Omega total and hierarchical (shares 0–1), alpha on the keyed items, and their general loadings.

    key : +1 or −1 an item, the direction in which it measures the general factor.
    loadings : shape (k,), on the general factor, after keying.
    """

    omega_total: float
    omega_hierarchical: float
    alpha: float
    key: FloatArray
    loadings: FloatArray


def general_factor(correlation: ArrayLike, factors: int = 3) -> GeneralFactor:
    """Split the sum score's variance into a general factor, group factors and the items' own variance.

    Parameters
    ----------
    correlation : array_like, shape (k, k)
        Correlations of k items, without blanks; items may point either way.
    factors : int
        Group factors, 3 or more (with two, the general factor is not determined).

    Raises
    ------
    ValueError
        If there are fewer than 3 factors, too few items for them, or no solution settles.

    References
    ----------
    Schmid & Leiman (1957); Zinbarg, Revelle, Yovel & Li (2005), Psychometrika 70, 123–133.

    Examples
    --------
    >>> block = np.kron(np.eye(3), np.full((3, 3), 0.3)) + 0.3
    >>> np.fill_diagonal(block, 1.0)
    >>> found = general_factor(block)
    >>> round(found.omega_total, 4), round(found.omega_hierarchical, 4)
    (0.9, 0.675)
    """
    if factors < 3:
        raise ValueError(f"{factors} factors do not determine a general one; ask for at least 3.")
    matrix = symmetric_matrix(correlation, "correlation")
    solution = minres(matrix, factors)
    pattern, between = quartimin(solution.loadings)
    loadings = pattern @ minres(between).loadings[:, 0]
    key = np.where(loadings < 0, -1.0, 1.0)
    variance, k = float(key @ matrix @ key), len(matrix)
    omega_total = 1 - float(solution.uniquenesses.sum()) / variance
    omega_hierarchical = float(np.abs(loadings).sum()) ** 2 / variance
    return GeneralFactor(omega_total, omega_hierarchical, k / (k - 1) * (1 - k / variance), key, np.abs(loadings))


def quartimin(loadings: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Turn factors obliquely until as few items as possible load on two of them (oblimin with γ = 0).

    Parameters
    ----------
    loadings : array_like, shape (k, factors)
        Unrotated loadings.

    Returns
    -------
    pattern : ndarray, shape (k, factors)
    correlation : ndarray, shape (factors, factors)
        Between the turned factors.

    Raises
    ------
    ValueError
        If the rotation does not settle.

    References
    ----------
    Jennrich & Sampson (1966) for the criterion; Jennrich (2002), Psychometrika 67, 7–19, for the
    gradient projection.

    Examples
    --------
    >>> pattern, correlation = quartimin([[0.5, 0.5], [0.5, 0.5], [0.5, -0.5], [0.5, -0.5]])
    >>> np.abs(pattern).round(2).tolist()
    [[0.71, 0.0], [0.71, 0.0], [0.0, 0.71], [0.0, 0.71]]
    """
    unrotated = np.asarray(loadings, dtype=np.float64)
    rotations = [_minimize_criterion(unrotated, start) for start in _initial_rotations(unrotated.shape[1])]
    rotation = min(rotations, key=lambda one: round(_criterion(unrotated, one)[0], 9))
    return _pattern_loadings(unrotated, rotation), rotation.T @ rotation


def _initial_rotations(factors: int) -> list[FloatArray]:
    """Give fixed turns to start from: as found, and some in between, since a slope may end on a ridge."""
    grid = np.outer(np.arange(1, factors + 1), np.arange(1, factors + 1))
    return [np.eye(factors), *(np.linalg.qr(np.cos(grid * angle + grid.T))[0] for angle in _ANGLES)]


def _minimize_criterion(unrotated: FloatArray, rotation: FloatArray) -> FloatArray:
    """Go down to the nearest turn from which every way leads up."""
    step = 1.0
    value, gradient = _criterion(unrotated, rotation)
    for _ in range(_MAX_ITERATIONS):
        direction = gradient - rotation * (rotation * gradient).sum(axis=0)
        gradient_norm = float(np.sqrt((direction**2).sum()))
        if gradient_norm < _TOLERANCE:
            return rotation
        rotation, step = _line_search(unrotated, rotation, direction, 2 * step, value)
        value, gradient = _criterion(unrotated, rotation)
    raise ValueError(f"The rotation did not settle in {_MAX_ITERATIONS} rounds; use fewer factors.")


def _pattern_loadings(unrotated: FloatArray, rotation: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.solve(rotation, unrotated.T).T, dtype=np.float64)


def _criterion(unrotated: FloatArray, rotation: FloatArray) -> tuple[float, FloatArray]:
    """Give how much items load on several factors at once, and its slope in the turning matrix."""
    pattern = _pattern_loadings(unrotated, rotation)
    cross_loadings = (pattern**2).sum(axis=1, keepdims=True) - pattern**2
    gradient = -np.linalg.solve(rotation.T, (pattern * cross_loadings).T @ pattern)
    return float((pattern**2 * cross_loadings).sum()) / 4, gradient


def _line_search(
    unrotated: FloatArray, rotation: FloatArray, direction: FloatArray, step: float, value: float
) -> tuple[FloatArray, float]:
    """Go down the slope, halving the step until the criterion falls as much as the slope promised."""
    required_decrease = float((direction**2).sum()) / 2
    for _ in range(40):
        candidate = rotation - step * direction
        candidate /= np.sqrt((candidate**2).sum(axis=0))
        if value - _criterion(unrotated, candidate)[0] > step * required_decrease:
            break
        step /= 2
    return candidate, step
