"""What the program that reads workbooks prints, seen from inside: elsewhere it runs in a process of its own."""

import json
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
