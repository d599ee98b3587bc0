"""What offices call the columns of a roster, and finding the heading row."""

import re

from survey_app.definition.audiences import AUDIENCES, Audience, roster_audiences
from survey_app.definition.categories import fold
from survey_app.definition.messages import Message, message
from survey_app.definition.registry import Registry
from survey_app.foundation.spreadsheet_reader import CellValue, Sheet

HEADING_SEARCH_ROWS = 15

COLUMN_SYNONYMS: dict[str, tuple[str, ...]] = {
    "code": ("学校代码", "学校标识码", "标识码", "学校编号", "学校编码", "代码", "编号", "school_code", "code"),
    "name": ("学校名称", "学校(园)名称", "单位名称", "学校全称", "园校名称", "名称", "学校", "school_name", "name"),
    "category": ("类别", "学校类别", "办学类型", "学校类型", "类型", "category"),
    "area": ("片区", "所属片区", "学区", "所属学区", "区域", "area"),
    "audience": ("对象", "身份", "调查对象", "人员类别", "audience"),
    "grade": ("年级", "grade"),
    "class_name": ("班级", "班别", "班", "class"),
    "sex": ("性别", "sex"),
    "population": ("人数", "应答人数", "数量", "population"),
}
COLUMN_LABELS = {
    "code": message("学校代码"),
    "name": message("学校名称"),
    "category": message("类别"),
    "area": message("片区"),
    "audience": message("对象"),
    "grade": message("年级"),
    "class_name": message("班级"),
    "sex": message("性别"),
    "population": message("人数"),
}


def column_label(field: str) -> Message:
    return COLUMN_LABELS[field] if field in COLUMN_LABELS else AUDIENCES[field].count_label


def wide_audiences() -> tuple[str, ...]:
    """The audiences that may have a column of head counts."""
    return tuple(audience.id for audience in roster_audiences())


def _fields_by_word(audiences: Registry[Audience]) -> dict[str, str]:
    synonyms = COLUMN_SYNONYMS | {row.id: row.wide_columns for row in audiences if row.is_on_roster}
    return {fold(word): field for field, words in synonyms.items() for word in words}


def _audiences_by_word(audiences: Registry[Audience]) -> dict[str, str]:
    return {fold(word): row.id for row in audiences for word in row.synonyms}


def parse_audience(word: str) -> str | None:
    return AUDIENCES.derive(_audiences_by_word).get(fold(word))


def column_letters(index: int) -> str:
    """The name of a column (0 = A), as spreadsheets show it."""
    letters = ""
    index += 1
    while index:
        index, remainder = divmod(index - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters


def match_columns(row: list[CellValue]) -> dict[str, int]:
    """Field name to column index; the first of two columns with the same meaning counts."""
    fields_by_word = AUDIENCES.derive(_fields_by_word)
    columns: dict[str, int] = {}
    for index, cell in enumerate(row):
        word = re.sub(r"[:*]+$", "", fold(str(cell)))
        if field := fields_by_word.get(word):
            columns.setdefault(field, index)
    return columns


def find_heading(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The row index of the heading and its columns, or None if the sheet is not a roster."""
    best: tuple[int, dict[str, int]] | None = None
    for index, row in enumerate(sheet.rows[:HEADING_SEARCH_ROWS]):
        columns = match_columns(row)
        is_long = {"audience", "population"} <= columns.keys()
        is_roster = {"code", "name"} <= columns.keys() and (
            is_long or any(field in columns for field in wide_audiences())
        )
        if is_roster and (best is None or len(columns) > len(best[1])):
            best = (index, columns)
    return best
