"""This year and the level: behaviour near the ceiling, in strata, composites, under non-response and in classes."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.distribution.class_halves import deal_halves
from survey_app.measurement.class_sums import ClassSums, HalfCell
from survey_app.measurement.group_sums import GroupSums, combined_rate, rate_groups, satisfied_group
from survey_app.measurement.statistics.change import answers_to_decide
from survey_app.measurement.statistics.class_correlation import mean_group_size
from survey_app.measurement.statistics.dispersion import NOTHING_TO_BORROW, ScaledChiSquarePrior
from survey_app.measurement.statistics.nonresponse import nonresponse_error
from survey_app.measurement.statistics.rank_sets import marginal_rank_sets
from survey_app.measurement.statistics.score_intervals import score_interval
from survey_app.measurement.two_errors import (
    BINOMIAL,
    PersonGroup,
    TwoErrors,
    combine,
    estimate_two_errors,
    fit_dispersion_prior,
    moderate,
    without_sampling,
)

PRIOR = ScaledChiSquarePrior(8.0, 0.12)
HUGE = 10**9
Floats = np.ndarray


def group(scores: Floats, population: int = HUGE) -> PersonGroup:
    """Persons from their scores 0–1."""
    variance = float(scores.var(ddof=1)) if np.ptp(scores) > 1e-12 else 0.0
    low, high = float((scores < 1e-9).sum()), float((scores > 1 - 1e-9).sum())
    return PersonGroup(len(scores), population, float(scores.mean()), variance, low, high)


def estimate(scores: Floats, prior: ScaledChiSquarePrior = PRIOR, population: int = HUGE, **more: float) -> TwoErrors:
    persons = group(scores, population)
    found = estimate_two_errors([persons], persons, prior, len(scores) / population, **more)
    assert found is not None
    return found


def people(chance: np.random.Generator, n: int, top: float) -> Floats:
    """A share of them at the top, the others spread below, as means of eight items."""
    below = np.floor(chance.beta(4, 1.6, n) * 32) / 32
    return np.where(chance.random(n) < top, 1.0, below)


def truth(top: float) -> float:
    return float(people(np.random.default_rng(1), 400_000, top).mean())


@pytest.mark.parametrize("top", [0.6, 0.85])
@pytest.mark.parametrize("n", [10, 20, 40, 100])
@pytest.mark.parametrize("cells", [2, 12])
def test_intervals_near_the_ceiling(top: float, n: int, cells: int) -> None:
    """E5, 2.3: at most 4 % of intervals lie above the truth (6 % for n = 10) and 93 % hold it, borrowing or not."""
    chance, value, above, below, districts = np.random.default_rng([n, cells]), truth(top), 0, 0, 960 // cells
    for _ in range(districts):
        found = [[group(people(chance, n, top))] for _ in range(cells)]
        prior = fit_dispersion_prior(found)
        for one in found:
            figure = estimate_two_errors(one, one[0], prior, 1.0)
            assert figure is not None
            limits = figure.level_interval()
            above, below = above + (limits.low > value), below + (limits.high < value)
    total = districts * cells
    assert above / total <= (0.06 if n == 10 else 0.04)
    assert (above + below) / total <= 0.07


@pytest.mark.parametrize("top", [0.0, 0.6])
def test_a_big_grade_that_answers_little(top: float) -> None:
    """E9: strata of 300, 60, 60 people with 5, 60, 60 answers; with n − 3 degrees of freedom 76–88 % held."""
    chance, value, inside, districts, cells = np.random.default_rng(9), truth(top), 0, 60, 12
    for _ in range(districts):
        found = [
            [group(people(chance, n, top), population) for population, n in ((300, 5), (60, 60), (60, 60))]
            for _ in range(cells)
        ]
        prior = fit_dispersion_prior(found)
        for groups in found:
            figure = estimate_two_errors(groups, groups[1], prior, 1.0)
            assert figure is not None
            limits = figure.level_interval()
            inside += limits.low <= value <= limits.high
    assert inside / (districts * cells) >= 0.93


@pytest.mark.parametrize("prior", [PRIOR, NOTHING_TO_BORROW, ScaledChiSquarePrior(math.inf, 0.2)])
@pytest.mark.parametrize("n", [5, 10, 20, 100, 1000])
def test_one_less_satisfied_person_buys_no_certainty(prior: ScaledChiSquarePrior, n: int) -> None:
    """E5: all at the top, then the first at 98.75, 75 and 0: neither interval nor errors get narrower."""
    unanimous = estimate(np.ones(n), prior)
    for score in (0.9875, 0.75, 0.0):
        one_less = estimate(np.array([1.0] * (n - 1) + [score]), prior)
        assert one_less.level_interval().half_width >= unanimous.level_interval().half_width - 1e-12
        assert one_less.level >= unanimous.level > 0


def test_nineteen_of_twenty_are_not_certain_of_their_rank() -> None:
    """E5: with a variance of its own only, the school's rank set was 1–2 among four competitors."""
    scores = np.array([1.0] * 19 + [0.9875])
    error = 100 * estimate(scores).level
    sets = marginal_rank_sets([99.94, 98.5, 98.0, 97.5, 97.0], [error, 1.0, 1.0, 1.0, 1.0])
    assert sets.high[0] >= 3


