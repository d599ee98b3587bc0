"""A tally from counts alone: item figures are exact, bounds hold, and what is not known is said not to be known."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.measurement.counts_only import CountsOnlySchool, estimate_from_counts, tally_from_counts
from survey_app.measurement.estimate import estimate_school_audience
from survey_app.measurement.item_distribution import build_item_distribution
from survey_app.measurement.rates import SatisfactionRate
from survey_app.measurement.scoring import CLASS_BLANK, CLASS_DONT_KNOW, CLASS_NOT_SHOWN
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.statistics.reliability import alpha
from survey_app.measurement.strata import RosterPopulation
from survey_app.measurement.tally import Tally, TallyCell
from testing.people import PEOPLE, WIDTH, counted, scoring

COMPLETE = st.lists(st.text("123", min_size=WIDTH, max_size=WIDTH), min_size=2, max_size=30)


def tables_of(found: Tally, signs: bool = True) -> dict[TallyCell, dict[str, dict[str, float]]]:
    """The table that an office would publish of these answers."""
    places = {"?": CLASS_DONT_KNOW, ".": CLASS_BLANK, "-": CLASS_NOT_SHOWN} if signs else {}
    return {
        cell: {
            item.id: dict(zip(item.codes, counts[: len(item.codes)].tolist(), strict=True))
            | {sign: float(counts[place]) for sign, place in places.items()}
            for item, counts in zip(found.scoring.items, found.counts[row], strict=True)
        }
        for row, cell in enumerate(found.cells)
    }


def from_counts(found: Tally, signs: bool = True) -> CountsOnlySchool:
    return estimate_from_counts(tally_from_counts(found.scoring, tables_of(found, signs)), 1)


@given(PEOPLE.filter(bool))
def test_item_figures_and_rates_equal_those_of_the_answers(people: list[str]) -> None:
    found = counted(people)
    counts = found.counts.sum(axis=0)
    cell = from_counts(found)
    assert cell.items == tuple(build_item_distribution(item, counts[at]) for at, item in enumerate(found.scoring.items))
    assert cell.received == len(people)
    whole = estimate_school_audience(found, 1, RosterPopulation({"": 99}), MeasurementSettings())
    for one, other in zip(cell.estimates, whole.estimates, strict=True):
        rate = other.rate
        assert one.rate == SatisfactionRate(rate.answers, rate.favourable, rate.share, plain=rate.plain,
                                dissatisfied=rate.dissatisfied,
                                not_applicable=rate.not_applicable)  # fmt: skip


@given(COMPLETE)
def test_where_everybody_answered_everything_the_index_is_exact_and_the_error_bounded(people: list[str]) -> None:
    found = counted(people)
    whole = estimate_school_audience(found, 1, RosterPopulation({"": 99}), MeasurementSettings())
    for one, other in zip(from_counts(found).estimates, whole.estimates, strict=True):
        assert "item_means" not in one.flags
        assert one.points == pytest.approx(other.unweighted_index.points, abs=1e-9)
        assert one.max_error is not None
        assert one.max_error >= (other.unweighted_index.se or 0) - 1e-9
        if one.dimension == "e":  # one item: nothing is unknown
            assert one.flags == frozenset()
            assert one.max_error == pytest.approx(other.unweighted_index.se, abs=1e-9)


def test_two_people_by_hand() -> None:
    """A1: 100 and 0; A2: 100 and 50. Means 50 and 75; s²/n = 2500 and 625, so at most (50 + 25)/2."""
    table = {TallyCell(1): {"A1": {"3": 1, "1": 1}, "A2": {"3": 1, "2": 1}}}
    d, e, overall = estimate_from_counts(tally_from_counts(scoring(), table), 1).estimates
    assert (d.answers, d.points, d.max_error) == (2, 62.5, 37.5)
    assert d.flags == {"item_means", "error_bound"}, "two items are not in the table, and blanks are not"
    assert (d.rate.share, d.rate.low, d.rate.plain_se_corrected, d.rate.not_applicable) == (0.5, None, None, None)
    assert (e.points, e.max_error, e.rate) == (None, None, SatisfactionRate())
    assert (overall.points, overall.max_error) == (62.5, 37.5), "d has 3 of 4 of the weight"


def test_one_answer_has_no_error() -> None:
    d, _e, _overall = estimate_from_counts(tally_from_counts(scoring(), {TallyCell(1): {"A1": {"3": 1}}}), 1).estimates
    assert (d.points, d.max_error, d.low) == (100, None, None)


@given(PEOPLE.filter(bool))
def test_what_is_not_known_is_none_and_never_made_up(people: list[str]) -> None:
    found = counted(people)
    without_signs = from_counts(found, signs=False)
    assert without_signs.received is None
    assert all((item.blank, item.not_applicable, item.not_shown) == (None,) * 3 for item in without_signs.items)
    known = tally_from_counts(found.scoring, tables_of(found))
    assert math.isnan(alpha(known.item_cross_products([0], "d")))
    assert np.isnan(known.dimension_cross_products([0]).pair_counts).all()
    with pytest.raises(ValueError, match="only counts are known"):
        estimate_school_audience(known, 1, RosterPopulation({"": 99}), MeasurementSettings())


@given(PEOPLE.filter(bool), PEOPLE.filter(bool))
def test_tables_add_up_and_with_answers_stay_counts(first: list[str], second: list[str]) -> None:
    one, other = counted(first), counted(second)
    published = [tally_from_counts(part.scoring, tables_of(part)) for part in (one, other)]
    whole = estimate_from_counts(tally_from_counts(one.scoring, tables_of(one + other)), 1)
    assert estimate_from_counts(published[0] + published[1], 1) == whole
    assert estimate_from_counts(published[0] + other, 1) == whole


@pytest.mark.parametrize(
    ("table", "sentence"),
    [({"Z9": {"3": 1}}, "no item 'Z9'"), ({"A1": {"7": 1}}, "no option '7'"), ({"A1": {"3": -1}}, "whole number"),
     ({"A1": {"3": 1.5}}, "whole number"), ({"A1": {"3": math.nan}}, "whole number")],
)  # fmt: skip
def test_tables_that_cannot_be(table: dict[str, dict[str, float]], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        tally_from_counts(scoring(), {TallyCell(1): table})
    with pytest.raises(ValueError, match="no table of school 7"):
        estimate_from_counts(tally_from_counts(scoring(), {}), 7)
