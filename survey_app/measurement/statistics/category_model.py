"""One category of schools: how much they differ, which of them lie outside, and who is above the others.

Schools differ for reasons nobody is to blame for; that variance τ² is estimated beside their sampling errors. A school
is never judged by figures that it made itself: it is compared with the others, and they alone say how much schools
differ.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import (
    FloatArray,
    IntArray,
    estimates_with_errors,
    estimates_with_positive_errors,
    finite_vector,
    require_equal_lengths,
)
from .multiplicity import holm_adjust
from .shrinkage import RandomEffects, der_simonian_laird, paule_mandel

MIN_SCHOOLS_FOR_OWN_VARIANCE = 6
METHODS = {"pm": paule_mandel, "dl": der_simonian_laird}
WARNING_LEVEL, ALARM_LEVEL = 0.95, 0.998


@dataclass(frozen=True, slots=True, eq=False)
class ShrunkenMeans:
    """Reliability λ of each figure (0–1), shrunken figures m, and their variances v, shape (p,)."""

    reliability: FloatArray
    mean: FloatArray
    variance: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class DeletedResiduals:
    """Distance of each school from the others, in units of what errors and ordinary differences explain.

    t, p_value : shape (p,), and the two-sided probability with `df` degrees of freedom.
    centre, spread : μ of the others and √(SE² + τ² + error of μ), so that limits can be drawn.
    """

    t: FloatArray
    p_value: FloatArray
    centre: FloatArray
    spread: FloatArray
    df: float

    def zone(self) -> IntArray:
        """Return 0 inside, ±1 beyond the 95 %, ±2 beyond the 99.8 % limits; the sign says on which side."""
        beyond = (self.p_value <= 1 - WARNING_LEVEL).astype(np.int64) + (self.p_value <= 1 - ALARM_LEVEL)
        return np.asarray(np.sign(self.t).astype(np.int64) * beyond)


@dataclass(frozen=True, slots=True, eq=False)
class DistancesFromOthers:
    """Each school less the weighted mean of the *other* schools: difference, its error, p-values; shape (p,)."""

    others: FloatArray
    difference: FloatArray
    error: FloatArray
    p_value: FloatArray
    p_adjusted: FloatArray

    def bands(self, alpha: float = 0.05) -> tuple[str, ...]:
        """Return A above, C below, B not told apart, by p-values adjusted for the whole list."""
        return tuple(
            "B" if not adjusted <= alpha else "A" if difference > 0 else "C"
            for difference, adjusted in zip(self.difference, self.p_adjusted, strict=True)
        )


def shrunken_means(estimates: ArrayLike, errors: ArrayLike, effects: RandomEffects) -> ShrunkenMeans:
    """Return λ = τ²/(τ² + SE²), m = λy + (1 − λ)μ, v = λSE² + (1 − λ)²·(error of μ)².

    Examples
    --------
    >>> found = shrunken_means([90.0, 70.0], [10.0, 0.0], RandomEffects(80.0, 1.0, 100.0, 5.0))
    >>> found.mean.tolist(), found.variance.tolist()
    ([85.0, 70.0], [50.25, 0.0])
    """
    value, error = estimates_with_errors(estimates, errors)
    total = effects.tau2 + error**2
    reliability = np.where(error == 0, 1.0, effects.tau2 / np.where(total > 0, total, 1.0))
    return ShrunkenMeans(
        reliability,
        reliability * value + (1 - reliability) * effects.mean,
        reliability * error**2 + (1 - reliability) ** 2 * effects.error**2,
    )


def pooled_between_variance(estimates: ArrayLike, errors: ArrayLike, categories: ArrayLike) -> tuple[float, int]:
    """Return τ² of all categories together, from deviations from each category's own mean, and its df, Σ(p_c − 1).

    τ² solves Σ_c Σ w(y − μ_c)² = Σ(p_c − 1) (Paule–Mandel), 0 where sampling explains all.

    Examples
    --------
    >>> round(pooled_between_variance([70, 90, 75, 85], [5, 5, 5, 5], ["a", "a", "b", "b"])[0], 6)
    100.0
    """
    value, error = estimates_with_positive_errors(estimates, errors)
    group = np.unique(np.asarray(categories), return_inverse=True)[1]
    require_equal_lengths(estimates=value, categories=group.astype(np.float64))
    df = len(value) - int(group.max()) - 1
    if df < 1:
        return 0.0, 0

    def heterogeneity(tau2: float) -> float:
        weight = 1 / (error**2 + tau2)
        mean = np.bincount(group, weight * value) / np.bincount(group, weight)
        return float(weight @ (value - mean[group]) ** 2)

    return solve_decreasing(heterogeneity, float(df), float(np.ptp(value)) ** 2 + 1.0), df


def solve_decreasing(function: Callable[[float], float], target: float, start: float) -> float:
    """Return x ≥ 0 where a decreasing function reaches the target; 0 where it begins below it."""
    if function(0.0) <= target:
        return 0.0
    low, high = 0.0, start
    while function(high) > target:
        low, high = high, high * 2
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if function(middle) > target else (low, middle)
    return (low + high) / 2


def deleted_residuals(
    estimates: ArrayLike, errors: ArrayLike, method: str = "pm", pooled: tuple[float, int] | None = None
) -> DeletedResiduals:
    """Return how far each school lies from the others.

    t_j = (y_j − μ₋ⱼ)/√(SE_j² + τ²₋ⱼ + 1/Σ₋ⱼw), w = 1/(SE² + τ²₋ⱼ); t with p − 2 degrees of freedom.

    Parameters
    ----------
    estimates, errors : array_like, shape (p,)
        Figures and standard errors above 0 of p ≥ 3 schools.
    method : str
        ``pm`` (Paule–Mandel) or ``dl`` (DerSimonian–Laird) for τ² of the others.
    pooled : (float, int), optional
        τ² of several categories and its degrees of freedom, for a small one; p − 2 at least.

    References
    ----------
    Viechtbauer & Cheung (2010), Research Synthesis Methods 1, 112–125.

    Examples
    --------
    >>> found = deleted_residuals([80.0] * 8 + [20.0], [1.0] * 9)
    >>> int(found.zone()[-1]), int(found.zone()[0])
    (-2, 0)
    """
    value, error = estimates_with_positive_errors(estimates, errors)
    p = len(value)
    if p < 3:
        raise ValueError(f"There are {p} schools; at least 3 are needed to tell how much the others differ.")
    centre, spread = np.empty(p), np.empty(p)
    for school in range(p):
        rest = np.arange(p) != school
        centre[school], spread[school] = _others(value[rest], error[rest], float(error[school]), method, pooled)
    t = (value - centre) / spread
    df = float(p - 2 if pooled is None else max(pooled[1], p - 2))
    p_value = np.asarray(2 * special.stdtr(df, -np.abs(t)), dtype=np.float64)
    return DeletedResiduals(t, p_value, centre, spread, df)


def _others(
    value: FloatArray, error: FloatArray, own_error: float, method: str, pooled: tuple[float, int] | None
) -> tuple[float, float]:
    """Return the mean of the others and the standard deviation of a further school's distance from it."""
    tau2 = METHODS[method](value, error).tau2 if pooled is None else pooled[0]
    weight = 1 / (error**2 + tau2)
    total = float(weight.sum())
    return float(weight @ value) / total, float(np.sqrt(own_error**2 + tau2 + 1 / total))


