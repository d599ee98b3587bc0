"""What can be seen of each line with its neighbours, before anything is decided."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..draft import ItemKind
from ..label_degrees import fold_label
from ..scale_families import is_no_answer, is_rating_label, recognise_scale
from .furniture import is_blank_to_write_on, is_furniture, page_headers
from .legends import is_only_legend, scale_in_sentence
from .lines import half_width
from .marks import BOXES
from .segments import Segment, is_foreign

_TERMINAL = re.compile(r"[?)_:。!.\]*”]\s*$")
_OPEN_QUESTION = re.compile(
    r"(建议|意见|想法|看法|想说|心声|补充|原因是|为什么|什么[?]?$|哪些[?]?$|多少|几[个次小天]|说明|评语|comment|suggest)"
)
_TITLE = re.compile(
    r"(问卷|调查|评价表|测评|量表|意见收集|征求意见|征集|评议表|统计表|survey|questionnaire|feedback)", re.IGNORECASE
)
_HELLO = re.compile(r"[您你]好|^尊敬的|^亲爱的|^各位|^dear ", re.IGNORECASE)
_COLUMN = re.compile(
    r"(评价|调查|测评|考核|满意度)?(内容|项目|指标|维度|题目|问题|方面|要点|事项)|序号|编号|题号|类别|选项|item|statement",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"(您好|你好|尊敬|亲爱|各位|同学们|感谢|谢谢|为了|本问卷|本次|匿名|不记名|保密|dear )", re.IGNORECASE
)
_INSTRUCTION = re.compile(
    r"(请(在|根据|您|你|选择|各位|将|把|于|按|认真|如实|打|仔细)|说明|提示|注[:意]|以下|下列|打.?√|画.?√)"
)
_ADDRESS = re.compile(r"^(如果)?(您|你|请|孩子|我|学校|老师|本校)")
PERSON = re.compile(r"(姓名|电话|手机号?码?|身份证号?码?|学号|联系方式|微信号?|住址|家庭住址|邮箱|QQ号?)")


@dataclass(frozen=True, slots=True)
class Sight:
    """One line: what it looks like and what stands after it."""

    segment: Segment
    length: int
    is_furniture: bool
    is_blank: bool
    is_label: bool
    is_scale_line: bool
    has_cells: bool
    is_terminal: bool
    is_open: bool
    is_foreign: bool
    asks_for_text: bool
    names_scale: bool
    is_only_legend: bool
    looks_like_title: bool
    looks_like_intro: bool
    speaks_to_somebody: bool
    options_follow: bool
    next_option: int
    rows_follow: bool
    cells_follow: bool
    is_greeting: bool
    names_a_column: bool
    text_has_numbers: bool = False
    blank_follows: bool = False


def see(segments: Sequence[Segment]) -> tuple[Sight, ...]:
    """Return what can be seen of every line."""
    headers = page_headers(segments)
    furniture = [index in headers or is_furniture(segment) for index, segment in enumerate(segments)]
    follows = [_next_index(furniture, index) for index in range(len(segments))]
    has_numbers = _has_numbered_questions(segments)
    plain = Counter(fold_label(s.body) for s in segments if not s.numbers and not s.options)
    begins = [_starts_options(segment, plain) for segment in segments]
    begins = [starts and not _asks(segments, index, follows, begins) for index, starts in enumerate(begins)]
    return tuple(
        replace(
            _see(segment, furniture[index], segments[after] if after else None, plain, bool(after) and begins[after]),
            text_has_numbers=has_numbers,
            blank_follows=index + 1 < len(segments) and is_blank_to_write_on(segments[index + 1]),
        )
        for index, (segment, after) in enumerate(zip(segments, follows, strict=True))
    )


def _asks(segments: Sequence[Segment], index: int, follows: Sequence[int], begins: Sequence[bool]) -> bool:
    """Whether a line that could be the first of several numbered options is rather a question itself."""
    segment, after = segments[index], follows[index]
    if not segment.numbers:
        return False
    is_question = _TERMINAL.search(half_width(segment.body)) is not None or bool(segment.inline)
    return is_question or (bool(after) and begins[after])


def _has_numbered_questions(segments: Sequence[Segment]) -> bool:
    """Whether at least two lines begin with a number that does not belong to a run of options."""
    count = 0
    for index, segment in enumerate(segments):
        number = segment.number
        if number is None or number.style in ("chinese", "part", "chinese_paren") or len(segment.options) > 1:
            continue
        beside = [segments[other].number for other in (index - 1, index + 1) if 0 <= other < len(segments)]
        in_run = any(other and other.style == number.style and abs(other.value - number.value) == 1 for other in beside)
        count += not in_run or bool(segment.inline) or _TERMINAL.search(half_width(segment.body)) is not None
    return count > 1


def _next_index(furniture: Sequence[bool], index: int) -> int:
    """The next line that is no furniture, 0 after the last."""
    return next((later for later in range(index + 1, len(furniture)) if not furniture[later]), 0)


def _see(segment: Segment, furniture: bool, after: Segment | None, plain: Counter[str], options_follow: bool) -> Sight:
    half = half_width(segment.text).strip()
    return Sight(
        segment=segment,
        length=len("".join(segment.body.split())),
        is_furniture=furniture,
        is_blank=is_blank_to_write_on(segment),
        is_label=_is_label(segment, plain),
        is_scale_line=_is_scale_line(segment),
        has_cells=len(segment.cells) > 1 or _has_empty_boxes(segment),
        is_terminal=_TERMINAL.search(half) is not None,
        is_open=_is_open(half),
        is_foreign=is_foreign(segment.body),
        asks_for_text=_asks_for_text(segment),
        names_scale=not segment.first_option and bool(scale_in_sentence(segment.text)),
        is_only_legend=not segment.numbers and is_only_legend(segment.text),
        looks_like_title=bool(_TITLE.search(segment.body)) and len(segment.body) < 48 and not half.endswith("。"),
        looks_like_intro=bool(_GREETING.search(segment.body) or _INSTRUCTION.search(segment.body)),
        speaks_to_somebody=bool(_ADDRESS.search(segment.stem)),
        options_follow=options_follow,
        next_option=after.options[0].value if after and after.options else 0,
        rows_follow=after is not None and not after.options and not after.number and not after.after_gap,
        is_greeting=_HELLO.search(segment.body) is not None,
        cells_follow=after is not None and (len(after.cells) > 1 or _has_empty_boxes(after)),
        names_a_column=_COLUMN.fullmatch(half_width(segment.pieces[0])) is not None if segment.pieces else False,
    )


def _is_label(segment: Segment, plain: Counter[str]) -> bool:
    """Words that rate, or that stand several times in the text as a line of their own."""
    words = segment.options[0].label if segment.first_option else segment.body
    if segment.numbers and not segment.first_option:
        words = segment.body
    return is_rating_label(words) or is_no_answer(words) or (plain[fold_label(words)] > 1 and not segment.numbers)


def _is_scale_line(segment: Segment) -> bool:
    """Several labels of one scale in gaps, perhaps behind the headings of other columns; or numbers in their order."""
    return len(segment.pieces) > 1 and head_labels(segment) != ()


def head_labels(segment: Segment) -> tuple[str, ...]:
    """Return the labels of a scale that a line holds side by side, without the columns before them."""
    pieces = segment.pieces
    for start in range(min(3, len(pieces) - 1)):
        rest = pieces[start:]
        if len(rest) > 1 and (
            recognise_scale(rest) or (len(rest) > 2 and all(p.rstrip("分星级").isdecimal() for p in rest))
        ):
            return rest
    return ()


def gap_pieces(segment: Segment) -> tuple[str, ...]:
    """Return the parts of a line that stand apart by tabs or several spaces, if they could be options."""
    pieces = segment.pieces
    return pieces if len(pieces) > 1 and all(0 < len(piece) < 20 for piece in pieces) else ()


def _has_empty_boxes(segment: Segment) -> bool:
    """Boxes with nothing between them, as cells of a table become when they are pasted."""
    words = half_width(segment.body).split()
    boxes = [word for word in words if word.strip(BOXES) == "" or word == "()"]
    return len(boxes) > 1 and len(boxes) + 2 >= len(words)


def _is_open(half: str) -> bool:
    """Whether a bracket or quote that was opened is not closed, or a clause goes on."""
    pairs = (("(", ")"), ("“", "”"), ("《", "》"))
    return any(half.count(left) > half.count(right) for left, right in pairs) or half.endswith((",", "、", "，", "—"))


def _asks_for_text(segment: Segment) -> bool:
    if segment.tags.kind is not None:
        return segment.tags.kind is ItemKind.TEXT
    written = half_width(segment.text).rstrip()
    is_line = bool(re.search(r"_{2,}|\.{4,}|…{2,}", written)) and not segment.options[1:]
    return is_line or bool(segment.tags.unit) or bool(_OPEN_QUESTION.search(half_width(segment.stem)))


def _starts_options(segment: Segment, plain: Counter[str]) -> bool:
    if first := segment.first_option:
        return first.value in (0, 1) and not (len(segment.numbers) > 1 or segment.tags.kind)
    if segment.numbers:
        return _is_scale_line(segment)
    is_table_row = segment.cells and (len(segment.cells) < 3 or not all(cell.strip(BOXES) for cell in segment.cells))
    has_gaps = bool(gap_pieces(segment)) and not segment.inline and not segment.options and not is_table_row
    return _is_scale_line(segment) or _is_label(segment, plain) or has_gaps


def names_a_person(segment: Segment) -> bool:
    """Return whether a line asks who somebody is, with space to write it down."""
    half = half_width(segment.text)
    return bool(PERSON.search(half)) and bool(re.search(r"_{2,}|:\s*$|:\s{2,}|\(\s*\)", half) or segment.tags.kind)
