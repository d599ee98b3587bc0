"""A scale whose best point lies in the middle: what is scored, favourable, dissatisfied, and what has no order."""

import numpy as np
import pytest

from survey_app.measurement.item_distribution import build_item_distribution
from survey_app.measurement.scoring import Scoring, build_scoring
from survey_app.measurement.settings import POINT_MAPS
from survey_app.measurement.signals import count_signals, decode_responses
from testing.instruments import tiny
from testing.people import counted

AMOUNT = 1  # the second item; its answers are 1 to 5: far too little … far too much


def amounts(map_name: str = "linear") -> Scoring:
    return build_scoring(tiny("audience_wording"), "parent", map_name=map_name)


@pytest.mark.parametrize("map_name", POINT_MAPS)
def test_too_little_and_too_much_are_both_worse(map_name: str) -> None:
    """R §2: "the amount of homework, dissatisfied": too few or too many? No table of points may turn it round."""
    item = amounts(map_name).items[AMOUNT]
    assert item.points == (0, 50, 100, 50, 0)
    assert item.favourable == (False, False, True, False, False)
    assert item.dissatisfied == (True, False, False, False, True)
    assert [other.has_ideal for other in amounts(map_name).items] == [False, True, False, False]


def test_the_distribution_has_a_mean_and_a_rate_but_no_median() -> None:
    people = ["113" + "1" + ".", "123" + "1" + ".", "133" + "1" + ".", "153" + "1" + ".", "1?31."]
    found = build_item_distribution(amounts().items[AMOUNT], counted(people, amounts()).counts[0, AMOUNT])
    assert found.counts == (1, 1, 1, 0, 1)
    assert (found.n, found.not_applicable) == (4, 1)
    assert found.index == (0 + 50 + 100 + 0) / 4
    assert (found.rate, found.dissatisfied) == (0.25, 0.5)
    assert found.interpolated_median is None, "the options have no order from worst to best"


def test_about_right_is_the_best_option_of_a_signal() -> None:
    """The best of everything is 1 (good), 3 (about right), 1 (never), 1 (good); "far too little" is not."""
    rows = np.array([list(row.encode()) for row in ("1311.3", "1111.3", "1511.3")], dtype=np.uint8)
    ((_school, found),) = count_signals(amounts(), [decode_responses(amounts(), 1, rows)], None)
    assert found.top_option_only == 1


def test_too_little_and_too_much_are_not_taken_for_the_same_answer() -> None:
    """Forms that differ in the side alone are no duplicates."""
    rows = np.array([list(row.encode()) for row in ("2112.3", "2512.3", "3223.3", "3423.3")], dtype=np.uint8)
    ((_school, found),) = count_signals(amounts(), [decode_responses(amounts(), 1, rows)], None)
    assert found.duplicates == 0
    twins = np.concatenate([rows, rows[:1]])
    ((_school, found),) = count_signals(amounts(), [decode_responses(amounts(), 1, twins)], None)
    assert found.duplicates == 2
