"""Intervals: ends, blanks, symmetry; the published values are in test_published."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.measurement.statistics import intervals

SHARES = [intervals.wilson, intervals.wilson_corrected, intervals.clopper_pearson]


@pytest.mark.parametrize(("favourable", "n", "low", "high"), [(81, 263, 0.2553, 0.3662), (0, 20, 0.0, 0.1611)])
def test_wilson_agrees_with_newcombe(favourable: int, n: int, low: float, high: float) -> None:
    limits = intervals.wilson(favourable, n)
    assert (round(float(limits.low), 4), round(float(limits.high), 4)) == (low, high)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_share_intervals_hold_the_share_and_mirror(counts: tuple[int, int]) -> None:
    favourable, n = counts
    for method in SHARES:
        limits, mirrored = method(favourable, n), method(n - favourable, n)
        assert 0 <= limits.low <= favourable / n <= limits.high <= 1
        assert float(mirrored.low) == pytest.approx(1 - float(limits.high), abs=1e-9)


def test_ends_are_exact_and_no_answers_are_blank() -> None:
    for method in SHARES:
        limits = method([0, 7, 0], [7, 7, 0])
        assert limits.low[0] == 0
        assert limits.high[1] == 1
        assert np.isnan(limits.low[2])


def test_impossible_counts_and_levels_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and n"):
        intervals.wilson(8, 7)
    for method in (*SHARES, intervals.wald):
        with pytest.raises(ValueError, match="level"):
            method(3, 7, 1.5)
