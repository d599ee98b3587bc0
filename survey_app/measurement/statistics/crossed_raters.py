"""Raters of real life: each judged some of the things, and not everybody the same ones.

Two-way random effects without interaction, :math:`y_{ij} = \\mu + t_i + r_j + e_{ij}`, from a table with blanks. The
variances follow from Henderson's third method: sums of squares of raters after targets and of targets after raters are
set equal to what they are expected to be. They are unbiased whatever is missing, need no iteration, and for a table
without blanks they are the analysis of variance of Shrout & Fleiss (:func:`.raters.rater_agreement`).
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import FloatArray, IntArray, finite_vector
from .score_intervals import satterthwaite_df, t_quantile

ZERO = 1e-9  # of an eigenvalue or a variance: what rounding leaves of nothing


@dataclass(frozen=True, slots=True)
class RaterEffect:
    """How much higher a rater judges than the others connected with him do on average, and the standard error of that.

    `half_width` is half the 95 % interval by the t distribution. `shared` counts the targets that somebody else judged
    as well; without one the difference is not known (NaN).
    """

    rater: Hashable
    difference: float
    error: float
    half_width: float
    shared: int


@dataclass(frozen=True, slots=True)
class CrossedRatings:
    """Variances of targets, raters and the rest; the degrees of freedom of the rest and of one rating's error.

    target_variance, rater_variance, residual_variance : unbiased, and floored at 0 (the floor makes them less so).
    df_residual, df_error : degrees of freedom of the residual, and by Satterthwaite of the error of one rating.
    crossed_targets, crossed_raters : how many were judged by, or judged with, at least two.
    effects : of each rater, in order of appearance.
    """

    target_variance: float
    rater_variance: float
    residual_variance: float
    df_residual: float
    df_error: float
    crossed_targets: int
    crossed_raters: int
    effects: tuple[RaterEffect, ...]

    @property
    def error_variance(self) -> float:
        """Return the variance of one rating of a target: how raters differ in severity, and the rest."""
        return self.rater_variance + self.residual_variance

    @property
    def single(self) -> float:
        """Return ICC(2,1), the reliability of one rating; NaN where nothing differs."""
        total = self.target_variance + self.error_variance
        return self.target_variance / total if total > 0 else math.nan


def crossed_ratings(targets: Sequence[Hashable], raters: Sequence[Hashable], ratings: ArrayLike) -> CrossedRatings:
    """Return variances and rater effects of ratings, one row each: what was judged, by whom, how.

    Parameters
    ----------
    targets, raters : sequence of hashable
        Names; a rater may judge a target several times.
    ratings : array_like
        The numbers, without blanks.

    Raises
    ------
    ValueError
        If no target was judged by two raters, or nothing is left over to tell the rest from the raters.

    References
    ----------
    Henderson (1953), Biometrics 9, 226–252, method 3; Searle, Casella & McCulloch (1992), Variance Components, ch. 5.

    Examples
    --------
    >>> found = crossed_ratings("AABBCCD", "xyxyyzz", [70, 74, 80, 84, 62, 65, 90])
    >>> round(found.rater_variance, 2), [round(effect.difference, 2) for effect in found.effects]
    (6.83, [-5.5, 0.5, 5.0])
    """
    values = finite_vector(ratings, "ratings")
    if not len(targets) == len(raters) == len(values):
        raise ValueError("The inputs differ in length; pass a target, a rater and a rating in each row.")
    target_names, rater_names = list(dict.fromkeys(targets)), list(dict.fromkeys(raters))
    by_target, by_rater = _places(targets, target_names), _places(raters, rater_names)
    cells = np.zeros((len(target_names), len(rater_names)))
    np.add.at(cells, (by_target, by_rater), 1.0)
    several = (cells > 0).sum(axis=1) > 1
    shared = ((cells > 0) & several[:, None]).sum(axis=0)
    if not several.any():
        raise ValueError("No target was judged by two raters; there is nothing to compare them by.")
    fitted = _fit_raters(by_target, by_rater, cells, values)
    left_over = max(0.0, float(values @ _centred(values, by_target)) - fitted.square)
    df = len(values) - len(target_names) - fitted.rank
    if df <= 0:
        raise ValueError("Nothing is left over beside targets and raters; more targets must be judged by two.")
    residual = left_over / df
    raw_raters = (fitted.square - fitted.rank * residual) / fitted.coefficient
    differences, errors = fitted.differences(residual)
    return CrossedRatings(
        target_variance=max(0.0, _target_variance(by_rater, cells, values, left_over, residual, fitted.rank)),
        rater_variance=max(0.0, raw_raters), residual_variance=residual,
        df_residual=float(df), df_error=_error_df(fitted, residual, df, raw_raters),
        crossed_targets=int(several.sum()), crossed_raters=int((shared > 0).sum()),
        effects=tuple(
            RaterEffect(name, float(d), float(e), float(e) * t_quantile(df), int(count))
            for name, d, e, count in zip(rater_names, differences, errors, shared, strict=True)
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _RaterFit:
    """Raters after targets: sum of squares, rank, coefficient of their variance, effects, normal table and inverse."""

    square: float
    rank: int
    coefficient: float
    effects: FloatArray
    table: FloatArray
    inverse: FloatArray

    def differences(self, residual: float) -> tuple[FloatArray, FloatArray]:
        """Return each effect less the mean of the others, with its error.

        Effects of m connected raters add up to 0, so the others' mean is −effect / (m − 1); 1 − 1/m stands on the
        diagonal of the projection. It is 0 for who is connected with nobody.
        """
        share = np.diag(self.inverse @ self.table)
        share = np.where(share > ZERO, share, np.nan)
        return self.effects / share, np.sqrt(np.maximum(0.0, residual * np.diag(self.inverse))) / share


def _fit_raters(by_target: IntArray, by_rater: IntArray, cells: FloatArray, values: FloatArray) -> _RaterFit:
    """Fit raters to what targets leave; effects add up to 0 among those that are connected."""
    table = np.diag(cells.sum(axis=0)) - (cells.T / cells.sum(axis=1)) @ cells
    right = np.bincount(by_rater, _centred(values, by_target))
    eigenvalues = np.linalg.eigvalsh(table)
    rank = int((eigenvalues > ZERO * max(1.0, float(eigenvalues[-1]))).sum())
    inverse: FloatArray = np.linalg.pinv(table, rcond=ZERO, hermitian=True).astype(np.float64)
    effects = inverse @ right
    return _RaterFit(float(right @ effects), rank, float(np.trace(table)), effects, table, inverse)


def _target_variance(
    by_rater: IntArray, cells: FloatArray, values: FloatArray, left_over: float, residual: float, rater_rank: int
) -> float:
    """Return the variance of targets from their sum of squares after raters; no table of all targets is inverted.

    Both orders leave the same rest, so the square is what raters leave less that; targets and raters fall into as many
    connected parts, so the rank is known; the coefficient is the trace of a table of which only the diagonal is needed.
    """
    square = float(values @ _centred(values, by_rater)) - left_over
    rank = len(cells) - (cells.shape[1] - rater_rank)
    coefficient = float(cells.sum() - (cells**2 / cells.sum(axis=0)).sum())
    return (square - rank * residual) / coefficient if coefficient > ZERO else 0.0


def _centred(values: FloatArray, groups: IntArray) -> FloatArray:
    """Return the values less their mean in each group."""
    result: FloatArray = values - (np.bincount(groups, values) / np.bincount(groups))[groups]
    return result


def _places(names: Sequence[Hashable], known: Sequence[Hashable]) -> IntArray:
    positions = {name: place for place, name in enumerate(known)}
    return np.array([positions[name] for name in names], dtype=np.int64)


def _error_df(after: _RaterFit, residual: float, df: int, raw_raters: float) -> float:
    """Satterthwaite: the error of one rating is a weighted sum of the two mean squares."""
    if raw_raters <= 0 or after.rank == 0:
        return float(df)
    share = after.rank / after.coefficient
    return satterthwaite_df([after.square / after.coefficient, (1 - share) * residual], [after.rank, df])
