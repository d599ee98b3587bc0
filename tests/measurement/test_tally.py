"""From answer strings to sums that add up; every number here is worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.definition.model import Instrument
from survey_app.measurement.scoring import CLASS_BLANK, CLASS_DONT_KNOW, CLASS_NOT_SHOWN, build_scoring
from survey_app.measurement.tally import Tally, TallyCell, empty_tally, sum_tallies
from survey_app.measurement.tally_builder import tally_responses
from testing.instruments import QUESTIONNAIRES, read, tiny
from testing.people import PEOPLE, PERSON, counted, scoring

# Points of the signs: 1 → 100 (favourable), 2 → 50, 3 → 0. Dimension d: A1–A4, weight 3; e: B1, weight 1; then OV1.
EIGHT = [
    "112311",  # d (100+100+50+0)/4 = 62.5; e 100; overall (3·62.5+100)/4 = 71.875
    "1?.?1.",  # d one scored of two answerable: 100; e 100; overall 100
    "1...1.",  # d one of four: not valid; e 100; overall: weight 1 of 4, not valid
    "12....",  # d 75; e not valid; overall 75, as d has weight 3 of 4
    "????11",  # d nothing scored; e 100; overall not valid
    ".....1",  # only the overall item: a unit respondent without a score
    "......",  # received only
    "??????",  # received only
]


def scores_of(person: str, valid_share: float = 0.5) -> list[float | None]:
    """The person's scores on d, e and OVERALL; None where not valid."""
    moments = counted([person], scoring(valid_share=valid_share)).moments[0]
    return [50 + row[1] if row[0] else None for row in moments]


@pytest.mark.parametrize(
    ("person", "expected"),
    [(EIGHT[0], [62.5, 100, 71.875]), (EIGHT[1], [100, 100, 100]), (EIGHT[2], [None, 100, None]),
     (EIGHT[3], [75, None, 75]), (EIGHT[4], [None, 100, None]), (EIGHT[5], [None] * 3), (EIGHT[7], [None] * 3),
     ("----1-", [None, 100, None]), ("1---2-", [100, 50, 87.5])],
)  # fmt: skip
def test_person_scores(person: str, expected: list[float | None]) -> None:
    assert scores_of(person) == expected


def test_the_share_that_makes_a_person_valid() -> None:
    assert scores_of("1...1.", valid_share=0.25) == [100, 100, 100]
    assert scores_of("1...1.", valid_share=0.26) == [None, 100, None]
    assert scores_of("....1.", valid_share=0) == [None, 100, None], "nothing scored is never a score"


def test_the_tally_of_eight_people() -> None:
    found = counted(EIGHT)
    assert found.response_counts.tolist() == [[8, 6]]
    # d: 62.5, 100, 75 → distances 12.5, 50, 25: sum 87.5, squares 156.25 + 2500 + 625 = 3281.25
    # favourable of scored: 2/4, 1/1, 1/1, 1/2 → 5 of 8; squares 4+1+1+1 = 7; products 8+1+1+2 = 12; 16+1+1+4 = 22
    assert found.moments[0, 0].tolist() == [3, 87.5, 3281.25, 5, 8, 7, 12, 22]
    # e: four times 100; one scored answer each, all favourable
    assert found.moments[0, 1].tolist() == [4, 200, 10_000, 4, 4, 4, 4, 4]
    # OVERALL: 71.875, 100, 75 → distances 21.875, 50, 25; answers of d and e together: 3/5, 2/2, 2/2, 1/2, 1/1
    assert found.moments[0, 2].tolist() == [3, 96.875, 3603.515625, 9, 12, 19, 26, 38]
    first = found.counts[0, 0]
    assert (first[:3].tolist(), first[CLASS_DONT_KNOW], first[CLASS_BLANK], first[CLASS_NOT_SHOWN]) == (
        [4, 0, 0],
        2,
        2,
        0,
    )


def test_reverse_items_are_flipped_by_position() -> None:
    found = scoring("reverse")
    assert found.items[0].points == (100, 50, 0)
    assert found.items[1].points == (0, 50, 100)
    assert found.items[1].favourable == (False, False, True)
    assert found.items[1].dissatisfied == (True, False, False)
    assert counted(["11"], found).moments[0, 0, :2].tolist() == [1, 0]  # (100 + 0)/2 = 50: distance 0
    assert counted(["13"], found).moments[0, 0].tolist() == [1, 50, 2500, 2, 2, 4, 4, 4]


