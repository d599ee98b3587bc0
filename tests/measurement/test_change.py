"""Change between waves, the promised line, and value added."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.measurement.statistics.change import TargetVerdict, compare_waves, pair_waves, target_verdicts

POINTS = st.floats(30, 100)


def test_significant_and_large_counts_as_changed() -> None:
    """Differences 3, 2.99, 10, −4 with errors 0.5, 0.5, 8, 0.5 of each wave."""
    error = np.array([0.5, 0.5, 8.0, 0.5])
    found = compare_waves(pair_waves([80.0] * 4, error, [83.0, 82.99, 90.0, 76.0], error))
    assert found.changed.tolist() == [True, False, False, True]
    assert found.not_lower.tolist() == [True, True, False, False]


def test_holm_counts_only_schools_with_both_waves() -> None:
    """One z of 2.5: p = .0124, times 4 tests is .0497, times 5 would be .0621."""
    after, error = np.array([82.5, 80.0, 80.0, 80.0, np.nan]), np.full(5, np.sqrt(0.5))
    found = compare_waves(pair_waves([80.0] * 5, error, after, error), threshold=2.0)
    assert found.p_adjusted[0] == pytest.approx(0.04967, abs=1e-5)
    assert found.changed.tolist() == [True, False, False, False, False]
    assert np.isnan(found.p_value[4])


def test_without_error_any_difference_is_certain() -> None:
    found = compare_waves(pair_waves([80.0, 80.0], [0, 0], [85.0, 80.0], [0, 0]))
    assert found.p_value.tolist() == [0.0, 1.0]
    assert found.changed.tolist() == [True, False]


def test_not_lower_at_the_margin_by_hand() -> None:
    """A fall of 0.355 with error 1: (2 − .355) / 1 = 1.645 > 1.64485; a fall of 0.356 is not shown."""
    found = compare_waves(pair_waves([80.0, 80.0], [1, 1], [79.645, 79.644], [0, 0]))
    assert found.not_lower.tolist() == [True, False]


@given(st.lists(st.tuples(POINTS, POINTS, st.floats(0.2, 5)), min_size=1, max_size=12))
def test_going_back_in_time_turns_the_sign(schools: list[tuple[float, float, float]]) -> None:
    before, after, error = (np.array(column) for column in zip(*schools, strict=True))
    forth, back = (
        compare_waves(pair_waves(before, error, after, error)),
        compare_waves(pair_waves(after, error, before, error)),
    )
    np.testing.assert_array_equal(forth.difference, -back.difference)
    np.testing.assert_array_equal(forth.changed, back.changed)
    assert not (forth.changed & forth.not_lower & (forth.difference < 0) & (forth.difference < -2)).any()


def test_thresholds_and_lengths_are_checked() -> None:
    with pytest.raises(ValueError, match="below 0"):
        compare_waves(pair_waves([80.0], [1.0], [81.0], [1.0]), margin=-1)
    with pytest.raises(ValueError, match="differ in length"):
        pair_waves([80.0], [1.0], [81.0, 82.0], [1.0])
    with pytest.raises(ValueError, match="error_after has a value below 0"):
        pair_waves([80.0], [1.0], [81.0], [-1.0])


def test_line_is_judged_by_the_interval() -> None:
    verdicts = target_verdicts([0.85, 0.84, 0.70, np.nan], [0.90, 0.86, 0.8499, np.nan], 0.85)
    assert verdicts == (TargetVerdict.MET, TargetVerdict.UNDECIDED, TargetVerdict.NOT_MET, TargetVerdict.UNDECIDED)
    with pytest.raises(ValueError, match="above its upper"):
        target_verdicts([0.9], [0.8], 0.85)


def simulated(p: int) -> tuple[np.ndarray, ...]:
    draw = np.random.default_rng(11)
    truth, error = draw.normal(80, 4, p), draw.uniform(0.5, 2, p)
    return truth + error * draw.standard_normal(p), error, truth + 1 + error * draw.standard_normal(p), error
