"""A table of answers from elsewhere, text or workbook: its rows by column, before anybody asks what they say."""

import hashlib
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from survey_app.definition.categories import fold
from survey_app.foundation.errors import user_error
from survey_app.foundation.spreadsheet_reader import MAX_COLUMNS, MAX_ROWS, TEXT_SUFFIXES, CellValue, read_sheets
from survey_app.foundation.text_file import decode_text, parse_rows, read_bytes
from survey_app.frame.roster_columns import COLUMN_SYNONYMS, column_letters

NEEDED = ("school_code", "audience")
_MEANINGS = {"school_code": "code", "audience": "audience", "grade": "grade"}
_BY_WORD = {  # Latin words may be ids of questions
    fold(word): name for name, meaning in _MEANINGS.items() for word in COLUMN_SYNONYMS[meaning] if not word.isascii()
}
_ID_AND_TEXT = re.compile(r"([A-Za-z][\w.]*)\s+\S")
_WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")
_ZIP = b"PK\x03\x04"
MAX_FILE_NAME = 120


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """``rows``: the number that a person sees beside each row, and its cells by column."""

    name: str
    rows: tuple[tuple[int, Mapping[str, str]], ...]

    def digest(self) -> str:
        """Of what the rows say, so that the same answers saved in another way are the same (faults X-F7, C-F9)."""
        rows = [sorted((name, value) for name, value in record.items() if value) for _line, record in self.rows]
        return hashlib.sha256(json.dumps(rows, ensure_ascii=True).encode()).hexdigest()


def read_answer_table(path: Path) -> AnswerTable:
    """Return the table of a file. Raises :class:`UserError` if it is none."""
    return AnswerTable(path.name, tuple(_records(_numbered_rows(path, path.name), path.name)))


def read_answer_content(name: str, content: bytes) -> AnswerTable:
    """Return the table of an uploaded file. Raises :class:`UserError` if it is none."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name.replace("\\", "/")).name[-MAX_FILE_NAME:] or "answers")
        path.write_bytes(content)
        return read_answer_table(path)


def _numbered_rows(path: Path, name: str) -> Iterator[tuple[int, list[str]]]:
    content = read_bytes(path)
    is_text = not content.startswith(_ZIP)
    if is_text and path.suffix.lower() not in _WORKBOOK_SUFFIXES:
        yield from parse_rows(decode_text(content, name), name)
        return
    if path.suffix.lower() in TEXT_SUFFIXES:
        raise user_error("{file} 其实是 Excel 工作簿，只是改了名。请把后缀改回 xlsx 再上传", file=name)
    sheet = next((sheet for sheet in read_sheets(path) if sheet.rows or sheet.too_large), None)
    if sheet is None:
        raise user_error("{file} 没有答卷", file=name)
    if sheet.too_large:
        raise user_error("{file} 超过 {rows} 行 × {columns} 列", file=name, rows=MAX_ROWS, columns=MAX_COLUMNS)
    for index, row in enumerate(sheet.rows):
        yield sheet.row_number(index), [_cell_text(cell) for cell in row]


def _cell_text(cell: CellValue) -> str:
    """As it would stand in a text file; spreadsheets make 5.0 of 5."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _records(rows: Iterator[tuple[int, list[str]]], name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The line where each row begins, and its cells; cells beyond the heading are named after their column."""
    columns = [_column_name(cell.strip()) for cell in next(rows, (1, []))[1]]
    if missing := [column for column in NEEDED if column not in columns]:
        raise user_error("{file} 缺少列：{columns}", file=name, columns=", ".join(missing))
    if duplicates := [column for column, n in Counter(filter(None, columns)).items() if n > 1]:
        raise user_error("{file} 的列写了两次：{columns}", file=name, columns=", ".join(duplicates))
    has_rows = False
    for line, cells in rows:
        extra_columns = range(len(columns), len(cells))
        names = [column or column_letters(index) for index, column in enumerate(columns)]
        names += [column_letters(index) for index in extra_columns]
        values = [cell.strip() for cell in cells] + [""] * (len(columns) - len(cells))
        if any(values):
            has_rows = True
            yield line, dict(zip(names, values, strict=True))
    if not has_rows:
        raise user_error("{file} 没有答卷", file=name)


def _column_name(heading: str) -> str:
    """The id that a heading means: 学校代码 and the like, or what stands before the text, as in the template."""
    if name := _BY_WORD.get(fold(heading)):
        return name
    found = _ID_AND_TEXT.match(heading)
    return found[1] if found else heading
