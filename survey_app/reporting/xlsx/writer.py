"""The one door to the workbook writer: the house style of every sheet, so that builders only say what is in it."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from survey_app.foundation.clock import LOCAL
from survey_app.foundation.translation import _
from survey_app.measurement.rounding import half_up

BODY, HEADING = "宋体", "黑体"
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
MAX_ROWS = 1_048_576
LINE = 15  # points of height
LAST_LINE_SPACE = 2
P_DECIMALS = 3

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula with the value that it has now."""

    text: str
    value: Value


@dataclass(frozen=True, slots=True)
class Exact:
    """A figure in full precision, because formulas go on with it."""

    value: float


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``style``: text, wide, code, int, points, share or p; ``group``: the heading above it."""

    title: str
    style: str = "text"
    width: float = 10
    group: str = ""


class Book:
    """A workbook in memory, in the style that offices print and file."""

    def __init__(self, title: str, office: str, made_at: datetime, decimals: int) -> None:
        self.decimals = decimals
        self.buffer = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.buffer, SAFE | {"in_memory": True})
        self.title, self.office, self.made_at = title, office, made_at
        self.book.set_properties({"title": title, "company": office, "created": made_at.replace(tzinfo=None)})
        self.book.set_calc_mode("auto")
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, **properties: Any) -> Format:
        """A format on top of the body style, made once."""
        wanted = {"font_name": BODY, "font_size": 11, "valign": "vcenter"} | properties
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(wanted)
        return self._formats[key]

    def cell_format(self, style: str, **more: Any) -> Format:
        properties: dict[str, dict[str, Any]] = {
            "text": {"indent": 1}, "wide": {"indent": 1, "text_wrap": True}, "code": {"num_format": "@"},
            "int": {"num_format": "#,##0", "align": "right"}, "points": {"num_format": "0.00", "align": "right"},
            "share": {"num_format": "0.0%", "align": "right"}, "p": {"num_format": "0.000", "align": "right"},
        }  # fmt: skip
        return self.format(border=1, border_color="#999999", **properties[style], **more)

    def sheet(self, name: str) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.set_footer("&C&P / &N&R&A")
        sheet.hide_gridlines(2)
        return sheet

    def bytes(self) -> bytes:
        self.book.close()
        return self.buffer.getvalue()


class Table:
    """A sheet with title, unit and date line, heading of one or two levels, rows, and the signature line."""

    def __init__(self, book: Book, name: str, title: str, columns: Sequence[Column], notes: Sequence[str] = ()) -> None:
        self.book, self.columns = book, list(columns)
        self.sheet = book.sheet(name)
        self.width = len(columns)
        self._titles(title, notes)
        self.first_row = self._headings(2 + len(notes))
        self.next_row = self.first_row

    def _titles(self, title: str, notes: Sequence[str]) -> None:
        last = self.width - 1
        self.sheet.merge_range(0, 0, 0, last, title, self.book.format(font_name=HEADING, font_size=16, align="center"))
        self.sheet.set_row(0, 30)
        when = self.book.made_at.astimezone(LOCAL).strftime("%Y-%m-%d")
        unit = _("填报单位：{office}", office=self.book.office)
        dated = _("制表日期：{when}", when=when)
        self.sheet.merge_range(1, 0, 1, last, f"{unit}　　{dated}", self.book.format(font_size=10))
        for row, note in enumerate(notes, start=2):
            style = self.book.format(font_size=10, text_wrap=True, font_color="#444444")
            self.sheet.merge_range(row, 0, row, last, note, style)
            self.sheet.set_row(row, LINE * _lines(note, sum(column.width for column in self.columns)))

    def _headings(self, row: int) -> int:
        """Writes the headings; returns the first row below them."""
        head = self.book.format(
            font_name=HEADING, align="center", text_wrap=True, border=1, border_color="#999999", bg_color="#DCE6F1"
        )
        two_levels = any(column.group for column in self.columns)
        start = 0
        for index, column in enumerate(self.columns):
            self.sheet.set_column(index, index, column.width)
            if not two_levels:
                self.sheet.write_string(row, index, column.title, head)
            elif not column.group:
                self.sheet.merge_range(row, index, row + 1, index, column.title, head)
            else:
                self.sheet.write_string(row + 1, index, column.title, head)
                last_of_group = index + 1 == self.width or self.columns[index + 1].group != column.group
                start = index if self.columns[index - 1].group != column.group else start
                if last_of_group and start < index:
                    self.sheet.merge_range(row, start, row, index, column.group, head)
                elif last_of_group:
                    self.sheet.write_string(row, index, column.group, head)
        first = row + (2 if two_levels else 1)
        self.sheet.set_row(first - 1, 32)
        self.sheet.repeat_rows(row, first - 1)
        return first

    def row(self, values: Sequence[Value | Formula | Exact], **more: Any) -> int:
        """Writes one row, with figures rounded as they are published; returns its number (from 0)."""
        row = self.next_row
        for index, (column, value) in enumerate(zip(self.columns, values, strict=True)):
            style = self.book.cell_format(column.style, **more)
            if isinstance(value, Exact):
                self.sheet.write_number(row, index, value.value, style)
            else:
                self.write(row, index, self.published(value, column.style), style)
        lines = max((_lines(value, column.width) for column, value in zip(self.columns, values, strict=True)
                     if column.style == "wide" and isinstance(value, str)), default=1)  # fmt: skip
        if lines > 1:
            self.sheet.set_row(row, LINE * lines)
        self.next_row += 1
        return row

    def published(self, value: Value | Formula, style: str) -> Value | Formula:
        if not isinstance(value, float):
            return value
        decimals = self.book.decimals
        return half_up(value, {"share": decimals + 2, "p": P_DECIMALS}.get(style, decimals))

    def write(self, row: int, column: int, value: Value | Formula, style: Format) -> None:
        """User text is always written as text; a missing figure is an empty cell."""
        if value is None:
            self.sheet.write_blank(row, column, None, style)
        elif isinstance(value, Formula):
            self.sheet.write_formula(row, column, value.text, style, "" if value.value is None else value.value)
        elif isinstance(value, str):
            self.sheet.write_string(row, column, value, style)
        else:
            self.sheet.write_number(row, column, value, style)

    def finish(self, freeze_columns: int, filtered: bool = True, last_filtered: int | None = None) -> None:
        """Freezes heading and names, adds the filter (to the last row, or this one) and the line for signatures."""
        self.sheet.freeze_panes(self.first_row, freeze_columns)
        if filtered and self.next_row > self.first_row:
            last = self.next_row - 1 if last_filtered is None else last_filtered
            self.sheet.autofilter(self.first_row - 1, 0, last, self.width - 1)
        line = _("制表人：　　　　　　　　审核人：　　　　　　　　负责人：　　　　　　　　")
        last = self.next_row + LAST_LINE_SPACE
        self.sheet.merge_range(last, 0, last, self.width - 1, line, self.book.format())

    def cells(self, column: int, first: int | None = None, last: int | None = None) -> str:
        """The address of a part of a column, for formulas: ``$H$5:$H$28``."""
        top = self.first_row if first is None else first
        bottom = self.next_row - 1 if last is None else last
        return f"{address(top, column)}:{address(bottom, column)}"


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a cell; a Chinese character is as wide as two letters."""
    letters = sum(2 if ord(letter) > 255 else 1 for letter in text)
    return 1 + int(letters // max(width - 1, 1))


def address(row: int, column: int, fixed: bool = True) -> str:
    """The name of a cell (row and column from 0)."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column, row_abs=fixed, col_abs=fixed))


def write_plain_table(path: Path, title: str, names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Many rows of text as a stream; a sheet that is full is continued on the next."""
    book = xlsxwriter.Workbook(str(path), SAFE | {"constant_memory": True})
    sheet, line, number = None, MAX_ROWS, 0
    for row in rows:
        if line >= MAX_ROWS:
            number += 1
            sheet, line = book.add_worksheet(_("答卷{number}", number=number)), 1
            sheet.write_row(0, 0, names)
            sheet.freeze_panes(1, 0)
        for column, value in enumerate(row):
            if value and sheet is not None:
                sheet.write_string(line, column, value)
        line += 1
    if number == 0:
        book.add_worksheet(_("答卷{number}", number=1)).write_row(0, 0, names)
    book.set_properties({"title": title})
    book.close()
