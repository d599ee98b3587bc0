"""Shrinkage, variance components, funnel and inequality: hand cases and limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.measurement.statistics.category_model import shrunken_means
from survey_app.measurement.statistics.inequality import between_school_inequality, estimate_district_index
from survey_app.measurement.statistics.shrinkage import (
    der_simonian_laird,
    james_stein,
    paule_mandel,
)
from survey_app.measurement.statistics.variance_components import variance_components

SCHOOLS = st.lists(st.tuples(st.floats(40, 100), st.floats(0.3, 5)), min_size=3, max_size=20)


def split(schools: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    values, errors = zip(*schools, strict=True)
    return np.array(values), np.array(errors)


def test_equal_errors_by_hand() -> None:
    """70 80 90 with error 5: Q = 8, τ² = (8 − 2) / (0.12 − 0.04) = 75; variance 100 − 25 is the same."""
    found = der_simonian_laird([70.0, 80.0, 90.0], [5.0, 5.0, 5.0])
    assert (found.mean, found.q) == pytest.approx((80.0, 8.0))
    assert found.tau2 == pytest.approx(75.0)
    assert paule_mandel([70.0, 80.0, 90.0], [5.0, 5.0, 5.0]).tau2 == pytest.approx(75.0)
    np.testing.assert_allclose(shrunken_means([90.0], [5.0], found).mean, [80 + 0.75 * 10])


@given(SCHOOLS)
def test_paule_mandel_makes_q_meet_its_expectation(schools: list[tuple[float, float]]) -> None:
    values, errors = split(schools)
    found = paule_mandel(values, errors)
    weight = 1 / (errors**2 + found.tau2)
    q = weight @ (values - weight @ values / weight.sum()) ** 2
    assert found.tau2 >= 0
    assert q == pytest.approx(len(values) - 1, rel=1e-6) or (found.tau2 == 0 and q < len(values) - 1)


@given(SCHOOLS)
def test_shrunken_values_lie_between_mean_and_school(schools: list[tuple[float, float]]) -> None:
    values, errors = split(schools)
    found = der_simonian_laird(values, errors)
    moved = shrunken_means(values, errors, found).mean
    assert (np.abs(moved - found.mean) <= np.abs(values - found.mean) + 1e-9).all()
    assert ((moved - found.mean) * (values - found.mean) >= -1e-9).all()


def test_errors_of_zero_are_refused_as_weights() -> None:
    for method in (der_simonian_laird, paule_mandel):
        with pytest.raises(ValueError, match="weight 1/SE² is infinite"):
            method([80.0, 81.0], [1.0, 0.0])
    with pytest.raises(ValueError, match="at least 2"):
        der_simonian_laird([80.0], [1.0])


def test_james_stein_is_floored_and_needs_four() -> None:
    assert james_stein([80.0, 80.1, 80.2, 80.1], 100.0).shrinkage_factor == 0
    assert james_stein([80.0, 80.0, 80.0, 80.0], 1.0).shrunken_estimates.tolist() == [80.0] * 4
    with pytest.raises(ValueError, match="at least 4"):
        james_stein([80.0, 81.0, 82.0], 1.0)


def test_variance_components_of_unequal_schools_by_hand() -> None:
    """{0, 2}, {5}, {4, 6, 8}: MSB = 32 / 2, MSW = 10 / 3, n₀ = (6 − 14/6) / 2 = 11/6."""
    values = [np.array([0.0, 2.0]), np.array([5.0]), np.array([4.0, 6.0, 8.0])]
    grand = np.concatenate(values).mean()
    square = sum(len(v) * (v.mean() - grand) ** 2 for v in values) / 2
    found = variance_components([2, 1, 3], [1.0, 5.0, 6.0], [2.0, np.nan, 4.0])
    assert found.within == pytest.approx(10 / 3)
    assert found.between == pytest.approx((square - 10 / 3) / (11 / 6))
    assert found.icc == pytest.approx(found.between / (found.between + 10 / 3))


def test_variance_components_floor_and_refusals() -> None:
    assert variance_components([2, 2], [5.0, 5.0], [8.0, 8.0]).between == 0
    with pytest.raises(ValueError, match="nothing to compare"):
        variance_components([1, 1], [5.0, 6.0], [np.nan, np.nan])
    with pytest.raises(ValueError, match="blank mean or variance"):
        variance_components([3, 3], [5.0, np.nan], [1.0, 1.0])


def test_inequality_takes_out_what_sampling_adds() -> None:
    found = between_school_inequality([70.0, 80.0, 90.0, np.nan], [6.0, 6.0, 6.0, 1.0])
    assert (found.cv, found.cv_raw) == pytest.approx((0.1, 0.125))
    assert found.schools == 3
    assert between_school_inequality([79.0, 80.0, 81.0], [6.0, 6.0, 6.0]).cv == 0
    assert np.isnan(between_school_inequality([79.0], [1.0]).cv)


def test_district_figure_weights_by_enrolment() -> None:
    found = estimate_district_index([80.0, 90.0, np.nan], [3.0, 4.0, 1.0], [300, 100, 500])
    assert (found.index, found.schools, found.enrolment) == (82.5, 2, 400)
    assert found.error == pytest.approx((0.75**2 * 9 + 0.25**2 * 16) ** 0.5)
    assert np.isnan(estimate_district_index([80.0, 90.0], [3.0, np.nan], [300, 100]).error)
    assert np.isnan(estimate_district_index([np.nan], [1.0], [300]).index)
    with pytest.raises(ValueError, match="enrolment is blank"):
        estimate_district_index([80.0], [1.0], [np.nan])