def test_a_census_has_a_level_and_no_error_of_this_year() -> None:
    scores = people(np.random.default_rng(3), 60, 0.3)
    census = estimate(scores, population=60)
    assert census.year == 0
    assert census.year_interval().half_width == 0
    assert census.level > 0
    assert census.tipping_odds(0.5) == math.inf


def test_non_response_does_not_shrink_with_size() -> None:
    """Measured bias of 2.16 at 60 % missing, odds × 1.25, SD 16.7; 0 at a census."""
    assert nonresponse_error(0.4, 1.25, 16.7) == pytest.approx(2.2, abs=0.1)
    small, large = (estimate(people(np.random.default_rng(4), n, 0.2), population=2 * n) for n in (50, 5000))
    assert large.nonresponse == pytest.approx(small.nonresponse, rel=0.35)
    assert large.sampling < small.sampling / 5


@pytest.mark.parametrize("size", [60, 450, 1800])
@pytest.mark.parametrize("missing", [0.2, 0.6])
def test_cover_by_size_under_selection(size: int, missing: float) -> None:
    """2.1: with odds × 1.1 the old interval held 98, 97 and 82 % in schools of 60, 450 and 1,800."""
    chance, inside, rounds = np.random.default_rng([size, int(10 * missing)]), 0, 250
    for _ in range(rounds):
        everybody = np.clip(chance.normal(0.8, 0.17, size), 0, 1)
        z = (everybody - everybody.mean()) / everybody.std()
        logit = math.log((1 - missing) / missing) + math.log(1.1) * z
        answered = everybody[chance.random(size) < 1 / (1 + np.exp(-logit))]
        limits = estimate(answered, ScaledChiSquarePrior(20.0, 0.18), population=size).year_interval()
        inside += limits.low <= everybody.mean() <= limits.high
    assert inside / rounds >= 0.92


COMPONENT = st.tuples(
    st.floats(0.05, 1.0), st.floats(0.3, 1.0), st.floats(0.001, 0.08), st.integers(1, 60), st.floats(0.0, 0.05)
)


def part(share: float, error: float, df: float, hidden: float) -> TwoErrors:
    return TwoErrors(share, error, df, hidden, df, error * 1.5, df, 0.15, 0.5)


@given(st.lists(COMPONENT, min_size=1, max_size=4))
@settings(max_examples=150)
def test_a_composite_is_no_surer_than_its_least_certain_part(parts: list[tuple[float, ...]]) -> None:
    """E8: half-width of the composite ≥ weight × half-width of each part, for both errors."""
    weighted = [(weight, part(share, error, df, hidden)) for weight, share, error, df, hidden in parts]
    total = sum(weight for weight, _ in weighted)
    found = combine(weighted)
    assert found is not None
    for weight, one in weighted:
        for own, whole in (
            (one.year_interval(), found.year_interval()),
            (one.level_interval(), found.level_interval()),
        ):
            assert whole.half_width >= weight / total * own.half_width * (1 - 1e-6)
            assert 0 <= whole.low <= found.share <= whole.high <= 1


def test_what_non_response_hides_adds_up_linearly() -> None:
    found = combine([(50, part(0.8, 0.01, 99, 0.02)), (50, part(0.8, 0.01, 99, 0.02))])
    assert found is not None
    assert found.nonresponse == pytest.approx(0.02)
    assert found.sampling == pytest.approx(0.01 / 2**0.5)
    assert combine([]) is None
    assert without_sampling(0.8, 0.06).year == without_sampling(0.8, 0.06).level == 0.06


