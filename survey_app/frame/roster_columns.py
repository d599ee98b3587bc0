"""What offices call the columns of a roster, and finding the heading row."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from survey_app.definition.audiences import AUDIENCES, Audience, roster_audiences, usual_audiences
from survey_app.definition.categories import Categories, fold
from survey_app.definition.messages import Message, message
from survey_app.definition.registry import Registry
from survey_app.foundation.spreadsheet_reader import CellValue, Sheet
from survey_app.foundation.translation import _, render

HEADING_SEARCH_ROWS = 15

# The better word first: of two columns with one meaning the one that is called so counts.
COLUMN_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "code": ("学校代码", "学校标识码", "学校(机构)标识码", "学校(园)标识码", "学校(机构)代码", "机构标识码", "标识码",
             "学校编码", "学校编号", "单位代码", "school_code", "代码", "code", "编号"),
    "name": ("学校名称", "学校(园)名称", "学校(机构)名称", "园校名称", "学校全称", "校名", "单位名称", "机构名称",
             "school_name", "名称", "学校", "name"),
    "category": ("类别", "学校类别", "学校办学类型", "办学类型", "学校类型", "学段", "办学层次", "类型", "category"),
    "area": ("片区", "所属片区", "学区", "所属学区", "区域", "所属区域", "乡镇", "所属乡镇",
             "所在乡镇", "镇街", "所在镇街", "所属镇街", "乡镇街道", "街道", "area"),
    "school_group": ("集团", "教育集团", "所属集团", "所属教育集团", "集团校", "集团名称", "school_group"),
    "audience": ("对象", "调查对象", "身份", "人员类别", "audience"),
    "grade": ("年级", "grade"),
    "class_name": ("班级", "班级名称", "班别", "班", "class"),
    "sex": ("性别", "sex"),
    "population": ("人数", "应答人数", "数量", "population"),
}  # fmt: skip
COLUMN_LABELS = {
    "code": message("学校代码"),
    "name": message("学校名称"),
    "category": message("类别"),
    "area": message("片区"),
    "school_group": message("集团"),
    "audience": message("对象"),
    "grade": message("年级"),
    "class_name": message("班级"),
    "sex": message("性别"),
    "population": message("人数"),
}
_DECORATION = re.compile(r"^[*＊]+|[:：*＊]+$|[(](人|单位[:：]?人|必填|选填|名|所)[)]$")


def column_label(name: str) -> Message:
    return COLUMN_LABELS[name] if name in COLUMN_LABELS else AUDIENCES[name].count_label


def wide_audiences() -> tuple[str, ...]:
    """The audiences that may have a column of head counts."""
    return tuple(audience.id for audience in roster_audiences())


def parse_audience(word: str) -> str | None:
    return AUDIENCES.derive(_audiences_by_word).get(fold(word))


def known_audiences() -> str:
    """The audiences that a roster may name, as a list in the language of the reader."""
    return _("、").join(render(audience.label) for audience in roster_audiences())


def count_headings() -> str:
    """What columns of head counts are called, as a list in the language of the reader."""
    return _("、").join(render(audience.count_label) for audience in usual_audiences())


def _audiences_by_word(audiences: Registry[Audience]) -> dict[str, str]:
    return {fold(word): row.id for row in audiences for word in row.synonyms}


def _fields_by_word(audiences: Registry[Audience]) -> dict[str, tuple[str, int]]:
    """Folded word to the field it means, and how good a word for it it is (0 is best)."""
    synonyms = {**COLUMN_SYNONYMS, **{row.id: row.wide_columns for row in audiences if row.is_on_roster}}
    return {
        fold(word): (name, quality)
        for name, words in synonyms.items()
        for quality, word in enumerate(words)
    }  # fmt: skip


def column_letters(index: int) -> str:
    """The name of a column (0 = A), as spreadsheets show it."""
    letters = ""
    index += 1
    while index:
        index, remainder = divmod(index - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters


@dataclass(slots=True)
class Heading:
    """A heading row as it was understood.

    ``grades`` are columns with the number of pupils of one grade, by their heading; ``unused`` columns mean the same as
    a better one; of ``rivals`` (field, one column, another) nobody can tell which is meant.
    """

    row: int
    columns: dict[str, int] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)
    grades: dict[int, str] = field(default_factory=dict)
    unused: list[int] = field(default_factory=list)
    rivals: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def is_long(self) -> bool:
        return {"audience", "population"} <= self.columns.keys()

    @property
    def has_counts(self) -> bool:
        return self.is_long or bool(self.grades) or any(name in self.columns for name in wide_audiences())

    @property
    def is_roster(self) -> bool:
        return {"code", "name"} <= self.columns.keys() and self.has_counts

    @property
    def size(self) -> int:
        return len(self.columns) + len(self.grades)

    def missing(self) -> list[Message]:
        """What a roster needs and this row does not have."""
        missing = [column_label(name) for name in ("code", "name", "category") if name not in self.columns]
        return (
            missing
            if self.has_counts
            else [*missing, message("人数（对象和人数两列，或{counts}）", counts=count_headings())]
        )

    def name_column(self, index: int) -> Message:
        return message("{letters}“{word}”", letters=column_letters(index), word=self.words.get(index, ""))


def plain_word(cell: CellValue) -> str:
    """A heading without its decoration: ``*学校代码`` and ``家长（人）`` are the words themselves."""
    word = fold(str(cell))
    while (bare := _DECORATION.sub("", word)) != word:
        word = bare
    return word


def match_heading(row_index: int, row: list[CellValue], categories: Categories) -> Heading:
    """What the cells of a row mean as headings."""
    fields_by_word = AUDIENCES.derive(_fields_by_word)
    heading, qualities = Heading(row_index), dict[str, int]()
    for index, cell in enumerate(row):
        word = plain_word(cell)
        if not word or (index and cell == row[index - 1]):  # a heading that spans columns
            continue
        if word in fields_by_word:
            name, quality = fields_by_word[word]
            heading.words[index] = str(cell).strip()
            _choose(heading, qualities, name, index, quality)
        elif not word.isascii() and any(categories.find_grade(category.id, word) for category in categories.all):
            heading.words[index] = str(cell).strip()
            heading.grades[index] = word
    if heading.is_long or "grade" in heading.columns:
        heading.grades.clear()
    return heading


def _choose(heading: Heading, qualities: dict[str, int], name: str, index: int, quality: int) -> None:
    """Of two columns with one meaning the better word counts for names and codes; for numbers nobody can tell."""
    other = heading.columns.get(name)
    if other is None:
        heading.columns[name], qualities[name] = index, quality
    elif quality == qualities[name] or name in (*wide_audiences(), "population"):
        heading.rivals.append((name, other, index))
    elif quality < qualities[name]:
        heading.columns[name], qualities[name] = index, quality
        heading.unused.append(other)
    else:
        heading.unused.append(index)


def best_heading(sheet: Sheet, categories: Categories) -> Heading:
    """The row that looks most like the heading of a roster."""
    headings = [
        match_heading(index, row, categories) for index, row in enumerate(sheet.rows[:HEADING_SEARCH_ROWS])
    ] or [Heading(0)]
    return max(headings, key=lambda heading: (heading.is_roster, heading.size, -heading.row))
