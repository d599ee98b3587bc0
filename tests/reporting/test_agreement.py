"""Page, CSV and workbook are drawn from one value, so every number of one stands in the others."""

import csv
import io
import re
from html import unescape
from pathlib import Path

import pytest

from testing.district import District
from testing.workbooks import cells


def table_rows(page: str, name: str) -> list[list[list[str]]]:
    """The tables of a class as rows of cell texts."""
    found = []
    for body in re.findall(rf'<table class="{name}">.*?<tbody>(.*?)</tbody>', page, re.S):
        rows = re.findall(r"<tr.*?</tr>", body, re.S)
        found.append([[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in
                       re.findall(r"<t[hd].*?</t[hd]>", row, re.S)] for row in rows])  # fmt: skip
    return found


@pytest.fixture(scope="module")
def page(measured: District) -> str:
    return str(measured.staff().get("/staff/waves/1/results/all").text)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def test_the_ranking_is_the_same_everywhere(measured: District, page: str, tmp_path: Path) -> None:
    lines = rows_of(measured.command("results", "ranking", "--wave", "2026秋"))
    shown = {row[0]: row for table in table_rows(page, "ranking") for row in table}
    out = tmp_path / "book.xlsx"
    measured.command("results", "report", "--wave", "2026秋", "--out", str(out))
    book = cells(out, values=True)
    place = {value: key[1][1:] for key, value in book.items() if key[0] == "分类排名表" and key[1].startswith("A")}
    assert len(lines) == 6
    for line in lines:
        row, at = shown[line["school_name"]], place[line["school_code"]]
        points = f"{float(line['composite']):.2f}" if line["composite"] else "—"
        assert (row[1], row[4]) == (line["rank"] or "—", points)
        expected = "" if not line["rank"] else _span(line["rank_low"], line["rank_high"])
        assert row[2] == expected == (book["分类排名表", f"K{at}"] or "")
        if line["composite"]:
            assert book["分类排名表", f"H{at}"] == pytest.approx(float(line["composite"]), abs=1e-9)


def _span(low: str, high: str) -> str:
    return low if low == high else f"{low}–{high}"


def test_every_index_on_the_page_is_in_the_csv_and_in_the_workbook(
    measured: District, page: str, tmp_path: Path
) -> None:
    indices = rows_of(measured.command("results", "indices", "--wave", "2026秋"))
    by_school: dict[str, list[str]] = {}
    for line in indices:
        if line["audience"] != "composite":
            by_school.setdefault(line["school_name"], []).append(
                f"{float(line['index']):.2f}" if line["index"] else "＊" if "suppressed" in line["flags"] else "—"
            )
    on_page: dict[str, list[str]] = {}
    for table in table_rows(page, "heat"):
        for row in table:
            on_page.setdefault(row[0], []).extend(row[1:])
    assert on_page == by_school
    out = tmp_path / "book.xlsx"
    measured.command("results", "report", "--wave", "2026秋", "--out", str(out))
    book = cells(out, values=True)
    in_book = [value for (sheet, place), value in book.items()
               if sheet == "分维度" and re.fullmatch(r"G\d+", place) and isinstance(value, int | float)]  # fmt: skip
    figures = [float(line["index"]) for line in indices if line["index"] and line["audience"] != "composite"]
    assert in_book == pytest.approx(figures, abs=1e-9)
    assert len(figures) > 80


def test_hidden_figures_are_nowhere(measured: District, page: str) -> None:
    hidden = [line for line in rows_of(measured.command("results", "indices", "--wave", "2026秋"))
              if "suppressed" in line["flags"]]  # fmt: skip
    assert {(line["school_code"], line["audience"]) for line in hidden} == {("0103", "teacher"), ("0202", "parent")}
    for line in hidden:
        assert line["received"]
        assert not any(line[name] for name in ("n", "index", "se", "rate", "answers", "index_plain", "strata"))
    full = rows_of(measured.command("results", "indices", "--wave", "2026秋", "--full"))
    public = rows_of(measured.command("results", "indices", "--wave", "2026秋"))
    shown = {f"{float(line['index']):.2f}" for line in public if line["school_code"] == "0103" and line["index"]}
    secret = {f"{float(line['index']):.2f}" for line in full
              if (line["school_code"], line["audience"]) == ("0103", "teacher")} - shown  # fmt: skip
    assert secret
    teachers = [row for table in table_rows(page, "heat") for row in table if row[0] == "河南小学"]
    assert [(figure, row) for row in teachers for figure in secret if figure in row] == []


def test_full_changes_no_composite(measured: District) -> None:
    plain = rows_of(measured.command("results", "ranking", "--wave", "2026秋"))
    full = rows_of(measured.command("results", "ranking", "--wave", "2026秋", "--full"))
    assert [float(line["composite"] or 0) for line in plain] == [float(line["composite"] or 0) for line in full]
    with measured.app.extensions["database"].read_session() as session:
        from sqlalchemy import text

        assert session.scalar(text("SELECT count(*) FROM audit_entry WHERE action = 'results.full'")) >= 1


def test_the_page_is_light_enough(page: str) -> None:
    import gzip

    assert len(gzip.compress(page.encode())) <= 60 * 1024
    assert page.count("<script") == 1, "the one script of the staff side, which is not part of the page"
