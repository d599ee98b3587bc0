"""The one door to the workbook writer: the house style of every sheet, so that builders only say what is in it."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from survey_app.foundation.clock import LOCAL_ZONE
from survey_app.foundation.translation import _
from survey_app.measurement.rounding import round_half_up

BODY_FONT, HEADING_FONT = "宋体", "黑体"
SAFE_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
LINE_HEIGHT = 15  # points of height
MAX_HEADING_LINES = 6
A4_INCHES, SIDE_MARGIN, TOP_MARGIN = (11.69, 8.27), 0.3, 0.6  # landscape
PIXELS_PER_INCH, PIXELS_PER_COLUMN = 96, 5
PIXELS_PER_LETTER = 9.5  # of the widest font that a program takes where 宋体 is not; 8 where it is
SMALLEST_SCALE = 0.73  # of 11 points: eight points are the smallest that an office reads on paper
SIGNATURE_GAP = 2
P_DECIMALS = 3

CellValue = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula with the value that it has now."""

    text: str
    value: CellValue


@dataclass(frozen=True, slots=True)
class FullPrecision:
    """A figure in full precision, because formulas go on with it."""

    value: float


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column. ``style``: text, wide, code, int, points, share or p; ``group``: the heading above it."""

    title: str
    style: str = "text"
    width: float = 10
    group_title: str = ""


class StreamedSheet(Worksheet):  # type: ignore[misc]  # xlsxwriter has no types
    """A sheet of which only the row being written is in memory: rows go from top to bottom, cells before them are gone.

    A thousand schools make sheets of half a million cells, which took 300 MB.
    """

    def merge_down(self, row: int, column: int) -> None:
        """Joins a cell with the one below, both written already; ``merge_range`` would go back to the row above."""
        self.merge.append([row, column, row + 1, column])


class SafeWorkbook(xlsxwriter.Workbook):  # type: ignore[misc]  # xlsxwriter has no types
    """A workbook in which what somebody typed stays text, whatever it begins with."""

    def __init__(self, file: BinaryIO, **options: Any) -> None:
        super().__init__(file, SAFE_OPTIONS | options)


class WorkbookWriter:
    """A workbook in the style that offices print and file, its sheets written row by row."""

    def __init__(self, title: str, office: str, created_at: datetime, decimals: int) -> None:
        self.decimals = decimals
        self.buffer = io.BytesIO()
        usual = {"font_name": BODY_FONT, "font_size": 11}  # column widths are counted in digits of the usual font
        self.workbook = SafeWorkbook(self.buffer, constant_memory=True, default_format_properties=usual)
        self.title, self.office, self.created_at = title, office, created_at
        self.workbook.set_properties({"title": title, "company": office, "created": created_at.replace(tzinfo=None)})
        self.workbook.set_calc_mode("auto")
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._cell_formats: dict[tuple[object, ...], Format] = {}

    def format(self, **properties: Any) -> Format:
        """A format on top of the body style, made once."""
        all_properties = {"font_name": BODY_FONT, "font_size": 11, "valign": "vcenter"} | properties
        key = tuple(sorted(all_properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(all_properties)
        return self._formats[key]

    def cell_format(self, style: str, **more: Any) -> Format:
        """The format of a cell in a column of this style; kept, as a district asks for two million cells."""
        key = (style, *more.items())
        if key not in self._cell_formats:
            self._cell_formats[key] = self._make_cell_format(style, **more)
        return self._cell_formats[key]

    def _make_cell_format(self, style: str, **more: Any) -> Format:
        properties: dict[str, dict[str, Any]] = {
            "text": {"indent": 1}, "wide": {"indent": 1, "text_wrap": True}, "code": {"num_format": "@"},
            "int": {"num_format": "#,##0", "align": "right"}, "points": {"num_format": "0.00", "align": "right"},
            "share": {"num_format": "0.0%", "align": "right"}, "p": {"num_format": "0.000", "align": "right"},
        }  # fmt: skip
        return self.format(border=1, border_color="#999999", **properties[style], **more)

    def add_sheet(self, name: str) -> StreamedSheet:
        sheet: StreamedSheet = self.workbook.add_worksheet(name, StreamedSheet)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=SIDE_MARGIN, right=SIDE_MARGIN, top=TOP_MARGIN, bottom=TOP_MARGIN)
        sheet.set_footer("&C&P / &N&R&A")
        sheet.hide_gridlines(2)
        return sheet

    def to_bytes(self) -> bytes:
        self.workbook.close()
        return self.buffer.getvalue()


class SheetTable:
    """A sheet with title, unit and date line, heading of one or two levels, rows, and the signature line."""

    def __init__(
        self, writer: WorkbookWriter, name: str, title: str, columns: Sequence[SheetColumn], notes: Sequence[str] = ()
    ) -> None:
        self.writer, self.columns = writer, list(columns)
        self.sheet = writer.add_sheet(name)
        self.column_count = len(columns)
        self.last_of_first_page = next(iter(page_ends(columns, 0)), self.column_count - 1)
        self._write_titles(title, notes)
        self.first_row = self._write_headings(2 + len(notes))
        self.next_row = self.first_row

    def _write_titles(self, title: str, notes: Sequence[str]) -> None:
        last = self.last_of_first_page
        self.sheet.merge_range(
            0, 0, 0, last, title, self.writer.format(font_name=HEADING_FONT, font_size=16, align="center")
        )
        self.sheet.set_row(0, 30)
        date = self.writer.created_at.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d")
        office_line = _("填报单位：{office}", office=self.writer.office)
        date_line = _("制表日期：{when}", when=date)
        self.sheet.merge_range(1, 0, 1, last, f"{office_line}　　{date_line}", self.writer.format())
        for row, note in enumerate(notes, start=2):
            style = self.writer.format(text_wrap=True, font_color="#444444")
            self.sheet.merge_range(row, 0, row, last, note, style)
            width = sum(column.width for column in self.columns[: last + 1])
            self.sheet.set_row(row, LINE_HEIGHT * line_count(note, width))

    def _write_headings(self, row: int) -> int:
        """Writes the headings; returns the first row below them."""
        heading_format = self.writer.format(
            font_name=HEADING_FONT, align="center", text_wrap=True, border=1, border_color="#999999", bg_color="#DCE6F1"
        )
        two_levels = any(column.group_title for column in self.columns)
        for index, column in enumerate(self.columns):
            self.sheet.set_column(index, index, column.width)
        if two_levels:
            self._write_groups(row, heading_format)
        for index, column in enumerate(self.columns):
            if two_levels and not column.group_title:
                self.sheet.write_blank(row + 1, index, None, heading_format)
                self.sheet.merge_down(row, index)
            else:
                self.sheet.write_string(row + two_levels, index, column.title, heading_format)
        first = row + (2 if two_levels else 1)
        lines = max(line_count(column.title, column.width) for column in self.columns)
        self.sheet.set_row(first - 1, max(32, LINE_HEIGHT * min(lines, MAX_HEADING_LINES) + 2))
        self.sheet.repeat_rows(row, first - 1)
        return first

    def _write_groups(self, row: int, heading_format: Format) -> None:
        """The upper of two rows of headings: each group over its columns, and what has none."""
        start = 0
        for title, columns in groupby(self.columns, lambda column: column.group_title):
            members = list(columns)
            last = start + len(members) - 1
            if not title:
                for index, column in enumerate(members, start):
                    self.sheet.write_string(row, index, column.title, heading_format)
            elif start < last:
                self.sheet.merge_range(row, start, row, last, title, heading_format)
            else:
                self.sheet.write_string(row, start, title, heading_format)
            start = last + 1

    def write_row(self, values: Sequence[CellValue | Formula | FullPrecision], **more: Any) -> int:
        """Writes one row, with figures rounded as they are published; returns its number (from 0)."""
        row = self.next_row
        for index, (column, value) in enumerate(zip(self.columns, values, strict=True)):
            style = self.writer.cell_format(column.style, **more)
            if isinstance(value, FullPrecision):
                self.sheet.write_number(row, index, value.value, style)
            else:
                self.write_cell(row, index, self.round_value(value, column.style), style)
        lines = max((line_count(value, column.width) for column, value in zip(self.columns, values, strict=True)
                     if column.style == "wide" and isinstance(value, str)), default=1)  # fmt: skip
        if lines > 1:
            self.sheet.set_row(row, LINE_HEIGHT * lines)
        self.next_row += 1
        return row

    def round_value(self, value: CellValue | Formula, style: str) -> CellValue | Formula:
        return value if isinstance(value, Formula) else round_value(value, style, self.writer.decimals)

    def write_cell(self, row: int, column: int, value: CellValue | Formula, style: Format) -> None:
        """User text is always written as text; a missing figure is an empty cell."""
        if value is None:
            self.sheet.write_blank(row, column, None, style)
        elif isinstance(value, Formula):
            self.sheet.write_formula(row, column, value.text, style, "" if value.value is None else value.value)
        elif isinstance(value, str):
            self.sheet.write_string(row, column, value, style)
        else:
            self.sheet.write_number(row, column, value, style)

    def finish(self, freeze_columns: int, with_filter: bool = True, last_filtered: int | None = None) -> None:
        """Freezes heading and names, adds the filter (to the last row, or this one) and the line for signatures."""
        self.sheet.freeze_panes(self.first_row, freeze_columns)
        ends = page_ends(self.columns, freeze_columns)
        if ends:  # too wide for one page: legible pages side by side, each with the names
            self.sheet.set_print_scale(round(100 * SMALLEST_SCALE))
            self.sheet.repeat_columns(0, freeze_columns - 1)
            self.sheet.set_v_pagebreaks([end + 1 for end in ends])
        if with_filter and self.next_row > self.first_row:
            last = self.next_row - 1 if last_filtered is None else last_filtered
            self.sheet.autofilter(self.first_row - 1, 0, last, self.column_count - 1)
        signature_line = _("制表人：　　　　　　　　审核人：　　　　　　　　负责人：　　　　　　　　")
        last = self.next_row + SIGNATURE_GAP
        self.sheet.merge_range(last, 0, last, self.last_of_first_page, signature_line, self.writer.format())

    def column_range(self, column: int, first: int | None = None, last: int | None = None) -> str:
        """The address of a part of a column, for formulas: ``$H$5:$H$28``."""
        top = self.first_row if first is None else first
        bottom = self.next_row - 1 if last is None else last
        return f"{cell_address(top, column)}:{cell_address(bottom, column)}"


def round_value(value: CellValue, style: str, decimals: int) -> CellValue:
    """Return a figure as it is published in a column of this style; anything else as it is."""
    if not isinstance(value, float):
        return value
    return round_half_up(value, {"share": decimals + 2, "p": P_DECIMALS}.get(style, decimals))


def first_row_of(columns: Sequence[SheetColumn], notes: Sequence[str]) -> int:
    """Return where the rows of a table begin, for formulas of sheets that come before it."""
    return 2 + len(notes) + (2 if any(column.group_title for column in columns) else 1)


def page_ends(columns: Sequence[SheetColumn], repeated: int) -> list[int]:
    """Return after which columns a page ends where a sheet is too wide to be printed legibly on one; else nothing.

    Columns with one heading above them stay together; the first ``repeated`` stand on every page.
    """
    room = (A4_INCHES[0] - 2 * SIDE_MARGIN) * PIXELS_PER_INCH / SMALLEST_SCALE
    if _pixels(columns) <= room:
        return []
    used, ends, index = 0, list[int](), 0
    for title, members in groupby(columns, lambda column: column.group_title):
        group = list(members)
        units = [group] if title and _pixels(group) + _pixels(columns[:repeated]) <= room else [[one] for one in group]
        for unit in units:
            if used and used + _pixels(unit) > room:
                ends.append(index - 1)
                used = _pixels(columns[:repeated])
            used += _pixels(unit)
            index += len(unit)
    return ends


def _pixels(columns: Sequence[SheetColumn]) -> int:
    return sum(round(column.width * PIXELS_PER_LETTER) + PIXELS_PER_COLUMN for column in columns)


def line_count(text: str, width: float) -> int:
    """How many lines a text takes in a cell; a Chinese character is as wide as two letters."""
    letters = sum(2 if ord(letter) > 255 else 1 for letter in text)
    return 1 + int(letters // max(width - 1, 1))


def cell_address(row: int, column: int, absolute: bool = True) -> str:
    """The name of a cell (row and column from 0)."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column, row_abs=absolute, col_abs=absolute))
