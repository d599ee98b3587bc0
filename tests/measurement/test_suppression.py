"""Nothing is shown of fewer people than the limit, nor can it be found by subtraction."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.measurement.composite import Component, estimate_composite
from survey_app.measurement.settings import MIN_N_FLOOR, MeasurementSettings
from survey_app.measurement.strata import IndexEstimate
from survey_app.measurement.suppression import ItemAnswers, is_nearly_unanimous, suppress_groups, suppress_items
from survey_app.reporting.disclosure.cells import disclose_cell
from survey_app.reporting.disclosure.figures import HiddenDimension, PublishableCell, PublishableDimension
from testing.people import estimated


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [([40, 3, 25, 12], {1, 3}), ([40, 3, 4, 12], {1, 2, 3}), ([40, 6, 5, 12], {1, 2}), ([40, 12], set()),
     ([40, 0, 12], set()), ([40, 0, 3], {0, 2}), ([3], {0}), ([], set()), ([10, 9], {0, 1}), ([10, 10, 1], {0, 2})],
)  # fmt: skip
def test_parts_of_a_split(sizes: list[int], hidden: set[int]) -> None:
    assert suppress_groups(sizes, 10) == hidden


@given(st.lists(st.integers(0, 30), max_size=8), st.integers(5, 15))
def test_no_small_part_is_shown_or_can_be_subtracted(sizes: list[int], least: int) -> None:
    hidden = suppress_groups(sizes, least)
    people = {part for part, size in enumerate(sizes) if size}
    assert {part for part in people if sizes[part] < least} <= hidden <= people
    if hidden and hidden != people:
        assert len(hidden) > 1
        assert sum(sizes[part] for part in hidden) >= least
    if all(sizes[part] >= least for part in people):
        assert hidden == set()


def part(*counts: int) -> ItemAnswers:
    """An item of three options, the first favourable."""
    worth = ((True, 100.0), (False, 50.0), (False, 0.0))
    return ItemAnswers(sum(counts), dict(zip(worth, counts, strict=True)), is_nearly_unanimous(counts))


@pytest.mark.parametrize(
    ("items", "withheld"),
    [
        ([(30, 5, 5), (25, 5, 0)], set()),
        ([(30, 5, 5), (2, 1, 0), (25, 5, 0)], {1, 2}),  # the smaller of the two takes it along
        ([(4, 0, 0), (37, 3, 0), (30, 0, 1), (20, 0, 5)], {0, 2, 3}),  # a range covers nothing; a mixed item does
        ([(40, 0, 0), (30, 8, 2)], {0, 1}),
        ([(40, 0, 0), (37, 3, 0), (20, 10, 30)], {0, 1}),  # 3 other answers are enough for 5 % of 40
        ([(60, 0, 0), (57, 1, 0), (50, 5, 5)], {0, 1, 2}),  # 1 is not enough for 5 % of 60
        ([(40, 0, 0), (40, 0, 0), (40, 0, 0)], {0, 1, 2}),  # the dimension says it: 100 points
        ([(12, 0, 0)], {0}),
        ([(0, 0, 0), (20, 10, 5)], set()),
    ],
)
def test_items_whose_total_is_published(items: list[tuple[int, int, int]], withheld: set[int]) -> None:
    assert suppress_items([part(*counts) for counts in items], 10) == withheld


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6), st.integers(0, 6)), max_size=6))
def test_small_and_unanimous_items_are_never_alone(items: list[tuple[int, int, int]]) -> None:
    parts = [part(*counts) for counts in items]
    withheld = suppress_items(parts, 10)
    own = {at for at, one in enumerate(parts) if 0 < one.respondents < 10 or one.is_range}
    people = {at for at, one in enumerate(parts) if one.respondents}
    assert own <= withheld <= people
    if withheld != people:
        assert len(withheld) != 1
        assert not withheld or max(parts[at].respondents for at in withheld) >= 10
    if not own:
        assert withheld == set()


def test_the_limit_is_never_below_five() -> None:
    assert MeasurementSettings().audience_min_n("teacher") == 10
    assert MeasurementSettings(min_n_for={"teacher": 5}).audience_min_n("teacher") == 5
    assert MeasurementSettings(min_n=3, min_n_for={"teacher": 1}).audience_min_n("teacher") == MIN_N_FLOOR == 5


@given(st.text("123?.", min_size=1, max_size=14))
def test_hidden_is_empty_and_never_zero(signs: str) -> None:
    cell = estimated({"": signs}, {"": 20})
    shown = disclose_cell(cell, MeasurementSettings())
    assert (shown.population, shown.received, shown.respondents) == (20, cell.received, cell.respondents)
    for before, after in zip(cell.estimates, shown.dimensions_and_overall, strict=True):
        if before.n >= 10:
            assert isinstance(after, PublishableDimension)
            assert (after.n, after.index, after.unweighted_index) == (before.n, before.index, before.unweighted_index)
            assert (after.rate, after.strata_count, after.flags) == (before.rate, len(before.groups), before.flags)
        else:
            assert after == HiddenDimension(before.dimension)
            assert after.flags == {"suppressed"}


def test_nobody_is_empty_too_and_inspectors_are_shown() -> None:
    nobody = disclose_cell(estimated({"": ""}, {"": 20}), MeasurementSettings())
    assert isinstance(nobody, PublishableCell), "nothing came, so nothing is hidden"
    assert nobody.overall.index == IndexEstimate()
    inspected = disclose_cell(replace(estimated({"": "1"}, {"": 20}), audience="inspector"), MeasurementSettings())
    assert isinstance(inspected, PublishableCell)
    assert inspected.overall.index.points == 100


def test_a_composite_never_contains_a_hidden_audience() -> None:
    hidden, shown = estimated({"": "3" * 9}, {"": 20}).overall, estimated({"": "1" * 10}, {"": 20}).overall
    parts = [Component("parent", shown.index, shown.n, 0.5), Component("student", hidden.index, hidden.n, 0.5)]
    assert estimate_composite(parts, {"parent": 50, "student": 50}, {}, MeasurementSettings()).index.points == 100
