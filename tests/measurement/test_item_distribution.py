"""The answers to one item, percentages that add up, and the one rounding of the program."""

import math
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.measurement.item_distribution import build_item_distribution, interpolated_median
from survey_app.measurement.rounding import percentages, round_half_up
from survey_app.measurement.scoring import (
    ANSWER_CLASS_COUNT,
    CLASS_BLANK,
    CLASS_DONT_KNOW,
    CLASS_NOT_SHOWN,
    build_scoring,
)
from testing.instruments import changed, read
from testing.people import counted, scoring


def test_counts_of_one_item() -> None:
    people = ["1.....", "1.....", "2.....", "3.....", "?.....", "......", "-....."]
    found = build_item_distribution(scoring().items[0], counted(people).counts[0, 0])
    assert (found.n, found.not_applicable, found.blank, found.not_shown) == (4, 1, 1, 1)
    assert found.counts == (2, 1, 1)
    assert found.percentages == (50.0, 25.0, 25.0)
    assert (found.index, found.rate, found.dissatisfied) == (62.5, 0.5, 0.25)  # (100 + 100 + 50 + 0)/4
    # worst first 1, 1, 2: half 2 lies in the second category at its upper limit: 1.5 + (2 − 1)/1 = 2.5
    assert found.interpolated_median == 2.5


def test_a_reverse_item_is_counted_as_shown_and_scored_flipped() -> None:
    found = build_item_distribution(
        scoring("reverse").items[1], counted(["11", "11", "13"], scoring("reverse")).counts[0, 1]
    )
    assert found.counts == (2, 0, 1)  # on the screen
    assert math.isclose(found.index or 0, 100 / 3)
    assert found.rate == 1 / 3
    assert found.dissatisfied == 2 / 3
    # worst first 2, 0, 1: half 1.5 within the first: 0.5 + 1.5/2 = 1.25
    assert found.interpolated_median == 1.25


def test_nobody_answered() -> None:
    found = build_item_distribution(scoring().items[0], counted(["?.....", "......"]).counts[0, 0])
    assert (found.n, found.not_applicable, found.percentages) == (0, 1, (0.0, 0.0, 0.0))
    undefined = (
        found.index,
        found.rate,
        found.rate_low,
        found.rate_high,
        found.dissatisfied,
        found.interpolated_median,
    )
    assert undefined == (None,) * 6
    assert len({CLASS_DONT_KNOW, CLASS_BLANK, CLASS_NOT_SHOWN}) == 3
    assert max(CLASS_DONT_KNOW, CLASS_BLANK, CLASS_NOT_SHOWN) < ANSWER_CLASS_COUNT


def test_the_published_median() -> None:
    """Counts 1..5 = 6, 20, 35, 26, 13: interpolated median 3.2, favourable 39 %."""
    assert round(interpolated_median((6, 20, 35, 26, 13)), 1) == 3.2
    assert interpolated_median((0, 0, 4)) == 3.0
    assert interpolated_median((2, 0, 2)) == 1.5
    with pytest.raises(ValueError, match="no answers"):
        interpolated_median((0, 0))


def test_ties_go_to_the_more_favourable_option_wherever_it_stands() -> None:
    # 1 of 3 each: 33.3 three times, the tenth that is left goes to the best one
    assert percentages([1, 1, 1]) == (33.4, 33.3, 33.3)
    worst_first = changed("reverse", "points: 100, favourable: true", "points: 0").replace(
        'code: "1", points: 0', 'code: "1", points: 100, favourable: true'
    )
    item = build_scoring(read(worst_first), "parent").items[0]
    assert item.points == (0, 50, 100)
    counts = counted(["1.", "2.", "3."], build_scoring(read(worst_first), "parent")).counts[0, 0]
    assert build_item_distribution(item, counts).percentages == (33.3, 33.3, 33.4)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=9).filter(any))
def test_percentages_add_up_to_a_hundred(counts: list[int]) -> None:
    found = percentages(counts)
    assert sum(Decimal(str(share)) for share in found) == 100
    for share, count in zip(found, counts, strict=True):
        assert abs(Fraction(str(share)) - Fraction(100 * count, sum(counts))) < Fraction(1, 10)
        assert count > 0 or share == 0


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [(72.895, 2, 72.9), (0.285, 2, 0.29), (2.5, 0, 3), (1.005, 2, 1.01), (0.1 + 0.2, 2, 0.3), (84.99999999996, 2, 85),
     (84.994999, 2, 84.99), (-0.125, 2, -0.13), (100, 2, 100)],
)  # fmt: skip
def test_half_up(value: float, decimals: int, expected: float) -> None:
    assert round_half_up(value, decimals) == expected


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_no_number_is_not_published(value: float) -> None:
    with pytest.raises(ValueError, match="cannot be published"):
        round_half_up(value)


@given(st.integers(0, 10**7), st.integers(1, 3))
def test_half_up_agrees_with_decimal_arithmetic(thousandths: int, decimals: int) -> None:
    exact = Decimal(thousandths) / 1000
    expected = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert round_half_up(thousandths / 1000, decimals) == float(expected)
