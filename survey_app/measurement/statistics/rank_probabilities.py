"""Rank probabilities: what rank to expect, and how likely the first q are; a diagnostic beside the rank set.

Figures are shrunken means m with variances v. All probabilities are integrals over a normal variable, computed by
quadrature: no draws, no seed.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import FloatArray, IntArray, estimates_with_errors

_MAX_Z, _WIDTH = 8.0, 0.4  # how far, and how wide a panel, in errors
_VALUES_AT_ONCE = 2048  # keeps the memory small
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
    asked = sorted({q for q in places if q < p})
    chances = dict(zip(asked, _chances(mean, variance, asked), strict=True)) if asked else {}
    return np.array([np.clip(chances[q], 0.0, 1.0) if q in chances else np.ones(p) for q in places]).reshape(-1, p)


def _chances(mean: FloatArray, variance: FloatArray, places: Sequence[int]) -> FloatArray:
    """Return the chance that fewer than each number of places (1 to p − 1) others are above, shape (places, p)."""
    error = np.sqrt(variance)
    found, total = np.zeros((len(places), len(mean))), np.zeros(len(mean))
    for value, density in _parts(mean, error):
        above = _probability_above(mean[:, None] - value, np.broadcast_to(error[:, None], density.shape))
        school, node = np.nonzero(density)
        chances = _without_itself(_at_most(above), above[school, node], node, places)
        weight = density[school, node]
        total += np.bincount(school, weight, len(mean))
        found += [np.bincount(school, weight * chance, len(mean)) for chance in chances]
    return np.asarray(found / total)


def _parts(mean: FloatArray, error: FloatArray) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Yield values, and how much each counts for each school, shape (p, values): the same values serve all schools."""
    exact = np.flatnonzero(error == 0)
    if len(exact):
        counts = np.zeros((len(mean), len(exact)))
        counts[exact, np.arange(len(exact))] = 1.0
        yield mean[exact], counts
    edges = _edges(mean, error)
    half = np.diff(edges, axis=1) / 2
    values, widths = (edges[:, :1] + half + half * _NODES).ravel(), (half * _WEIGHTS).ravel()
    scale = np.where(error > 0, error, np.inf)[:, None]
    for begin in range(0, len(values), _VALUES_AT_ONCE):
        part = slice(begin, begin + _VALUES_AT_ONCE)
        z = (values[part] - mean[:, None]) / scale
        yield values[part], np.where(np.abs(z) <= _MAX_Z, np.exp(-(z**2) / 2) / scale * widths[part], 0.0)


def _edges(mean: FloatArray, error: FloatArray) -> FloatArray:
    """Return the panels of the quadrature, shape (panels, 2): narrow against each error of a school that may lie there.

    One ends where a school with a smaller error begins to be possible, and where chances jump: at a figure without.
    """
    has_error = error > 0
    width, reach = error[has_error] * _WIDTH, error[has_error] * _MAX_Z
    low, high = mean[has_error] - reach, mean[has_error] + reach
    jumps, panels, at = mean[~has_error], list[tuple[float, float]](), float(low.min(initial=np.inf))
    while (high > at).any():
        is_possible = (low <= at) & (high > at)
        if not is_possible.any():
            at = float(low[low > at].min())
            continue
        end = at + float(width[is_possible].min())
        begins = low[(low > at) & (at + width < end)]
        stops = np.concatenate((begins, jumps[jumps > at]))
        panels.append((at, min(end, float(stops.min(initial=np.inf)))))
        at = panels[-1][1]
    return np.array(panels, dtype=np.float64).reshape(-1, 2)


def _at_most(above: FloatArray) -> FloatArray:
    """Return the chance that at most 0, 1, … p schools are above each value, shape (p + 1, values)."""
    exactly = np.zeros((len(above) + 1, above.shape[1]))
    exactly[0] = 1.0
    for number, chance in enumerate(above, 1):
        if chance.any():
            exactly[1 : number + 1] += (exactly[:number] - exactly[1 : number + 1]) * chance
            exactly[0] *= 1 - chance
    return np.asarray(np.cumsum(exactly, axis=0))


def _without_itself(at_most: FloatArray, own: FloatArray, node: IntArray, places: Sequence[int]) -> list[FloatArray]:
    """Return the chance that fewer than each number of places are above, not counting the school itself.

    With itself, F(m) = (1 − own)·G(m) + own·G(m − 1). It is solved for G from below where ``own`` is small and from
    above where it is large, so that errors shrink.
    """
    found, p = [np.empty(len(own)) for _ in places], len(at_most) - 1
    rows = np.flatnonzero(own <= 0.5)
    chance, at, known = own[rows], node[rows], np.zeros(len(rows))
    for m in range(max(places)):
        known = (at_most[m, at] - chance * known) / (1 - chance)
        for place, q in enumerate(places):
            if q == m + 1:
                found[place][rows] = known
    rows = np.flatnonzero(own > 0.5)
    chance, at, known = own[rows], node[rows], np.ones(len(rows))
    for m in range(p - 1, min(places) - 1, -1):
        known = (at_most[m, at] - (1 - chance) * known) / chance
        for place, q in enumerate(places):
            if q == m:
                found[place][rows] = known
    return found
