"""Headings of a workbook: in which row they are and what each column means, in any of the usual words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from survey_app.definition.audiences import AUDIENCES, Audience
from survey_app.definition.languages import Text
from survey_app.definition.registry import Registry

from ..scale_families import scale_from_labels
from .cells import CellValue, SheetCells, cell_text, fold_word
from .languages import language_tag

SEARCH_ROWS = 15
PROBLEM_HEADING = "问题"


class SheetRole(Enum):
    """What a worksheet holds."""

    SURVEY = "survey"
    CHOICES = "choices"
    SETTINGS = "settings"


_SURVEY_WORDS = {
    "type": ("type", "题型", "类型", "题目类型", "问题类型", "试题类型", "题目类别", "形式"),
    "name": ("name", "编号", "题目编号", "问题编号", "题目代码", "变量名", "id"),
    "number": ("序号", "题号", "题序", "题次", "no", "no.", "number"),
    "list": ("选项组", "量表", "选项组(量表)", "选项集", "list_name", "scale", "listname"),
    "label": (
        "label", "题目", "问题", "题干", "题目内容", "问题内容", "内容", "调查内容", "测评内容", "评价内容", "指标内容",
        "调查项目", "评价项目", "测评项目", "评议内容", "题目文字", "问卷题目", "caption", "question", "item",
    ),
    "dimension": (
        "维度", "dimension", "一级指标", "所属维度", "模块", "版块", "板块", "部分", "所属模块", "指标", "方面", "项目",
    ),
    "weight": ("权重", "weight"),
    "audience": ("对象", "audience", "audiences", "适用对象", "填答对象", "调查对象", "填写对象", "填写人", "答题人"),
    "required": ("必答", "required", "是否必答", "必填", "是否必填", "必答题", "是否必选"),
    "reverse": ("反向", "反向题", "reverse", "反向计分", "是否反向"),
    "relevant": (
        "显示条件", "relevant", "relevance", "条件", "跳转条件", "跳题", "跳题条件", "show_if", "显示逻辑", "逻辑",
    ),
    "concept": ("可比编号", "concept", "可比题号", "共同编号"),
    "hint": ("hint", "提示", "填写提示", "小字", "help", "题目说明", "解释"),
    "remark": ("备注", "说明", "注", "填写说明", "要求", "填答要求", "remark", "remarks"),
    "options": ("选项", "备选项", "答案选项", "选项内容", "选择项", "答案", "options", "评价等级", "评价选项"),
    "lead": ("引导语", "lead", "题组引导语"),
    "max_length": ("字数", "字数上限", "max_length", "最多字数"),
    "at_most": ("最多选", "at_most", "最多选几项", "限选"),
    "at_least": ("最少选", "at_least", "至少选"),
    "follow_up": ("追问", "follow_up", "追问题"),
    "private": ("不公开", "private", "单独提问", "私密"),
    "unit": ("单位", "unit"),
    "bands": ("分段", "bands", "区间"),
    "constraint": ("constraint",),
    "calculation": ("calculation",),
    "choice_filter": ("choice_filter",),
    "appearance": ("appearance",),
    "parameters": ("parameters",),
    "read_only": ("read_only", "readonly"),
    "disabled": ("disabled", "停用"),
}  # fmt: skip
_CHOICES_WORDS = {
    "list": ("list_name", "listname", "选项组", "量表", "选项组(量表)", "选项集", "list"),
    "code": ("name", "代码", "选项代码", "编码", "value", "code", "选项编号"),
    "label": ("label", "选项", "选项内容", "选项文字", "标签", "caption", "文字"),
    "points": ("points", "分值", "得分", "分数", "计分", "score"),
    "favourable": ("favourable", "favorable", "满意", "计为满意", "算满意", "是否满意"),
    "no_points": ("不计分", "no_points", "not_applicable", "na", "不计入"),
    "text": ("填空", "可填写", "text", "文字填空", "填写字数"),
    "exclusive": ("互斥", "exclusive", "排他"),
    "show": ("显示", "显示方式", "show"),
    "unfavourable": ("不满意", "计为不满意", "算不满意", "unfavourable"),
    "nps": ("净推荐值", "nps"),
    "order": ("order",),
}  # fmt: skip
_SETTINGS_WORDS = {
    "key": ("项目", "设置", "设置项", "名称", "item", "setting"),
    "value": ("内容", "值", "value", "设置值"),
}
WORDS: Mapping[SheetRole, Mapping[str, tuple[str, ...]]] = {
    SheetRole.SURVEY: _SURVEY_WORDS,
    SheetRole.CHOICES: _CHOICES_WORDS,
    SheetRole.SETTINGS: _SETTINGS_WORDS,
}
_FIELDS = {
    role: {fold_word(word): name for name, words in fields.items() for word in words} for role, fields in WORDS.items()
}
_OPTION_COLUMN = re.compile(r"(?:选项|答案|option)([0-9]{1,2}|[a-j]|[一二三四五六七八九十])|([a-j])")
_WORDING = re.compile(r"(.+?)(?:措辞|题目|问法)")
_PREFIXES = ("bind:", "body:", "control:")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds, in which language, for which audience only."""

    index: int
    name: str
    word: str
    language: str = ""
    audience: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """The row of headings of one sheet; ``unknown`` columns have a heading that nobody here knows."""

    row: int
    columns: tuple[Column, ...] = ()
    unknown: tuple[Column, ...] = field(default=())

    def has(self, *names: str) -> bool:
        return all(any(column.name == name for column in self.columns) for name in names)

    @property
    def is_grid(self) -> bool:
        """Whether the options head columns of their own: 非常满意, 满意, …"""
        return scale_from_labels([Text.of(zh=column.word) for column in self.unknown]) is not None

    def first(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name and not column.audience), None)

    def all(self, name: str) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.name == name)


