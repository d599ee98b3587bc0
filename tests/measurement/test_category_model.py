"""Schools of a category: outliers, bands, rank probabilities, changes, value added, drivers; simulated and fuzzed."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from survey_app.measurement.statistics.category_model import (
    deleted_residuals,
    distances_from_others,
    pooled_between_variance,
    shrunken_means,
)
from survey_app.measurement.statistics.change import pair_waves
from survey_app.measurement.statistics.change_verdicts import ChangeVerdict, change_verdicts
from survey_app.measurement.statistics.cross_products import CrossProducts
from survey_app.measurement.statistics.driver_intervals import driver_intervals
from survey_app.measurement.statistics.drivers import relative_importance
from survey_app.measurement.statistics.multiplicity import benjamini_hochberg_adjust
from survey_app.measurement.statistics.rank_probabilities import (
    expected_ranks,
    probabilities_of_first,
    probability_of_first,
)
from survey_app.measurement.statistics.rank_sets import marginal_rank_sets, simultaneous_rank_sets, top_set
from survey_app.measurement.statistics.residual_gain import residual_gains
from survey_app.measurement.statistics.shrinkage import der_simonian_laird, paule_mandel

WILD = st.lists(
    st.tuples(st.floats(0, 100), st.sampled_from([1e-9, 1e-6, 0.01, 0.5, 1.0, 5.0, 20.0])), min_size=3, max_size=12
)


@pytest.mark.parametrize("p", [5, 10, 20])
def test_outliers_fire_as_often_as_they_say(p: int) -> None:
    """E1: the winsorised z fired in 11–12 % of schools from ten on, and below ten hardly ever."""
    chance, fired, alarms, rounds = np.random.default_rng(p), 0, 0, 8000 // p
    for _ in range(rounds):
        errors = chance.uniform(0.7, 2.0, p)
        found = deleted_residuals(80 + chance.normal(0, 4, p) + chance.normal(0, errors), errors)
        fired += int((found.p_value <= 0.05).sum())
        alarms += int((np.abs(found.zone()) == 2).sum())
    assert 0.035 <= fired / (rounds * p) <= 0.065
    assert alarms / (rounds * p) <= 0.005


def test_one_terrible_school_among_nine_is_found() -> None:
    """E1: a school 60 points below eight equal ones could not be an alarm, as it widened its own limits."""
    found = deleted_residuals([80.0] * 8 + [20.0], [1.0] * 9)
    assert found.zone().tolist() == [0] * 8 + [-2]


def test_a_pooled_variance_gives_small_categories_their_power() -> None:
    value, error = [80.0, 81.0, 79.0, 60.0], [1.0] * 4
    own = deleted_residuals(value, error)
    pooled = deleted_residuals(value, error, pooled=(4.0, 20))
    assert (own.df, pooled.df) == (2, 20)
    assert pooled.zone()[-1] == -2
    with pytest.raises(ValueError, match="at least 3"):
        deleted_residuals([80.0, 81.0], [1.0, 1.0])


def test_one_terrible_school_makes_nobody_good() -> None:
    """2.4: against a mean that holds it, a school of 20 made the others A; without their own figure they are B."""
    found = distances_from_others([80.0, 80.3, 79.8, 60.0], [1.0] * 4, [400] * 4)
    assert found.bands()[3] == "C"
    others = distances_from_others([80.0, 80.3, 79.8], [1.0] * 3, [400] * 3)
    assert others.bands() == ("B", "B", "B")


def test_equal_schools_are_rarely_a_or_c() -> None:
    chance, wrong, rounds = np.random.default_rng(8), 0, 600
    for _ in range(rounds):
        errors = chance.uniform(0.5, 2.0, 20)
        found = distances_from_others(80 + chance.normal(0, errors), errors, chance.integers(50, 900, 20))
        wrong += set(found.bands()) != {"B"}
    assert wrong / rounds <= 0.06


def test_bands_of_few_schools() -> None:
    assert distances_from_others([80.0], [1.0], [10]).bands() == ("B",)
    assert distances_from_others([80.0, 80.0], [0.0, 0.0], [10, 10]).bands() == ("B", "B")
    assert distances_from_others([81.0, 80.0], [0.0, 0.0], [0, 0]).bands() == ("A", "C")


def test_variance_of_several_small_categories() -> None:
    chance, found = np.random.default_rng(4), []
    for _ in range(300):
        category = np.repeat(range(8), 4)
        errors = chance.uniform(0.5, 1.5, 32)
        value = 80 + 5 * category + chance.normal(0, 3, 32) + chance.normal(0, errors)
        found.append(pooled_between_variance(value, errors, category)[0])
    assert np.mean(found) == pytest.approx(9.0, abs=0.6)
    assert pooled_between_variance([80.0, 90.0], [1.0, 1.0], ["a", "b"]) == (0.0, 0)


@given(WILD)
@settings(max_examples=60)
def test_errors_of_very_different_size_are_no_trouble(schools: list[tuple[float, float]]) -> None:
    """E16: one error of 1e-9 among others divided by zero; nothing is NaN, negative or outside its range."""
    value, error = (np.array(column) for column in zip(*schools, strict=True))
    for method in (der_simonian_laird, paule_mandel):
        effects = method(value, error)
        assert effects.tau2 >= 0
        assert value.min() - 1e-6 <= effects.mean <= value.max() + 1e-6
        shrunken = shrunken_means(value, error, effects)
        assert np.isfinite(shrunken.mean).all()
        assert ((shrunken.reliability >= 0) & (shrunken.reliability <= 1) & (shrunken.variance >= 0)).all()
    residual = deleted_residuals(value, error)
    assert np.isfinite(residual.t).all()
    assert ((residual.p_value >= 0) & (residual.p_value <= 1)).all()
    distance = distances_from_others(value, error, np.ones(len(value)))
    assert np.isfinite(distance.p_adjusted).all()
    ranks = expected_ranks(value, error**2)
    assert ranks.sum() == pytest.approx(len(value) * (len(value) + 1) / 2)
    likely = probability_of_first(value, error**2, 2)
    assert (probabilities_of_first(value, error**2, (1, 2, 99))[1] == likely).all()
    assert ((likely >= 0) & (likely <= 1 + 1e-9)).all()


@given(st.lists(st.tuples(st.floats(60, 100), st.floats(0.01, 5)), min_size=3, max_size=10))
@settings(max_examples=40)
def test_rank_sets_mirror(schools: list[tuple[float, float]]) -> None:
    value, error = (np.array(column) for column in zip(*schools, strict=True))
    p = len(value)
    for function in (marginal_rank_sets, simultaneous_rank_sets):
        found, mirrored = function(value, error), function(-value, error)
        assert (found.low == p + 1 - mirrored.high).all()
    may_be = top_set(value, error, 1)
    assert may_be[int(np.argmax(value))]


def test_what_is_possible_is_sharper_than_simultaneous_sets() -> None:
    """F9: "possible" is the τ-best set; counting simultaneous sets never leaves fewer."""
    chance = np.random.default_rng(2)
    value, error = 80 + chance.normal(0, 3, 30), np.full(30, 1.0)
    assert top_set(value, error, 5).sum() <= (simultaneous_rank_sets(value, error).low <= 5).sum()


def test_chances_are_exact_where_some_errors_are_tiny_and_some_are_none() -> None:
    """Of two schools it is Φ(d/√(v₁ + v₂)); among figures without error, where the school lies against each of them."""
    for errors in ((0.01, 5.0), (5.0, 0.01), (0.02, 0.02), (20.0, 0.015)):
        first = special.ndtr(0.05 / math.hypot(*errors))
        found = probability_of_first([80.05, 80.0], np.square(errors), 1)
        assert found == pytest.approx([first, 1 - first], abs=1e-12)
    mixed = probability_of_first([80.0, 80.0, 79.0, 78.0, 78.0], [0.0, 0.0, 1.0, 0.0, 0.0], 1)
    above = 1 - special.ndtr(1.0)
    assert mixed == pytest.approx([(1 - above) / 2, (1 - above) / 2, above, 0, 0], abs=1e-12)
    chance = np.random.default_rng(5)
    many = probability_of_first(chance.normal(80, 4, 150), chance.uniform(0.01, 3, 150) ** 2, 50)
    assert many.sum() == pytest.approx(50, abs=1e-9)
    assert ((many >= 0) & (many <= 1)).all()


def test_equal_schools_share_the_places() -> None:
    assert probability_of_first([80.0] * 5, [1.0] * 5, 2) == pytest.approx([0.4] * 5)
    assert probability_of_first([80.0] * 5, [0.0] * 5, 2) == pytest.approx([0.4] * 5)
    with pytest.raises(ValueError, match="1 or more"):
        probability_of_first([80.0], [1.0], 0)


def test_value_added_extremes_do_not_depend_on_size() -> None:
    """E7: with no true gain at all, 17.6 % of the smallest quarter and none of the largest were called extreme."""
    chance, small, large, rounds = np.random.default_rng(7), 0, 0, 80
    for _ in range(rounds):
        n = np.geomspace(20, 500, 40)
        truth, error = 80 + chance.normal(0, 4, 40), 15 / np.sqrt(n)
        waves = pair_waves(truth + chance.normal(0, error), error, truth + chance.normal(0, error), error)
        found = residual_gains(waves, ["primary"] * 40)
        small, large = small + int((found.sign[:10] != 0).sum()), large + int((found.sign[30:] != 0).sum())
    assert small / (10 * rounds) <= 0.06
    assert large / (10 * rounds) <= 0.06


def test_value_added_finds_what_is_there_and_shrinks_what_is_not_known() -> None:
    """F4: true gains of SD 2: raw error 2.56, shrunken about 1.56."""
    chance, raw, shrunken, rounds = np.random.default_rng(6), 0.0, 0.0, 60
    for _ in range(rounds):
        error = 15 / np.sqrt(np.geomspace(20, 500, 40))
        truth, gain = 80 + chance.normal(0, 4, 40), chance.normal(0, 2, 40)
        waves = pair_waves(truth + chance.normal(0, error), error, truth + gain + chance.normal(0, error), error)
        found = residual_gains(waves, ["primary"] * 40)
        assert (found.low <= found.gain).all()
        shrunken += float(((found.gain - gain) ** 2).mean())
        raw += float(((waves.difference - waves.difference.mean() - gain) ** 2).mean())
    assert (shrunken / rounds) ** 0.5 < 0.75 * (raw / rounds) ** 0.5


def test_value_added_of_odd_lists() -> None:
    """E16: a school with error 0 is left out, not the list; equal schools get 0; small categories are not modelled."""
    errors = [0.0] + [1.0] * 24
    waves = pair_waves([80.0] * 25, errors, [82.0] * 25, errors)
    found = residual_gains(waves, ["a"] * 25)
    assert found.between_variance == 0
    assert np.isnan(found.gain[0])
    assert found.gain[1:] == pytest.approx(0)
    assert not residual_gains(pair_waves([80.0] * 5, [1.0] * 5, [82.0] * 5, [1.0] * 5), ["a"] * 5).is_modelled.any()
    with pytest.raises(ValueError, match="at least 3"):
        residual_gains(waves, ["a"] * 25, min_schools=2)


def test_unchanged_schools_are_rarely_called_changed() -> None:
    chance, wrong, rounds = np.random.default_rng(5), 0, 1500
    for _ in range(rounds):
        error = chance.uniform(0.5, 3.0, 10)
        waves = pair_waves(80 + chance.normal(0, error), error, 80 + chance.normal(0, error), error)
        wrong += any(v in (ChangeVerdict.UP, ChangeVerdict.DOWN) for v in change_verdicts(waves).verdict)
    assert wrong / rounds <= 0.06


def test_change_is_up_down_equivalent_undecided_or_unknown() -> None:
    waves = pair_waves(
        [80, 80, 80, 80, np.nan, 80, 80], [0.5, 0.5, 0.5, 3, 1, 0, 0], [86, 74, 80.5, 81, 80, 83, 80],
        [0.5, 0.5, 0.5, 3, 1, 0, 0],
    )  # fmt: skip
    found = change_verdicts(waves)
    assert [str(v) for v in found.verdict] == ["up", "down", "equivalent", "undecided", "unknown", "up", "equivalent"]
    assert found.low[0] == pytest.approx(6 - 1.959964 * 0.5**0.5)
    small = change_verdicts(pair_waves([80.0], [0.2], [82.0], [0.2]))
    assert small.verdict == (ChangeVerdict.EQUIVALENT,)
    assert small.p_adjusted[0] < 0.001
    with pytest.raises(ValueError, match="above 0"):
        change_verdicts(waves, relevant=0)


def test_fewer_degrees_of_freedom_say_less() -> None:
    waves = pair_waves([80.0], [1.0], [84.0], [1.0])
    assert change_verdicts(waves, df=3).p_value[0] > change_verdicts(waves).p_value[0]


@given(st.integers(0, 10_000))
@settings(max_examples=80)
def test_importance_is_never_more_than_everything(seed: int) -> None:
    """E16: thirty persons, half the answers blank: pairwise covariances gave R² above 1 in 82 of 300 tries."""
    chance = np.random.default_rng(seed)
    scores = chance.normal(0, 1, (30, 5)) + chance.normal(0, 1, (30, 1))
    scores[chance.random(scores.shape) < 0.5] = np.nan
    covariance = CrossProducts.from_scores(scores).covariance()
    if not np.isfinite(covariance).all() or not (np.diag(covariance) > 0).all():
        return
    found = relative_importance(covariance)
    assert -1e-9 <= found.r_squared <= 1 + 1e-9
    assert (found.shares >= -1e-9).all()


def test_drivers_are_ordered_only_where_they_differ() -> None:
    """E15: four dimensions without any true difference are put in no order; a real one is found."""
    chance = np.random.default_rng(15)

    def schools(weights: list[float]) -> list[CrossProducts]:
        result = []
        for _ in range(15):
            dimensions = chance.normal(0, 1, (120, 4)) + chance.normal(0, 1, (120, 1))
            overall = dimensions @ weights + chance.normal(0, 1, 120)
            result.append(CrossProducts.from_scores(np.column_stack([overall, dimensions])))
        return result

    alike = driver_intervals(schools([0.3] * 4), draws=150)
    assert alike.is_above.sum() <= 1
    assert (alike.low <= alike.importance.shares).all()
    assert (alike.importance.shares <= alike.high).all()
    clear = driver_intervals(schools([0.9, 0.1, 0.1, 0.1]), draws=150)
    assert clear.is_above[0, 1:].all()
    assert np.isnan(driver_intervals(schools([0.3] * 4)[:2]).low).all()


def test_watch_lists_are_longer_than_sanction_lists() -> None:
    p = [0.001, 0.012, 0.02, 0.04, np.nan, 0.9]
    adjusted = benjamini_hochberg_adjust(p)
    assert adjusted[[0, 1, 2, 3, 5]] == pytest.approx([0.005, 0.03, 1 / 30, 0.05, 0.9])
    assert np.isnan(adjusted[4])
    with pytest.raises(ValueError, match="outside 0–1"):
        benjamini_hochberg_adjust([2.0])
