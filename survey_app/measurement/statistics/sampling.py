"""Drawing a sample, and how one was drawn: weights, strata, clusters, and the population they stand for.

One description covers simple random, stratified and one-stage cluster samples. `design_based` estimates
from it, `calibration` fits its weights to known counts.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import FloatArray, IntArray, finite_vector, require_equal_lengths


@dataclass(frozen=True, slots=True, eq=False)
class CalibrationMargin:
    """A population count the weights were fitted to, kept because it makes estimates more precise.

    groups : shape (n,), group of each row.
    weights, base : shape (n,), weights just after fitting this margin, and the weights drawn by design.
    """

    groups: IntArray
    weights: FloatArray
    design_weights: FloatArray

    def calibrated_part(self, contribution: FloatArray) -> FloatArray:
        """Give the part of each row's weighted contribution that its group's known count takes away."""
        weighted_sums = np.bincount(self.groups, self.design_weights * contribution / self.weights)
        group_weights = np.bincount(self.groups, self.design_weights)
        return np.asarray(self.weights * (weighted_sums / group_weights)[self.groups], dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class SampleDesign:
    """How n rows were drawn; make it with `sample_design`.

    weights : shape (n,), above 0.
    strata, clusters : shape (n,), codes; a cluster lies in one stratum.
    sampled_share : shape (n,), sampled clusters / all clusters of the stratum; 0 = without correction.
    margins : population counts the weights were fitted to (`calibration`).
    """

    weights: FloatArray
    strata: IntArray
    clusters: IntArray
    sampling_fraction: FloatArray
    margins: tuple[CalibrationMargin, ...] = ()


def _encode_labels(labels: ArrayLike | None, n: int, name: str) -> IntArray:
    if labels is None:
        return np.zeros(n, dtype=np.int64)
    array = np.asarray(labels)
    if array.shape != (n,):
        raise ValueError(f"{name} has shape {array.shape}; pass one label for each of the {n} rows.")
    return np.unique(array, return_inverse=True)[1].astype(np.int64)


def sample_design(
    weights: ArrayLike,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    population: ArrayLike | None = None,
) -> SampleDesign:
    """Describe how a sample was drawn.

    Parameters
    ----------
    weights : array_like, shape (n,)
        Units of the population a row stands for, above 0.
    strata, clusters : array_like, shape (n,), optional
        Labels; default one stratum, and each row its own cluster. Clusters are counted within strata.
    population : array_like, shape (n,), optional
        Clusters (or units) in the population of the row's stratum; without it, errors are without
        finite population correction.

    Raises
    ------
    ValueError
        If shapes differ, a weight is not above 0, or a stratum has fewer clusters than were sampled.

    Examples
    --------
    >>> sample_design([10, 10], population=[20, 20]).sampling_fraction.tolist()
    [0.1, 0.1]
    """
    weight = finite_vector(weights, "weights")
    n = len(weight)
    if n == 0 or (weight <= 0).any():
        raise ValueError("There is no row, or a weight is not above 0; leave out rows that stand for nobody.")
    stratum = _encode_labels(strata, n, "strata")
    cluster_labels = np.arange(n) if clusters is None else _encode_labels(clusters, n, "clusters")
    cluster = np.unique(stratum * (cluster_labels.max() + 1) + cluster_labels, return_inverse=True)[1].astype(np.int64)
    sampling_fraction = (
        np.zeros(n)
        if population is None
        else _sampling_fraction(stratum, cluster, finite_vector(population, "population"))
    )
    return SampleDesign(weight, stratum, cluster, sampling_fraction)


def cluster_strata(strata: IntArray, clusters: IntArray) -> IntArray:
    """Give the stratum of each cluster."""
    return strata[np.unique(clusters, return_index=True)[1]]


def _sampling_fraction(strata: IntArray, clusters: IntArray, population: FloatArray) -> FloatArray:
    require_equal_lengths(rows=strata.astype(np.float64), population=population)
    sampled_clusters = np.bincount(cluster_strata(strata, clusters))[strata]
    if (population < sampled_clusters).any():
        raise ValueError("A stratum has more clusters in the sample than in the population; check its count.")
    return np.asarray(sampled_clusters / population, dtype=np.float64)


def draw_systematic(sizes: Sequence[int], share: float, seed: int) -> list[list[int]]:
    """Draw every (1/share)-th person from a random start, walking through the groups in their order.

    Everybody has the same chance, and each group, and each run of neighbouring groups, gets its share up to one person.

    Parameters
    ----------
    sizes : sequence of int
        People in each group; groups that are alike should stand together.
    share : float
        Above 0, at most 1.
    seed : int
        The same seed draws the same persons.

    Returns
    -------
    list of list of int
        For each group, which of its people were drawn, counted from 1.

    Raises
    ------
    ValueError
        If the share is not above 0 and at most 1, or a size is negative.

    References
    ----------
    Cochran (1977), Sampling Techniques, ch. 8.

    Examples
    --------
    >>> draw_systematic([3, 0, 4], 1.0, seed=1)
    [[1, 2, 3], [], [1, 2, 3, 4]]
    >>> sum(map(len, draw_systematic([50] * 20, 0.01, seed=7)))
    10
    """
    if not 0 < share <= 1:
        raise ValueError(f"The share is {share}; give a number above 0 and at most 1.")
    if any(size < 0 for size in sizes):
        raise ValueError("A group has a negative size; give the number of its people.")
    start = random.Random(seed).random()  # noqa: S311 - to be repeated by anybody, not to be kept secret
    groups, before = [], 0
    for size in sizes:
        first = math.ceil(before * share - start)
        last = math.ceil((before + size) * share - start)
        positions = (math.floor((number + start) / share) - before + 1 for number in range(first, last))
        groups.append([min(max(position, 1), size) for position in positions])
        before += size
    return groups
