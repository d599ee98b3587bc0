"""CSV as spreadsheets of offices open it."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def csv_text(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], headings: Sequence[str] = ()) -> str:
    """CSV with a byte order mark; text that a spreadsheet would take for a formula is made harmless.

    ``headings``: words for people in place of the names of the columns.
    """
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(headings or columns)
    writer.writerows([to_csv_cell(row.get(column)) for column in columns] for row in rows)
    return buffer.getvalue()


def text_tables_csv(tables: Iterable[tuple[Sequence[str], Sequence[Sequence[str]]]]) -> str:
    """Tables of texts as a page shows them, headings and rows, one below the other with an empty line between."""
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer, lineterminator="\r\n")
    for number, (headings, rows) in enumerate(tables):
        if number:
            writer.writerow([])
        writer.writerows([[to_csv_cell(text) for text in row] for row in (headings, *rows)])
    return buffer.getvalue()


def to_csv_cell(value: Any, decimals: int | None = None) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.{decimals}f}" if decimals is not None else repr(value)
    if isinstance(value, str) and value.startswith(FORMULA_PREFIXES):
        return "'" + value
    return value
