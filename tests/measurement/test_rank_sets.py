"""Rank sets: hand cases, what theory promises, and how long three hundred schools take."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import special

from survey_app.measurement.statistics.max_studentized_difference import OneSidedTests, max_studentized_difference_cdf
from survey_app.measurement.statistics.multiplicity import holm_adjust
from survey_app.measurement.statistics.rank_sets import (
    Award,
    RankSets,
    classify_awards,
    competition_ranks,
    marginal_rank_sets,
    marginal_rank_sets_holm,
    simultaneous_rank_sets,
    top_set,
)
from testing.processes import cpu_seconds

METHODS: list[Callable[..., RankSets]] = [marginal_rank_sets, marginal_rank_sets_holm, simultaneous_rank_sets]
Method = Callable[..., RankSets]
Sample = tuple[NDArray[np.float64], NDArray[np.float64]]


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    """Two to nine schools with printed composites, some tied, and errors, some of them 0."""
    p = draw(st.integers(2, 9))
    values = draw(st.lists(st.integers(6000, 9500), min_size=p, max_size=p))
    errors = draw(st.lists(st.sampled_from([0.0, 0.05, 0.4, 0.8, 1.0, 1.7, 3.0]), min_size=p, max_size=p))
    return np.array(values) / 100, np.array(errors)


def contains(outer: RankSets, inner: RankSets) -> bool:
    return bool((outer.low <= inner.low).all() and (inner.high <= outer.high).all())


def test_ties_share_a_rank_and_the_next_is_skipped() -> None:
    assert competition_ranks([80.0, 90.0, 90.0, 70.0]).tolist() == [3, 1, 1, 4]


@pytest.mark.parametrize("method", METHODS)
def test_one_school_and_none(method: Method) -> None:
    assert method([80.0], [1.0]).high.tolist() == [1]
    assert method([], []).low.tolist() == []


@pytest.mark.parametrize("method", METHODS)
def test_two_schools_differ_from_z_1_96_on(method: Method) -> None:
    """Two one-sided tests at 2.5 % each: 1.96 errors of the difference, which are √2."""
    assert method([82.78, 80.0], [1.0, 1.0]).high.tolist() == [1, 2]
    assert method([82.77, 80.0], [1.0, 1.0]).high.tolist() == [2, 2]


@pytest.mark.parametrize("method", METHODS)
def test_without_error_differences_are_certain_and_ties_open(method: Method) -> None:
    sets = method([80.0, 80.0, 79.99, 95.0], [0.0, 0.0, 0.0, 0.0])
    assert sets.low.tolist() == [2, 2, 4, 1]
    assert sets.high.tolist() == [3, 3, 4, 1]


@pytest.mark.parametrize("method", METHODS)
def test_one_error_zero_is_an_ordinary_test(method: Method) -> None:
    assert method([81.97, 80.0], [0.0, 1.0]).high.tolist() == [1, 2]
    assert method([81.95, 80.0], [1.0, 0.0]).high.tolist() == [2, 2]


def test_exact_sets_are_narrower_than_holm_where_differences_are_close() -> None:
    """The middle of three, 2.22 errors from both others: Dunnett's 95 % point is 2.2121, Holm's first 2.2414."""
    step = np.sqrt(2) * 2.22
    values, errors = [80.0 + step, 80.0, 80.0 - step], [1.0, 1.0, 1.0]
    exact, holm = marginal_rank_sets(values, errors), marginal_rank_sets_holm(values, errors)
    assert (exact.low.tolist(), exact.high.tolist()) == ([1, 2, 3], [1, 2, 3])
    assert (holm.low.tolist(), holm.high.tolist()) == ([1, 1, 3], [1, 3, 3])


@pytest.mark.parametrize(("p", "critical"), [(1, 1.96), (2, 2.21), (3, 2.35), (4, 2.44), (5, 2.51), (9, 2.69)])
def test_max_studentized_difference_has_dunnetts_critical_values(p: int, critical: float) -> None:
    """Dunnett (1964), two-sided 5 % points, infinite degrees of freedom, p treatments and a control, two decimals."""
    everyone = np.ones(p, dtype=np.bool_)
    tests = OneSidedTests(1.0, np.ones(p), everyone, everyone)
    assert (
        max_studentized_difference_cdf(tests, critical - 0.005)
        < 0.95
        < max_studentized_difference_cdf(tests, critical + 0.005)
    )


def test_max_studentized_difference_against_a_fine_sum() -> None:
    errors, above = np.array([0.002, 0.3, 1.0, 7.0]), np.array([True, True, False, True])
    below = np.array([True, False, True, True])
    z = np.linspace(-9, 9, 400_001)
    shift, bound = z[None, :] / errors[:, None], (2.1 * np.hypot(1, 1 / errors))[:, None]
    upper = np.where(above[:, None], special.ndtr(bound + shift), 1.0)
    lower = np.where(below[:, None], special.ndtr(shift - bound), 0.0)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) * (z[1] - z[0])
    reference = float(density @ np.prod(upper - lower, axis=0))
    assert max_studentized_difference_cdf(OneSidedTests(1.0, errors, above, below), 2.1) == pytest.approx(
        reference, abs=1e-9
    )


def test_a_school_known_without_error_bounds_the_hub() -> None:
    """One other school, error 0: the difference is the hub's own error."""
    yes, no = np.array([True]), np.array([False])
    one_sided = OneSidedTests(2.0, np.array([0.0]), yes, no)
    assert max_studentized_difference_cdf(one_sided, 1.5) == pytest.approx(special.ndtr(1.5), abs=1e-9)
    assert max_studentized_difference_cdf(OneSidedTests(2.0, np.array([0.0]), no, no), 1.5) == 1.0


