"""Signals of careless or made-up answers, to be looked at by people: none makes a response unusable.

Answers are codes, one row a person and one column an item in the order of the form: options by position
0, 1, 2 … and −1 where nothing was answered. All-top forms are usually honest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import BoolArray, FloatArray, IntArray, float_vector, symmetric_matrix


@dataclass(frozen=True, slots=True, eq=False)
class MahalanobisDistances:
    """How far each person is from the others' pattern, shape (persons,): D², items used, p-value (χ²)."""

    d_squared: FloatArray
    item_counts: IntArray
    p_value: FloatArray


def code_matrix(answers: ArrayLike) -> IntArray:
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
    table = code_matrix(answers)
    if table.size == 0:
        return np.zeros(len(table), dtype=np.int64)
    answered = table >= 0
    is_run_start = answered & (table != _previous_answer(table, answered))
    answer_position = answered.cumsum(axis=1)
    run_start = np.maximum.accumulate(np.where(is_run_start, answer_position, 0), axis=1)
    return np.asarray(np.where(answered, answer_position - run_start + 1, 0).max(axis=1), dtype=np.int64)


def _previous_answer(table: IntArray, answered: BoolArray) -> IntArray:
    """Give the last answer that stands before each item, −1 where there is none."""
    last_position = np.maximum.accumulate(np.where(answered, np.arange(1, table.shape[1] + 1), 0), axis=1)
    no_answer = np.full((len(table), 1), -1)
    return np.take_along_axis(np.hstack([no_answer, table]), np.hstack([no_answer + 1, last_position[:, :-1]]), axis=1)


def is_straightlined(answers: ArrayLike) -> BoolArray:
    """Mark persons who gave the same answer to every item they answered, at least two (zero variance).

    Examples
    --------
    >>> is_straightlined(np.array([[4, 4, -1], [4, 3, 4], [4, -1, -1]])).tolist()
    [True, False, False]
    """
    table = code_matrix(answers)
    answered = table >= 0
    lowest_code = np.where(answered, table, np.iinfo(np.int64).max).min(axis=1, initial=np.iinfo(np.int64).max)
    return np.asarray((table.max(axis=1, initial=-1) == lowest_code) & (answered.sum(axis=1) > 1))


def response_speed_counts(response_speeds: ArrayLike, codes: str) -> IntArray:
    """Count the forms of each response speed; what is not in `codes` (imported forms have none) is left out.

    References
    ----------
    Huang et al. (2012) for 2 seconds an item; Wood, Harms, Lowman & DeSimone (2017) for 1 second.

    Examples
    --------
    >>> response_speed_counts(["1", "3", "3", "-"], "123").tolist()
    [1, 0, 2]
    """
    speeds = np.asarray(response_speeds, dtype=np.str_)
    return np.array([(speeds == code).sum() for code in codes], dtype=np.int64)


def mahalanobis(scores: ArrayLike, means: ArrayLike, covariance: ArrayLike) -> MahalanobisDistances:
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
    >>> found.d_squared.tolist(), found.item_counts.tolist()
    ([9.0, 1.0], [2, 1])
    """
    table, centre = np.asarray(scores, dtype=np.float64), float_vector(means, "means")
    matrix = symmetric_matrix(covariance, "covariance")
    if table.ndim != 2 or not table.shape[1] == len(centre) == len(matrix):
        raise ValueError(f"Scores {table.shape}, {len(centre)} means, {len(matrix)} covariances: the items differ.")
    if not np.isfinite(matrix).all() or np.linalg.matrix_rank(matrix, hermitian=True) < len(matrix):
        raise ValueError("The covariances are blank or singular; leave out items without variance or repeated ones.")
    squared = _squared_distances(table - centre, matrix)
    item_counts = np.isfinite(table).sum(axis=1)
    return MahalanobisDistances(
        squared, item_counts, special.chdtrc(np.where(item_counts > 0, item_counts, np.nan), squared)
    )


def _squared_distances(deviations: FloatArray, matrix: FloatArray) -> FloatArray:
    """Give D² on the items each person answered; persons with equally many blanks are done together.

    With P the inverse over all items and z the distances, 0 at blanks m: D² = z′Pz − (Pz)ₘ′ Pₘₘ⁻¹ (Pz)ₘ.
    """
    blank = np.isnan(deviations)
    inverse = np.linalg.inv(matrix)
    deviations_or_zero = np.where(blank, 0.0, deviations)
    projected = deviations_or_zero @ inverse
    squared: FloatArray = (deviations_or_zero * projected).sum(axis=1)
    blank_counts = blank.sum(axis=1)
    for blank_count in np.unique(blank_counts[blank_counts > 0]):
        persons = np.flatnonzero(blank_counts == blank_count)
        if blank_count == deviations.shape[1]:
            squared[persons] = np.nan
            continue
        blank_items = np.nonzero(blank[persons])[1].reshape(-1, blank_count)
        projected_blanks = np.take_along_axis(projected[persons], blank_items, axis=1)[:, :, None]
        inverse_blanks = inverse[blank_items[:, :, None], blank_items[:, None, :]]
        squared[persons] -= (projected_blanks * np.linalg.solve(inverse_blanks, projected_blanks)).sum(axis=(1, 2))
    return squared
