"""Sums from which every covariance between items can be had, without the persons.

Kept for each pair of items over the persons who answered both, they add up: school to district, replica
to whole. Blank answers are left out pair by pair, so no person is dropped for one missing answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class CrossProducts:
    """Pairwise sums over k items, each of shape (k, k).

    pairs : at [i, j] the persons who answered both items; the diagonal is each item's n.
    sums : at [i, j] the sum of item i over the persons who answered both.
    products : at [i, j] the sum of item i × item j over the same persons.
    """

    pair_counts: FloatArray
    sums: FloatArray
    products: FloatArray

    def __post_init__(self) -> None:
        k = len(self.pair_counts)
        if any(part.shape != (k, k) for part in (self.pair_counts, self.sums, self.products)):
            raise ValueError("pairs, sums and products differ in shape; pass three k × k tables of the same k items.")

    @classmethod
    def from_scores(cls, scores: ArrayLike) -> "CrossProducts":
        """Count the sums of a persons × items table of points; NaN is a blank.

        Examples
        --------
        >>> CrossProducts.from_scores([[100, 75], [50, np.nan], [0, 25]]).pair_counts.tolist()
        [[3.0, 2.0], [2.0, 2.0]]
        """
        table = np.asarray(scores, dtype=np.float64)
        if table.ndim != 2:
            raise ValueError(f"The scores have {table.ndim} dimensions; pass one row a person and one column an item.")
        answered = ~np.isnan(table)
        points, present = np.where(answered, table, 0.0), answered.astype(np.float64)
        return cls(present.T @ present, points.T @ present, points.T @ points)

    def __add__(self, other: "CrossProducts") -> "CrossProducts":
        """Give the sums of both groups of persons together."""
        if self.pair_counts.shape != other.pair_counts.shape:
            raise ValueError("The two tables do not have the same items; add only tables of one instrument.")
        return CrossProducts(
            self.pair_counts + other.pair_counts, self.sums + other.sums, self.products + other.products
        )

    def covariance(self) -> FloatArray:
        """Give the covariance of each pair of items over the persons who answered both, shape (k, k).

        NaN where fewer than two persons did (denominator n − 1).

        Examples
        --------
        >>> CrossProducts.from_scores([[1, 2], [2, 4], [3, np.nan]]).covariance().tolist()
        [[1.0, 1.0], [1.0, 2.0]]
        """
        return _divide(self._deviation_products(), self.pair_counts - 1)

    def means(self) -> FloatArray:
        """Give the mean of each item over all who answered it, shape (k,); NaN where nobody did."""
        return _divide(np.diag(self.sums), np.diag(self.pair_counts))

    def _deviation_products(self) -> FloatArray:
        """Give the sums of products of deviations from the means of the pair's own persons."""
        return self.products - _divide(self.sums * self.sums.T, self.pair_counts, fill_value=0.0)


def pooled_within_covariance(schools: Iterable[CrossProducts]) -> FloatArray:
    """Give the covariance of items between persons of the same school, pooled over the schools.

    What separates the schools is taken out (persons are centred within their school), so that a good
    school does not make two unrelated items look related.

    Parameters
    ----------
    schools : iterable of CrossProducts
        One table a school, the same k items; pairs with fewer than two persons contribute nothing.

    Returns
    -------
    ndarray, shape (k, k)
        NaN where no school has two persons who answered both items.

    Raises
    ------
    ValueError
        If there is no school.

    Examples
    --------
    >>> a, b = [[1, 1], [3, 3]], [[11, 11], [13, 13]]
    >>> pooled_within_covariance([CrossProducts.from_scores(a), CrossProducts.from_scores(b)]).tolist()
    [[2.0, 2.0], [2.0, 2.0]]
    """
    pool = WithinSchoolPool()
    for school in schools:
        pool.add(school)
    return pool.covariance()


class WithinSchoolPool:
    """Sums for :func:`pooled_within_covariance` where schools come one after the other and none is kept."""

    def __init__(self) -> None:
        self._deviations: FloatArray | None = None
        self._degrees_of_freedom: FloatArray | None = None

    def add(self, school: CrossProducts) -> None:
        """Add the cross products of one whole school."""
        deviations, freedom = within_school(school)
        self._deviations = deviations if self._deviations is None else self._deviations + deviations
        self._degrees_of_freedom = freedom if self._degrees_of_freedom is None else self._degrees_of_freedom + freedom

    def covariance(self) -> FloatArray:
        """Give the pooled covariance.

        Raises
        ------
        ValueError
            If there is no school.
        """
        if self._deviations is None or self._degrees_of_freedom is None:
            raise ValueError("There is no school to pool; pass the cross products of at least one.")
        return _divide(self._deviations, self._degrees_of_freedom)


def within_school(school: CrossProducts) -> tuple[FloatArray, FloatArray]:
    """Give the products of deviations from the school's own means, and their degrees of freedom, shape (k, k)."""
    return (
        np.where(school.pair_counts > 1, school._deviation_products(), 0.0),
        np.maximum(school.pair_counts - 1, 0),
    )


def _divide(numerator: FloatArray, denominator: FloatArray, fill_value: float = np.nan) -> FloatArray:
    """Divide where the divisor is above 0; elsewhere the result is blank."""
    return np.where(denominator > 0, numerator / np.where(denominator > 0, denominator, 1.0), fill_value)


def covariance_to_correlation(covariance: FloatArray) -> FloatArray:
    """Give the correlations that belong to covariances; NaN for an item that everybody answered alike."""
    deviation = np.sqrt(np.diag(covariance))
    scale = np.where(deviation > 0, deviation, np.nan)
    return np.asarray(covariance / np.outer(scale, scale), dtype=np.float64)
