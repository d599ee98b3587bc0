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

from survey_app.measurement.arrays import BoolArray, FloatArray, IntArray
from survey_app.measurement.careless import coded

_BAND = 20  # persons of similar satisfaction between whom answers are shuffled


@dataclass(frozen=True, slots=True, eq=False)
class IdenticalStrings:
    """Varied forms with an identical twin in the same school, one value a school in sorted order.

    varied : forms that could count.
    observed, expected : of these with a twin, and their mean number after shuffling.
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
    answers: ArrayLike, school: ArrayLike, least: float = 0.2, shuffles: int = 199, seed: int = 20260
) -> IdenticalStrings:
    """Count varied forms that repeat another of their school, against what chance would give.

    The seed is fixed, each school is shuffled by itself, and the order of the forms does not matter. A
    small p-value asks for a look at the forms; it proves nothing.

    Parameters
    ----------
    answers : array_like of int, shape (persons, k)
        Codes, −1 for a blank (two blanks are equal).
    school : array_like, shape (persons,)
    least, shuffles, seed
        Share 0–1 as in `varied_forms`, number of shuffles, and what they start from.

    Raises
    ------
    ValueError
        If the answers are not a table of codes, or the lengths differ.

    References
    ----------
    Good (2005), Permutation, Parametric and Bootstrap Tests of Hypotheses (restricted permutation).

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
    counts = [_against_chance(table[place == name], least, shuffles, seed) for name in names]
    varied, observed, expected, p_value = np.array(counts, dtype=np.float64).reshape(len(counts), 4).T
    return IdenticalStrings(names, varied.astype(np.int64), observed.astype(np.int64), expected, p_value)


def _against_chance(table: IntArray, least: float, shuffles: int, seed: int) -> tuple[int, int, float, float]:
    rows = table[varied_forms(table, least)]
    if len(rows) < 2:
        return len(rows), 0, 0.0, 1.0
    rows = rows[np.lexsort(rows.T[::-1])]
    draw = np.random.default_rng(seed)
    mark = np.asarray(draw.integers(1, 2**63, size=rows.shape[1]), dtype=np.uint64)
    observed = _twins(rows, mark, least)
    by_chance = np.array([_twins(_shuffled(rows, draw), mark, least) for _ in range(shuffles)])
    p_value = (1 + int((by_chance >= observed).sum())) / (1 + shuffles)
    return len(rows), observed, float(by_chance.mean()), p_value


def _shuffled(rows: IntArray, draw: np.random.Generator) -> IntArray:
    """Shuffle each item's answers within bands of persons with similar sums."""
    mixed = rows[np.lexsort((draw.random(len(rows)), rows.sum(axis=1)))]
    bands = max(1, len(rows) // _BAND)
    return np.concatenate([draw.permuted(band, axis=0) for band in np.array_split(mixed, bands)])


def _twins(rows: IntArray, mark: NDArray[np.uint64], least: float) -> int:
    """Count varied rows that occur more than once; a row is known by a 64-bit number made of its codes."""
    varied = rows[varied_forms(rows, least)]
    number = (varied.astype(np.uint64) * mark).sum(axis=1, dtype=np.uint64)
    times = np.unique(number, return_counts=True)[1]
    return int(times[times > 1].sum())
