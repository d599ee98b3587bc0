"""The tables of a page as a workbook: exactly what is shown, a sheet a table, numbers as numbers."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .plain_book import PlainBook
from .writer import CellValue

_NUMBER = re.compile(r"[-−]?\d{1,3}(,\d{3})*(\.\d+)?|[-−]?\d+(\.\d+)?")
_PERCENTAGE = re.compile(r"[-−]?\d+(\.\d+)?%")
MAX_NAME, FORBIDDEN = 31, re.compile(r"[\[\]:*?/\\']")
MIN_WIDTH, MAX_WIDTH = 8, 44


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table of a page: its title, which names the sheet; headings, and which columns are figures; rows as printed."""

    title: str
    headings: Sequence[str]
    is_numeric: Sequence[bool]
    rows: Sequence[Sequence[str]]


def text_tables_xlsx(title: str, tables: Iterable[ShownTable]) -> bytes:
    """Return the workbook."""
    book, names = PlainBook(title), set[str]()
    for table in tables:
        sheet = book.add_sheet(_sheet_name(table.title or title, names))
        sheet.write_headings(table.headings, [_width(column) for column in _columns(table)])
        for row in table.rows:
            sheet.write_row([_cell(text, numeric) for text, numeric in zip(row, table.is_numeric, strict=True)])
    if not names:
        book.add_sheet(_sheet_name(title, names))
    return book.to_bytes()


def _cell(text: str, is_numeric: bool) -> CellValue:
    """A figure as a number where it is nothing else; shares stay as they are printed, names and codes as text."""
    if is_numeric and _NUMBER.fullmatch(text) and not _PERCENTAGE.fullmatch(text):
        return float(text.replace(",", "").replace("−", "-"))
    return text


def _sheet_name(name: str, names: set[str]) -> str:
    """As Excel takes it: short, without signs of addresses, and each once."""
    plain = FORBIDDEN.sub(" ", name).strip()[:MAX_NAME] or "1"
    found, number = plain, 1
    while found.casefold() in names:
        number += 1
        found = f"{plain[: MAX_NAME - len(str(number)) - 1]} {number}"
    names.add(found.casefold())
    return found


def _columns(table: ShownTable) -> Iterable[Sequence[str]]:
    return ([heading, *(row[place] for row in table.rows)] for place, heading in enumerate(table.headings))


def _width(texts: Sequence[str]) -> float:
    """Wide enough for most; a Chinese character is as wide as two letters."""
    longest = max(sum(2 if ord(letter) > 255 else 1 for letter in text) for text in texts)
    return float(min(MAX_WIDTH, max(MIN_WIDTH, longest + 2)))
