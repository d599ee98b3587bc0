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
from .careless_responding import code_matrix

_BAND_SIZE = 20  # persons of similar satisfaction between whom answers are shuffled


@dataclass(frozen=True, slots=True, eq=False)
class DuplicateResponses:
    """Varied forms with an identical form in the same school, one value a school in sorted order.

    varied : forms that could count.
    observed, expected : of these with a duplicate, and their mean number after shuffling (NaN without one).
    p_value : share of shuffles with at least as many (1 if there is no duplicate).
    is_duplicate : which forms they are, one value a form, for sums over them.
    """

    schools: NDArray[np.str_]
    varied_responses: IntArray
    observed: IntArray
    expected: FloatArray
    p_value: FloatArray
    is_duplicate: BoolArray


def has_varied_answers(answers: ArrayLike, min_share: float = 0.2) -> BoolArray:
    """Mark forms in which at least this share of the answers differs from the form's most frequent one.

    Examples
    --------
    >>> has_varied_answers(np.array([[4, 4, 4, 4, 3], [4, 4, 4, 4, 4], [-1, -1, -1, -1, -1]])).tolist()
    [True, False, False]
    """
    table = code_matrix(answers)
    options = range(int(table.max(initial=-1)) + 1)
    answered = (table >= 0).sum(axis=1)
    modal_count = np.zeros(len(table), dtype=np.int64)
    for option in options:
        modal_count = np.maximum(modal_count, (table == option).sum(axis=1))
    return np.asarray((answered - modal_count >= min_share * answered - 1e-9) & (answered > modal_count))


def count_duplicate_responses(
    answers: ArrayLike,
    school: ArrayLike,
    min_share: float = 0.2,
    max_permutations: int = 199,
    stop_after: int = 10,
    seed: int = 20260,
) -> DuplicateResponses:
    """Count varied forms that repeat another of their school, against what chance would give.

    The seed is fixed, each school is shuffled by itself, and the order of the forms does not matter. Shuffling
    ends early when chance has done as much `stop_after` times: with the defaults this never changes whether p is
    at most .05. A small p-value asks for a look at the forms; it proves nothing.

    Parameters
    ----------
    answers : array_like of int, shape (persons, k)
        Codes, −1 for a blank (two blanks are equal).
    school : array_like, shape (persons,)
    least, shuffles, enough, seed
        Share 0–1 as in `has_varied_answers`, most shuffles, when to end early, and what they start from.

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
    >>> count_duplicate_responses(forms, ["a", "a", "a"]).observed.tolist()
    [2]
    """
    table, school_labels = code_matrix(answers), np.asarray(school, dtype=np.str_)
    if school_labels.shape != (len(table),):
        raise ValueError(f"{len(table)} forms and {school_labels.size} schools; name the school of each form.")
    names = np.unique(school_labels)
    is_duplicate = np.zeros(len(table), dtype=np.bool_)
    counts = []
    for name in names:
        own = np.flatnonzero(school_labels == name)
        own = own[has_varied_answers(table[own], min_share)]
        duplicates, *test = _permutation_test(table[own], min_share, max_permutations, stop_after, seed)
        is_duplicate[own[duplicates]] = True
        counts.append((len(own), len(duplicates), *test))
    varied_counts, observed, expected, p_value = np.array(counts, dtype=np.float64).reshape(len(counts), 4).T
    return DuplicateResponses(
        names, varied_counts.astype(np.int64), observed.astype(np.int64), expected, p_value, is_duplicate
    )


def _permutation_test(
    rows: IntArray, min_share: float, max_permutations: int, stop_after: int, seed: int
) -> tuple[IntArray, float, float]:
    """Give the varied rows that repeat another, and the mean count and p-value by chance."""
    generator = np.random.default_rng(seed)
    hash_weights = generator.integers(1, 2**62, size=(rows.shape[1],), dtype=np.int64)
    duplicates = _find_duplicates(rows, hash_weights)
    observed = len(duplicates)
    if observed == 0:
        return duplicates, np.nan, 1.0
    rows = rows[np.lexsort(rows.T[::-1])]
    permuted_counts: list[int] = []
    exceedances = 0
    while len(permuted_counts) < max_permutations and exceedances < stop_after:
        permuted_counts.append(_count_duplicates(_shuffle_within_bands(rows, generator), hash_weights, min_share))
        exceedances += permuted_counts[-1] >= observed
    return duplicates, float(np.mean(permuted_counts)), (1 + exceedances) / (1 + len(permuted_counts))


def _shuffle_within_bands(rows: IntArray, generator: np.random.Generator) -> IntArray:
    """Shuffle each item's answers within bands of persons with similar sums; the first bands have one person more."""
    shuffled_rows = rows[np.lexsort((generator.random(len(rows)), rows.sum(axis=1)))]
    bands = max(1, len(rows) // _BAND_SIZE)
    size, longer_bands = divmod(len(rows), bands)
    for band_block, length in (
        (shuffled_rows[: longer_bands * (size + 1)], size + 1),
        (shuffled_rows[longer_bands * (size + 1) :], size),
    ):
        band_rows = band_block.reshape(-1, length, rows.shape[1])
        generator.permuted(band_rows, axis=1, out=band_rows)
    return shuffled_rows


def _count_duplicates(rows: IntArray, hash_weights: IntArray, min_share: float) -> int:
    """Count varied rows that occur more than once."""
    duplicates = _find_duplicates(rows, hash_weights)
    return int(has_varied_answers(rows[duplicates], min_share).sum()) if len(duplicates) else 0


def _find_duplicates(rows: IntArray, hash_weights: IntArray) -> IntArray:
    """Give the places of rows that occur more than once; a row is known by a number made of its codes."""
    row_hash = rows @ hash_weights
    order = row_hash.argsort(kind="stable")
    equals_next = row_hash[order[1:]] == row_hash[order[:-1]]
    if not equals_next.any():
        return np.zeros(0, dtype=np.int64)
    is_duplicate = np.concatenate([equals_next, [False]]) | np.concatenate([[False], equals_next])
    return np.asarray(order[is_duplicate])
