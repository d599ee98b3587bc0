"""Identical answer strings: forms that repeat another of the same school word for word.

One hand that fills in many forms leaves copies. Honest parents leave some too: those who tick the top
almost throughout. So only forms count in which at least a fifth of the answers differ from the person's
own most frequent one, and copies are counted against chance: answers to each item are shuffled between
persons of the school who are about equally satisfied. (Tried on simulated schools of 60–600 persons
with one general satisfaction: shuffling everybody and leaving out only uniform forms called up to every
honest school suspicious at p ≤ .02; this way 0–3 % of them, and 10 % copied forms were found in 68–100 %.)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arrays import BoolArray, FloatArray, IntArray
from .careless_responding import coded

_BAND = 20  # persons of similar satisfaction between whom answers are shuffled


@dataclass(frozen=True, slots=True, eq=False)
class IdenticalStrings:
    """Varied forms with an identical twin in the same school, one value a school in sorted order.

    varied : forms that could count.
    observed, expected : of these with a twin, and their mean number after shuffling (NaN if there is no twin).
    p_value : share of shuffles with at least as many (1 if there is no twin).
    """

    schools: NDArray[np.str_]
    varied: IntArray
    observed: IntArray
    expected: FloatArray
    p_value: FloatArray


def varied_forms(answers: ArrayLike, least: float = 0.2) -> BoolArray:
    """Mark forms in which at least this share of the answers differs from the form's most frequent one.

    Examples
    --------
    >>> varied_forms(np.array([[4, 4, 4, 4, 3], [4, 4, 4, 4, 4], [-1, -1, -1, -1, -1]])).tolist()
    [True, False, False]
    """
    table = coded(answers)
    options = range(int(table.max(initial=-1)) + 1)
    answered = (table >= 0).sum(axis=1)
    most = np.zeros(len(table), dtype=np.int64)
    for option in options:
        most = np.maximum(most, (table == option).sum(axis=1))
    return np.asarray((answered - most >= least * answered - 1e-9) & (answered > most))


def identical_strings(
    answers: ArrayLike, school: ArrayLike, least: float = 0.2, shuffles: int = 199, enough: int = 10, seed: int = 20260
) -> IdenticalStrings:
    """Count varied forms that repeat another of their school, against what chance would give.

    The seed is fixed, each school is shuffled by itself, and the order of the forms does not matter. Shuffling
    ends early when chance has done as much `enough` times: with the defaults this never changes whether p is
    at most .05. A small p-value asks for a look at the forms; it proves nothing.

    Parameters
    ----------
    answers : array_like of int, shape (persons, k)
        Codes, −1 for a blank (two blanks are equal).
    school : array_like, shape (persons,)
    least, shuffles, enough, seed
        Share 0–1 as in `varied_forms`, most shuffles, when to end early, and what they start from.

    Raises
    ------
    ValueError
        If the answers are not a table of codes, or the lengths differ.

    References
    ----------
    Good (2005), Permutation, Parametric and Bootstrap Tests of Hypotheses (restricted permutation);
    Besag & Clifford (1991), Sequential Monte Carlo p-values, Biometrika 78.

    Examples
    --------
    >>> forms = np.array([[0, 1, 2, 3, 4], [0, 1, 2, 3, 4], [1, 0, 4, 2, 3]])
    >>> identical_strings(forms, ["a", "a", "a"]).observed.tolist()
    [2]
    """
    table, place = coded(answers), np.asarray(school, dtype=np.str_)
    if place.shape != (len(table),):
        raise ValueError(f"There are {len(table)} forms and {place.size} schools; name the school of each form.")
    names = np.unique(place)
    counts = [_against_chance(table[place == name], least, shuffles, enough, seed) for name in names]
    varied, observed, expected, p_value = np.array(counts, dtype=np.float64).reshape(len(counts), 4).T
    return IdenticalStrings(names, varied.astype(np.int64), observed.astype(np.int64), expected, p_value)


def _against_chance(
    table: IntArray, least: float, shuffles: int, enough: int, seed: int
) -> tuple[int, int, float, float]:
    rows = table[varied_forms(table, least)]
    draw = np.random.default_rng(seed)
    mark = draw.integers(1, 2**62, size=(rows.shape[1],), dtype=np.int64)
    observed = _twins(rows, mark, least)
    if observed == 0:
        return len(rows), 0, np.nan, 1.0
    rows = rows[np.lexsort(rows.T[::-1])]
    by_chance: list[int] = []
    as_many = 0
    while len(by_chance) < shuffles and as_many < enough:
        by_chance.append(_twins(_shuffled(rows, draw), mark, least))
        as_many += by_chance[-1] >= observed
    return len(rows), observed, float(np.mean(by_chance)), (1 + as_many) / (1 + len(by_chance))


def _shuffled(rows: IntArray, draw: np.random.Generator) -> IntArray:
    """Shuffle each item's answers within bands of persons with similar sums; the first bands have one person more."""
    mixed = rows[np.lexsort((draw.random(len(rows)), rows.sum(axis=1)))]
    bands = max(1, len(rows) // _BAND)
    size, longer = divmod(len(rows), bands)
    for part, length in ((mixed[: longer * (size + 1)], size + 1), (mixed[longer * (size + 1) :], size)):
        cut = part.reshape(-1, length, rows.shape[1])
        draw.permuted(cut, axis=1, out=cut)
    return mixed


def _twins(rows: IntArray, mark: IntArray, least: float) -> int:
    """Count varied rows that occur more than once; a row is known by a number made of its codes."""
    number = rows @ mark
    order = number.argsort(kind="stable")
    same = number[order[1:]] == number[order[:-1]]
    if not same.any():
        return 0
    twin = np.concatenate([same, [False]]) | np.concatenate([[False], same])
    return int(varied_forms(rows[order[twin]], least).sum())
