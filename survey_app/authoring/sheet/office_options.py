"""Options as an office writes them: in one cell, one a column, or "as above"."""

import re
from collections.abc import Sequence

from ..text.answers import ReadLabel, read_label
from ..text.lines import half_width
from ..text.marks import option_marks, parts_behind
from .cells import fold_word
from .row import SheetRow

_AS_ABOVE = re.compile(r"(选项)?(同上|同前|如上|同上题|同前题|″|〃|\"|同上同上|sameasabove)[。.]?", re.IGNORECASE)
_BY_SCHOOL = re.compile(r"(按|由|依|见)?(学校|名册|各校)?(的)?年级(填|选|名册)?|学校年级")
_SEPARATORS = (r"[\n\r]+", r"[|｜]+", r"[;；]+", r"[、]+", r"[/／]+", r"[,，]+", r"\s{2,}", r"\s+")


def is_as_above(cell: str) -> bool:
    """Return whether a cell says that the options are those above.

    >>> is_as_above("同上"), is_as_above("同意、不同意")
    (True, False)
    """
    return _AS_ABOVE.fullmatch(fold_word(cell)) is not None


def is_by_school(cell: str) -> bool:
    """Return whether a cell says that the options are the grades of the school.

    >>> is_by_school("按学校年级"), is_by_school("一年级、二年级")
    (True, False)
    """
    return bool(cell) and _BY_SCHOOL.fullmatch(fold_word(cell)) is not None


def split_options(cell: str) -> tuple[str, ...]:
    """Return the options in one cell: behind letters or boxes, else between the strongest sign that separates them.

    >>> split_options("A. 好 B. 一般 C. 差"), split_options("教学、食堂/宿舍、其他")
    (('好', '一般', '差'), ('教学', '食堂/宿舍', '其他'))
    """
    flat = " ".join(cell.split())
    half = half_width(flat)
    if len(half) == len(flat):
        marks = option_marks(half)
        if len(marks) > 1 and not half[: marks[0].start].strip():
            parts = (flat[part.start : part.end] for part in parts_behind(half, marks))
            words_found = tuple(words for part in parts if (words := part.strip(" \t;；,，、")))
            if len(words_found) == len(marks):
                return words_found
    for separator in _SEPARATORS:
        parts_found = [part.strip() for part in re.split(separator, cell.strip()) if part.strip()]
        if len(parts_found) > 1:
            return tuple(_without_mark(part) for part in parts_found)
    return (flat,) if flat else ()


def _without_mark(part: str) -> str:
    half = half_width(part)
    marks = option_marks(half) if len(half) == len(part) else ()
    return part[marks[0].end :].strip() if len(marks) == 1 and marks[0].start == 0 else part


def options_of_row(row: SheetRow) -> tuple[str, ...]:
    """Return the options of a row, of its cell or of its columns."""
    columns = row.heading.all("option")
    if columns:
        return tuple(words for column in columns if (words := row.cell(column)))
    column = row.heading.first("options")
    cell = row.lines(column) if column else ""
    return split_options(cell) if cell and not is_by_school(cell) and not is_as_above(cell) else ()


def read_labels(options: Sequence[str]) -> tuple[ReadLabel, ...]:
    """Return options with what stands beside them: points, a line to write on, a skip."""
    return tuple(read_label(option, 0) for option in options)
