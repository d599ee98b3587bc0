"""Design-based estimates: totals, means and ratios of a sample, with errors that know how it was drawn.

Errors come from how weighted cluster totals differ within strata (Taylor linearisation). Values must be
known; a row without one is left out before and its weight thought over, never read as 0. A stratum with
a single cluster has no error: NaN.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import FloatArray, finite_vector, require_equal_lengths
from .sampling import CalibrationMargin, SampleDesign, cluster_strata

_MAX_ITERATIONS, _TOLERANCE = 100, 1e-14


@dataclass(frozen=True, slots=True)
class SampleEstimate:
    """A figure and its standard error, in the same unit."""

    value: float
    error: float


def _standard_error(design: SampleDesign, contribution: FloatArray) -> float:
    """Give the standard error of a sum of weighted contributions."""
    residual = _residual_contribution(design.margins, contribution)
    stratum = cluster_strata(design.strata, design.clusters)
    totals = np.bincount(design.clusters, residual)
    cluster_counts = np.bincount(stratum).astype(np.float64)
    deviations = totals - (np.bincount(stratum, totals) / cluster_counts)[stratum]
    sampling_fraction = design.sampling_fraction[np.unique(design.strata, return_index=True)[1]]
    correction = np.where(
        sampling_fraction < 1,
        (1 - sampling_fraction) * cluster_counts / np.where(cluster_counts > 1, cluster_counts - 1, np.nan),
        0.0,
    )
    return float(np.sqrt((correction * np.bincount(stratum, deviations**2)).sum()))


def _residual_contribution(margins: tuple[CalibrationMargin, ...], contribution: FloatArray) -> FloatArray:
    """Take out, in turn until nothing moves, what each margin explains."""
    residual = contribution
    for _ in range(_MAX_ITERATIONS):
        previous = residual
        for margin in margins:
            residual = residual - margin.calibrated_part(residual)
        if len(margins) < 2 or np.abs(residual - previous).max() <= _TOLERANCE * np.abs(contribution).max():
            break
    return residual


def estimate_total(design: SampleDesign, values: ArrayLike) -> SampleEstimate:
    """Estimate the population total Σ w·y.

    Parameters
    ----------
    design : SampleDesign
    values : array_like, shape (n,)
        Known values.

    References
    ----------
    Cochran (1977), Sampling Techniques; Särndal, Swensson & Wretman (1992).

    Examples
    --------
    >>> from survey_app.measurement.statistics.sampling import sample_design
    >>> found = estimate_total(sample_design([10, 10], population=[20, 20]), [1.0, 3.0])
    >>> found.value, round(found.error, 4)
    (40.0, 18.9737)
    """
    value = finite_vector(values, "values")
    require_equal_lengths(rows=design.weights, values=value)
    return SampleEstimate(float(design.weights @ value), _standard_error(design, design.weights * value))


def estimate_ratio(design: SampleDesign, numerator: ArrayLike, denominator: ArrayLike) -> SampleEstimate:
    """Estimate the ratio of two population totals. Inputs, sources as in `total`.

    Raises
    ------
    ValueError
        If the denominator's total is 0.

    Examples
    --------
    >>> from survey_app.measurement.statistics.sampling import sample_design
    >>> estimate_ratio(sample_design([2, 2]), [1.0, 2.0], [2.0, 4.0])
    SampleEstimate(value=0.5, error=0.0)
    """
    numerator_values, denominator_values = (
        finite_vector(numerator, "numerator"),
        finite_vector(denominator, "denominator"),
    )
    require_equal_lengths(rows=design.weights, numerator=numerator_values, denominator=denominator_values)
    denominator_total = float(design.weights @ denominator_values)
    if denominator_total == 0:
        raise ValueError("The denominator adds up to 0, so the ratio is undefined; check the values.")
    value = float(design.weights @ numerator_values) / denominator_total
    return SampleEstimate(
        value,
        _standard_error(design, design.weights * (numerator_values - value * denominator_values) / denominator_total),
    )


def estimate_mean(design: SampleDesign, values: ArrayLike) -> SampleEstimate:
    """Estimate the population mean Σ w·y / Σ w. Inputs, sources as in `total`.

    Examples
    --------
    >>> from survey_app.measurement.statistics.sampling import sample_design
    >>> estimate_mean(sample_design([3, 1]), [1.0, 5.0]).value
    2.0
    """
    return estimate_ratio(design, values, np.ones(len(design.weights)))


def kish_deff(weights: ArrayLike) -> float:
    """Give the design effect of unequal weights, n·Σw²/(Σw)²: 1.2 means errors as of n/1.2 persons.

    Parameters
    ----------
    weights : array_like, shape (n,)
        Known weights, not negative, not all 0.

    References
    ----------
    Kish (1965), Survey Sampling, § 11.7.

    Examples
    --------
    >>> kish_deff([1, 1, 2, 2])
    1.1111111111111112
    """
    weight = finite_vector(weights, "weights")
    if not len(weight) or (weight < 0).any() or not weight.any():
        raise ValueError("Weights are missing, negative or all 0; pass how many persons each stands for.")
    return float(len(weight) * (weight**2).sum() / weight.sum() ** 2)


def design_effect_of_mean(design: SampleDesign, values: ArrayLike) -> float:
    """Give by how much the design multiplies the variance of the mean, against a simple random sample of as many.

    The simple random sample has a finite population correction, as survey packages have it; the population is Σ w.

    References
    ----------
    Kish (1965), Survey Sampling, § 8.2.

    Examples
    --------
    >>> from survey_app.measurement.statistics.sampling import sample_design
    >>> round(design_effect_of_mean(sample_design([9, 9, 9, 9], clusters=[1, 1, 2, 2]), [1.0, 1.0, 3.0, 3.0]), 6)
    3.375
    """
    value, weight = finite_vector(values, "values"), design.weights
    mean = estimate_mean(design, value)
    n, population = len(weight), float(weight.sum())
    variance = float(weight @ (value - mean.value) ** 2) / population * n / (n - 1)
    simple = variance / n * (1 - n / population)
    return mean.error**2 / simple if simple > 0 else float("nan")


def jackknife_error(design: SampleDesign, values: ArrayLike) -> float:
    """Give the error of the mean by leaving out one cluster at a time (JK1), for designs of one stratum.

    √((c − 1)/c·Σ(mean without the cluster − mean of these)²).

    Examples
    --------
    >>> from survey_app.measurement.statistics.sampling import sample_design
    >>> round(jackknife_error(sample_design([1, 1, 1]), [1.0, 2.0, 3.0]), 6)
    0.57735
    """
    value, weight = finite_vector(values, "values"), design.weights
    clusters = np.unique(design.clusters)
    if len(np.unique(design.strata)) > 1 or len(clusters) < 2:
        raise ValueError("The jackknife needs one stratum of at least two clusters; estimate strata by themselves.")
    means = np.array(
        [weight[kept] @ value[kept] / weight[kept].sum() for kept in (design.clusters != one for one in clusters)]
    )
    return float(np.sqrt((len(clusters) - 1) / len(clusters) * ((means - means.mean()) ** 2).sum()))