def find_heading(sheet: SheetCells, role: SheetRole) -> Heading | None:
    """Return the best row of headings among the first fifteen, or None if no row can be one of this role."""
    headings = [_read_heading(sheet, row, role) for row in range(min(SEARCH_ROWS, len(sheet.rows)))]
    fitting = [heading for heading in headings if _fits(heading, role)]
    return max(fitting, key=lambda heading: len({c.name for c in heading.columns}), default=None)


def _fits(heading: Heading, role: SheetRole) -> bool:
    if role is SheetRole.CHOICES:
        return heading.has("list") and (heading.has("code") or heading.has("label")) and not heading.has("type")
    if role is SheetRole.SETTINGS:
        return heading.has("key", "value")
    others = {column.name for column in heading.columns} - {"label", "remark"}
    return (
        (heading.has("label") and bool(others & {"type", "name", "number", "options", "option", "dimension", "list"}))
        or heading.has("type", "name")
        or (heading.has("label") and heading.is_grid)
    )


def _read_heading(sheet: SheetCells, row: int, role: SheetRole) -> Heading:
    columns: list[Column] = []
    unknown: list[Column] = []
    for index, value in enumerate(sheet.rows[row]):
        word = cell_text(value)
        if not word or ((row, index) in sheet.filled and columns):
            continue
        column = None if is_problem_column(index, sheet.rows[row]) else read_heading_cell(word, index, role)
        twice = column and column.name != "label" and any(_same(column, other) for other in columns)
        (columns if column and not twice else unknown).append(
            column if column and not twice else Column(index, "", word)
        )
    return Heading(row, tuple(_settle(_one_label(columns, unknown))), tuple(unknown))


def _one_label(columns: list[Column], unknown: list[Column]) -> list[Column]:
    """Of several columns that could be the question the best word is; 调查项目 beside 题目 is a dimension."""
    out: list[Column] = []
    for column in columns:
        rivals = [other for other in columns if other.name == "label" and _same(column, other)]
        if column.name != "label" or column == min(rivals, key=_label_rank):
            out.append(column)
        elif not any(other.name == "dimension" for other in columns + out) and not column.word.isascii():
            out.append(Column(column.index, "dimension", column.word, column.language))
        else:
            unknown.append(column)
    return out


