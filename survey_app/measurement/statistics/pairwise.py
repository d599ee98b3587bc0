"""Which schools differ: one-sided tests of every school against every other.

Differences are counted in standard errors of the difference. Two schools that both have error 0 are no
test: their difference is certain, or they are tied and stay open.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from .arrays import BoolArray, FloatArray
from .max_studentized_difference import OneSidedTests, chance_of_none_above
from .multiplicity import holm_passed


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
    if not size.size:
        return np.zeros(size.shape, dtype=np.bool_)
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
    """Go on from the largest undecided differences until the next could be chance; mends `differing` in place.

    If a difference exceeds the critical value, so do the larger ones. Which one to try is foreseen from the
    last integral (the number of independent tests it amounts to); the integral alone decides.
    """
    size, tested = np.abs(pairs.differences[hub]), pairs.tested[hub]
    smallest_critical, foreseen = -special.ndtri(alpha), np.inf
    while True:
        undecided = -np.sort(-size[tested & ~differing & (size > smallest_critical)])
        if not len(undecided):
            return
        least = undecided[max(int((undecided >= foreseen).sum()) - 1, 0)]
        alone = special.ndtr(-least)
        chance = max(1 - chance_of_none_above(_open(pairs, hub, differing), float(least)), alone)
        foreseen = -special.ndtri(alpha * alone / chance)
        if chance <= alpha:
            differing |= tested & (size >= least)
        elif least == undecided[0]:
            return


def _open(pairs: Comparisons, hub: int, differing: BoolArray) -> OneSidedTests:
    """Give the tests not yet rejected: of a pair that differs, the opposite claim stays open."""
    difference, tested = pairs.differences[hub], pairs.tested[hub]
    above, below = tested & ~(differing & (difference > 0)), tested & ~(differing & (difference < 0))
    return OneSidedTests(float(pairs.errors[hub]), pairs.errors, above, below)


def chance_of_being_beaten(pairs: Comparisons, hub: int, places: int) -> float:
    """Give the p-value of "fewer than `places` schools are better than school j" (`hub`).

    1 if fewer than `places` are better even in the sample.
    """
    others = np.delete(pairs.differences[hub], hub)
    least = float(np.partition(others, len(others) - places)[len(others) - places])
    if least <= 0:
        return 1.0
    tested = pairs.tested[hub]
    tests = OneSidedTests(float(pairs.errors[hub]), pairs.errors, tested, np.zeros_like(tested))
    return 1.0 - chance_of_none_above(tests, least)
