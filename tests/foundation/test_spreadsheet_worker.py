"""What the program that reads workbooks prints, seen from inside: elsewhere it runs in a process of its own."""

import json
from datetime import date
from pathlib import Path

import openpyxl

from survey_app.foundation.spreadsheet_worker import MAX_COLUMNS, read_workbook
from testing.instruments import TINY

ROSTERS = TINY.parent / "data" / "rosters"


def test_sheets_cells_and_merged_ranges() -> None:
    roster, remarks = read_workbook(str(ROSTERS / "deep-heading.xlsx"))
    assert (roster["name"], remarks["name"]) == ("名册", "说明")
    assert roster["rows"][3][:4] == ["0501", "青石第一小学", "学区小学", 480.0]
    assert len(roster["merged"]) == 3
    assert not roster["too_large"]
    assert json.loads(json.dumps([roster, remarks])) is not None


def test_a_sheet_that_is_too_wide_has_no_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].cell(1, MAX_COLUMNS + 1, "far")
    book.save(tmp_path / "wide.xlsx")
    (sheet,) = read_workbook(str(tmp_path / "wide.xlsx"))
    assert (sheet["too_large"], sheet["rows"]) == (True, [])


def test_formulas_without_a_value_dates_and_hidden_rows_are_told(tmp_path: Path) -> None:
    """X-F1, X-F13, X-F14: what the cells alone do not say."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["学校", "人数", "班级"])
    sheet.append(["一小", "=SUM(1,2)", date(2026, 1, 2)])
    sheet.append(["二小", 30, "1班"])
    sheet.row_dimensions[3].hidden = True
    book.save(tmp_path / "office.xlsx")
    (found,) = read_workbook(str(tmp_path / "office.xlsx"))
    assert found["valueless"] == {"B2": "SUM(1,2)"}
    assert found["hidden_rows"] == [3]
    assert found["rows"][1][2] == {"date": "2026-01-02"}
