"""Signals of careless or made-up answers, to be looked at by people: none makes a response unusable.

Answers are codes, one row a person and one column an item in the order of the form: options by position
0, 1, 2 … and −1 where nothing was answered. All-top forms are usually honest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from survey_app.measurement.arrays import BoolArray, FloatArray, IntArray, symmetric, vector


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """How far each person is from the others' pattern, shape (persons,): D², items used, p-value (χ²)."""

    squared: FloatArray
    items: IntArray
    p_value: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class PaceShares:
    """Shares 0–1 of each pace (schools × codes), one row a school in sorted order; n forms had a pace."""

    schools: NDArray[np.str_]
    n: IntArray
    shares: FloatArray


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
    run, longest, last = (np.zeros(len(table), dtype=np.int64) for _ in range(3))
    for column in table.T:
        answered = column >= 0
        run = np.where(answered, np.where((column == last) & (run > 0), run + 1, 1), run)
        last = np.where(answered, column, last)
        longest = np.maximum(longest, run)
    return longest


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


def pace_shares(pace: ArrayLike, school: ArrayLike, codes: str) -> PaceShares:
    """Give the share of forms of each pace in each school: many fast ones ask for a look.

    Parameters
    ----------
    pace : array_like of str, shape (persons,)
        One character a form; anything that is not in `codes` (no token, imported) is left out.
    school : array_like, shape (persons,)
    codes : str
        The characters in the order wanted, fastest first.

    Raises
    ------
    ValueError
        If the lengths differ or a character occurs twice in `codes`.

    References
    ----------
    Huang et al. (2012) for 2 seconds an item; Wood, Harms, Lowman & DeSimone (2017) for 1 second.

    Examples
    --------
    >>> pace_shares(["f", "s", "s", "s"], ["a", "a", "a", "a"], "fs").shares.tolist()
    [[0.25, 0.75]]
    """
    mark, place = np.asarray(pace, dtype=np.str_), np.asarray(school, dtype=np.str_)
    if mark.shape != place.shape or mark.ndim != 1 or len(set(codes)) < len(codes):
        raise ValueError("Pace and school differ in length, or a code occurs twice; give one of each for every form.")
    names, index = np.unique(place, return_inverse=True)
    counts = np.stack([np.bincount(index[mark == code], minlength=len(names)) for code in codes], axis=1)
    known = counts.sum(axis=1)
    shares = counts / np.where(known > 0, known, np.nan)[:, None]
    return PaceShares(names, known, shares)


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
    """Give D² on the items each person answered; persons with the same blanks are done together."""
    squared = np.full(len(away), np.nan)
    patterns, member = np.unique(np.isfinite(away), axis=0, return_inverse=True)
    for index, pattern in enumerate(patterns):
        if pattern.any():
            persons = member.ravel() == index
            part = away[np.ix_(persons, pattern)]
            squared[persons] = (part * np.linalg.solve(matrix[np.ix_(pattern, pattern)], part.T).T).sum(axis=1)
    return squared