def test_what_was_not_shown_is_not_missing() -> None:
    found = scoring("conditional", conditional_items="include")  # three items, then the background question
    assert counted(["1--1"], found).moments[0, 0, 0] == 1
    assert counted(["1..1"], found).moments[0, 0, 0] == 0  # one of three


def test_maps_replace_the_points_of_five_point_scales() -> None:
    text = (QUESTIONNAIRES / "compulsory-parent.yaml").read_text("utf-8")
    parent = read(text.replace("scale: agreement5", "scale: agreement5\n        reverse: true"))
    mapped = {item.id: item.points for item in build_scoring(parent, "parent", map_name="cn100_0").items}
    assert mapped["T1"] == (100, 80, 60, 30, 0)
    assert mapped["B3"] == (0, 30, 60, 80, 100)  # reverse
    assert mapped["W1"] == (0, 50, 100, 50, 0)  # the best in the middle
    assert build_scoring(tiny("reverse"), "parent", map_name="cn100").items[0].points == (100, 50, 0)  # three points
    with pytest.raises(ValueError, match="There is no map"):
        build_scoring(parent, "parent", map_name="best")
    with pytest.raises(ValueError, match="does not ask"):
        build_scoring(parent, "teacher")


def test_damaged_answers_and_different_scorings_are_refused() -> None:
    with pytest.raises(ValueError, match="no whole number"):
        counted(["1111"])
    with pytest.raises(ValueError, match="means nothing"):
        counted(["11!111"])
    with pytest.raises(ValueError, match="do not add up"):
        counted(EIGHT) + counted(EIGHT, scoring(valid_share=0.4))


def same(first: Tally, second: Tally) -> bool:
    return first.cells == second.cells and all(
        np.allclose(getattr(first, name), getattr(second, name), rtol=0, atol=1e-9)
        for name in ("response_counts", "counts", "moments")
    )


CELLS = st.builds(TallyCell, st.integers(1, 3), st.sampled_from(["", "1", "2"]))


@given(st.lists(st.tuples(CELLS, PERSON, st.integers(0, 3)), max_size=40))
def test_a_whole_is_the_sum_of_its_parts_however_it_is_cut(answers: list[tuple[TallyCell, str, int]]) -> None:
    found = scoring()
    whole = tally_responses(found, [(cell, person.encode()) for cell, person, _ in answers])
    parts = [
        tally_responses(found, [(c, p.encode()) for c, p, part in answers if part == number]) for number in range(4)
    ]
    assert same(sum_tallies(found, parts), whole)
    assert same(sum_tallies(found, parts[::-1]), whole)
    assert same(whole + empty_tally(found), whole)
    backwards = [(cell, person.encode()) for cell, person, _ in answers[::-1]]
    assert same(tally_responses(found, backwards), whole)
    batched = {cell: b"".join(p.encode() for c, p, _ in answers if c == cell) for cell in whole.cells}
    assert same(tally_responses(found, batched.items()), whole)


def reversed_everywhere(instrument: Instrument) -> Instrument:
    dimensions = tuple(
        replace(dimension, items=tuple(replace(item, reverse=not item.reverse) for item in dimension.items))
        for dimension in instrument.dimensions
    )
    return replace(instrument, dimensions=dimensions)


@given(PEOPLE)
def test_reversing_every_item_mirrors_the_scores(people: list[str]) -> None:
    mirror = build_scoring(reversed_everywhere(tiny("not_applicable")), "parent")
    first, second = counted(people), counted(people, mirror)
    assert first.cells == second.cells
    assert np.allclose(first.moments[:, :, 0], second.moments[:, :, 0])  # the same persons are valid
    assert np.allclose(first.moments[:, :, 1], -second.moments[:, :, 1], atol=1e-9)
    assert np.allclose(first.moments[:, :, 2], second.moments[:, :, 2], atol=1e-9)


@given(PERSON, st.integers(0, 5))
def test_dont_know_in_place_of_a_blank_never_changes_a_valid_score(person: str, at: int) -> None:
    softened = person[:at] + ("?" if person[at] == "." else person[at]) + person[at + 1 :]
    for before, after in zip(scores_of(person)[:2], scores_of(softened)[:2], strict=True):
        assert before is None or after == before