def distances_from_others(estimates: ArrayLike, errors: ArrayLike, weights: ArrayLike) -> DistancesFromOthers:
    """Compare each school with the weighted mean of the others: Δ = C − M₋ⱼ, Var = SE² + Σ w′²SE².

    Parameters
    ----------
    estimates, errors, weights : array_like, shape (p,)
        Figures, standard errors (0 allowed: differences are then certain), and weights, as enrolment; where the
        others weigh nothing they weigh alike.

    Returns
    -------
    DistancesFromOthers
        NaN for a single school; p-values two-sided, normal, adjusted by Holm over the list.

    Examples
    --------
    >>> found = distances_from_others([90.0, 80.0, 80.0], [1.0, 1.0, 1.0], [100, 100, 100])
    >>> found.difference.tolist(), found.bands()
    ([10.0, -5.0, -5.0], ('A', 'C', 'C'))
    """
    value, error = estimates_with_errors(estimates, errors)
    weight = finite_vector(weights, "weights")
    require_equal_lengths(estimates=value, weights=weight)
    p = len(value)
    if p < 2:
        blank = np.full(p, np.nan)
        return DistancesFromOthers(blank, blank, blank, blank, blank)
    share = np.tile(weight, (p, 1))
    np.fill_diagonal(share, 0.0)
    alike = 1.0 - np.eye(p)
    total = share.sum(axis=1, keepdims=True)
    share = np.where(total > 0, share / np.where(total > 0, total, 1.0), alike / (p - 1))
    others = share @ value
    difference = np.round(value - others, 9)
    spread = np.sqrt(error**2 + share**2 @ error**2)
    certain = np.where(difference == 0, 0.0, np.copysign(np.inf, difference))
    z = np.where(spread > 0, difference / np.where(spread > 0, spread, 1.0), certain)
    p_value = 2 * special.ndtr(-np.abs(z))
    return DistancesFromOthers(others, difference, spread, p_value, holm_adjust(p_value))
