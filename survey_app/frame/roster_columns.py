"""What offices call the columns of a roster, and finding the heading row."""

import re
from collections.abc import Mapping

from survey_app.definition.categories import fold
from survey_app.definition.messages import message
from survey_app.foundation.spreadsheet_reader import CellValue, Sheet

HEADING_SEARCH_ROWS = 15

COLUMN_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "code": ("学校代码", "学校标识码", "标识码", "学校编号", "学校编码", "代码", "编号", "school_code", "code"),
    "name": ("学校名称", "学校(园)名称", "单位名称", "学校全称", "园校名称", "名称", "学校", "school_name", "name"),
    "category": ("类别", "学校类别", "办学类型", "学校类型", "类型", "category"),
    "area": ("片区", "所属片区", "学区", "所属学区", "区域", "area"),
    "audience": ("对象", "身份", "调查对象", "人员类别", "audience"),
    "grade": ("年级", "grade"),
    "class_name": ("班级", "班别", "班", "class"),
    "sex": ("性别", "sex"),
    "population": ("人数", "应答人数", "数量", "population"),
    "parent": ("家长数", "家长人数", "家长", "学生家长", "幼儿/学生家长", "幼儿家长", "parent", "parents"),
    "teacher": ("教师数", "教师人数", "教职工数", "教职工人数", "专任教师", "教师", "teacher", "teachers"),
    "student": ("学生数", "学生人数", "四年级以上学生", "四年级以上学生数", "学生", "student", "students"),
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
    "parent": message("家长数"),
    "teacher": message("教师数"),
    "student": message("学生数"),
}
AUDIENCE_SYNONYMS = {
    "parent": ("家长", "学生家长", "幼儿家长", "parent"),
    "teacher": ("教师", "教职工", "老师", "专任教师", "teacher"),
    "student": ("学生", "student"),
}
WIDE_AUDIENCES = ("parent", "teacher", "student")
_FIELD_BY_WORD = {fold(word): field for field, words in COLUMN_SYNONYMS.items() for word in words}
_AUDIENCE_BY_WORD = {fold(word): audience for audience, words in AUDIENCE_SYNONYMS.items() for word in words}


def parse_audience(word: str) -> str | None:
    return _AUDIENCE_BY_WORD.get(fold(word))


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
    columns: dict[str, int] = {}
    for index, cell in enumerate(row):
        word = re.sub(r"[:*]+$", "", fold(str(cell)))
        if field := _FIELD_BY_WORD.get(word):
            columns.setdefault(field, index)
    return columns


def find_heading(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The row index of the heading and its columns, or None if the sheet is not a roster."""
    best: tuple[int, dict[str, int]] | None = None
    for index, row in enumerate(sheet.rows[:HEADING_SEARCH_ROWS]):
        columns = match_columns(row)
        is_long = {"audience", "population"} <= columns.keys()
        is_roster = {"code", "name"} <= columns.keys() and (
            is_long or any(field in columns for field in WIDE_AUDIENCES)
        )
        if is_roster and (best is None or len(columns) > len(best[1])):
            best = (index, columns)
    return best