@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(0, 400), st.integers(0, 30)), min_size=1, max_size=5),
    st.sampled_from([PRIOR, NOTHING_TO_BORROW, BINOMIAL, ScaledChiSquarePrior(math.inf, 0.3)]),
    st.floats(0, 3), st.floats(1, 3), st.floats(1, 60), st.floats(0, 1),
)  # fmt: skip
def test_nothing_is_nan_or_negative(
    grades: list[tuple[int, int, int]], prior: ScaledChiSquarePrior, rate: float, odds: float, size: float, rho: float
) -> None:
    groups = [group(np.array([1.0] * (n - min(k, n)) + [0.25] * min(k, n)), people) for n, people, k in grades]
    together = group(np.concatenate([[1.0] * (n - min(k, n)) + [0.25] * min(k, n) for n, _, k in grades]))
    found = estimate_two_errors(groups, together, prior, rate, odds, size, rho)
    if any(n < 2 for n, _, _ in grades):
        assert found is None
        return
    assert found is not None
    figures = [found.share, found.year, found.level, found.df_year, found.df_level, found.tipping_odds(0.85)]
    assert not any(math.isnan(value) or value < 0 for value in figures)
    for limits in (found.year_interval(), found.level_interval()):
        assert 0 <= limits.low <= found.share + 1e-12
        assert found.share - 1e-12 <= limits.high <= 1
    assert found.level >= found.sampling - 1e-12


def test_met_at_the_line_is_rarely_said() -> None:
    """F8: at a true .85 "met" in at most 4.5 % for n ≥ 20 (Student's interval gave 8.1 % at 20)."""
    chance = np.random.default_rng(85)
    for n in (20, 50, 100, 400):
        met = 0
        for satisfied in chance.binomial(n, 0.85, 2000):
            persons = satisfied_group(GroupSums(population=HUGE, overall_scored=n, overall_favourable=float(satisfied)))
            found = estimate_two_errors([persons], persons, BINOMIAL, 1.0)
            assert found is not None
            met += score_interval(found.share, found.sampling, found.df_sampling).low >= 0.85
        assert met / 2000 <= 0.045


def test_the_rate_is_weighted_by_grade() -> None:
    """E6: a grade of 300 with few answers counts as 300; one grade alone is the raw rate."""
    large = GroupSums(population=300, respondents=10, favourable=20, scored=40, favourable2=60, favourable_scored=80,
                      scored2=160)  # fmt: skip
    small = GroupSums(population=100, respondents=30, favourable=108, scored=120, favourable2=400,
                      favourable_scored=432, scored2=480)  # fmt: skip
    assert combined_rate([large, small]) == pytest.approx(0.75 * 0.5 + 0.25 * 0.9)
    assert combined_rate([large]) == 0.5
    found = rate_groups([large, small])
    assert [one.mean for one in found] == [0.5, 0.9]
    e = (60 - 2 * 0.6 * 80 + 0.36 * 160 - (20 - 0.6 * 40) ** 2 / 10) / 9 / 16
    assert found[0].variance == pytest.approx(e)
    assert combined_rate([GroupSums(population=9)]) is None


def test_a_rate_of_all_or_none_is_no_witness_of_dispersion() -> None:
    """Found by the independent program: a grade of only satisfied persons counted as one of no dispersion.

    Where some answered more items than others, what they add to the school's rate differs; it is still nothing to
    learn dispersion from, and everything is borrowed.
    """
    satisfied = PersonGroup(8, 40, 1.0, 0.02, 0, 5)
    assert satisfied.witness() == (0.0, 0.0)
    assert PersonGroup(8, 40, 0.9, 0.02, 0, 5).witness()[1] == 2
    assert moderate(satisfied, ScaledChiSquarePrior(10.0, 0.5)) == moderate(
        PersonGroup(8, 40, 1.0, 0.0, 0, 8), ScaledChiSquarePrior(10.0, 0.5)
    )


def school_with_classes(
    chance: np.random.Generator, rho: float, classes: int, level: float = 0.0
) -> tuple[Floats, Floats]:
    """Scores of the persons of a grade whose classes differ so that persons of one class correlate by rho; class."""
    sizes = chance.integers(8, 36, classes)
    label = np.repeat(np.arange(classes), sizes)
    opinion = level + chance.normal(0, rho**0.5, classes)[label] + chance.normal(0, (1 - rho) ** 0.5, len(label))
    return 80 + 8 * opinion, label


