"""Ranks inside a category, and who is only listed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.measurement.composite import Component, Composite
from survey_app.measurement.ranking import Candidate, rank_schools, unranked_reason
from survey_app.measurement.rounding import round_half_up
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.statistics.rank_sets import marginal_rank_sets, marginal_rank_sets_holm
from survey_app.measurement.strata import IndexEstimate
from testing.people import index_with_errors


def candidate(number: int, points: float | None, se: float | None = 1.0, flags: frozenset[str] = frozenset(),
              n: int = 40, rate: float = 0.5, population: int = 100) -> Candidate:  # fmt: skip
    index = IndexEstimate() if points is None else index_with_errors(points, se)
    return Candidate(number, Composite(index, flags=flags), Component("parent", index, n, rate), population)


def test_competition_ranks_on_the_printed_figures() -> None:
    # 88.504 and 88.4951 are both printed as 88.50, 72.895 half-up as 72.90 (binary rounding would give 72.89)
    values = {1: 88.504, 2: 90.1, 3: 88.4951, 4: 72.895, 5: 72.9, 6: 72.8949}
    found = {
        line.school: line for line in rank_schools([candidate(k, v) for k, v in values.items()], MeasurementSettings())
    }
    assert {k: line.points for k, line in found.items()} == {1: 88.5, 2: 90.1, 3: 88.5, 4: 72.9, 5: 72.9, 6: 72.89}
    assert {k: line.rank for k, line in found.items()} == {2: 1, 1: 2, 3: 2, 4: 4, 5: 4, 6: 6}
    whole = rank_schools([candidate(1, 88.4), candidate(2, 88.0), candidate(3, 87.6)], MeasurementSettings(decimals=0))
    assert [line.rank for line in whole] == [1, 1, 1]


@pytest.mark.parametrize(
    ("reason", "changes"),
    [("no_composite", {"points": None}), ("missing_audience", {"flags": frozenset({"missing_audience"})}),
     ("few_answers", {"n": 19}), ("low_response", {"rate": 0.299}),
     ("low_response", {"flags": frozenset({"low_response"})}), ("overcount", {"flags": frozenset({"overcount"})}),
     ("no_error", {"se": None}),
     ("unverified", {"flags": frozenset({"unverified"})}), ("", {"n": 20, "rate": 0.3})],
)  # fmt: skip
def test_who_is_only_listed_and_why(reason: str, changes: dict[str, object]) -> None:
    one = candidate(1, **({"points": 80.0} | changes))  # type: ignore[arg-type]
    assert unranked_reason(one, MeasurementSettings()) == reason
    line = rank_schools([one, candidate(2, 70.0)], MeasurementSettings())[-1 if reason else 0]
    assert (line.school, line.rank is None, line.reason) == (1, bool(reason), reason)
    assert line.points == changes.get("points", 80.0), "the figure is listed all the same"


def test_the_first_reason_is_named_and_a_school_without_the_main_audience_is_listed() -> None:
    assert unranked_reason(replace(candidate(1, 80.0), main_component=None), MeasurementSettings()) == "few_answers"
    both = candidate(1, 80.0, flags=frozenset({"missing_audience", "unverified"}), n=3)
    assert unranked_reason(both, MeasurementSettings()) == "missing_audience"


def test_open_links_are_ranked_where_the_scheme_says_why() -> None:
    opened = candidate(1, 80.0, flags=frozenset({"unverified"}))
    assert rank_schools([opened], MeasurementSettings(rank_unverified="首年试行"))[0].rank == 1


def test_bands_compare_a_school_with_the_others() -> None:
    # 90 against (80·300 + 60·100)/400 = 75, 60 against (90·100 + 80·300)/400 = 82.5, 80 against 75: all beyond doubt
    found = rank_schools(
        [candidate(1, 90.0), candidate(2, 80.0, population=300), candidate(3, 60.0)], MeasurementSettings()
    )  # fmt: skip
    assert [line.band for line in found] == ["A", "A", "C"]
    unclear = rank_schools([candidate(1, 80.0), candidate(2, 81.0), candidate(3, 79.0)], MeasurementSettings())
    assert [line.band for line in unclear] == ["B", "B", "B"]


def test_a_school_of_other_audiences_is_compared_with_nobody() -> None:
    """E4: a school without students entered the category's mean, where students score lower."""
    alone = candidate(4, 95.0, flags=frozenset({"missing_audience"}))
    three = [candidate(1, 80.0), candidate(2, 80.5), candidate(3, 79.5)]
    assert [line.band for line in rank_schools([*three, alone], MeasurementSettings())] == ["B", "B", "B", ""]


