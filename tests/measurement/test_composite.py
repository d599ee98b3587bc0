"""Several audiences in one figure, by the weights of the scheme."""

import math

from hypothesis import given
from hypothesis import strategies as st

from survey_app.measurement.composite import Component, estimate_composite
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.strata import IndexEstimate
from survey_app.measurement.two_errors import without_sampling
from testing.people import index_with_errors

WEIGHTS = {"parent": 50.0, "student": 30.0, "teacher": 20.0}
METHOD = MeasurementSettings(min_n_for={"teacher": 5})
Z = 1.959963984540054


def component(audience: str, points: float, se: float | None = 1.0, n: int = 40, rate: float = 0.5) -> Component:
    return Component(audience, index_with_errors(points, se), n, rate, verified=True)


ALL = [component("parent", 80, 2), component("student", 90, 1), component("teacher", 70, 3, n=5)]


def test_the_weighted_mean_and_its_errors() -> None:
    found = estimate_composite(ALL, WEIGHTS, {}, METHOD)
    # .5·80 + .3·90 + .2·70 = 81; √(1² + .3² + .6²) = √1.45; with the corrected errors half of it
    assert found.index.points == 81
    assert math.isclose(found.index.se or 0, math.sqrt(1.45))
    assert math.isclose(found.index.se_corrected or 0, math.sqrt(1.45) / 2)
    # the errors of the parts are se/2 and se for year and level, known exactly: score interval with z
    assert math.isclose(found.index.se_year or 0, math.sqrt(1.45) / 2)
    assert math.isclose(found.index.se_level or 0, math.sqrt(1.45))
    assert math.isclose(found.index.low or 0, 81 - Z * math.sqrt(1.45) / 2, abs_tol=0.03)
    assert math.isclose(found.index.high or 0, 81 + Z * math.sqrt(1.45) / 2, abs_tol=0.03)
    assert (found.audiences, found.flags, found.missing) == (("parent", "student", "teacher"), frozenset(), ())


def test_an_audience_below_the_limit_is_left_out() -> None:
    found = estimate_composite(
        [ALL[0], component("student", 0, n=9), component("teacher", 0, n=4)], WEIGHTS, {}, METHOD
    )
    assert found.index.points == 80
    assert found.index.se == 2
    assert found.flags == {"missing_audience"}
    assert found.missing == ("student", "teacher")


def test_more_answers_than_people_are_flagged_beyond_five_percent() -> None:
    """E3: a response rate of 300 % passed the gate for ranking."""
    assert estimate_composite([component("parent", 80, rate=1.05)], WEIGHTS, {}, METHOD).is_comparable
    stuffed = estimate_composite([component("parent", 80, rate=3.0)], WEIGHTS, {}, METHOD)
    assert stuffed.flags == {"overcount"}
    assert not stuffed.is_comparable


def test_an_audience_that_was_not_asked_is_not_missing() -> None:
    found = estimate_composite([ALL[0], ALL[2]], WEIGHTS, {}, METHOD)
    # (50·80 + 20·70)/70 = 77.142857
    assert math.isclose(found.index.points or 0, 5400 / 70)
    assert found.flags == frozenset()


def test_an_audience_outside_the_scheme_does_not_count() -> None:
    found = estimate_composite(ALL, {"parent": 100.0}, {}, METHOD)
    assert (found.index.points, found.audiences, found.flags) == (80, ("parent",), frozenset())


def test_low_response_is_flagged_and_keeps_its_weight() -> None:
    found = estimate_composite(ALL, WEIGHTS, {"parent": 0.51, "student": 0.5}, METHOD)
    assert found.flags == {"low_response"}
    assert found.index.points == 81


def test_open_links_are_flagged() -> None:
    opened = Component("parent", index_with_errors(80, 2), 40, 0.5)
    assert estimate_composite([opened, *ALL[1:]], WEIGHTS, {}, METHOD).flags == {"unverified"}


def test_inspectors_are_no_sample() -> None:
    inspector = Component("inspector", IndexEstimate(60, errors=without_sampling(0.6, 0.06)), 1, None)
    found = estimate_composite([ALL[0], inspector], {"parent": 50.0, "inspector": 50.0}, {}, METHOD)
    assert found.index.points == 70
    assert found.index.se == 1  # half of 2; raw, the inspectors' error is 0
    assert math.isclose(found.index.se_level or 0, math.hypot(1, 3))  # half of the raters' 6 points
    assert found.flags == {"assumed_rater"}


def test_without_an_error_there_is_no_interval_and_without_anybody_no_figure() -> None:
    found = estimate_composite([ALL[0], component("student", 90, None)], WEIGHTS, {}, METHOD)
    assert math.isclose(found.index.points or 0, (50 * 80 + 30 * 90) / 80)
    assert (found.index.se, found.index.low, found.index.high) == (None, None, None)
    nobody = estimate_composite([Component("parent", IndexEstimate(), 0, 0.0, True)], WEIGHTS, {}, METHOD)
    assert nobody.index == IndexEstimate()
    assert nobody.missing == ("parent",)


points = st.floats(0, 100)


@given(st.lists(points, min_size=3, max_size=3), st.lists(st.floats(0.1, 100), min_size=3, max_size=3))
def test_a_composite_lies_between_its_parts_and_only_the_ratio_of_weights_counts(
    values: list[float], weights: list[float]
) -> None:
    parts = [component(audience, value) for audience, value in zip(WEIGHTS, values, strict=True)]
    stated = dict(zip(WEIGHTS, weights, strict=True))
    found = estimate_composite(parts, stated, {}, MeasurementSettings()).index.points or 0.0
    assert min(values) - 1e-9 <= found <= max(values) + 1e-9
    doubled = estimate_composite(
        parts, {name: 2 * weight for name, weight in stated.items()}, {}, MeasurementSettings()
    ).index.points
    assert math.isclose(doubled or 0.0, found, abs_tol=1e-9)
