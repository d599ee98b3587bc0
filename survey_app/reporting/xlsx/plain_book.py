"""Workbooks without the house style of results: something to fill in or to send back, and rows by the million."""

import io
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from survey_app.foundation.translation import _

from .writer import BODY_FONT, CellValue, SafeWorkbook

MAX_ROWS = 1_048_576


class PlainSheet:
    """A sheet of a :class:`PlainBook`."""

    def __init__(self, sheet: Any, workbook: SafeWorkbook) -> None:
        self.sheet = sheet
        self.next_row = 0
        body = {"font_name": BODY_FONT, "font_size": 11, "valign": "vcenter"}
        self.formats = {
            "body": workbook.add_format(body | {"text_wrap": True}),
            "bold": workbook.add_format(body | {"bold": True, "bg_color": "#DCE6F1", "text_wrap": True}),
            "marked": workbook.add_format(body | {"font_color": "#C00000", "bg_color": "#FDE9E7", "text_wrap": True}),
            "text": workbook.add_format(body | {"num_format": "@"}),
        }

    def write_headings(self, titles: Sequence[str], widths: Sequence[float]) -> None:
        self.set_widths(widths)
        self.write_row(titles, is_bold=True)
        self.sheet.freeze_panes(1, 0)
        self.sheet.repeat_rows(0)

    def set_widths(self, widths: Sequence[float]) -> None:
        for index, width in enumerate(widths):
            self.sheet.set_column(index, index, width)

    def write_row(self, values: Sequence[CellValue], *, is_marked: bool = False, is_bold: bool = False) -> None:
        """User text is written as text; with ``is_marked`` the first cell is red."""
        for index, value in enumerate(values):
            style = self.formats["bold" if is_bold else "marked" if is_marked and index == 0 else "body"]
            if isinstance(value, str):
                if value:
                    self.sheet.write_string(self.next_row, index, value, style)
            elif value is not None:
                self.sheet.write_number(self.next_row, index, value, style)
        self.next_row += 1

    def keep_text(self, column: int, width: float) -> None:
        """What is typed in this column stays text: leading zeros, and 1-2 is no date."""
        self.sheet.set_column(column, column, width, self.formats["text"])

    def add_choices(self, column: int, last_row: int, choices: Sequence[str]) -> None:
        self.sheet.data_validation(1, column, last_row, column, {"validate": "list", "source": list(choices)})

    def add_whole_numbers(self, column: int, last_row: int) -> None:
        rule = {"validate": "integer", "criteria": ">=", "value": 0}
        self.sheet.data_validation(1, column, last_row, column, rule)


class PlainBook:
    """A workbook without the house style of results: something to fill in, or to mend and send back."""

    def __init__(self, title: str) -> None:
        self.buffer = io.BytesIO()
        self.workbook = SafeWorkbook(self.buffer, in_memory=True)
        self.workbook.set_properties({"title": title})

    def add_sheet(self, name: str) -> PlainSheet:
        sheet = self.workbook.add_worksheet(name)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return PlainSheet(sheet, self.workbook)

    def to_bytes(self) -> bytes:
        self.workbook.close()
        return self.buffer.getvalue()


def write_table_rows(
    file: BinaryIO, title: str, names: Sequence[str], rows: Iterable[Sequence[CellValue]], sheet_name: str = ""
) -> None:
    """Many rows as a stream; a sheet that is full is continued on the next. ``sheet_name``: responses if not given."""
    sheet_name = sheet_name or _("答卷")
    workbook = SafeWorkbook(file, constant_memory=True)
    sheet, next_row, sheet_count = None, MAX_ROWS, 0
    for row in rows:
        if next_row >= MAX_ROWS:
            sheet_count += 1
            sheet, next_row = workbook.add_worksheet(f"{sheet_name}{sheet_count}"), 1
            sheet.write_row(0, 0, names)
            sheet.freeze_panes(1, 0)
        for column, value in enumerate(row):
            if value not in (None, "") and sheet is not None:
                write_cell = sheet.write_string if isinstance(value, str) else sheet.write
                write_cell(next_row, column, value)
        next_row += 1
    if sheet_count == 0:
        workbook.add_worksheet(f"{sheet_name}1").write_row(0, 0, names)
    workbook.set_properties({"title": title})
    workbook.close()
