"""Reliability: hand cases for alpha and omega, sums that add up, and the general factor."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from survey_app.measurement.statistics import reliability
from survey_app.measurement.statistics.cross_products import CrossProducts, pooled_within_covariance
from survey_app.measurement.statistics.factor_analysis import minres

POINTS = arrays(
    np.float64,
    st.tuples(st.integers(6, 20), st.just(4)),
    elements=st.sampled_from([0.0, 25.0, 50.0, 75.0, 100.0, np.nan]),
)


def scores_with(correlation: list[list[float]]) -> np.ndarray:
    """Persons whose sample correlations are exactly these."""
    k = len(correlation)
    raw = np.random.default_rng(5).standard_normal((40, k))
    centred = np.linalg.qr(raw - raw.mean(axis=0))[0] * np.sqrt(39)
    return np.asarray(centred @ np.linalg.cholesky(np.array(correlation)).T)


def test_alpha_by_hand() -> None:
    """Variances 1 and 4, covariance 1.5 (persons 1 2 3 and 2 3 … scaled): α = 2·(1 − 5/8) = 0.75."""
    sums = CrossProducts.from_scores(np.array([[1.0, 0.5], [2.0, 4.0], [3.0, 3.5]]))
    covariance = sums.covariance()
    np.testing.assert_allclose(covariance, [[1.0, 1.5], [1.5, 3.5833333]], atol=1e-6)
    assert reliability.alpha(sums) == pytest.approx(2 * (1 - 4.5833333 / 7.5833333))


def test_covariances_are_pairwise() -> None:
    points = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, np.nan], [np.nan, 9.0]])
    covariance = CrossProducts.from_scores(points).covariance()
    np.testing.assert_allclose(covariance, [[1.0, 1.0], [1.0, 13.0]])


@given(POINTS, st.integers(1, 5))
def test_sums_of_parts_are_the_sums_of_the_whole(points: np.ndarray, cut: int) -> None:
    parts = CrossProducts.from_scores(points[:cut]) + CrossProducts.from_scores(points[cut:])
    whole = CrossProducts.from_scores(points)
    np.testing.assert_array_equal(parts.pair_counts, whole.pair_counts)
    np.testing.assert_array_equal(parts.products, whole.products)
    np.testing.assert_array_equal(parts.sums, whole.sums)


@given(POINTS)
def test_alpha_does_not_depend_on_unit_or_order(points: np.ndarray) -> None:
    alpha = reliability.alpha(points)
    np.testing.assert_allclose(reliability.alpha(points[::-1, ::-1] / 25 + 1), alpha, rtol=1e-6, atol=1e-8)


def test_alpha_of_one_item_is_refused_and_of_no_variance_blank() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        reliability.alpha([[1.0], [2.0]])
    assert np.isnan(reliability.alpha([[1.0, 1.0], [1.0, 1.0]]))


def test_omega_of_exactly_one_factor_by_hand() -> None:
    """Loadings .8 .7 .6 .5: (Σλ)² = 6.76, Σ(1 − λ²) = 2.26, ω = 6.76 / 9.02."""
    loadings = np.array([0.8, 0.7, 0.6, 0.5])
    correlation = np.outer(loadings, loadings)
    np.fill_diagonal(correlation, 1.0)
    np.testing.assert_allclose(minres(correlation).loadings[:, 0], loadings, atol=1e-8)
    points = scores_with(correlation.tolist())
    assert reliability.omega(points) == pytest.approx(6.76 / 9.02, abs=1e-8)
    assert reliability.omega(1000 - 25 * points) == pytest.approx(6.76 / 9.02, abs=1e-8)


def test_omega_is_alpha_when_items_measure_equally_well() -> None:
    points = scores_with([[1.0, 0.4, 0.4], [0.4, 1.0, 0.4], [0.4, 0.4, 1.0]])
    assert reliability.omega(points) == pytest.approx(reliability.alpha(points), abs=1e-8)
    assert reliability.lambda_6(points) < reliability.alpha(points)


def test_item_rest_correlation_is_the_correlation_with_the_sum_of_the_others() -> None:
    points = np.random.default_rng(2).normal(size=(30, 4))
    expected = [np.corrcoef(points[:, i], np.delete(points, i, axis=1).sum(axis=1))[0, 1] for i in range(4)]
    np.testing.assert_allclose(reliability.item_rest_correlations(points), expected, atol=1e-12)


def test_feldt_interval_holds_alpha_and_refuses_too_few() -> None:
    limits = reliability.feldt_interval(0.8, n=50, k=5)
    assert limits.low < 0.8 < limits.high
    with pytest.raises(ValueError, match="at least 2"):
        reliability.feldt_interval(0.8, n=1, k=5)


def test_covariance_within_schools_forgets_how_schools_differ() -> None:
    """Two schools far apart; within each, the items are unrelated."""
    low = np.array([[0.0, 0.0], [0.0, 2.0], [2.0, 0.0], [2.0, 2.0]])
    schools = [CrossProducts.from_scores(low), CrossProducts.from_scores(low + 50)]
    np.testing.assert_allclose(pooled_within_covariance(schools), np.diag([8 / 6, 8 / 6]), atol=1e-9)
    assert (schools[0] + schools[1]).covariance()[0, 1] > 500
    with pytest.raises(ValueError, match="at least one"):
        pooled_within_covariance([])


def test_tables_of_different_instruments_do_not_add() -> None:
    with pytest.raises(ValueError, match="same items"):
        CrossProducts.from_scores([[1, 2]]) + CrossProducts.from_scores([[1, 2, 3]])


def test_minres_refuses_what_it_cannot_tell_apart() -> None:
    with pytest.raises(ValueError, match="cannot tell"):
        minres([[1.0, 0.5], [0.5, 1.0]])
    with pytest.raises(ValueError, match="complete correlation matrix"):
        minres([[1.0, np.nan, 0.1], [np.nan, 1.0, 0.1], [0.1, 0.1, 1.0]])
