"""Which schools differ: one-sided tests of every school against every other.

Differences are counted in standard errors of the difference. Two schools that both have error 0 are no
test: their difference is certain, or they are tied and stay open.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from survey_app.measurement.arrays import BoolArray, FloatArray
from survey_app.measurement.largest_difference import OneSidedTests, chance_of_none_above
from survey_app.measurement.multiplicity import holm_passed

_FIRST_STRIDE = 16


@dataclass(frozen=True, slots=True, eq=False)
class Comparisons:
    """All pairs of p schools.

    errors : shape (p,), standard errors.
    differences : shape (p, p), at [j, k] how many standard errors school k lies above school j.
    tested : shape (p, p), whether the pair is a test, that is, two schools of which one has an error.
    """

    errors: FloatArray
    differences: FloatArray
    tested: BoolArray

    @property
    def certain(self) -> BoolArray:
        """Pairs of which one is above the other beyond doubt, shape (p, p)."""
        return ~self.tested & np.isinf(self.differences)


def compare(values: FloatArray, errors: FloatArray) -> Comparisons:
    """Give the studentised differences of all pairs."""
    gap = values[None, :] - values[:, None]
    spread = np.hypot(errors[None, :], errors[:, None])
    certain = np.where(gap == 0, 0.0, np.copysign(np.inf, gap))
    differences = np.where(spread > 0, gap / np.where(spread > 0, spread, 1.0), certain)
    return Comparisons(errors, differences, (spread > 0) & ~np.eye(len(values), dtype=np.bool_))


def _reject(size: FloatArray, tests: FloatArray, alpha: float) -> BoolArray:
    """Run Holm's tests in each row of statistics; −inf stands where there is no test."""
    descending = -np.sort(-size, axis=1)
    passed = holm_passed(descending, tests.astype(np.int64), alpha)
    last = np.take_along_axis(descending, np.maximum(passed - 1, 0)[:, None], axis=1)
    return (passed > 0)[:, None] & (size >= last)


def differing_by_holm(pairs: Comparisons, alpha: float) -> BoolArray:
    """Mark, row by row, the schools that differ from school j by Holm over its 2(p − 1) tests."""
    size = np.where(pairs.tested, np.abs(pairs.differences), -np.inf)
    return _reject(size, 2.0 * pairs.tested.sum(axis=1), alpha) | pairs.certain


def above_by_holm(pairs: Comparisons, alpha: float) -> BoolArray:
    """Mark at [j, k] that school k is above school j, by Holm over all p(p − 1) tests of the list."""
    size = np.where(pairs.tested, pairs.differences, -np.inf).reshape(1, -1)
    rejected = _reject(size, np.array([float(pairs.tested.sum())]), alpha).reshape(pairs.tested.shape)
    return rejected | (pairs.certain & (pairs.differences > 0))


def differing_exactly(pairs: Comparisons, alpha: float) -> BoolArray:
    """Mark, row by row, the schools that differ from school j by its largest difference, step-down.

    What Holm already rejects is rejected here too, so only the few close cases cost an integral.
    """
    differing = differing_by_holm(pairs, alpha)
    for hub in range(len(pairs.errors)):
        _step_down(pairs, hub, differing[hub], alpha)
    return differing


def _step_down(pairs: Comparisons, hub: int, differing: BoolArray, alpha: float) -> None:
    """Go on from the largest undecided differences until one could be chance; mends `differing` in place.

    Several are tried at a time: if the least of them exceeds the critical value, so do the others.
    """
    size, tested = np.abs(pairs.differences[hub]), pairs.tested[hub]
    smallest_critical, stride = -special.ndtri(alpha), _FIRST_STRIDE
    while stride:
        undecided = size[tested & ~differing & (size > smallest_critical)]
        if not len(undecided):
            return
        stride = min(stride, len(undecided))
        least = float(-np.partition(-undecided, stride - 1)[stride - 1])
        if chance_of_none_above(_open(pairs, hub, differing), least) < 1 - alpha:
            stride //= 2
        else:
            differing |= tested & (size >= least)
            stride *= 2


def _open(pairs: Comparisons, hub: int, differing: BoolArray) -> OneSidedTests:
    """Give the tests not yet rejected: of a pair that differs, the opposite claim stays open."""
    difference, tested = pairs.differences[hub], pairs.tested[hub]
    above, below = tested & ~(differing & (difference > 0)), tested & ~(differing & (difference < 0))
    return OneSidedTests(float(pairs.errors[hub]), pairs.errors, above, below)


def chance_of_being_beaten(pairs: Comparisons, hub: int, places: int) -> float:
    """Give the p-value of "fewer than `places` schools are better than school j" (`hub`)."""
    others = np.delete(pairs.differences[hub], hub)
    least = float(np.partition(others, len(others) - places)[len(others) - places])
    tested = pairs.tested[hub]
    tests = OneSidedTests(float(pairs.errors[hub]), pairs.errors, tested, np.zeros_like(tested))
    return 1.0 - chance_of_none_above(tests, least)
