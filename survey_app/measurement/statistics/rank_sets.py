"""Rank sets: the ranks a school could really have, beside the rank that was printed.

A rank set [low, high] says: with the stated confidence the school's true rank is none of the others. It
is counted from one-sided tests of pairs: low = 1 + schools significantly above, high = p − schools
significantly below. Marginal sets answer for one school; simultaneous sets hold for a whole list at
once and are wider. All estimates are independent with known standard errors; an error of 0 (a signed
evaluation, not a sample) is allowed, and between two such schools a difference is certain and a tie
open. Higher is better, rank 1 is best. Values and errors must be known: a school without them is not
ranked. Nothing is simulated, so the same numbers always give the same sets.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from .arrays import BoolArray, FloatArray, IntArray, estimates_with_errors, finite_vector
from .multiplicity import holm_adjust
from .pairwise import compare_pairs, differs_by_holm, differs_by_max_test, is_above_by_holm, top_set_p_value


@dataclass(frozen=True, slots=True, eq=False)
class RankSets:
    """Printed rank and its set, each an array of p whole numbers 1–p, with low ≤ rank ≤ high."""

    rank: IntArray
    low: IntArray
    high: IntArray


class Award(StrEnum):
    """Whether a school belongs to the first q: beyond doubt, perhaps, or beyond doubt not."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    OUT = "out"


def competition_ranks(values: ArrayLike) -> IntArray:
    """Give the printed ranks: highest is 1, equal values share a rank and the next is skipped.

    Examples
    --------
    >>> competition_ranks([88.5, 90.1, 88.5, 80.0]).tolist()
    [2, 1, 2, 4]
    """
    value = finite_vector(values, "values")
    return 1 + len(value) - np.searchsorted(np.sort(value), value, side="right").astype(np.int64)


def marginal_rank_sets(estimates: ArrayLike, errors: ArrayLike, level: float = 0.95) -> RankSets:
    """Give each school's own rank set, from the exact distribution of its largest studentised difference.

    A difference counts when it exceeds the critical value of the largest of all comparisons of this
    school that are still open; then those are closed and the rest is judged again (step-down).

    Parameters
    ----------
    estimates, errors : array_like, shape (p,)
        Composites and their standard errors (0 allowed), without blanks.
    level : float
        Confidence of each set, 0–1.

    Raises
    ------
    ValueError
        If a value is blank, an error negative, the lengths differ, or the level lies outside 0–1.

    References
    ----------
    Mogstad, Romano, Shaikh & Wilhelm (2024), Inference for Ranks, Review of Economic Studies 91.

    Examples
    --------
    >>> sets = marginal_rank_sets([90.0, 80.0, 79.0], [1.0, 1.0, 1.0])
    >>> sets.low.tolist(), sets.high.tolist()
    ([1, 2, 2], [1, 3, 3])
    """
    value, error = estimates_with_errors(estimates, errors)
    pairs = compare_pairs(value, error)
    differs = differs_by_max_test(pairs, _significance_level(level))
    return _count_rank_sets(value, differs & (pairs.differences > 0), differs & (pairs.differences < 0))


def marginal_rank_sets_holm(estimates: ArrayLike, errors: ArrayLike, level: float = 0.95) -> RankSets:
    """Give each school's own rank set by Holm's tests: never narrower than `marginal_rank_sets`, and instant.

    Parameters, blanks, errors as in `marginal_rank_sets`. Source: Holm (1979).

    Examples
    --------
    >>> marginal_rank_sets_holm([90.0, 80.0, 79.0], [1.0, 1.0, 1.0]).high.tolist()
    [1, 3, 3]
    """
    value, error = estimates_with_errors(estimates, errors)
    pairs = compare_pairs(value, error)
    differs = differs_by_holm(pairs, _significance_level(level))
    return _count_rank_sets(value, differs & (pairs.differences > 0), differs & (pairs.differences < 0))


def simultaneous_rank_sets(estimates: ArrayLike, errors: ArrayLike, level: float = 0.95) -> RankSets:
    """Give rank sets that hold together for the whole published list: Holm over all p(p − 1) tests.

    Parameters, blanks, errors as in `marginal_rank_sets`.

    References
    ----------
    Holm (1979); Mogstad, Romano, Shaikh & Wilhelm (2024).

    Examples
    --------
    >>> simultaneous_rank_sets([90.0, 80.0, 79.0], [1.0, 1.0, 1.0]).low.tolist()
    [1, 2, 2]
    """
    value, error = estimates_with_errors(estimates, errors)
    above = is_above_by_holm(compare_pairs(value, error), _significance_level(level))
    return _count_rank_sets(value, above, above.T)


def top_set(estimates: ArrayLike, errors: ArrayLike, q: int, level: float = 0.95) -> BoolArray:
    """Mark the schools that may belong to the q best; with the stated confidence nobody else does.

    A school is out when at least q others lie significantly above it. Each school's p-value is exact
    for its largest one-sided difference; Holm over the schools makes the whole list hold at once, which
    is sharper than counting simultaneous rank sets with low ≤ q.

    Parameters
    ----------
    estimates, errors, level
        As in `marginal_rank_sets`.
    q : int
        Number of places, 1 or more.

    Returns
    -------
    ndarray of bool, shape (p,)

    References
    ----------
    Mogstad, Romano, Shaikh & Wilhelm (2024), section on the τ-best.

    Examples
    --------
    >>> top_set([90.0, 80.0, 79.0], [1.0, 1.0, 1.0], q=1).tolist()
    [True, False, False]
    """
    value, error = estimates_with_errors(estimates, errors)
    _check_quota(q)
    alpha = _significance_level(level)
    if q >= len(value):
        return np.ones(len(value), dtype=np.bool_)
    pairs = compare_pairs(value, error)
    p_values = [top_set_p_value(pairs, reference, q) for reference in range(len(value))]
    return np.asarray(holm_adjust(p_values) > alpha)


def classify_awards(low: ArrayLike, high: ArrayLike, q: int) -> tuple[Award, ...]:
    """Say of each school whether it belongs to the q that are rewarded, from simultaneous rank sets.

    Certain if high ≤ q, possible if low ≤ q, otherwise out.

    Examples
    --------
    >>> [str(award) for award in classify_awards([1, 2, 4], [2, 5, 6], q=3)]
    ['certain', 'possible', 'out']
    """
    _check_quota(q)
    best, worst = finite_vector(low, "low"), finite_vector(high, "high")
    if len(best) != len(worst) or (best > worst).any():
        raise ValueError("low and high are not the two ends of the same rank sets; pass both from one result.")
    return tuple(
        Award.CERTAIN if last <= q else Award.POSSIBLE if first <= q else Award.OUT
        for first, last in zip(best, worst, strict=True)
    )


def _count_rank_sets(values: FloatArray, above: BoolArray, below: BoolArray) -> RankSets:
    """Count the schools significantly above and below into sets."""
    return RankSets(competition_ranks(values), 1 + above.sum(axis=1), len(values) - below.sum(axis=1))


def _significance_level(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"The level is {level}; give a probability between 0 and 1, for example 0.95.")
    return 1 - level


def _check_quota(q: int) -> None:
    if q < 1:
        raise ValueError(f"The number of places is {q}; give 1 or more.")