@given(samples())
@settings(max_examples=60, deadline=None)
def test_sets_contain_the_rank_and_each_other(sample: Sample) -> None:
    exact, holm, list_wide = (method(*sample) for method in METHODS)
    for sets in (exact, holm, list_wide):
        assert (sets.low <= sets.rank).all()
        assert (sets.rank <= sets.high).all()
    assert contains(holm, exact)
    assert contains(list_wide, holm)


@given(samples(), st.sampled_from([0.9, 0.5, 0.05]))
@settings(max_examples=60, deadline=None)
def test_smaller_errors_never_widen_a_set(sample: Sample, factor: float) -> None:
    values, errors = sample
    for method in METHODS:
        assert contains(method(values, errors), method(values, factor * errors))
    assert (top_set(values, errors, 2) | ~top_set(values, factor * errors, 2)).all()


@given(samples(), st.permutations(range(9)))
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_schools_does_not_matter(sample: Sample, places: list[int]) -> None:
    values, errors = sample
    order = [place for place in places if place < len(values)]
    for method in METHODS:
        sets, moved = method(values, errors), method(values[order], errors[order])
        assert sets.low[order].tolist() == moved.low.tolist()
        assert sets.high[order].tolist() == moved.high.tolist()
    assert top_set(values, errors, 1)[order].tolist() == top_set(values[order], errors[order], 1).tolist()


@given(samples())
@settings(max_examples=60, deadline=None)
def test_turning_the_scale_round_turns_the_sets_round(sample: Sample) -> None:
    values, errors = sample
    for method in METHODS:
        sets, turned = method(values, errors), method(-values, errors)
        assert turned.low.tolist() == (len(values) + 1 - sets.high).tolist()


@given(samples(), st.integers(1, 9))
@settings(max_examples=60, deadline=None)
def test_top_set_has_the_best_and_grows_with_the_places(sample: Sample, q: int) -> None:
    values, errors = sample
    members = top_set(values, errors, q)
    assert members[competition_ranks(values) <= q].all()
    assert (~members | top_set(values, errors, q + 1)).all()


def test_sets_cover_the_true_rank() -> None:
    """Five equal schools and two apart: a wrong set in at most 5 % of samples (here 400, limit 8 %)."""
    draw = np.random.default_rng(20240)
    truth, errors = np.array([82.0, 80.0, 80.0, 80.0, 80.0, 80.0, 78.0]), np.array([1.0, 0.5, 1.0, 2.0, 1.5, 0.7, 1.0])
    best, worst = competition_ranks(truth), 8 - competition_ranks(-truth)
    missed = np.zeros(7)
    for _ in range(400):
        sets = marginal_rank_sets(truth + errors * draw.standard_normal(7), errors)
        missed += (sets.low > best) | (sets.high < worst)
    assert missed.max() / 400 < 0.08


def test_ties_without_error_may_all_be_the_best() -> None:
    assert top_set([80.0, 80.0, 79.0], [0.0, 0.0, 0.0], q=1).tolist() == [True, True, False]


def test_awards_are_read_from_the_sets() -> None:
    assert classify_awards([1, 1, 3, 4], [1, 3, 4, 4], 2) == (Award.CERTAIN, Award.POSSIBLE, Award.OUT, Award.OUT)


def test_holm_by_hand_leaves_blanks_out() -> None:
    """0.01 × 3, 0.02 × 2, 0.5 × 1; the blank is no test."""
    np.testing.assert_allclose(holm_adjust([0.5, np.nan, 0.01, 0.02]), [0.5, np.nan, 0.03, 0.04])


@pytest.mark.parametrize(
    ("values", "errors", "level", "sentence"),
    [
        ([80.0, np.nan], [1.0, 1.0], 0.95, "leave that school out"),
        ([80.0, 81.0], [1.0, -1.0], 0.95, "below 0"),
        ([80.0, 81.0], [1.0], 0.95, "differ in length"),
        ([80.0, 81.0], [1.0, 1.0], 95.0, "between 0 and 1"),
    ],
)
def test_what_cannot_be_ranked_is_refused(
    values: list[float], errors: list[float], level: float, sentence: str
) -> None:
    for method in METHODS:
        with pytest.raises(ValueError, match=sentence):
            method(values, errors, level)


def test_places_and_sets_must_fit() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        top_set([80.0, 81.0], [1.0, 1.0], 0)
    with pytest.raises(ValueError, match="same rank sets"):
        classify_awards([3], [1], 1)


def test_three_hundred_schools_take_seconds() -> None:
    draw = np.random.default_rng(3)
    errors = draw.uniform(0.5, 2.0, 300)
    values = draw.normal(80, 3, 300) + errors * draw.standard_normal(300)
    start = cpu_seconds()
    sets = marginal_rank_sets(values, errors)
    assert cpu_seconds() - start < 10
    assert contains(marginal_rank_sets_holm(values, errors), sets)


def test_beyond_300_schools_the_ranking_says_that_its_sets_are_holms() -> None:
    from survey_app.measurement.ranking import MAX_SCHOOLS_FOR_EXACT_SETS, compute_rank_sets

    few = tuple(80 + number / 10 for number in range(40))
    assert compute_rank_sets(few, (1.0,) * 40)[0].low.tolist() == marginal_rank_sets(few, [1.0] * 40).low.tolist()
    many = tuple(50 + number / 10 for number in range(MAX_SCHOOLS_FOR_EXACT_SETS + 1))
    errors = (1.0,) * len(many)
    own, whole = compute_rank_sets(many, errors)
    assert own.low.tolist() == marginal_rank_sets_holm(many, errors).low.tolist()
    assert (whole.low <= own.low).all()
    assert (own.high <= whole.high).all()
