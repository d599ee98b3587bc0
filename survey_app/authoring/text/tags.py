"""What is written beside a question for the reader: its type, whether it must be answered, how many, on which scale."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from ..draft import ItemKind
from .lines import half_width
from .marks import chinese_value

_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|<([^<>]*)>")
_KINDS = (
    (ItemKind.CHOICES, r"(可|请)?多(项)?选(择)?题?|不定项(选择)?题?|可选(多|几)项|可以?多选|复选(题|框)?|矩阵多选题?"),
    (ItemKind.CHOICES, r"multiple.*|(check|tick|select|choose) all.*"),
    (ItemKind.CHOICE, r"单(项)?选(择)?题?|(请|只|限)(能)?选(择)?(一|1)[项个]|仅(可)?选(择)?一项"),
    (ItemKind.CHOICE, r"下拉题?|矩阵单选题?|判断题?"),
    (ItemKind.CHOICE, r"single.*|(mark|check|tick|select|choose) only one.*"),
    (ItemKind.SCALE, r"(矩阵)?(量表|打分|评分|滑动条?|评价|星级)题?|NPS题?|rating.*"),
    (ItemKind.TEXT, r"(多项|单行|多行)?(填空|简答|问答|文本|主观)题?|开放(题|性问题)|open.*"),
    (ItemKind.RANKING, r"排序题?|ranking"),
)  # fmt: skip
_KIND_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)
_NOTE = re.compile(r"段落说明|说明(文字)?|分页|标题")
_REQUIRED = re.compile(r"必(填|答|选)题?|required|\*", re.IGNORECASE)
_OPTIONAL = re.compile(r"(选|可不|非必|自愿)[填答]|optional|不是必[填答]", re.IGNORECASE)
_SIMPLE: tuple[tuple[re.Pattern[str], dict[str, Any]], ...] = (
    (_NOTE, {"is_note": True}),
    (_REQUIRED, {"required": True}),
    (_OPTIONAL, {"required": False}),
)
_COUNT = r"(\d{1,2}|[一二两三四五六七八九十]{1,2})"
_AT_MOST = re.compile(
    rf"(?:可|请)?(?:最多|至多|不超过|限|不多于)(?:可)?(?:以)?(?:选|填)?(?:择)?{_COUNT}[项个种]?(?:以内)?"
)
_AT_LEAST = re.compile(rf"(?:请)?(?:至少|最少|不少于)(?:选|填)?(?:择)?{_COUNT}[项个种]?")
_BETWEEN = re.compile(rf"(?:请|可)?(?:选|选择){_COUNT}[-~至到—–]{_COUNT}[项个种]")
_EXACTLY = re.compile(rf"(?:请|限|任|必)?(?:选|选择){_COUNT}[项个种]")
_RANGE = re.compile(r"(\d{1,3})\s*分?\s*[-~至到—–]+\s*(\d{1,3})\s*(?:分|星|级)?(?:制)?")
_END = re.compile(r"(\d{1,3})\s*分?\s*(?:表示|代表|为|是|=|:|即|(?=最))\s*(.+)")
_CLAUSE = re.compile(r"[,，;；。、]")
BLANKS = re.compile(r"\(\s*\)|_{2,}|\.{4,}|…{2,}")


@dataclass(frozen=True, slots=True)
class Tags:
    """What the tags of one question say together. ``ends``: numbers of a scale with the words for them."""

    kind: ItemKind | None = None
    is_matrix: bool = False
    is_note: bool = False
    required: bool | None = None
    at_most: int | None = None
    at_least: int | None = None
    low: int | None = None
    high: int | None = None
    ends: tuple[tuple[int, str], ...] = ()
    has_blank: bool = False
    unit: str = ""
    conditions: tuple[str, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        return self == Tags()


def strip_tags(text: str) -> tuple[str, Tags]:
    """Return a text without what is for the reader only, and what that says.

    >>> text, tags = strip_tags("您希望改进什么？（可多选，最多选3项）（    ）")
    >>> text, tags.kind.value, tags.at_most
    ('您希望改进什么？', 'choices', 3)
    """
    tags = Tags()
    half = half_width(text)
    cuts: list[tuple[int, int]] = []
    for found in _BRACKETS.finditer(half):
        said = read_tag(next(group for group in found.groups() if group is not None), tags)
        if said is not None:
            tags = said
            cuts.append(found.span())
    for found in re.finditer(r"(?<=[^\d\s])\s*\*+\s*|^\s*\*+\s*|\s\*(?=\s)", half):
        tags = replace(tags, required=True)
        cuts.append(found.span())
    tags, blank_cuts = _read_blanks(half, tags)
    return _without(text, [*cuts, *blank_cuts]), tags


def _read_blanks(half: str, tags: Tags) -> tuple[Tags, list[tuple[int, int]]]:
    """Brackets and lines to write on; a short word behind the last is the unit of a number."""
    cuts = []
    blanks = list(BLANKS.finditer(half))
    for blank in blanks:
        tags = replace(tags, has_blank=True)
        cuts.append(blank.span())
    if blanks and (unit := re.fullmatch(r"\s*([^\s\d。.?!，,:：（(*]{1,4})\s*[。.]?\s*", half[blanks[-1].end() :])):
        tags = replace(tags, unit=unit[1])
        cuts.append((blanks[-1].end(), len(half)))
    return tags, cuts


def _without(text: str, cuts: list[tuple[int, int]]) -> str:
    out, position = "", 0
    for start, end in sorted(cuts):
        if start >= position:
            out += text[position:start]
        position = max(position, end)
    return (out + text[position:]).strip()


def read_tag(words: str, tags: Tags = Tags()) -> Tags | None:
    """Return the tags with what a bracket says, or None if it is part of the question.

    >>> read_tag("单选题").kind.value, read_tag("如图书馆、食堂")
    ('choice', None)
    """
    if not words.strip():
        return replace(tags, has_blank=True)
    if condition := _condition(words):
        return replace(tags, conditions=(*tags.conditions, condition))
    for clause in filter(None, (clause.strip() for clause in _CLAUSE.split(words))):
        said = next((said for said in _readings(clause, tags) if said), None)
        if said is None:
            return None
        tags = said
    return tags


def _condition(words: str) -> str:
    """Words that name the question on which another depends."""
    names_question = re.search(r"(第\s*\S{1,3}\s*题|上一?题|前一?题|[Qq]\d+)", words)
    asks = re.search(r"(选|答|填|回答|作答|跳|转|继续|依赖)", words)
    return words if names_question and asks else ""


def _readings(clause: str, tags: Tags) -> Iterator[Tags | None]:
    words = re.sub(r"\s+", " ", clause)
    for kind, pattern in _KIND_PATTERNS:
        if pattern.fullmatch(words):
            yield replace(tags, kind=kind, is_matrix=tags.is_matrix or words.startswith("矩阵"))
    for pattern, changes in _SIMPLE:
        if pattern.fullmatch(words):
            yield replace(tags, **changes)
    yield _limits(words.replace(" ", ""), tags)
    if found := _END.fullmatch(words):
        yield replace(tags, ends=(*tags.ends, (int(found[1]), found[2].strip())))


def _limits(compact: str, tags: Tags) -> Tags | None:
    """How many may be chosen, or from where to where a scale of numbers goes."""
    if found := _AT_MOST.fullmatch(compact):
        most = _count(found[1])
        return replace(tags, at_most=most, kind=ItemKind.CHOICES) if most > 1 else replace(tags, kind=ItemKind.CHOICE)
    if found := _AT_LEAST.fullmatch(compact):
        return replace(tags, at_least=_count(found[1]), kind=ItemKind.CHOICES)
    if found := _BETWEEN.fullmatch(compact):
        return replace(tags, at_least=_count(found[1]), at_most=_count(found[2]), kind=ItemKind.CHOICES)
    if (found := _EXACTLY.fullmatch(compact)) and _count(found[1]) > 1:
        return replace(tags, at_least=_count(found[1]), at_most=_count(found[1]), kind=ItemKind.CHOICES)
    if found := _RANGE.fullmatch(compact):
        return replace(tags, low=int(found[1]), high=int(found[2]))
    return None


def _count(words: str) -> int:
    if words == "两":
        return 2
    return int(words) if words.isdecimal() else chinese_value(words)
