"""Signals of careless or made-up answers, to be looked at by people: none makes a response unusable.

Answers are codes, one row a person and one column an item in the order of the form: options by position
0, 1, 2 … and −1 where nothing was answered. All-top forms are usually honest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import BoolArray, FloatArray, IntArray, symmetric, vector


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """How far each person is from the others' pattern, shape (persons,): D², items used, p-value (χ²)."""

    squared: FloatArray
    items: IntArray
    p_value: FloatArray


def coded(answers: ArrayLike) -> IntArray:
    """Give the answers as a table of codes, or say that they are none."""
    table = np.asarray(answers)
    if table.ndim != 2 or not np.issubdtype(table.dtype, np.integer):
        raise ValueError("The answers are no table of whole numbers; pass codes, one row a person, −1 for blank.")
    return table.astype(np.int64)


def longstring(answers: ArrayLike) -> IntArray:
    """Give the longest run of equal answers to successive items, one number a person; blanks are stepped over.

    References
    ----------
    Johnson (2005), Journal of Research in Personality 39; Meade & Craig (2012), Psychological Methods 17.

    Examples
    --------
    >>> longstring(np.array([[4, 4, -1, 4, 2], [0, 1, 0, 1, 0], [-1, -1, -1, -1, -1]])).tolist()
    [3, 1, 0]
    """
    table = coded(answers)
    if table.size == 0:
        return np.zeros(len(table), dtype=np.int64)
    answered = table >= 0
    begins = answered & (table != _answer_before(table, answered))
    number = answered.cumsum(axis=1)
    first = np.maximum.accumulate(np.where(begins, number, 0), axis=1)
    return np.asarray(np.where(answered, number - first + 1, 0).max(axis=1), dtype=np.int64)


def _answer_before(table: IntArray, answered: BoolArray) -> IntArray:
    """Give the last answer that stands before each item, −1 where there is none."""
    place = np.maximum.accumulate(np.where(answered, np.arange(1, table.shape[1] + 1), 0), axis=1)
    edge = np.full((len(table), 1), -1)
    return np.take_along_axis(np.hstack([edge, table]), np.hstack([edge + 1, place[:, :-1]]), axis=1)


def all_alike(answers: ArrayLike) -> BoolArray:
    """Mark persons who gave the same answer to every item they answered, at least two (zero variance).

    Examples
    --------
    >>> all_alike(np.array([[4, 4, -1], [4, 3, 4], [4, -1, -1]])).tolist()
    [True, False, False]
    """
    table = coded(answers)
    answered = table >= 0
    least = np.where(answered, table, np.iinfo(np.int64).max).min(axis=1, initial=np.iinfo(np.int64).max)
    return np.asarray((table.max(axis=1, initial=-1) == least) & (answered.sum(axis=1) > 1))


def pace_counts(pace: ArrayLike, codes: str) -> IntArray:
    """Count the forms of each pace; what is not in `codes` (imported forms have no pace) is left out.

    References
    ----------
    Huang et al. (2012) for 2 seconds an item; Wood, Harms, Lowman & DeSimone (2017) for 1 second.

    Examples
    --------
    >>> pace_counts(["1", "3", "3", "-"], "123").tolist()
    [1, 0, 2]
    """
    mark = np.asarray(pace, dtype=np.str_)
    return np.array([(mark == code).sum() for code in codes], dtype=np.int64)


def mahalanobis(scores: ArrayLike, means: ArrayLike, covariance: ArrayLike) -> Distances:
    """Give how unusual each person's pattern of points is, given how items go together (second pass).

    Parameters
    ----------
    scores : array_like, shape (persons, k)
        Points, NaN for blanks; a person is judged on the items answered, none gives NaN.
    means, covariance : array_like, shapes (k,) and (k, k)
        From the first pass (`CrossProducts.means` and `.covariance`), without blanks.

    Raises
    ------
    ValueError
        If shapes differ, or the covariances are blank or singular.

    References
    ----------
    Mahalanobis (1936); Meade & Craig (2012) for its use here.

    Examples
    --------
    >>> found = mahalanobis([[3.0, 0.0], [np.nan, 2.0]], [0.0, 0.0], [[1.0, 0.0], [0.0, 4.0]])
    >>> found.squared.tolist(), found.items.tolist()
    ([9.0, 1.0], [2, 1])
    """
    table, centre = np.asarray(scores, dtype=np.float64), vector(means, "means")
    matrix = symmetric(covariance, "covariance")
    if table.ndim != 2 or not table.shape[1] == len(centre) == len(matrix):
        raise ValueError(f"Scores {table.shape}, {len(centre)} means, {len(matrix)} covariances: the items differ.")
    if not np.isfinite(matrix).all() or np.linalg.matrix_rank(matrix, hermitian=True) < len(matrix):
        raise ValueError("The covariances are blank or singular; leave out items without variance or repeated ones.")
    squared = _squared_distances(table - centre, matrix)
    items = np.isfinite(table).sum(axis=1)
    return Distances(squared, items, special.chdtrc(np.where(items > 0, items, np.nan), squared))


def _squared_distances(away: FloatArray, matrix: FloatArray) -> FloatArray:
    """Give D² on the items each person answered; persons with equally many blanks are done together.

    With P the inverse over all items and z the distances, 0 at blanks m: D² = z′Pz − (Pz)ₘ′ Pₘₘ⁻¹ (Pz)ₘ.
    """
    blank = np.isnan(away)
    inverse = np.linalg.inv(matrix)
    filled = np.where(blank, 0.0, away)
    image = filled @ inverse
    squared: FloatArray = (filled * image).sum(axis=1)
    blanks = blank.sum(axis=1)
    for number in np.unique(blanks[blanks > 0]):
        persons = np.flatnonzero(blanks == number)
        if number == away.shape[1]:
            squared[persons] = np.nan
            continue
        at = np.nonzero(blank[persons])[1].reshape(-1, number)
        part = np.take_along_axis(image[persons], at, axis=1)[:, :, None]
        within = inverse[at[:, :, None], at[:, None, :]]
        squared[persons] -= (part * np.linalg.solve(within, part)).sum(axis=(1, 2))
    return squared
