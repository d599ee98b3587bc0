"""Numbers as wild as a district can be: never NaN where something is known, never a variance below 0, never a crash.

What the tests beside the formulas do not try already: halves of classes, response by class, tipping odds, score
intervals, dispersion, value added, verdicts on change, raters, and errors that differ by a factor of 1e9.
"""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.measurement.statistics.change import pair_waves
from survey_app.measurement.statistics.change_verdicts import change_verdicts
from survey_app.measurement.statistics.class_correlation import HalfSample, design_effect, group_correlation
from survey_app.measurement.statistics.dispersion import fit_prior, moderated_variance
from survey_app.measurement.statistics.inequality import between_school_inequality
from survey_app.measurement.statistics.nonresponse import nonresponse_error, r_indicator, tipping_odds
from survey_app.measurement.statistics.rank_sets import marginal_rank_sets, simultaneous_rank_sets
from survey_app.measurement.statistics.raters import rater_agreement
from survey_app.measurement.statistics.residual_gain import residual_gains
from survey_app.measurement.statistics.score_intervals import df_for_half_width, satterthwaite_df, score_interval

POINTS, SHARE = st.floats(0, 100), st.floats(0, 1)
ERROR = st.one_of(st.just(0.0), st.sampled_from([1e-9, 1e-6, 1.0, 1e3]), st.floats(1e-9, 30))
DF = st.one_of(st.just(math.inf), st.floats(0.01, 1e6))
SIZES = st.lists(st.integers(0, 60), min_size=0, max_size=6).map(tuple)
HALF = st.builds(HalfSample, st.integers(0, 200), POINTS, st.floats(0, 2500), SIZES)


@given(st.lists(st.tuples(HALF, HALF), max_size=6))
def test_class_correlations_lie_between_nothing_and_one(pairs: list[tuple[HalfSample, HalfSample]]) -> None:
    """All classes in one half, one class, one person, nobody: no figure, or one between 0 and 1."""
    found = group_correlation(pairs)
    if found is not None:
        assert 0 <= found.correlation <= 1
        assert found.variance >= 0
        assert float(design_effect(24.0, found.correlation)) >= 1


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 90)), max_size=12))
def test_response_by_class_is_never_more_alike_than_equal(classes: list[tuple[int, int]]) -> None:
    found = r_indicator([size for size, _ in classes], [answered for _, answered in classes])
    if sum(size for size, _ in classes) < 2:
        assert math.isnan(found)
    else:
        assert -1.5 <= found <= 1


@given(SHARE, SHARE, SHARE, st.floats(0, 3), ERROR, st.floats(1, 10))
def test_tipping_odds_are_at_least_one(a: float, b: float, line: float, rate: float, sd: float, odds: float) -> None:
    assert tipping_odds(min(a, b), max(a, b), line, rate, sd) >= 1
    assert nonresponse_error(rate, odds, sd) >= 0


@given(SHARE, ERROR, DF, SHARE)
def test_score_intervals_hold_the_figure_and_stay_on_the_scale(p: float, error: float, df: float, width: float) -> None:
    limits = score_interval(p, error, df)
    assert 0 <= limits.low <= p <= limits.high <= 1
    assert 0 < df_for_half_width(p, error, df, width / 2) <= df


@given(st.lists(st.tuples(ERROR.map(lambda error: error**2), DF), max_size=6))
def test_degrees_of_freedom_lie_between_the_least_and_the_sum(parts: list[tuple[float, float]]) -> None:
    found = satterthwaite_df([part for part, _ in parts], [df for _, df in parts])
    assert found >= min((df for part, df in parts if part > 0), default=0.0) * (1 - 1e-9)
    assert found <= max(sum(df for _, df in parts), 0 if parts else math.inf) * (1 + 1e-9)


@given(
    st.lists(st.tuples(st.one_of(st.just(0.0), st.floats(1e-12, 1.2)), st.floats(0, 500)), max_size=8),
    SHARE, st.integers(1, 500), st.floats(0, 40),
)  # fmt: skip
def test_borrowed_dispersion_is_a_variance(
    cells: list[tuple[float, float]], mean: float, n: int, own_df: float
) -> None:
    prior = fit_prior([value for value, _ in cells], [df for _, df in cells])
    value, df = prior.moderate(0.1, own_df)
    assert 0 <= value < math.inf
    assert df > 0
    assert 0 <= moderated_variance(mean, value, n, 1.96) < math.inf


@given(st.lists(st.tuples(POINTS, ERROR, POINTS, ERROR, DF), min_size=1, max_size=8))
@settings(max_examples=60)
def test_every_change_has_a_verdict(schools: list[tuple[float, float, float, float, float]]) -> None:
    before, error_before, after, error_after, df = (np.array(column) for column in zip(*schools, strict=True))
    found = change_verdicts(pair_waves(before, error_before, after, error_after), df)
    assert not np.isnan(found.p_value).any()
    assert ((found.p_adjusted >= found.p_value - 1e-12) & (found.p_adjusted <= 1)).all()
    assert ((found.low <= found.difference) & (found.difference <= found.high)).all()


@given(st.lists(st.tuples(POINTS, ERROR, POINTS, ERROR, st.sampled_from("ab")), min_size=3, max_size=12))
@settings(max_examples=60, deadline=None)
def test_value_added_is_shrunken_and_its_interval_holds_it(
    schools: list[tuple[float, float, float, float, str]],
) -> None:
    """E16: one school with an error of 0 blanked the list, errors of 1e-9 divided by zero."""
    before, error_before, after, error_after, category = (list(column) for column in zip(*schools, strict=True))
    found = residual_gains(pair_waves(before, error_before, after, error_after), category, min_schools=3)
    modelled = found.is_modelled
    assert np.isfinite(found.gain[modelled]).all()
    assert (found.low[modelled] <= found.gain[modelled]).all()
    assert (found.gain[modelled] <= found.high[modelled]).all()
    assert found.between_variance >= 0
    assert np.isnan(found.gain[~modelled]).all()


@given(st.lists(st.tuples(POINTS, ERROR), min_size=1, max_size=7))
@settings(max_examples=40, deadline=None)
def test_rank_sets_are_symmetric_whatever_the_errors(schools: list[tuple[float, float]]) -> None:
    value, error = (np.array(column) for column in zip(*schools, strict=True))
    p = len(value)
    for function in (marginal_rank_sets, simultaneous_rank_sets):
        found, mirrored = function(value, error), function(-value, error)
        assert (found.low == p + 1 - mirrored.high).all()
        assert ((found.low >= 1) & (found.low <= found.high) & (found.high <= p)).all()
    spread = between_school_inequality(value, error)
    assert math.isnan(spread.cv) or spread.cv >= 0


@given(st.integers(2, 6), st.integers(2, 4), st.data())
def test_raters_have_a_variance(targets: int, raters: int, data: st.DataObject) -> None:
    table = np.array([[data.draw(st.integers(1, 5)) for _ in range(raters)] for _ in range(targets)], dtype=float)
    if np.ptp(table.mean(axis=1)) > 0:
        found = rater_agreement(table)
        assert found.rater_variance >= 0
        assert found.error_variance >= 0
