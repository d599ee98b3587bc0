"""The words for types of questions, in XLSForm old and new, in our template and in the sheets of an office."""

import re
from dataclasses import dataclass
from enum import Enum

from survey_app.definition.messages import Message, message

from ..draft import ItemKind
from ..text.tags import read_tag


class RowType(Enum):
    """What a row of questions is."""

    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    RANK = "rank"
    GRADE = "grade"
    OVERALL = "overall"
    SCALE = "scale"
    TEXT = "text"
    NUMBER = "number"
    RANGE = "range"
    NOTE = "note"
    BEGIN_GROUP = "begin_group"
    END_GROUP = "end_group"
    BEGIN_REPEAT = "begin_repeat"
    END_REPEAT = "end_repeat"
    LEFT = "left"
    UNKNOWN = "unknown"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class TypeCell:
    """The type of a row. ``left_code`` and ``reason`` say why one is left out; ``with_other`` adds an option."""

    row_type: RowType
    list_name: str = ""
    with_other: bool = False
    left_code: str = ""
    reason: Message | None = None


_LEFT: dict[str, tuple[str, Message]] = {
    **dict.fromkeys(
        ("start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "phone number", "username",
         "email", "audit", "caseid", "instanceid", "uri:deviceid", "uri:phonenumber", "uri:simserial", "uri:username",
         "uri:email", "start time", "end time", "device id", "imei"),
        ("metadata", message("设备和填写过程的信息一概不收集")),
    ),
    **dict.fromkeys(
        ("geopoint", "geotrace", "geoshape", "start-geopoint", "gps", "location"),
        ("place", message("不收集位置")),
    ),
    **dict.fromkeys(
        ("image", "photo", "audio", "video", "file", "barcode", "background-audio", "audit-image", "picture"),
        ("media", message("不收集照片、录音、录像、文件和条码")),
    ),
    **dict.fromkeys(
        ("date", "time", "datetime", "日期", "日期题"),
        ("date", message("没有日期题；请改成单选，给出几个时间段")),
    ),
    **dict.fromkeys(
        ("calculate", "calculation", "csv-external", "xml-external", "hidden", "q calculate"),
        ("calculation", message("没有计算和隐藏的值")),
    ),
    **dict.fromkeys(
        ("select_one_from_file", "select_multiple_from_file", "select_one_external", "entity", "osm"),
        ("external_list", message("选项在别的文件里，请把它们写进选项表")),
    ),
}  # fmt: skip
_SIMPLE = {
    **dict.fromkeys(("text", "string", "q string", "文字", "文字题", "意见", "建议", "意见题"), RowType.TEXT),
    **dict.fromkeys(("integer", "int", "decimal", "q int", "q decimal"), RowType.NUMBER),
    **dict.fromkeys(("数字", "数值", "数字题", "数值题"), RowType.NUMBER),
    "range": RowType.RANGE,
    **dict.fromkeys(("note", "acknowledge", "trigger", "q note", "说明", "段落说明", "段落", "引言"), RowType.NOTE),
    **dict.fromkeys(("begin group", "begin_group", "分组开始", "开始分组", "组开始"), RowType.BEGIN_GROUP),
    **dict.fromkeys(("end group", "end_group", "end lgroup", "分组结束", "结束分组", "组结束"), RowType.END_GROUP),
    **dict.fromkeys(("begin repeat", "begin_repeat"), RowType.BEGIN_REPEAT),
    **dict.fromkeys(("end repeat", "end_repeat", "end loop", "end_loop"), RowType.END_REPEAT),
    **dict.fromkeys(("年级", "年级题", "grade"), RowType.GRADE),
    **dict.fromkeys(("总体", "总体评价", "总体题", "总体满意度", "overall"), RowType.OVERALL),
}  # fmt: skip
_SELECT = re.compile(
    r"(?:add |q )?(?P<word>select[ _]?one|select1|select|select[ _]?multiple|select all that apply|rank)"
    r"(?: prompt)?(?: (?:from|using|of))?(?: (?P<list>\S+?))?(?P<other> or[ _](?:specify[ _])?other)?",
    re.IGNORECASE,
)
_LOOP = re.compile(r"begin (?:loop over|lgroup).*", re.IGNORECASE)
_OLD_METADATA = re.compile(r"(?:get|set) .+|add .+ prompt", re.IGNORECASE)
_KINDS = {
    ItemKind.CHOICE: RowType.SELECT_ONE, ItemKind.CHOICES: RowType.SELECT_MULTIPLE, ItemKind.TEXT: RowType.TEXT,
    ItemKind.SCALE: RowType.SCALE, ItemKind.RANKING: RowType.RANK,
}  # fmt: skip


