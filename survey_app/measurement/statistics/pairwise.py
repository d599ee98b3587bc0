"""Which schools differ: one-sided tests of every school against every other.

Differences are counted in standard errors of the difference. Two schools that both have error 0 are no
test: their difference is certain, or they are tied and stay open.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from .arrays import BoolArray, FloatArray
from .max_studentized_difference import OneSidedTests, max_studentized_difference_cdf
from .multiplicity import count_holm_rejections


@dataclass(frozen=True, slots=True, eq=False)
class PairwiseComparisons:
    """All pairs of p schools.

    errors : shape (p,), standard errors.
    differences : shape (p, p), at [j, k] how many standard errors school k lies above school j.
    tested : shape (p, p), whether the pair is a test, that is, two schools of which one has an error.
    """

    errors: FloatArray
    differences: FloatArray
    is_test: BoolArray

    @property
    def certain(self) -> BoolArray:
        """Pairs of which one is above the other beyond doubt, shape (p, p)."""
        return ~self.is_test & np.isinf(self.differences)


def compare_pairs(values: FloatArray, errors: FloatArray) -> PairwiseComparisons:
    """Give the studentised differences of all pairs."""
    difference = values[None, :] - values[:, None]
    difference_error = np.hypot(errors[None, :], errors[:, None])
    certain_difference = np.where(difference == 0, 0.0, np.copysign(np.inf, difference))
    differences = np.where(
        difference_error > 0, difference / np.where(difference_error > 0, difference_error, 1.0), certain_difference
    )
    return PairwiseComparisons(errors, differences, (difference_error > 0) & ~np.eye(len(values), dtype=np.bool_))


def _holm_rejections(statistics: FloatArray, test_counts: FloatArray, alpha: float) -> BoolArray:
    """Run Holm's tests in each row of statistics; −inf stands where there is no test."""
    if not statistics.size:
        return np.zeros(statistics.shape, dtype=np.bool_)
    sorted_statistics = -np.sort(-statistics, axis=1)
    rejection_counts = count_holm_rejections(sorted_statistics, test_counts.astype(np.int64), alpha)
    smallest_rejected = np.take_along_axis(sorted_statistics, np.maximum(rejection_counts - 1, 0)[:, None], axis=1)
    return (rejection_counts > 0)[:, None] & (statistics >= smallest_rejected)


def differs_by_holm(pairs: PairwiseComparisons, alpha: float) -> BoolArray:
    """Mark, row by row, the schools that differ from school j by Holm over its 2(p − 1) tests."""
    statistics = np.where(pairs.is_test, np.abs(pairs.differences), -np.inf)
    return _holm_rejections(statistics, 2.0 * pairs.is_test.sum(axis=1), alpha) | pairs.certain


def is_above_by_holm(pairs: PairwiseComparisons, alpha: float) -> BoolArray:
    """Mark at [j, k] that school k is above school j, by Holm over all p(p − 1) tests of the list."""
    statistics = np.where(pairs.is_test, pairs.differences, -np.inf).reshape(1, -1)
    rejected = _holm_rejections(statistics, np.array([float(pairs.is_test.sum())]), alpha).reshape(pairs.is_test.shape)
    return rejected | (pairs.certain & (pairs.differences > 0))


def differs_by_max_test(pairs: PairwiseComparisons, alpha: float) -> BoolArray:
    """Mark, row by row, the schools that differ from school j by its largest difference, step-down.

    What Holm already rejects is rejected here too, so only the few close cases cost an integral.
    """
    differs = differs_by_holm(pairs, alpha)
    for reference in range(len(pairs.errors)):
        _step_down(pairs, reference, differs[reference], alpha)
    return differs


def _step_down(pairs: PairwiseComparisons, reference: int, differs: BoolArray, alpha: float) -> None:
    """Go on from the largest undecided differences until the next could be chance; mends `differs` in place.

    If a difference exceeds the critical value, so do the larger ones. Which one to try is foreseen from the
    last integral (the number of independent tests it amounts to); the integral alone decides.
    """
    statistics, is_test = np.abs(pairs.differences[reference]), pairs.is_test[reference]
    smallest_critical, predicted_critical = -special.ndtri(alpha), np.inf
    while True:
        undecided = -np.sort(-statistics[is_test & ~differs & (statistics > smallest_critical)])
        if not len(undecided):
            return
        candidate = undecided[max(int((undecided >= predicted_critical).sum()) - 1, 0)]
        single_test_p = special.ndtr(-candidate)
        p_value = max(
            1 - max_studentized_difference_cdf(_remaining_tests(pairs, reference, differs), float(candidate)),
            single_test_p,
        )
        predicted_critical = -special.ndtri(alpha * single_test_p / p_value)
        if p_value <= alpha:
            differs |= is_test & (statistics >= candidate)
        elif candidate == undecided[0]:
            return


def _remaining_tests(pairs: PairwiseComparisons, reference: int, differs: BoolArray) -> OneSidedTests:
    """Give the tests not yet rejected: of a pair that differs, the opposite claim stays open."""
    difference, is_test = pairs.differences[reference], pairs.is_test[reference]
    above, below = is_test & ~(differs & (difference > 0)), is_test & ~(differs & (difference < 0))
    return OneSidedTests(float(pairs.errors[reference]), pairs.errors, above, below)


def top_set_p_value(pairs: PairwiseComparisons, reference: int, q: int) -> float:
    """Give the p-value of "fewer than `places` schools are better than school j" (`hub`).

    1 if fewer than `places` are better even in the sample.
    """
    others = np.delete(pairs.differences[reference], reference)
    qth_difference = float(np.partition(others, len(others) - q)[len(others) - q])
    if qth_difference <= 0:
        return 1.0
    is_test = pairs.is_test[reference]
    tests = OneSidedTests(float(pairs.errors[reference]), pairs.errors, is_test, np.zeros_like(is_test))
    return 1.0 - max_studentized_difference_cdf(tests, qth_difference)
