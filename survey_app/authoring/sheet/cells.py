"""Cells of a workbook as texts, and the rows that say something."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from ..draft import Place

CellValue = str | int | float | bool | date
_JOINERS = "\u200c\u200d"  # Persian and emoji need them within a word
_BREAK_IN_CHINESE = re.compile(r"(?<=[\u2e80-\u9fff，。；：、！？”）])[ \t]*[\r\n]+[ \t]*(?=[\u2e80-\u9fff“（])")


class SheetCells(Protocol):
    """One worksheet, as the reader of spreadsheets gives it; rows and columns are counted from 0."""

    @property
    def name(self) -> str: ...
    @property
    def rows(self) -> Sequence[Sequence[CellValue]]: ...
    @property
    def filled(self) -> frozenset[tuple[int, int]]: ...
    @property
    def formulas(self) -> Mapping[tuple[int, int], str]: ...
    @property
    def hidden_rows(self) -> frozenset[int]: ...
    @property
    def is_hidden(self) -> bool: ...
    @property
    def too_large(self) -> bool: ...


def cell_text(value: CellValue) -> str:
    """Return a cell as text on one line, without what Excel leaves behind.

    >>> cell_text(5.0), cell_text("课堂教学的\\n质量 "), cell_text(True)
    ('5', '课堂教学的质量', 'TRUE')
    """
    return " ".join(_BREAK_IN_CHINESE.sub("", cell_lines(value)).split())


def cell_lines(value: CellValue) -> str:
    """Return a cell as text with its line breaks."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, date):
        return value.isoformat()
    text = unicodedata.normalize("NFC", str(value))
    kept = (sign for sign in text if unicodedata.category(sign) != "Cf" or sign in _JOINERS)
    return "".join(kept).strip(" \t\r\n\u3000\xa0" + _JOINERS)


def column_letters(index: int) -> str:
    """Return the letters that Excel shows above a column.

    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """Return the column that Excel shows these letters above, from 0.

    >>> column_index("A"), column_index("AB")
    (0, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def cell_place(sheet: SheetCells, row: int, column: int | None = None) -> Place:
    """Return the place of a row, or of a cell of it."""
    return Place(sheet=sheet.name, row=row + 1, column="" if column is None else column_letters(column))


def spoken_rows(sheet: SheetCells) -> tuple[int, ...]:
    """Return the rows in which a cell says something that nobody filled in from a merged range."""
    return tuple(
        index
        for index, row in enumerate(sheet.rows)
        if any((index, column) not in sheet.filled and cell_text(value) for column, value in enumerate(row))
    )


def fold_word(text: str) -> str:
    """Return a word as headings and settings are compared: half width, small letters, no white space.

    >>> fold_word(" 编　号 "), fold_word("选项组（量表）")
    ('编号', '选项组(量表)')
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()
