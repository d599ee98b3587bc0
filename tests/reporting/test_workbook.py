"""The workbook: its sheets, its craft, its live formulas."""

import csv
import io
import re
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from testing.district import District
from testing.workbooks import cells, recalculated
from tests.reporting.conftest import write_scheme

SHEETS = ["封面与口径", "学校满意度汇总表", "分类排名表", "分维度", "题目分布", "回收率", "数据质量",
          "总体与差异", "学校位置", "问卷质量"]  # fmt: skip


@pytest.fixture(scope="module")
def book(measured: District, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "report.xlsx"
    measured.command("results", "report", "--wave", "2026秋", "--out", str(path))
    return path


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def test_the_sheets_are_made_for_print(book: Path) -> None:
    found = openpyxl.load_workbook(book)
    assert found.sheetnames == SHEETS
    for sheet in found:
        assert sheet.page_setup.orientation == "landscape", sheet.title
        assert sheet.page_setup.paperSize == 9
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows, sheet.title
        assert sheet.freeze_panes, sheet.title
        footer = sheet.oddFooter
        assert footer
        assert footer.center
        assert "&P" in str(footer.center.text)
        texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
        assert any("制表人" in text and "审核人" in text and "负责人" in text for text in texts), sheet.title
    assert "2026秋" in found.properties.title


def test_codes_are_text_and_weights_are_the_only_open_cells(book: Path) -> None:
    found = openpyxl.load_workbook(book)
    assert {cell.value for cell in found["学校满意度汇总表"]["A"]} >= {"0101", "0202"}
    ranking = found["分类排名表"]
    assert ranking.protection.sheet
    unlocked = {cell.coordinate for row in ranking.iter_rows() for cell in row if not cell.protection.locked}
    assert len(unlocked) == 6, "two categories × three audiences"
    validated = {str(part) for rule in ranking.data_validations.dataValidation for part in rule.sqref.ranges}
    assert unlocked == validated


def test_only_plain_functions_are_used(book: Path) -> None:
    formulas = [
        value for value in cells(book, values=False).values() if isinstance(value, str) and value.startswith("=")
    ]
    assert len(formulas) > 20
    used = {name for formula in formulas for name in re.findall(r"[A-Z]+(?=\()", formula)}
    assert used <= {"ROUND", "SUM", "SUMPRODUCT", "COUNTIFS", "INDEX", "MATCH"}


@pytest.mark.office
def test_every_cached_value_equals_the_recalculated_one(book: Path, tmp_path: Path) -> None:
    cached, formulas = cells(book, values=True), cells(book, values=False)
    fresh = recalculated(book, tmp_path)
    live = [key for key, value in formulas.items() if isinstance(value, str) and value.startswith("=")]
    assert len(live) > 20
    for key in live:
        assert fresh[key] == pytest.approx(cached[key], abs=1e-9), (key, formulas[key])


@pytest.mark.office
def test_changed_weights_give_the_ranking_of_a_scheme_with_these_weights(
    measured: District, book: Path, tmp_path: Path
) -> None:
    sheet = openpyxl.load_workbook(book)["分类排名表"]
    row = next(cell.row for cell in sheet["A"] if cell.value == "学区小学")
    wanted = {"家长": 20, "学生": 30, "教师": 50}
    heads = {sheet.cell(line, column).value: column for line in range(1, row) for column in (5, 6, 7)}
    changes: dict[tuple[str, str], float] = {
        (sheet.title, sheet.cell(row, heads[name]).coordinate): value for name, value in wanted.items()
    }
    assert len(changes) == 3, heads
    fresh = recalculated(book, tmp_path, changes)
    scheme = write_scheme(tmp_path / "other.yaml", parent=20, student=30, teacher=50)
    ranking = rows_of(measured.command("results", "ranking", "--wave", "2026秋", "--scheme", str(scheme)))
    before = rows_of(measured.command("results", "ranking", "--wave", "2026秋"))
    assert [line["composite"] for line in ranking] != [line["composite"] for line in before]
    place = {cell.value: cell.row for cell in sheet["A"]}
    compared = 0
    for line in ranking:
        if line["category"] != "primary":
            continue
        at = place[line["school_code"]]
        assert fresh[sheet.title, f"H{at}"] == pytest.approx(float(line["composite"]), abs=1e-9)
        if line["rank"]:
            assert fresh[sheet.title, f"J{at}"] == int(line["rank"])
        compared += 1
    assert compared == 4


def test_names_that_look_like_formulas_stay_text(sqlite_app, clock, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    from testing.district import school

    district = District(sqlite_app, clock).opened((school("0101", "@SUM(1)河东 http://x.cn"),))
    district.send(district.link())
    out = tmp_path / "book.xlsx"
    district.sealed().command("results", "report", "--wave", "2026秋", "--out", str(out))
    found = cells(out, values=False)
    assert "@SUM(1)河东 http://x.cn" in found.values()
    assert not openpyxl.load_workbook(out)["学校满意度汇总表"]._hyperlinks  # type: ignore[attr-defined]


def last_row_of_filter(sheet: Worksheet) -> int:
    assert sheet.auto_filter.ref
    return int(re.sub(r"\D", "", sheet.auto_filter.ref.partition(":")[2]))


def test_filters_end_at_the_last_school_and_leave_the_totals_where_they_are(book: Path) -> None:
    """X-F12: the filter of the summary held the row of totals; sorting made its formulas Err:522."""
    found = openpyxl.load_workbook(book)
    filtered = [sheet for sheet in found if sheet.auto_filter.ref]
    assert found["学校满意度汇总表"] in filtered
    for sheet in filtered:
        last = last_row_of_filter(sheet)
        inside = [cell for row in sheet.iter_rows(max_row=last) for cell in row]
        assert not [cell.coordinate for cell in inside if str(cell.value).startswith("合计")], sheet.title
        formulas = [cell.coordinate for cell in inside if str(cell.value).startswith("=SUM(")]
        assert not formulas, f"{sheet.title}: {formulas} would sum other rows after sorting"
    summary = found["学校满意度汇总表"]
    last = last_row_of_filter(summary)
    assert summary.cell(last, 1).value == "0202"
    assert str(summary.cell(last + 1, 1).value).startswith("合计")


def test_names_are_whole_in_the_workbook_and_wrap(book: Path) -> None:
    """X-F16: names cut at 14 characters made two schools look the same."""
    summary = openpyxl.load_workbook(book)["学校满意度汇总表"]
    names = [cell for cell in summary["B"] if str(cell.value).endswith(("小学", "中学"))]
    assert len(names) == 6
    assert all(cell.alignment.wrap_text for cell in names)
    assert not [cell.value for cell in names if "…" in str(cell.value)]