def read_type(cell: str) -> TypeCell:
    """Return what a cell of the column of types says.

    >>> read_type("select_one sat5 or_other")
    TypeCell(row_type=<RowType.SELECT_ONE: 'select_one'>, list_name='sat5', with_other=True, left_code='', reason=None)
    >>> read_type("单选题").row_type.value, read_type("geopoint").left_code, read_type("地图题").row_type.value
    ('select_one', 'place', 'unknown')
    """
    words = " ".join(cell.split())
    folded = words.casefold()
    if not words:
        return TypeCell(RowType.MISSING)
    if folded in _SIMPLE:
        return TypeCell(_SIMPLE[folded])
    if (left := _LEFT.get(folded) or _LEFT.get(folded.split()[0])) and folded.split()[0] != "end":
        return TypeCell(RowType.LEFT, left_code=left[0], reason=left[1])
    if _LOOP.fullmatch(words):
        return TypeCell(RowType.BEGIN_REPEAT)
    if found := _SELECT.fullmatch(words):
        return _select(found)
    if _OLD_METADATA.fullmatch(words):
        code, reason = _LEFT["deviceid"]
        return TypeCell(RowType.LEFT, left_code=code, reason=reason)
    tags = read_tag(words)
    return TypeCell(_KINDS[tags.kind] if tags and tags.kind in _KINDS else RowType.UNKNOWN)


def _select(found: re.Match[str]) -> TypeCell:
    word = found["word"].casefold().replace("_", " ")
    row_type = RowType.SELECT_MULTIPLE
    if word in ("select one", "selectone", "select1"):
        row_type = RowType.SELECT_ONE
    elif word == "rank":
        row_type = RowType.RANK
    return TypeCell(row_type, found["list"] or "", bool(found["other"]))


_PERSONAL = re.compile(
    r"\b(tele)?phone\b|\bmobile\b|\bcell\b|e-?mail|\b(home|postal|street|your) address\b"
    r"|passport|\bid (number|card|no)\b"
    r"|national id|\bfull name\b|\bsurname\b|\b(first|last|family|your|respondent|child)('?s)? ?name\b|^name\??$"
    r"|name of (the |your )?(child|respondent|person|head|parent|pupil|student|interview\w*|enumerator)|date of birth"
    r"|电话|手机|联系方式|姓名|身份证|住址|家庭地址|邮箱|微信号|QQ号|学号|准考证",
    re.IGNORECASE,
)


_FORBIDS = re.compile(r"不要|勿|不必|不用|无需|不写|不填|\b(no|not|without|never)\b|don.t", re.IGNORECASE)


def asks_who_it_is(text: str) -> bool:
    """Return whether a question asks for what identifies a person.

    >>> asks_who_it_is("Your phone number"), asks_who_it_is("Name of the school"), asks_who_it_is("您的姓名")
    (True, False, True)
    >>> asks_who_it_is("您的建议？请不要写姓名和电话。")
    False
    """
    sentences = re.split(r"[。.?？!！;；\n]+", text)
    return any(_PERSONAL.search(sentence) and not _FORBIDS.search(sentence) for sentence in sentences)
