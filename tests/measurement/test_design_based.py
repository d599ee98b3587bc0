"""Samples: hand cases of totals, means, post-stratification and raking; R's figures are in test_published."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.measurement.statistics.calibration import post_stratify, rake
from survey_app.measurement.statistics.design_based import estimate_mean, estimate_ratio, estimate_total, kish_deff
from survey_app.measurement.statistics.sampling import sample_design

VALUES = st.lists(st.floats(0, 100), min_size=3, max_size=15)


@given(VALUES)
def test_simple_random_mean_has_the_textbook_error(values: list[float]) -> None:
    n = len(values)
    found = estimate_mean(sample_design(np.full(n, 4.0), population=np.full(n, 4.0 * n)), values)
    assert found.value == pytest.approx(np.mean(values), abs=1e-9)
    assert found.error == pytest.approx(np.std(values, ddof=1) / n**0.5 * 0.75**0.5, abs=1e-9)


def test_stratified_mean_by_hand() -> None:
    """Two strata of weights 3/4 and 1/4: error² = .75²·2/2 + .25²·8/2."""
    design = sample_design([3, 3, 1, 1], strata=["a", "a", "b", "b"])
    found = estimate_mean(design, [10.0, 12.0, 20.0, 24.0])
    assert found.value == pytest.approx(0.75 * 11 + 0.25 * 22)
    assert found.error == pytest.approx((0.75**2 * 1 + 0.25**2 * 4) ** 0.5)


def test_clusters_by_hand() -> None:
    """Cluster totals 6 and 10 of ten clusters: error of the total is √((1 − .2)·2·8)·5."""
    design = sample_design([5.0] * 4, clusters=[1, 1, 2, 2], population=[10.0] * 4)
    found = estimate_total(design, [2.0, 4.0, 5.0, 5.0])
    assert found.value == 80
    assert found.error == pytest.approx(5 * (0.8 * 2 * 8) ** 0.5)


def test_a_census_has_no_error_and_a_single_cluster_none_that_is_known() -> None:
    assert estimate_total(sample_design([1.0, 1.0], population=[2.0, 2.0]), [3.0, 9.0]).error == 0
    assert np.isnan(estimate_total(sample_design([2.0, 2.0], clusters=[1, 1]), [3.0, 9.0]).error)


def test_equal_cluster_labels_in_two_strata_are_two_clusters() -> None:
    design = sample_design([1.0] * 4, strata=["a", "a", "b", "b"], clusters=[1, 2, 1, 2])
    assert len(np.unique(design.clusters)) == 4


def test_post_stratification_by_hand() -> None:
    """Errors come from differences within groups only: here there are none."""
    design = post_stratify(sample_design([10.0] * 4), ["m", "m", "m", "f"], {"m": 30, "f": 30})
    found = estimate_mean(design, [80.0, 80.0, 80.0, 60.0])
    assert found.value == pytest.approx(70)
    assert found.error == pytest.approx(0, abs=1e-9)


@given(st.integers(0, 500))
def test_raked_weights_meet_every_count(seed: int) -> None:
    draw = np.random.default_rng(seed)
    grade = np.concatenate([["1", "2", "3"] * 2, draw.choice(["1", "2", "3"], 40)])
    parent = np.concatenate([["m"] * 3, ["f"] * 3, draw.choice(["m", "f"], 40)])
    counts = ({"1": 100.0, "2": 150.0, "3": 50.0}, {"m": 160.0, "f": 140.0})
    fitted = rake(sample_design(np.ones(46)), [(grade, counts[0]), (parent, counts[1])], tolerance=1e-9)
    for labels, wanted in ((grade, counts[0]), (parent, counts[1])):
        for name, count in wanted.items():
            assert fitted.weights[labels == name].sum() == pytest.approx(count, abs=1e-6)
    assert estimate_total(fitted, (grade == "2").astype(float)).error == pytest.approx(0, abs=1e-6)


def test_counts_must_fit_the_sample() -> None:
    design = sample_design([1.0, 1.0])
    with pytest.raises(ValueError, match=r"do not match \(b, c\)"):
        post_stratify(design, ["a", "b"], {"a": 1, "c": 1})
    with pytest.raises(ValueError, match="not above 0"):
        post_stratify(design, ["a", "b"], {"a": 1, "b": 0})
    with pytest.raises(ValueError, match="cannot be met together"):
        rake(design, [(["a", "b"], {"a": 1, "b": 2}), (["x", "y"], {"x": 2, "y": 1})])
    with pytest.raises(ValueError, match="same population"):
        rake(design, [(["a", "b"], {"a": 1, "b": 2}), (["x", "x"], {"x": 9})])


def test_designs_are_checked() -> None:
    with pytest.raises(ValueError, match="not above 0"):
        sample_design([1.0, 0.0])
    with pytest.raises(ValueError, match="more clusters in the sample"):
        sample_design([1.0, 1.0], population=[1.0, 1.0])
    with pytest.raises(ValueError, match="strata has shape"):
        sample_design([1.0, 1.0], strata=["a"])
    with pytest.raises(ValueError, match="adds up to 0"):
        estimate_ratio(sample_design([1.0, 1.0]), [1.0, 1.0], [0.0, 0.0])


def test_kish_deff_is_one_for_equal_weights() -> None:
    assert kish_deff([3.0, 3.0, 3.0]) == 1
    assert kish_deff([1.0, 3.0]) == pytest.approx(2 * 10 / 16)
    with pytest.raises(ValueError, match="all 0"):
        kish_deff([0.0])