def test_ranks_by_raw_errors_as_other_software_does() -> None:
    index = IndexEstimate(80.0, 0.5, errors=index_with_errors(80.0, 3.0).errors)
    low = IndexEstimate(76.0, 0.5, errors=index_with_errors(76.0, 3.0).errors)
    schools = [Candidate(n, Composite(one), Component("parent", one, 40, 0.5, True), 100)
               for n, one in enumerate((index, low))]  # fmt: skip
    assert [line.high for line in rank_schools(schools, MeasurementSettings())] == [2, 2]
    assert [line.high for line in rank_schools(schools, MeasurementSettings(), "sampling")] == [1, 2]
    with pytest.raises(ValueError, match="level, sampling"):
        rank_schools(schools, MeasurementSettings(), "best")


def test_the_rank_to_expect_adds_up() -> None:
    found = rank_schools([candidate(n, 75.0 + n) for n in range(8)], MeasurementSettings())
    assert sum(line.expected_rank or 0 for line in found) == pytest.approx(36)
    assert all(0 < (line.reliability or 0) < 1 for line in found)


def test_rank_sets_say_what_is_certain() -> None:
    # differences of 20 with errors of 1 are certain, 0.1 is not
    found = rank_schools([candidate(1, 90.0), candidate(2, 70.1), candidate(3, 70.0)], MeasurementSettings())
    assert [(line.rank, line.low, line.high) for line in found] == [(1, 1, 1), (2, 2, 3), (3, 2, 3)]


def test_rank_sets_are_the_exact_ones() -> None:
    # that is too slow (300 schools take 1.4 s)
    values = [82.2, 81.4, 80.9, 79.4, 79.2, 76.0]
    exact, holm = marginal_rank_sets(values, [1.0] * 6), marginal_rank_sets_holm(values, [1.0] * 6)
    assert (exact.low.tolist(), exact.high.tolist()) != (holm.low.tolist(), holm.high.tolist()), "the example tells"
    found = rank_schools([candidate(number, value) for number, value in enumerate(values)], MeasurementSettings())
    assert [(line.low, line.high) for line in found] == list(zip(exact.low.tolist(), exact.high.tolist(), strict=True))


def test_nobody() -> None:
    assert rank_schools([], MeasurementSettings()) == []
    assert [line.rank for line in rank_schools([candidate(1, None)], MeasurementSettings())] == [None]


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.01, 20) | st.just(0.0)), max_size=8))
def test_ranks_lie_in_their_sets_and_never_depend_on_the_order(figures: list[tuple[float, float]]) -> None:
    candidates = [candidate(number, *figure) for number, figure in enumerate(figures)]
    found = rank_schools(candidates, MeasurementSettings())
    printed = [round_half_up(points, 2) for points, _ in figures]
    for line in found:
        assert line.rank == 1 + sum(value > round_half_up(figures[line.school][0], 2) for value in printed)
        assert 1 <= line.low_simultaneous <= line.low <= line.rank <= line.high <= line.high_simultaneous  # type: ignore[operator]
        assert line.high_simultaneous <= len(figures)  # type: ignore[operator]
    again = rank_schools(candidates[::-1], MeasurementSettings())
    assert {line.school: line for line in again} == {line.school: line for line in found}


def test_how_likely_a_school_is_among_the_first_is_said_beside_its_set() -> None:
    """A diagnostic: of shrunken scores; together as many schools as places, and the best is the likeliest."""
    lines = rank_schools([candidate(k, 70.0 + 4 * k) for k in range(1, 7)], MeasurementSettings())
    assert [q for q, _chance in lines[0].among_first] == [1, 3, 5], "never as many places as schools"
    for place, q in enumerate((1, 3, 5)):
        chances = [line.among_first[place][1] for line in lines]
        assert sum(chances) == pytest.approx(q, abs=1e-6)
        assert chances == sorted(chances, reverse=True)
        assert all(0 <= chance <= 1 for chance in chances)
    equal = rank_schools([candidate(k, 80.0) for k in range(1, 5)], MeasurementSettings())
    assert [line.among_first for line in equal] == [((1, 0.25), (3, 0.75))] * 4
    assert rank_schools([candidate(1, 80.0)], MeasurementSettings())[0].among_first == ()
    certain = [candidate(1, 80.0, 0.0), candidate(2, 70.0, 0.0)]
    assert [line.among_first for line in rank_schools(certain, MeasurementSettings())] == [(), ()]
