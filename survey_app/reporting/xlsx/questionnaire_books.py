"""Workbooks about questionnaires: the template, an instrument as one, and the office's own with what is wrong."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from survey_app.authoring.sheet.cells import column_index
from survey_app.authoring.sheet.headings import PROBLEM_HEADING, is_problem_column
from survey_app.authoring.sheet.writer import SHOWN_AS, TemplateSheet, template_sheets, write_sheets
from survey_app.definition.categories import Categories
from survey_app.definition.messages import Message
from survey_app.definition.model import Instrument
from survey_app.foundation.spreadsheet_reader import CellValue, Sheet
from survey_app.foundation.translation import _, render

from .plain_book import PlainBook

PROBLEM_WIDTH = 50
TYPES = ("单选", "多选", "年级", "总体", "文字", "数字")
YES_NO = ("是", "否")
TEMPLATE_ROWS = 500


def questionnaire_template() -> bytes:
    """The three sheets with their headings, and lists to choose from."""
    book = PlainBook(_("问卷模板"))
    for template in template_sheets():
        _write(book, template)
    return book.to_bytes()


def questionnaire_workbook(instrument: Instrument, categories: Categories) -> bytes:
    """An instrument as our template."""
    book = PlainBook(instrument.title.in_language(instrument.reference_language))
    for sheet in write_sheets(instrument, categories):
        _write(book, sheet)
    return book.to_bytes()


def _write(book: PlainBook, template: TemplateSheet) -> None:
    sheet = book.add_sheet(template.name)
    sheet.write_headings(template.headings, template.widths())
    for index, (heading, width) in enumerate(zip(template.headings, template.widths(), strict=True)):
        if heading == "题型":
            sheet.add_choices(index, TEMPLATE_ROWS, TYPES)
        elif heading == "显示":
            sheet.add_choices(index, TEMPLATE_ROWS, tuple(SHOWN_AS.values()))
        elif heading in ("必答", "反向", "不计分"):
            sheet.add_choices(index, TEMPLATE_ROWS, YES_NO)
        elif heading in ("编号", "代码", "版本", "内容"):
            sheet.keep_text(index, width)
    for row in template.rows:
        sheet.write_row(list(row))


def workbook_with_faults(
    sheets: Iterable[Sheet], faults: Sequence[tuple[Mapping[str, Any], Message]], headings: Mapping[str, int]
) -> bytes:
    """The sheets that were read, each with a column 问题 in front that says what is wrong in the row.

    ``headings``: the row of each sheet in which its headings were found; there the new column has its name, so that the
    mended workbook is read like the first.
    """
    book = PlainBook(_("问卷里的问题"))
    for sheet in (sheet for sheet in sheets if not sheet.is_hidden):
        heading = headings.get(sheet.name) or _first_full_row(sheet)
        texts: dict[int, list[str]] = {}
        errors: set[int] = set()
        for fault, sentence in faults:
            if fault.get("sheet", sheet.name) != sheet.name or fault["severity"] == "hint":
                continue
            number = fault.get("row") or heading
            is_error = fault["severity"] == "error"
            kind = _("错误：") if is_error else _("提醒：")
            words = f"{kind}{_column_words(sheet, heading, fault.get('column', ''))}{render(sentence)}"
            if number == heading:  # its cell is the name of the column
                number, words = number + 1, _("第 {line} 行：", line=number) + words
            texts.setdefault(number, []).append(words)
            errors |= {number} if is_error else set()
        _write_problems(book, sheet, heading, texts, errors)
    return book.to_bytes()


def _column_words(sheet: Sheet, heading: int, letters: str) -> str:
    """The heading of a column: in the new workbook its letter is another."""
    if not letters:
        return ""
    row, index = _row(sheet, heading), column_index(letters)
    return f"“{(index < len(row) and str(row[index]).strip()) or letters}” "


def _row(sheet: Sheet, number: int) -> list[CellValue]:
    return next((row for index, row in enumerate(sheet.rows) if sheet.row_number(index) == number), [])


def _first_full_row(sheet: Sheet) -> int:
    full = (sheet.row_number(index) for index, row in enumerate(sheet.rows) if sum(cell != "" for cell in row) > 1)
    return next(full, 1)


def _write_problems(
    book: PlainBook, sheet: Sheet, heading: int, texts: Mapping[int, list[str]], errors: set[int]
) -> None:
    target = book.add_sheet(sheet.name)
    target.set_widths([PROBLEM_WIDTH])
    headings = _row(sheet, heading)
    is_sent_back = bool(headings) and is_problem_column(0, headings)  # the column of last time makes room
    for index, row in enumerate(sheet.rows):
        number = sheet.row_number(index)
        said = PROBLEM_HEADING if number == heading else "；".join(texts.get(number, []))
        target.write_row(
            [said, *map(_cell, row[1:] if is_sent_back else row)], is_marked=number in errors, is_bold=number == heading
        )


def _cell(cell: CellValue) -> str | int | float | None:
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).upper() if isinstance(cell, bool) else cell
