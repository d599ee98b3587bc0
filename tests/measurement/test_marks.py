"""Mark functions: expected values, no cliff, and the published bounds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.measurement.marks import (
    MARK_FUNCTIONS,
    Band,
    MarkFunction,
    Proportional,
    Standardised,
    Threshold,
    largest_standardised_share,
    largest_useful_spread,
)

FUNCTIONS: list[MarkFunction] = [Threshold(60, 95), Proportional(), Band(), Standardised(82.0, 4.0)]


def test_the_registry_holds_every_function_by_its_name() -> None:
    assert set(MARK_FUNCTIONS) == {function.name for function in FUNCTIONS}
    assert all(MARK_FUNCTIONS[name].name == name for name in MARK_FUNCTIONS)


@pytest.mark.parametrize("function", [Threshold(60, 95), Band(), Standardised(82.0, 4.0)])
@pytest.mark.parametrize("value", [-3.0, 59.0, 60.0, 82.0, 94.5, 99.0])
def test_expected_marks_are_the_mean_over_the_error(function: Threshold | Band | Standardised, value: float) -> None:
    """Against a fine grid of the normal distribution."""
    z = np.linspace(-8, 8, 20_001)
    density = np.exp(-(z**2) / 2) / np.exp(-(z**2) / 2).sum()
    by_grid = 10 * sum(function.share(value + 3 * one) * weight for one, weight in zip(z, density, strict=True))
    assert function.expected(value, 3.0, 10) == pytest.approx(by_grid, abs=2e-3)


@pytest.mark.parametrize("function", FUNCTIONS)
@given(value=st.floats(-50, 150), error=st.floats(0, 30), full=st.floats(1, 100))
def test_marks_stay_between_nothing_and_everything(
    function: Threshold | Proportional | Band | Standardised, value: float, error: float, full: float
) -> None:
    mark = function.expected(value, error, full)
    assert 0 <= mark <= full
    assert function.expected(value + 1, error, full) >= mark - 1e-9 * full


def test_a_hair_below_costs_a_hair() -> None:
    function = Band()
    assert function.expected(-0.001, 1.0, 10) == pytest.approx(function.expected(0.001, 1.0, 10), abs=0.01)
    assert function.expected(-0.001, 0.0, 10) == 0
    assert function.expected(0.0, 0.0, 10) == 5
    assert function.expected(0.001, 0.0, 10) == 10


def test_standardised_marks_have_a_ceiling_of_their_own() -> None:
    """§4: with 3, 4 and 5 schools the best possible share is .831, .900 and .958."""
    for p, best in ((3, 0.831), (4, 0.900), (5, 0.958)):
        values = np.array([90.0] + [80.0] * (p - 1))
        function = Standardised(float(values.mean()), float(values.std(ddof=1)))
        assert function.share(90.0) == pytest.approx(best, abs=5e-4)
        assert largest_standardised_share(p) == pytest.approx(best, abs=5e-4)
    assert Standardised(80.0, 0.0).expected(80.0, 2.0, 10) == 6.0
    with pytest.raises(ValueError, match="no school"):
        largest_standardised_share(0)


def test_senseless_thresholds_are_refused() -> None:
    with pytest.raises(ValueError, match="smaller"):
        Threshold(95, 60)


def test_the_spread_that_reliability_allows() -> None:
    assert largest_useful_spread(20, [0.5, 0.4]) == pytest.approx(9.0)
    assert largest_useful_spread(20, [0.9]) is None
    assert largest_useful_spread(20, []) is None