def _label_rank(column: Column) -> tuple[int, int]:
    words = [fold_word(word) for words in (_SURVEY_WORDS["label"], _CHOICES_WORDS["label"]) for word in words]
    base = fold_word(_split_language(column.word)[0])
    return (words.index(base) if base in words else len(words), column.index)


def is_problem_column(index: int, row: Sequence[CellValue]) -> bool:
    """Whether a heading is that of the column that we put in front: 问题 can also head the questions themselves.

    >>> is_problem_column(0, ["问题", "序号", "题目"]), is_problem_column(0, ["问题", "题型", "选项"])
    (True, False)
    >>> is_problem_column(0, ["问题", "序号", "问题"]), is_problem_column(2, ["问题", "序号", "问题"])
    (True, False)
    """
    words = [fold_word(cell_text(cell)) for cell in row]
    if index or words[0] != PROBLEM_HEADING:
        return False
    survey, choices = _FIELDS[SheetRole.SURVEY], _FIELDS[SheetRole.CHOICES]
    named = {survey.get(word) for word in words[1:]}
    return "label" in named or ("type" not in named and any(choices.get(word) == "code" for word in words[1:]))


def _same(one: Column, other: Column) -> bool:
    return (one.name, one.language, one.audience) == (
        other.name,
        other.language,
        other.audience,
    ) and one.name != "option"


def _settle(columns: list[Column]) -> Iterable[Column]:
    """Letters head columns of options only where there are several; otherwise they mean nothing."""
    letters = [column for column in columns if column.name == "option"]
    return [column for column in columns if column.name != "option" or len(letters) > 1]


def read_heading_cell(word: str, index: int, role: SheetRole) -> Column | None:
    """Return what one heading means, or None.

    >>> read_heading_cell("label::English (en)", 3, SheetRole.SURVEY)
    Column(index=3, name='label', word='label::English (en)', language='en', audience='')
    >>> column = read_heading_cell("学生措辞（英文）", 3, SheetRole.SURVEY)
    >>> column.name, column.language, column.audience == audience_named("学生")
    ('text_for', 'en', True)
    """
    plain = word
    for prefix in _PREFIXES:
        if plain.casefold().startswith(prefix):
            plain = plain[len(prefix) :].lstrip(": ")
    base, language = _split_language(plain)
    name = _FIELDS[role].get(fold_word(base).replace("-", "_"))
    if name is None and role is SheetRole.SURVEY:
        if (found := _WORDING.fullmatch(fold_word(base))) and (audience := audience_named(found[1])):
            return Column(index, "text_for", word, language, audience)
        if _OPTION_COLUMN.fullmatch(fold_word(base)):
            return Column(index, "option", word, language)
        if fold_word(base).endswith("提示") and (audience := audience_named(fold_word(base)[:-2])):
            return Column(index, "help_for", word, language, audience)
    return Column(index, name, word, language) if name else None


def _split_language(word: str) -> tuple[str, str]:
    """A heading and the language that it names: behind colons, or in brackets at its end."""
    base, colons, language = word.partition("::")
    if not colons:
        base, colons, language = word.partition(":")
    if colons and (tag := language_tag(language)):
        return base, tag
    if colons:
        return word.replace(" ", "_") if ":" in word else word, ""
    found = re.fullmatch(r"(.+?)\s*[(（]\s*([^()（）]+?)\s*[)）]", word)
    if found and (tag := language_tag(found[2])):
        return found[1], tag
    return (found[1] if found and fold_word(word) not in _ALL_WORDS else word), ""


_ALL_WORDS = frozenset(word for fields in _FIELDS.values() for word in fields)


def audience_named(word: str) -> str:
    """Return the id of the audience that a word means, or nothing.

    >>> audience_named("学生") in AUDIENCES, audience_named("学生家长") in AUDIENCES, audience_named("校长")
    (True, True, '')
    """
    return AUDIENCES.derive(_audiences_by_word).get(fold_word(word), "")


def _audiences_by_word(audiences: Registry[Audience]) -> dict[str, str]:
    words = ((row.id, word) for row in audiences for word in (row.id, *row.synonyms, *row.wide_columns))
    return {fold_word(word): name for name, word in words} | {
        fold_word(str(row.label)): row.id for row in audiences
    }  # fmt: skip
