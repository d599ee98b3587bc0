"""Design-based estimates: totals, means and ratios of a sample, with errors that know how it was drawn.

Errors come from how weighted cluster totals differ within strata (Taylor linearisation). Values must be
known; a row without one is left out before and its weight thought over, never read as 0. A stratum with
a single cluster has no error: NaN.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import FloatArray, known, matched
from .sampling import Margin, SampleDesign, stratum_of

_ROUNDS, _SETTLED = 100, 1e-14


@dataclass(frozen=True, slots=True)
class SampleEstimate:
    """A figure and its standard error, in the same unit."""

    value: float
    error: float


def _error(design: SampleDesign, contribution: FloatArray) -> float:
    """Give the standard error of a sum of weighted contributions."""
    left = _unexplained(design.margins, contribution)
    stratum = stratum_of(design.strata, design.clusters)
    totals = np.bincount(design.clusters, left)
    count = np.bincount(stratum).astype(np.float64)
    deviation = totals - (np.bincount(stratum, totals) / count)[stratum]
    share = design.sampled_share[np.unique(design.strata, return_index=True)[1]]
    factor = np.where(share < 1, (1 - share) * count / np.where(count > 1, count - 1, np.nan), 0.0)
    return float(np.sqrt((factor * np.bincount(stratum, deviation**2)).sum()))


def _unexplained(margins: tuple[Margin, ...], contribution: FloatArray) -> FloatArray:
    """Take out, in turn until nothing moves, what each margin explains."""
    left = contribution
    for _ in range(_ROUNDS):
        start = left
        for margin in margins:
            left = left - margin.explained(left)
        if len(margins) < 2 or np.abs(left - start).max() <= _SETTLED * np.abs(contribution).max():
            break
    return left


def total(design: SampleDesign, values: ArrayLike) -> SampleEstimate:
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
    >>> found = total(sample_design([10, 10], population=[20, 20]), [1.0, 3.0])
    >>> found.value, round(found.error, 4)
    (40.0, 18.9737)
    """
    value = known(values, "values")
    matched(rows=design.weights, values=value)
    return SampleEstimate(float(design.weights @ value), _error(design, design.weights * value))


def ratio(design: SampleDesign, numerator: ArrayLike, denominator: ArrayLike) -> SampleEstimate:
    """Estimate the ratio of two population totals. Inputs, sources as in `total`.

    Raises
    ------
    ValueError
        If the denominator's total is 0.

    Examples
    --------
    >>> from survey_app.measurement.statistics.sampling import sample_design
    >>> ratio(sample_design([2, 2]), [1.0, 2.0], [2.0, 4.0])
    SampleEstimate(value=0.5, error=0.0)
    """
    top, bottom = known(numerator, "numerator"), known(denominator, "denominator")
    matched(rows=design.weights, numerator=top, denominator=bottom)
    whole = float(design.weights @ bottom)
    if whole == 0:
        raise ValueError("The denominator adds up to 0, so the ratio is undefined; check the values.")
    value = float(design.weights @ top) / whole
    return SampleEstimate(value, _error(design, design.weights * (top - value * bottom) / whole))


def mean(design: SampleDesign, values: ArrayLike) -> SampleEstimate:
    """Estimate the population mean Σ w·y / Σ w. Inputs, sources as in `total`.

    Examples
    --------
    >>> from survey_app.measurement.statistics.sampling import sample_design
    >>> mean(sample_design([3, 1]), [1.0, 5.0]).value
    2.0
    """
    return ratio(design, values, np.ones(len(design.weights)))


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
    weight = known(weights, "weights")
    if not len(weight) or (weight < 0).any() or not weight.any():
        raise ValueError("Weights are missing, negative or all 0; pass how many persons each stands for.")
    return float(len(weight) * (weight**2).sum() / weight.sum() ** 2)
