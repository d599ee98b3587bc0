"""Drivers: shares of R² against R's relaimpo figures for `swiss`, and what any fair division promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.measurement.statistics.drivers import lmg, relative_importance, relative_weights

SWISS = np.array(  # correlations of R's `swiss` (47 provinces, 1888), from its public values, rounded to 12 decimals
    [
        [1, 0.353079183620, -0.645882706457, -0.663788857035, 0.463684700652, 0.416556031435],
        [0.353079183620, 1, -0.686542208617, -0.639522518948, 0.401095053049, -0.060858608417],
        [-0.645882706457, -0.686542208617, 1, 0.698415296288, -0.572741806064, -0.114021596482],
        [-0.663788857035, -0.639522518948, 0.698415296288, 1, -0.153858917091, -0.099321845821],
        [0.463684700652, 0.401095053049, -0.572741806064, -0.153858917091, 1, 0.175495907597],
        [0.416556031435, -0.060858608417, -0.114021596482, -0.099321845821, 0.175495907597, 1],
    ]
)
RELAIMPO = [0.0570912, 0.1711730, 0.2601347, 0.1055702, 0.1127659]


def r_squared(matrix: np.ndarray) -> float:
    return float(matrix[0, 1:] @ np.linalg.solve(matrix[1:, 1:], matrix[1:, 0]) / matrix[0, 0])


@st.composite
def covariances(draw: st.DrawFn) -> np.ndarray:
    k, seed = draw(st.integers(2, 7)), draw(st.integers(0, 10_000))
    points = np.random.default_rng(seed).standard_normal((60, k))
    points[:, 0] += points[:, 1:].sum(axis=1)
    return np.asarray(np.cov(points.T)).reshape(k, k)


def test_lmg_agrees_with_relaimpo() -> None:
    np.testing.assert_allclose(lmg(SWISS), RELAIMPO, atol=5e-8)


@given(covariances(), st.floats(0.1, 100))
def test_shares_add_up_and_do_not_depend_on_units(matrix: np.ndarray, unit: float) -> None:
    scale = np.ones(len(matrix))
    scale[-1] = unit
    for method in (lmg, relative_weights):
        shares = method(matrix)
        assert (shares > -1e-9).all()
        assert shares.sum() == pytest.approx(r_squared(matrix))
        np.testing.assert_allclose(method(matrix * np.outer(scale, scale)), shares, rtol=1e-6, atol=1e-12)


@given(covariances())
def test_outcome_and_order_are_free(matrix: np.ndarray) -> None:
    turned = matrix[::-1, ::-1]
    for method in (lmg, relative_weights):
        np.testing.assert_allclose(method(turned, outcome=len(matrix) - 1), method(matrix)[::-1], atol=1e-9)


def test_two_predictors_by_hand() -> None:
    """r₁ = .6, r₂ = .4, r₁₂ = .5: R² = (.36 + .16 − .24) / .75; first share (.36 + R² − .16) / 2."""
    whole = 0.28 / 0.75
    shares = lmg([[1, 0.6, 0.4], [0.6, 1, 0.5], [0.4, 0.5, 1]])
    np.testing.assert_allclose(shares, [(0.36 + whole - 0.16) / 2, (0.16 + whole - 0.36) / 2])


def test_beyond_twelve_predictors_relative_weights_are_named() -> None:
    matrix = np.full((14, 14), 0.3) + 0.7 * np.eye(14)
    found = relative_importance(matrix)
    assert found.method == "relative weights"
    assert found.r_squared == pytest.approx(r_squared(matrix))
    assert relative_importance(matrix[:13, :13]).method == "lmg"
    np.testing.assert_allclose(lmg(matrix[:13, :13]), relative_weights(matrix[:13, :13]), atol=1e-9)
    with pytest.raises(ValueError, match="use relative_weights"):
        lmg(matrix)


def test_what_has_no_importance_is_refused() -> None:
    with pytest.raises(ValueError, match="does not vary"):
        lmg([[1, 0.0], [0.0, 0.0]])
    with pytest.raises(ValueError, match="repeat each other"):
        lmg([[1, 0.5, 0.5], [0.5, 1, 1], [0.5, 1, 1]])
    with pytest.raises(ValueError, match="not symmetric"):
        lmg([[1, 0.5], [0.4, 1]])
    with pytest.raises(ValueError, match="outcome"):
        lmg([[1, 0.5], [0.5, 1]], outcome=2)
