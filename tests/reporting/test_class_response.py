"""Response by class and the R-indicator: from the receipts and the roll call, small classes hidden, no answer read."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.frame.queries import wave_by_name
from survey_app.frame.roster import RosterSchool
from survey_app.integrity.class_response import load_class_counts
from survey_app.reporting.disclosure.class_response import ClassResponse, disclose_class_response
from survey_app.reporting.disclosure.figures import HiddenCell
from survey_app.reporting.disclosure.grade_response import disclose_grade_response
from testing.district import District
from testing.time import seal_by_time


def response(classes: Sequence[tuple[int, int]], received: int | None = None, audience: str = "parent") -> Any:
    people, ballots = sum(size for size, _ in classes), sum(count for _, count in classes)
    received = ballots if received is None else received
    cell = HiddenCell(1, audience, "tiny", people, received, received, frozenset(), ())
    return disclose_class_response(cell, classes)


def test_classes_that_came_alike_and_classes_that_did_not() -> None:
    assert response([(40, 20), (40, 20)]) == ClassResponse(2, 0.5, 0.5, 1.0)
    found = response([(50, 50), (50, 0)])
    assert (found.lowest, found.highest) == (0.0, 1.0)
    assert found.r_indicator == pytest.approx(-0.005, abs=1e-3), "the example of the method"


def test_what_says_nothing_or_may_not_be_said() -> None:
    assert response([]) is None
    assert response([(40, 20)]) is None, "one class is no comparison"
    assert response([(40, 20), (40, 10)], received=80) is None, "most came through the link of the school"
    assert response([(40, 0), (40, 0)]) is None, "nobody came"
    assert response([(40, 20), (9, 3), (8, 2)]) is None, "small classes are followed by nobody"
    assert response([(40, 20), (30, 20), (9, 3)]) is None, "one small class takes another with it"
    assert response([(40, 20), (30, 20), (9, 3), (9, 1)]).classes == 2
    assert response([(40, 20), (40, 20)], audience="inspector") is None


def by_grade(people: dict[str, int], came: dict[str, int], classes: Sequence[tuple[int, int]] = ()) -> list[int | None]:
    total = sum(came.values())
    cell = HiddenCell(1, "parent", "tiny", sum(people.values()), total, total, frozenset(), ())
    return [one.count.received for one in disclose_grade_response(cell, people, list(came.items()), classes)]


def test_response_by_grade_hides_small_grades_and_what_would_tell_them() -> None:
    assert by_grade({"1": 40, "2": 30}, {"1": 20, "2": 0}) == [20, 0]
    assert by_grade({"1": 40, "2": 30, "3": 9}, {"1": 20, "2": 10, "3": 4}) == [], "one is left"
    assert by_grade({"1": 40, "2": 30, "3": 20, "4": 9}, {"1": 20, "2": 10, "3": 7, "4": 4}).count(None) == 2
    assert by_grade({"1": 40, "2": 9}, {"1": 20, "2": 4}) == [], "one grade is no comparison"
    assert by_grade({"1": 40, "2": 30}, {"1": 20, "2": 9}, [(30, 15), (10, 5), (30, 9)]) == [20, 9]
    assert by_grade({"1": 40, "2": 30}, {"1": 20, "2": 9}, [(31, 15), (9, 5), (30, 9)]) == [], "grade less class"
    assert by_grade({"": 40}, {"": 20}) == []
    assert by_grade({"1": 40, "2": 30}, {"1": 20, "2": 9, "7": 1}) == [], "a grade that is not on the roster"


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 80)), max_size=8))
def test_whatever_came_it_is_a_number_and_of_no_small_class(classes: list[tuple[int, int]]) -> None:
    found = response(classes)
    if found is not None:
        assert 2 <= found.classes <= sum(size >= 10 for size, _ in classes)
        assert 0 <= found.lowest <= found.highest
        assert -1.5 <= found.r_indicator <= 1


def test_from_the_class_links_to_page_and_workbook(small_district: District, tmp_path: Path) -> None:
    """Every class that was asked has its rate, and one from which nothing came has 0."""
    district = small_district
    links = [link for link in district.links if link.class_label and link.audience == "parent"]
    for number, link in enumerate(links[:2]):
        district.send_many(link, 12 - 6 * number, seed=50 * number)
    seal_by_time(district)
    with district.app.extensions["database"].read_session() as session:
        counts = load_class_counts(session, wave_by_name(session, district.wave).id)
    assert sorted(counts[1, "parent"]) == [(15, 0), (15, 6), (15, 12)]
    page = district.staff().get("/staff/waves/1/results/all").text
    assert "0%–80%" in page
    out = tmp_path / "book.xlsx"
    district.command("results", "report", "--wave", district.wave, "--out", str(out))
    sheet = openpyxl.load_workbook(out)["数据质量"]
    (row,) = [line for line in sheet.iter_rows(values_only=True) if line[1] == "河东小学" and line[3] == "家长"]
    assert row[10:13] == (3, 0, 0.8)
    assert row[13] == pytest.approx(0.43, abs=0.1)


@pytest.fixture
def small_district(sqlite_app, clock) -> District:  # type: ignore[no-untyped-def]
    """One school with three classes of fifteen in the first grade."""
    entry = RosterSchool("0101", "河东小学", "primary", "")
    for name in ("1班", "2班", "3班"):
        entry.populations["parent", "1", name, ""] = 15
    return District(sqlite_app, clock).opened((entry,), ("compulsory-parent",))
