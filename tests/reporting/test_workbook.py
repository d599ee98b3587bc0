"""The workbook: its sheets, its craft, its live formulas."""

import csv
import io
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import column_index_from_string
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from testing.district import District, school
from testing.workbooks import Cells, cells, recalculated
from tests.reporting.conftest import write_scheme

SHEETS = ["封面与口径", "学校满意度汇总表", "分类排名表", "分维度", "题目分布", "回收率", "数据质量",
          "总体与差异", "学校位置", "问卷质量", "方法说明"]  # fmt: skip
ROOM = (11.69 - 2 * 0.3) * 96  # pixels on A4, landscape


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
        assert sheet.print_title_rows, sheet.title
        assert sheet.freeze_panes, sheet.title
        footer = sheet.oddFooter
        assert footer
        assert footer.center
        assert "&P" in str(footer.center.text)
        texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
        assert any("制表人" in text and "审核人" in text and "负责人" in text for text in texts), sheet.title
    assert "2026秋" in found.properties.title


def printed_pages(sheet: Worksheet) -> tuple[float, list[list[float]]]:
    """The scale at which a sheet is printed, and the widths of the columns on each page side by side."""
    widths: list[
        float
    ] = [  # digits as wide as any font has them, and the padding that the file counts in digits of 7 pixels
        round((columns.width - 5 / 7) * 9.5) + 5
        for columns in sheet.column_dimensions.values()
        for _ in range(columns.min or 1, (columns.max or 1) + 1)
    ]
    if sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage:
        return min(1.0, ROOM / sum(widths)), [widths]
    ends = [int(entry.id) for entry in sheet.col_breaks.brk]
    repeated = widths[: column_index_from_string(str(sheet.print_title_cols).rpartition(":")[2].strip("$"))]
    pages = [widths[start:end] for start, end in pairwise([0, *ends, len(widths)])]
    return (sheet.page_setup.scale or 100) / 100, [pages[0], *(repeated + page for page in pages[1:])]


def test_no_sheet_is_printed_smaller_than_eight_points(book: Path) -> None:
    """K24: the summary was printed at 5.1 points, the items at 5.0, the cover on three pages."""
    for sheet in openpyxl.load_workbook(book):
        scale, pages = printed_pages(sheet)
        assert min(cell.font.sz for row in sheet.iter_rows() for cell in row if cell.value) * scale >= 8, sheet.title
        assert all(sum(page) * scale <= ROOM for page in pages), sheet.title
        titles = [str(part) for part in sheet.merged_cells.ranges if part.min_row == 1]
        assert column_index_from_string(re.sub(r"\d", "", titles[0].partition(":")[2])) <= len(pages[0])
    cover = openpyxl.load_workbook(book)[SHEETS[0]]
    assert (cover.page_setup.fitToWidth or 1, cover.page_setup.fitToHeight or 1) == (1, 1)
    heights = [cover.row_dimensions[row].height or 15 for row in range(1, cover.max_row + 1)]
    assert sum(heights) * 8 / 11 <= (8.27 - 2 * 0.6) * 72, "one page at eight points"


def test_every_mean_of_the_book_is_the_same(book: Path) -> None:
    """K15: the summary had a plain mean of the schools, 总体与差异 one weighted by the roster."""
    values = openpyxl.load_workbook(book, data_only=True)
    district = {row[1].value: row[3].value for row in values["总体与差异"].iter_rows() if row[0].value == "全区"}
    assert district.keys() == {"家长", "学生", "教师", "综合得分"}
    summary = values["学校满意度汇总表"]
    heads = [cell.value for cell in summary[4]]
    (last,) = (row for row in summary.iter_rows() if str(row[0].value).startswith("合计"))
    assert last[heads.index("综合得分")].value == district["综合得分"]
    for audience in ("家长", "学生", "教师"):
        assert last[heads.index(audience) + 3].value == district[audience]
    text = " ".join(str(cell.value) for row in values[SHEETS[0]].iter_rows() for cell in row)
    assert all(f"{name} {mean:.2f}" in text for name, mean in district.items())


