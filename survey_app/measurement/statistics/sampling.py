"""How a sample was drawn: weights, strata, clusters, and the population they stand for.

One description covers simple random, stratified and one-stage cluster samples. `design_based` estimates
from it, `calibration` fits its weights to known counts.
"""

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
