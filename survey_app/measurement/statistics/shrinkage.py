"""Shrinkage: how much of a school's distance from the others is real, and how much is sampling.

Between-school variance is τ² (the square of the unit of the figures), a school's own sampling variance
SE². The share λ = τ²/(τ² + SE²) of its distance is kept. Diagnostic, and the way last wave's value
enters value added; printed indices are never shrunk. Inputs must be known and have errors above 0.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import (
    FloatArray,
    estimates_with_positive_errors,
    finite_vector,
)

_MAX_ITERATIONS = 200


@dataclass(frozen=True, slots=True)
class RandomEffects:
    """Mean over schools and its error, between-school variance (≥ 0), and heterogeneity Q.

    Q is compared with a χ² of p − 1 degrees of freedom: far above p − 1, the schools really differ.
    """

    mean: float
    error: float
    tau2: float
    q: float


@dataclass(frozen=True, slots=True, eq=False)
class JamesStein:
    """Common mean, the constant c (share of its distance a school keeps, 0–1), and the shrunken values."""

    mean: float
    shrinkage_factor: float
    shrunken_estimates: FloatArray


def _weighted_mean(value: FloatArray, error: FloatArray, tau2: float) -> tuple[float, float, FloatArray]:
    """Give mean, heterogeneity and the weights at this between-school variance."""
    weight = 1 / (error**2 + tau2)
    mean = float(weight @ value / weight.sum())
    return mean, float(weight @ (value - mean) ** 2), weight


def random_effects(value: FloatArray, error: FloatArray, tau2: float) -> RandomEffects:
    """Return the mean, its error and heterogeneity at a between-school variance known from elsewhere."""
    mean, _, weight = _weighted_mean(value, error, tau2)
    return RandomEffects(mean, float(weight.sum() ** -0.5), tau2, _weighted_mean(value, error, 0.0)[1])


def der_simonian_laird(estimates: ArrayLike, errors: ArrayLike) -> RandomEffects:
    """Give mean and between-school variance by moments: the usual, quick estimate.

    Parameters
    ----------
    estimates, errors : array_like, shape (p,)
        Figures and standard errors above 0, p ≥ 2.

    Returns
    -------
    RandomEffects
        `tau2` is 0 when the schools differ no more than sampling explains.

    Raises
    ------
    ValueError
        If a value is blank, an error is 0, or there are fewer than 2 schools.

    References
    ----------
    DerSimonian & Laird (1986), Controlled Clinical Trials 7, 177–188.

    Examples
    --------
    >>> eight = der_simonian_laird([28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18])
    >>> round(eight.mean, 4), eight.tau2
    (7.6856, 0.0)
    """
    value, error = estimates_with_positive_errors(estimates, errors)
    _, q, weight = _weighted_mean(value, error, 0.0)
    return random_effects(value, error, max(0.0, (q - (len(value) - 1)) / weight_spread(weight)))


def weight_spread(weight: FloatArray) -> float:
    """Return Σw − Σw²/Σw as 2·Σ_{i<k} w_i·w_k/Σw: never 0, however much more one weighs than the others.

    Examples
    --------
    >>> weight_spread(np.array([1.0, 1.0])), weight_spread(np.array([1e18, 1.0])) > 1.9
    (1.0, True)
    """
    ascending = np.sort(weight)
    below = np.cumsum(ascending) - ascending
    below[1:] = np.cumsum(ascending)[:-1]
    return float(2 * (ascending / ascending.sum()) @ below)


def paule_mandel(estimates: ArrayLike, errors: ArrayLike) -> RandomEffects:
    """Give mean and between-school variance so that Q equals its expectation; steadier with few schools.

    Inputs, blanks, errors as in `der_simonian_laird`.

    References
    ----------
    Paule & Mandel (1982); DerSimonian & Kacker (2007) for the iteration.

    Examples
    --------
    >>> round(paule_mandel([80.0, 90.0, 70.0], [1.0, 1.0, 1.0]).tau2, 6)
    99.0
    """
    value, error = estimates_with_positive_errors(estimates, errors)
    tau2 = 0.0
    for _ in range(_MAX_ITERATIONS):
        mean, q, weight = _weighted_mean(value, error, tau2)
        step = (q - (len(value) - 1)) / float(weight**2 @ (value - mean) ** 2) if q > 0 else -1.0
        if step <= 1e-14 * tau2:
            break
        tau2 += step
    return random_effects(value, error, tau2)


def james_stein(estimates: ArrayLike, variance: float) -> JamesStein:
    """Shrink means that all have the same sampling variance towards their common mean.

    Parameters
    ----------
    estimates : array_like, shape (p,)
        Known values of at least 4 schools.
    variance : float
        Their common sampling variance SE², above 0.

    Raises
    ------
    ValueError
        If there are fewer than 4 schools or the variance is not above 0.

    References
    ----------
    Efron & Morris (1977), Scientific American 236(5), 119–127; floored at 0 (positive part).

    Examples
    --------
    >>> james_stein([1.0, 2.0, 3.0, 4.0], 1.0).shrinkage_factor
    0.8
    """
    value = finite_vector(estimates, "estimates")
    if len(value) < 4 or not variance > 0:
        raise ValueError(
            f"{len(value)} schools with variance {variance}: at least 4 and a variance above 0 are needed."
        )
    mean = float(value.mean())
    sum_of_squares = float(((value - mean) ** 2).sum())
    shrinkage_factor = max(0.0, 1 - (len(value) - 3) * variance / sum_of_squares) if sum_of_squares > 0 else 0.0
    return JamesStein(mean, shrinkage_factor, mean + shrinkage_factor * (value - mean))
