"""A net promoter score from the form to every table: columns of its own, and never part of an index."""

import csv
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from testing.instruments import tiny_text
from testing.walk import Walk, prepare

ROSTER = "学校代码,学校名称,类别,对象,人数\n0101,河东小学,小学,家长,60\n"


@pytest.fixture(params=["recommend", "three"])
def walk(request: pytest.FixtureRequest, tmp_path: Path, migrated: Path) -> Iterator[Walk]:
    """Forty parents; with ``three`` the recommending scale is not asked with."""
    text = tiny_text("numbers").replace("id: numbers", "id: quarter", 1)
    if request.param == "three":
        text = text.replace(", also: nps", "", 1)
    walk = prepare(tmp_path, migrated, text)
    walk.open(ROSTER)
    for number in range(40):
        walk.answer(A1="321"[number % 3], S1=str(number % 5 + 1), W1=str(number % 4 + 1), R1=str(number % 11))
    walk.seal()
    yield walk
    walk.district.app.extensions["database"].dispose()


def test_every_table_has_the_score_where_it_is_asked_for(walk: Walk, request: pytest.FixtureRequest) -> None:
    asked = request.node.callspec.params["walk"] == "recommend"
    rows = list(csv.DictReader(walk.district.command("results", "items", "--wave", "2026秋").splitlines()))
    (row,) = [row for row in rows if row["item"] == "R1"]
    assert ("nps" in row) is asked
    page = walk.district.staff().get("/staff/waves/1/results/questions?view=item&item=R1").text
    book = openpyxl.load_workbook(workbook(walk))
    headings = [str(cell.value) for line in book["题目分布"].iter_rows(max_row=6) for cell in line]
    assert ("NPS" in headings) is asked
    assert ("NPS" in page) is asked
    if not asked:
        return
    promoters, detractors = 6, 28  # of 0…39 modulo 11: 9 and 10 three times each, 0…6 four times each
    score = 100 * (promoters - detractors) / 40
    assert float(row["nps"]) == pytest.approx(score)
    assert float(row["nps_se"]) == pytest.approx(100 * ((34 / 40 - (score / 100) ** 2) / 40) ** 0.5, abs=1e-3)
    assert f"{score:.1f}".replace("-", "−") in page or f"{score:.1f}" in page
    values = {cell.value for line in book["题目分布"].iter_rows() for cell in line}
    assert score in values


def test_the_score_is_in_no_index(walk: Walk) -> None:
    rows = list(csv.DictReader(walk.district.command("results", "indices", "--wave", "2026秋").splitlines()))
    assert "nps" not in rows[0]
    overall = next(row for row in rows if row["dimension"] == "OVERALL" and row["audience"] == "parent")
    assert float(overall["index"]) == pytest.approx((50.625 + 50.0 + 50.0) / 3, abs=1.5), "the items of the dimension"


def workbook(walk: Walk) -> Path:
    path = walk.home / "report.xlsx"
    walk.district.command("results", "report", "--wave", "2026秋", "--out", str(path))
    return path
