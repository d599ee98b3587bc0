"""The cross products of a tally: additive, equal to two passes over the persons, and what alpha and drivers need."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from survey_app.measurement.respondent_scores import score_respondents
from survey_app.measurement.statistics.cross_products import CrossProducts
from survey_app.measurement.statistics.reliability import alpha
from survey_app.measurement.tally import Tally, TallyCell, sum_tallies
from survey_app.measurement.tally_builder import CLASS_OF_SYMBOL, tally_responses
from testing.people import PEOPLE, PERSON, counted, scoring

CELLS = st.builds(TallyCell, st.integers(1, 3), st.sampled_from(["", "1", "2"]))
POINTS = {"1": 100.0, "2": 50.0, "3": 0.0}


def points_of(people: list[str]) -> np.ndarray:
    """Persons × items A1–A4, B1, OV1 in points, NaN where not scored."""
    return np.array([[POINTS.get(sign, np.nan) for sign in person] for person in people]).reshape(len(people), 6)


def same(first: CrossProducts, second: CrossProducts) -> bool:
    return bool(
        np.array_equal(first.pair_counts, second.pair_counts)
        and np.allclose(first.covariance(), second.covariance(), rtol=0, atol=1e-9, equal_nan=True)
    )


def test_four_people_by_hand() -> None:
    found = counted(["11--11", "12--21", "33--13", "1?--12"])
    together = found.item_cross_products([0], "d")
    # A1: 100, 100, 0, 100; A2: 100, 50, 0, not known. Both known for three: distances 50, 50, −50 and 50, 0, −50
    assert together.pair_counts[:2, :2].tolist() == [[4, 3], [3, 3]]
    assert together.sums[:2, :2].tolist() == [[100, 50], [0, 0]]
    assert together.products[:2, :2].tolist() == [[10_000, 5000], [5000, 5000]]
    assert found.complete_counts.tolist() == [[0, 4]], "nobody was shown all four items of d, everybody the one of e"


@given(PEOPLE)
@example(["111311", "111311", "112211"])  # two items that cancel each other: their sum does not vary, only by rounding
def test_items_agree_with_two_passes(people: list[str]) -> None:
    found = counted(people)
    table = points_of(people)
    rows = found.rows_for_school(1)
    assert same(found.item_cross_products(rows, "d"), CrossProducts.from_scores(table[:, :4]))
    complete = found.complete_counts[rows].sum(axis=0)
    assert complete.tolist() == [(~np.isnan(table[:, :4])).all(axis=1).sum(), (~np.isnan(table[:, 4])).sum()]
    if len(people) > 1:
        one, other = alpha(found.item_cross_products(rows, "d")), alpha(table[:, :4])
        assert one == other or np.isclose(one, other, rtol=1e-9) or (np.isnan(one) and np.isnan(other))


@given(PEOPLE.filter(bool))
def test_dimensions_and_the_overall_item_agree_with_two_passes(people: list[str]) -> None:
    found = counted(people)
    classes = CLASS_OF_SYMBOL[np.array([list(person.encode()) for person in people])]
    scores = score_respondents(scoring(), classes).scores[:, :2]
    table = np.column_stack([points_of(people)[:, 5], scores])
    assert same(found.dimension_cross_products(found.rows_for_school(1)), CrossProducts.from_scores(table))


@given(st.lists(st.tuples(CELLS, PERSON, st.integers(0, 2)), max_size=30))
def test_any_partition_adds_up(answers: list[tuple[TallyCell, str, int]]) -> None:
    found = scoring()
    whole = tally_responses(found, [(cell, person.encode()) for cell, person, _ in answers])
    parts = [
        tally_responses(found, [(c, p.encode()) for c, p, part in answers if part == number]) for number in range(3)
    ]
    summed: Tally = sum_tallies(found, parts)
    assert summed.cells == whole.cells
    assert np.allclose(summed.sums, whole.sums, rtol=0, atol=1e-9)
    rows = list(range(len(whole.cells)))
    assert same(summed.item_cross_products(rows, "d"), whole.item_cross_products(rows, "d"))


def test_large_and_small_cells_share_batches(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from survey_app.measurement import tally_builder as module

    people = ["112311", "1?.?1.", "32-121", "......", "213213"] * 7
    cells = [
        (TallyCell(school, grade), "".join(people[: 3 + 11 * school]).encode()) for school in (1, 2) for grade in "12"
    ]
    whole = tally_responses(scoring(), cells)
    monkeypatch.setattr(module, "CHUNK_ROWS", 4)
    assert np.allclose(tally_responses(scoring(), cells).sums, whole.sums, rtol=0, atol=1e-9)
