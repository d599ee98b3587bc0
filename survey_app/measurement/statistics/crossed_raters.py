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

from .arrays import FloatArray, finite_vector
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
    by_target, by_rater = _indicators(targets, target_names), _indicators(raters, rater_names)
    shared = _shared_targets(by_target, by_rater)
    if not shared.any():
        raise ValueError("No target was judged by two raters; there is nothing to compare them by.")
    after_targets, after_raters = _reduction(by_rater, by_target, values), _reduction(by_target, by_rater, values)
    within = float(values @ _centred(values, by_target))
    df = len(values) - len(target_names) - after_targets.rank
    if df <= 0:
        raise ValueError("Nothing is left over beside targets and raters; more targets must be judged by two.")
    residual = max(0.0, within - after_targets.square) / df
    raw_raters, raw_targets = after_targets.variance(residual), after_raters.variance(residual)
    differences, errors = _differences(after_targets, residual)
    effects = zip(rater_names, differences, errors, shared, strict=True)
    several = (by_target.T @ by_rater > 0).sum(axis=1) > 1
    return CrossedRatings(
        target_variance=max(0.0, raw_targets), rater_variance=max(0.0, raw_raters), residual_variance=residual,
        df_residual=float(df), df_error=_error_df(after_targets, residual, df, raw_raters),
        crossed_targets=int(several.sum()), crossed_raters=int((shared > 0).sum()),
        effects=tuple(
            RaterEffect(name, float(d), float(e), float(e) * t_quantile(df), int(count))
            for name, d, e, count in effects
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Reduction:
    """One factor after the other: sum of squares, rank, coefficient of its variance, effects, table and its inverse."""

    square: float
    rank: int
    coefficient: float
    effects: FloatArray
    inverse: FloatArray
    table: FloatArray

    def variance(self, residual: float) -> float:
        """Solve E(square) = coefficient · variance + rank · residual."""
        return (self.square - self.rank * residual) / self.coefficient if self.coefficient > ZERO else 0.0


def _reduction(factor: FloatArray, other: FloatArray, values: FloatArray) -> _Reduction:
    """Fit the factor to what the other one leaves; effects add up to 0 among those that are connected."""
    table = factor.T @ _centred(factor, other)
    right = factor.T @ _centred(values, other)
    eigenvalues = np.linalg.eigvalsh(table)
    rank = int((eigenvalues > ZERO * max(1.0, float(eigenvalues[-1]))).sum())
    inverse: FloatArray = np.linalg.pinv(table, rcond=ZERO, hermitian=True).astype(np.float64)
    effects = inverse @ right
    return _Reduction(float(right @ effects), rank, float(np.trace(table)), effects, inverse, table)


def _centred(columns: FloatArray, groups: FloatArray) -> FloatArray:
    """Return the columns less their mean in each group."""
    counts = groups.sum(axis=0)
    means = (groups.T @ columns).T / counts
    result: FloatArray = columns - groups @ means.T
    return result


def _indicators(names: Sequence[Hashable], known: Sequence[Hashable]) -> FloatArray:
    positions = {name: place for place, name in enumerate(known)}
    table = np.zeros((len(names), len(known)))
    table[np.arange(len(names)), [positions[name] for name in names]] = 1
    return table


def _shared_targets(by_target: FloatArray, by_rater: FloatArray) -> FloatArray:
    """Return for each rater how many targets somebody else judged as well."""
    judged = by_target.T @ by_rater > 0
    several = judged.sum(axis=1) > 1
    result: FloatArray = (judged & several[:, None]).sum(axis=0).astype(np.float64)
    return result


def _differences(after: _Reduction, residual: float) -> tuple[FloatArray, FloatArray]:
    """Return each effect less the mean of the others, with its error.

    Effects of m connected raters add up to 0, so the others' mean is −effect / (m − 1); 1 − 1/m stands on the diagonal
    of the projection. It is 0 for who is connected with nobody.
    """
    share = np.diag(after.inverse @ after.table)
    share = np.where(share > ZERO, share, np.nan)
    return after.effects / share, np.sqrt(np.maximum(0.0, residual * np.diag(after.inverse))) / share


def _error_df(after: _Reduction, residual: float, df: int, raw_raters: float) -> float:
    """Satterthwaite: the error of one rating is a weighted sum of the two mean squares."""
    if raw_raters <= 0 or after.rank == 0:
        return float(df)
    share = after.rank / after.coefficient
    return satterthwaite_df([after.square / after.coefficient, (1 - share) * residual], [after.rank, df])