def test_items_stand_below_their_headings(book: Path) -> None:
    """The options stood below 作答, and how many answered below 选项."""
    sheet = openpyxl.load_workbook(book)["题目分布"]
    heads = [cell.value for cell in sheet[3]]
    row = next(row for row in sheet.iter_rows() if row[0].value == "0101")
    assert "、" in str(row[heads.index("选项（按卷面顺序）")].value)
    first = heads.index("各选项人数（按卷面顺序）")
    counts: list[Any] = [cell.value for cell in row[first : heads.index("各选项占比")]]
    assert row[heads.index("作答")].value == sum(count for count in counts if count is not None)


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
    assert used <= {"ROUND", "SUM", "SUMPRODUCT", "COUNTIFS", "INDEX", "MATCH", "IF", "AND", "ABS"}


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
    everything_follows(openpyxl.load_workbook(book, data_only=True), fresh, place)


def everything_follows(before: Workbook, fresh: Cells, place: dict[Any, int]) -> None:
    """K14: the summary kept score and rank, intervals and bands stood beside ranks that they were not made for."""
    summary, ranking = before["学校满意度汇总表"], before["分类排名表"]
    as_computed = "IKLMNOPQ"  # error, two intervals, band, four chances
    had = 0
    for row in summary.iter_rows(min_row=6, max_row=11):
        code, line = row[0].value, place[row[0].value]
        for own, other in (("D", "H"), ("E", "J")):
            assert fresh[summary.title, f"{own}{row[0].row}"] == fresh[ranking.title, f"{other}{line}"]
        for column in as_computed:
            now, then = fresh[ranking.title, f"{column}{line}"], ranking[f"{column}{line}"].value
            assert (now or None) == (None if str(code).startswith("01") else then or None), (code, column)
            had += bool(then)
    assert had > 15
    assert not fresh[summary.title, "D12"]
    assert summary["D12"].value


def test_names_that_look_like_formulas_stay_text(sqlite_app, clock, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    district = District(sqlite_app, clock).opened((school("0101", "@SUM(1)河东 http://x.cn"),))
    district.send(district.link())
    out = tmp_path / "book.xlsx"
    district.sealed().command("results", "report", "--wave", "2026秋", "--out", str(out))
    found = cells(out, values=False)
    assert "@SUM(1)河东 http://x.cn" in found.values()
    assert not openpyxl.load_workbook(out)["学校满意度汇总表"]._hyperlinks  # type: ignore[attr-defined]


def test_a_group_too_small_for_a_count_is_in_no_total(sqlite_app, clock, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """K15: the page counted 413 of 552 teachers, the workbook 417 of 556."""
    schools = (school("0101", "河东小学"), school("0102", "河西小学", teachers=4))
    district = District(sqlite_app, clock).opened(schools)
    for code, came in (("0101", 11), ("0102", 4)):
        district.send_many(district.link("teacher", code), came)
    assert "11 / 12（91.7%）" in district.staff().get("/staff/waves/1").text
    out = tmp_path / "book.xlsx"
    district.sealed().command("results", "report", "--wave", "2026秋", "--out", str(out))
    book = openpyxl.load_workbook(out, data_only=True)
    summary = book["学校满意度汇总表"]
    (last,) = (row for row in summary.iter_rows() if str(row[0].value).startswith("合计"))
    first = [cell.value for cell in summary[4]].index("教师")
    assert [cell.value for cell in last[first : first + 3]] == [12, 11, pytest.approx(11 / 12)]
    (last,) = (row for row in book["回收率"].iter_rows() if row[0].value == "合计")
    parents_and_students = 2 * (60 + 30)
    assert [cell.value for cell in last[4:6]] == [parents_and_students + 12, 11]


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
