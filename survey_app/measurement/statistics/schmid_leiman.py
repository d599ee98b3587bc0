"""Hierarchical omega: how much of a whole questionnaire's sum score is one general satisfaction.

Several factors are found and turned obliquely until items load on few of them; what the factors share is
a general factor. Diagnostic for questionnaires with several dimensions, not used for an index.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import FloatArray, symmetric
from .factor_analysis import minres

_TOLERANCE = 1e-7
_MAX_ROUNDS = 5_000
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
    matrix = symmetric(correlation, "correlation")
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
    turns = [_settled(unrotated, start) for start in _starts(unrotated.shape[1])]
    turn = min(turns, key=lambda one: round(_criterion(unrotated, one)[0], 9))
    return _pattern(unrotated, turn), turn.T @ turn


def _starts(factors: int) -> list[FloatArray]:
    """Give fixed turns to start from: as found, and some in between, since a slope may end on a ridge."""
    grid = np.outer(np.arange(1, factors + 1), np.arange(1, factors + 1))
    return [np.eye(factors), *(np.linalg.qr(np.cos(grid * angle + grid.T))[0] for angle in _ANGLES)]


def _settled(unrotated: FloatArray, turn: FloatArray) -> FloatArray:
    """Go down to the nearest turn from which every way leads up."""
    step = 1.0
    value, slope = _criterion(unrotated, turn)
    for _ in range(_MAX_ROUNDS):
        direction = slope - turn * (turn * slope).sum(axis=0)
        steepness = float(np.sqrt((direction**2).sum()))
        if steepness < _TOLERANCE:
            return turn
        turn, step = _descend(unrotated, turn, direction, 2 * step, value)
        value, slope = _criterion(unrotated, turn)
    raise ValueError(f"The rotation did not settle in {_MAX_ROUNDS} rounds; use fewer factors.")


def _pattern(unrotated: FloatArray, turn: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.solve(turn, unrotated.T).T, dtype=np.float64)


def _criterion(unrotated: FloatArray, turn: FloatArray) -> tuple[float, FloatArray]:
    """Give how much items load on several factors at once, and its slope in the turning matrix."""
    pattern = _pattern(unrotated, turn)
    elsewhere = (pattern**2).sum(axis=1, keepdims=True) - pattern**2
    slope = -np.linalg.solve(turn.T, (pattern * elsewhere).T @ pattern)
    return float((pattern**2 * elsewhere).sum()) / 4, slope


def _descend(
    unrotated: FloatArray, turn: FloatArray, direction: FloatArray, step: float, value: float
) -> tuple[FloatArray, float]:
    """Go down the slope, halving the step until the criterion falls as much as the slope promised."""
    gain = float((direction**2).sum()) / 2
    for _ in range(40):
        moved = turn - step * direction
        moved /= np.sqrt((moved**2).sum(axis=0))
        if value - _criterion(unrotated, moved)[0] > step * gain:
            break
        step /= 2
    return moved, step
