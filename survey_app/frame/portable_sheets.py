"""The sheets of a workbook as JSON: the process that reads a file hands on what stood in its rows."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from survey_app.foundation.spreadsheet_reader import CellValue, Sheet


def sheets_to_json(sheets: Iterable[Sheet]) -> list[dict[str, Any]]:
    """Return names and cells. Merged cells are filled down, where rows need what they say, and not across."""
    return [
        {
            "name": sheet.name, "is_hidden": sheet.is_hidden, "line_numbers": list(sheet.line_numbers),
            "rows": [
                ["" if _goes_on(sheet, number, column) else _cell(cell) for column, cell in enumerate(row)]
                for number, row in enumerate(sheet.rows)
            ],
        }
        for sheet in sheets
    ]  # fmt: skip


def _goes_on(sheet: Sheet, row: int, column: int) -> bool:
    """Whether a merged range reaches this cell from the one to its left."""
    return (
        (row, column) in sheet.filled
        and (row, column - 1) in sheet.merged
        and sheet.rows[row][column] == sheet.rows[row][column - 1]
    )


def _cell(cell: CellValue) -> CellValue:
    return cell.isoformat() if isinstance(cell, date) else cell


def sheets_from_json(entries: Iterable[dict[str, Any]]) -> list[Sheet]:
    return [
        Sheet(entry["name"], entry["rows"], line_numbers=tuple(entry["line_numbers"]), is_hidden=entry["is_hidden"])
        for entry in entries
    ]