@pytest.mark.parametrize("rho", [0.0, 0.05, 0.1, 0.2])
def test_class_correlation_from_halves(rho: float) -> None:
    """2.2: from sums of two halves only, unbiased, and the level is covered where the plain error covers 61–82 %."""
    chance, found, inside, total = np.random.default_rng(int(100 * rho) + 1), [], 0, 0
    for _ in range(25):
        rows, sizes, cells = [], {}, []
        schools = [[school_with_classes(chance, rho, 6) for _ in range(3)] for _ in range(20)]
        for school, grades in enumerate(schools):
            for grade, (scores, label) in enumerate(grades):
                for half, name in enumerate("AB"):
                    members = label % 2 == half
                    cell, distance = HalfCell(school, str(grade), name), scores[members] - 50
                    cells.append(cell)
                    rows.append([[members.sum(), distance.sum(), (distance**2).sum()]])
                    sizes[cell] = tuple(np.bincount(label[members]))
        correlation = ClassSums(("OVERALL",), tuple(cells), np.array(rows)).correlation("OVERALL", sizes)
        assert correlation is not None
        assert correlation.pairs == 60
        found.append(correlation.correlation)
        for grades in schools:
            groups = [group(scores / 100, 200) for scores, _ in grades]
            size = mean_group_size(np.concatenate([np.bincount(label) for _, label in grades]))
            figure = estimate_two_errors(
                groups, groups[0], ScaledChiSquarePrior(30.0, 0.04), 1.0, 1.0, size, correlation.correlation
            )
            assert figure is not None
            limits = figure.level_interval()
            inside, total = inside + (limits.low <= 0.8 <= limits.high), total + 1
    assert np.mean(found) == pytest.approx(rho, abs=0.02)
    assert inside / total >= 0.93


def test_sums_of_halves_add_up_and_tell_nothing_of_one_class() -> None:
    cell = HalfCell(1, "3", "A")
    one = ClassSums(("OVERALL",), (cell,), np.array([[[10.0, 5.0, 30.0]]]))
    assert (one + one).sums.tolist() == [[[20.0, 10.0, 60.0]]]
    assert (one + one).correlation("OVERALL", {cell: (5, 5)}) is None
    assert deal_halves(["a", "b", "c"], [0.1, 0.2, 0.3]) == {}
    assert sorted(deal_halves("abcde", [0.5, 0.4, 0.3, 0.2, 0.1]).values()) == ["A", "A", "A", "B", "B"]
    with pytest.raises(ValueError, match="one of A, B"):
        HalfCell(1, "3", "C")
    with pytest.raises(ValueError, match="different dimensions"):
        one + ClassSums(("teaching",), (), np.zeros((0, 1, 3)))


def satisfied(share: float, n: int, population: int) -> TwoErrors:
    persons = PersonGroup(n, population, share, share * (1 - share) * n / (n - 1))
    found = estimate_two_errors([persons], persons, BINOMIAL, n / population)
    assert found is not None
    return found


@given(st.floats(0.5, 0.98), st.integers(10, 400), st.integers(20, 3000))
@settings(max_examples=150, deadline=None)
def test_answers_to_decide_take_the_interval_off_the_line(share: float, n: int, population: int) -> None:
    """Never more than there are people, and no less than it takes; it once asked a school of 90 for 400."""
    now = satisfied(share, min(n, population - 1), population)
    limits, line = now.year_interval(), 0.85
    if not limits.low < line <= limits.high or abs(share - line) < 0.002:
        return
    more = answers_to_decide(share, line, min(n, population - 1), now.sampling, population, 1.1)
    assert more is not None
    assert min(n, population - 1) < more <= population
    then = satisfied(share, more, population).year_interval()
    assert then.low >= line - 1e-9 or then.high < line
    fewer = satisfied(share, max(2, more - 1), population).year_interval()
    assert fewer.low < line <= fewer.high + 1e-9


def test_no_number_of_answers_decides_at_the_line_or_after_all_answered() -> None:
    assert answers_to_decide(0.85, 0.85, 40, 0.05, 300, 1.1) is None
    assert answers_to_decide(0.9, 0.85, 40, 0.0, 40, 1.1) is None
    assert answers_to_decide(0.849, 0.85, 40, 0.05, 60, 1.1) == 60
    unknown = answers_to_decide(0.88, 0.85, 40, 0.05, None, 1.1)
    assert unknown is not None
    assert unknown > 400
