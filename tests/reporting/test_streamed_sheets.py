"""Sheets are written row by row: a workbook of a thousand schools is never in memory as cells (X-F18)."""

import io

import openpyxl

from survey_app.reporting.xlsx.writer import SheetColumn, SheetTable, WorkbookWriter
from testing.application import START

COLUMNS = [
    SheetColumn("代码", "code", 13), SheetColumn("一", "int", 9, "甲"), SheetColumn("二", "int", 9, "甲"),
    SheetColumn("三", "int", 9, "乙"), SheetColumn("说明", "wide", 20), SheetColumn("备注", "wide", 20),
]  # fmt: skip


def test_of_a_sheet_only_the_row_being_written_is_in_memory() -> None:
    """X-F18: the cells of a workbook took 320 MB."""
    writer = WorkbookWriter("书", "督导室", START, 2)
    table = SheetTable(writer, "表", "表", COLUMNS)
    for number in range(500):
        table.write_row([f"{number:04d}", 1, 2, 3, "", ""])
        assert len(table.sheet.table) == 1
    table.finish(freeze_columns=1)
    sheet = openpyxl.load_workbook(io.BytesIO(writer.to_bytes()))["表"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5, max_row=504)]
    assert rows == [[f"{number:04d}", 1, 2, 3, "", ""] for number in range(500)]


def test_headings_of_two_levels_join_what_belongs_together() -> None:
    writer = WorkbookWriter("书", "督导室", START, 2)
    SheetTable(writer, "表", "表", COLUMNS).finish(freeze_columns=1)
    sheet = openpyxl.load_workbook(io.BytesIO(writer.to_bytes()))["表"]
    upper, lower = ([cell.value for cell in sheet[row]] for row in (3, 4))
    assert upper == ["代码", "甲", None, "乙", "说明", "备注"]
    assert lower == [None, "一", "二", "三", None, None]
    joined = {str(part) for part in sheet.merged_cells.ranges}
    assert joined >= {"A3:A4", "B3:C3", "E3:E4", "F3:F4"}
    assert not joined & {"D3:D4", "E3:F3"}
