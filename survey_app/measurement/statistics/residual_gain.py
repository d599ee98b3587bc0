"""Value added with its error: what a school did better than expected, drawn in by how little is known of it.

This wave is predicted from last wave's shrunken figure and the category. What is left over is mostly sampling in a
small school; it is shrunk by what schools really differ in, so that small schools are not at both ends by chance.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import BoolArray, FloatArray, IntArray, require_equal_lengths
from .category_model import solve_decreasing
from .change import WavePair
from .shrinkage import paule_mandel

MIN_SCHOOLS = 20

_MAX_ITERATIONS, _TOLERANCE = 100, 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class ResidualGains:
    """One value a school, shape (p,); NaN where the category has too few schools or a wave is missing.

    gain, low, high : value added in points, shrunken, and its interval.
    sign : 1 where the interval lies above 0, −1 below, 0 otherwise (and where nothing is modelled).
    between_variance : τ_r², how much schools really differ in what they gained; 0: no gain can be told from another.
    """

    gain: FloatArray
    low: FloatArray
    high: FloatArray
    sign: IntArray
    is_modelled: BoolArray
    between_variance: float
    error: FloatArray


def residual_gains(
    waves: WavePair, category: ArrayLike, min_schools: int = MIN_SCHOOLS, level: float = 0.95
) -> ResidualGains:
    """Return what each school gained beyond what its last wave and its category let expect.

    ỹ₁ = λy₁ + (1 − λ)μ within each category (Paule–Mandel); weighted regression of y₂ on ỹ₁ and the categories,
    weights 1/(v + τ_r²), v = SE₂² + b²(1 − λ)τ₁²; τ_r² solves Σe²/(v + τ_r²) = p − k; γ = τ_r²/(τ_r² + v), gain γe,
    interval γe ± t·√(γv) with p − k degrees of freedom.

    Parameters
    ----------
    waves : WavePair
        Figures with errors for comparing; a school with a blank or an error of 0 is not modelled.
    category : array_like, shape (p,)
    min_schools : int
        Complete schools from which a category is modelled, 3 or more.

    References
    ----------
    Goldstein & Spiegelhalter (1996), JRSS A 159, 385–443; Leckie & Goldstein (2009), JRSS A 172, 835–851.

    Examples
    --------
    >>> from survey_app.measurement.statistics.change import pair_waves
    >>> found = residual_gains(pair_waves([70, 80], [1, 1], [80, 80], [1, 1]), ["primary", "primary"])
    >>> found.sign.tolist(), found.is_modelled.tolist()
    ([0, 0], [False, False])
    """
    group, is_modelled = _modelled(waves, category, min_schools)
    p = len(group)
    gain, low, high, error = (np.full(p, np.nan) for _ in range(4))
    sign, between = np.zeros(p, dtype=np.int64), 0.0
    if is_modelled.any():
        model = _fit(waves, group, is_modelled)
        share = model.between / (model.between + model.variance)
        error[is_modelled] = np.sqrt(share * model.variance)
        half = special.stdtrit(model.df, (1 + level) / 2) * error[is_modelled]
        gain[is_modelled] = share * model.residual
        low[is_modelled], high[is_modelled] = gain[is_modelled] - half, gain[is_modelled] + half
        sign[is_modelled] = (low[is_modelled] > 0).astype(np.int64) - (high[is_modelled] < 0)
        between = model.between
    return ResidualGains(gain, low, high, sign, is_modelled, between, error)


def _modelled(waves: WavePair, category: ArrayLike, min_schools: int) -> tuple[IntArray, BoolArray]:
    if min_schools < 3:
        raise ValueError(f"A category of {min_schools} schools leaves nothing to compare; ask for at least 3.")
    group = np.unique(np.asarray(category), return_inverse=True)[1].astype(np.int64)
    require_equal_lengths(waves=waves.before, category=group.astype(np.float64))
    complete = np.isfinite(waves.difference) & (waves.error_before > 0) & (waves.error_after > 0)
    complete &= np.isfinite(waves.error)
    return group, complete & (np.bincount(group[complete], minlength=len(group) + 1)[group] >= min_schools)


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    residual: FloatArray
    variance: FloatArray
    between: float
    df: int


def _fit(waves: WavePair, group: IntArray, members: BoolArray) -> _Model:
    value, error, category = waves.after[members], waves.error_after[members], group[members]
    expected, uncertainty = _shrunken_before(waves.before[members], waves.error_before[members], category)
    constants = (category[:, None] == np.unique(category)).astype(np.float64)
    centred = expected - expected.mean()
    predictors = np.column_stack([centred, constants])
    df = len(value) - int(np.linalg.matrix_rank(predictors))
    slope, between = 1.0, 0.0
    for _ in range(_MAX_ITERATIONS):
        variance = error**2 + slope**2 * uncertainty
        previous = (slope, between)
        slope, between = _refit(predictors, value, variance, df)
        if abs(slope - previous[0]) + abs(between - previous[1]) < _TOLERANCE * (1 + between):
            break
    variance = error**2 + slope**2 * uncertainty
    residual = value - predictors @ _coefficients(predictors, value, variance + between)
    return _Model(residual, variance, between, df)


def _shrunken_before(value: FloatArray, error: FloatArray, category: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return last wave's figures drawn towards their category, and what stays unknown of each, (1 − λ)τ²."""
    expected, uncertainty = np.empty_like(value), np.empty_like(value)
    for code in np.unique(category):
        rows = category == code
        effects = paule_mandel(value[rows], error[rows])
        reliability = effects.tau2 / (effects.tau2 + error[rows] ** 2)
        expected[rows] = reliability * value[rows] + (1 - reliability) * effects.mean
        uncertainty[rows] = (1 - reliability) * effects.tau2
    return expected, uncertainty


def _coefficients(predictors: FloatArray, value: FloatArray, variance: FloatArray) -> FloatArray:
    root = np.sqrt(variance)
    solution = np.linalg.lstsq(predictors / root[:, None], value / root, rcond=1e-10)
    return np.asarray(solution[0], dtype=np.float64)


def _refit(predictors: FloatArray, value: FloatArray, variance: FloatArray, df: int) -> tuple[float, float]:
    """Return the slope, and the variance between schools that makes Σe²/(v + τ²) meet its expectation."""

    def heterogeneity(tau2: float) -> float:
        residual = value - predictors @ _coefficients(predictors, value, variance + tau2)
        return float((residual**2 / (variance + tau2)).sum())

    between = solve_decreasing(heterogeneity, float(df), float(np.ptp(value)) ** 2 + 1.0) if df > 0 else 0.0
    return float(_coefficients(predictors, value, variance + between)[0]), between
