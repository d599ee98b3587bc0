"""Rank probabilities: what rank to expect, and how likely the first q are; a diagnostic beside the rank set.

Figures are shrunken means m with variances v. All probabilities are integrals over a normal variable, computed by
quadrature: no draws, no seed.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import FloatArray, estimates_with_errors

_MAX_Z, _PANELS = 8.0, 40
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)


def _probability_above(difference: FloatArray, error: FloatArray) -> FloatArray:
    """Return Φ(difference/error); without error 1, ½ or 0."""
    certain = np.where(difference > 0, 1.0, np.where(difference < 0, 0.0, 0.5))
    return np.where(error > 0, special.ndtr(difference / np.where(error > 0, error, 1.0)), certain)


def expected_ranks(means: ArrayLike, variances: ArrayLike) -> FloatArray:
    """Return 1 + Σ Φ((m_k − m_j)/√(v_j + v_k)) for each school; they add up to p(p + 1)/2.

    Parameters
    ----------
    means, variances : array_like, shape (p,)
        Shrunken figures and their variances (0 allowed).

    References
    ----------
    Laird & Louis (1989), Journal of Educational Statistics 14, 29–46.

    Examples
    --------
    >>> expected_ranks([90.0, 80.0, 80.0], [0.0, 0.0, 0.0]).tolist()
    [1.0, 2.5, 2.5]
    """
    mean, variance = estimates_with_errors(means, variances)
    error = np.sqrt(variance[:, None] + variance[None, :])
    above = _probability_above(mean[None, :] - mean[:, None], error)
    np.fill_diagonal(above, 0.0)
    return np.asarray(1 + above.sum(axis=1))


def _quadrature() -> tuple[FloatArray, FloatArray]:
    edges = np.linspace(-_MAX_Z, _MAX_Z, _PANELS + 1)
    half = np.diff(edges)[:, None] / 2
    z = (edges[:-1, None] + half + half * _NODES).ravel()
    weight = (half * _WEIGHTS).ravel() * np.exp(-(z**2) / 2)
    return z, weight / weight.sum()


def probability_of_first(means: ArrayLike, variances: ArrayLike, q: int) -> FloatArray:
    """Return for each school the probability that its rank is q or better.

    Given the school's own value the others are above it independently of each other; how many are is a
    Poisson–binomial variable, averaged over the school's own value. Schools of which nothing tells one from another
    share the places equally, q/p.

    Parameters
    ----------
    means, variances : array_like, shape (p,)
    q : int
        Places, 1 or more.

    Examples
    --------
    >>> probability_of_first([90.0, 80.0, 70.0], [1.0, 1.0, 1.0], 1).round(3).tolist()
    [1.0, 0.0, 0.0]
    >>> probability_of_first([80.0, 80.0, 80.0, 80.0], [0.0] * 4, 1).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    return np.asarray(probabilities_of_first(means, variances, (q,))[0], dtype=np.float64)


def probabilities_of_first(means: ArrayLike, variances: ArrayLike, places: Sequence[int]) -> FloatArray:
    """Return :func:`probability_of_first` for several numbers of places, shape (places, p), from one computation.

    Raises
    ------
    ValueError
        If a number of places is below 1.
    """
    mean, variance = estimates_with_errors(means, variances)
    p = len(mean)
    if min(places, default=1) < 1:
        raise ValueError(f"The number of places is {min(places)}; give 1 or more.")
    if not variance.any() and (mean == mean[0]).all():
        return np.array([np.full(p, min(1.0, q / p)) for q in places]).reshape(len(places), p)
    most = max((q for q in places if q < p), default=0)
    cumulated = _at_most_above(mean, variance, most)
    return np.array([np.ones(p) if q >= p else cumulated[q - 1] for q in places]).reshape(len(places), p)


def _at_most_above(mean: FloatArray, variance: FloatArray, most: int) -> FloatArray:
    """Return the chance that fewer than 1, 2, … `most` others are above each school, shape (most, p)."""
    z, weight = _quadrature()
    p = len(mean)
    value = mean[:, None] + np.sqrt(variance)[:, None] * z
    exactly = np.zeros((most, p, len(z)))  # chance that exactly 0, 1, … most − 1 are above so far
    exactly[:1] = 1.0
    for other in range(p if most else 0):
        above = _probability_above(mean[other] - value, np.full(value.shape, np.sqrt(variance[other])))
        above[other] = 0.0  # nobody is above itself
        exactly[1:] = exactly[1:] * (1 - above) + exactly[:-1] * above
        exactly[0] *= 1 - above
    return np.asarray(np.cumsum(exactly @ weight, axis=0))
