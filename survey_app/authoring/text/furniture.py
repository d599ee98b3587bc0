"""Lines that belong to the paper, not to the questionnaire: page numbers, rules, signatures, thanks."""

import re
from collections import Counter
from collections.abc import Sequence

from ..scale_families import recognise_scale
from .lines import half_width
from .segments import Segment

_FURNITURE = (
    r"(第)?\s*\d+\s*页\s*[/,，]?\s*(共\s*\d+\s*页)?", r"-\s*\d+\s*-", r"page\s*\d+(\s*(of|/)\s*\d+)?", r"\d+\s*/\s*\d+",
    r"[\s\-=_~—–─━·.…*#☆◆◇\u2500-\u257f]{3,}", r"[(（]?\s*(以下|此页|本页)?(无正文|空白|完)\s*[)）]?",
    r".{0,12}(再次)?(衷心|诚挚|非常)?(感谢|谢谢)(您|你|大家|各位|家长|同学|老师).{0,16}",
    r"(问卷|调查)?(到此|至此|填写)?(结束|完毕).{0,14}",
    r"(填表|调查|填写|评价|测评|审核|负责)(人|单位|员)?(签[名字章])?\s*:?.{0,3}\s*.{0,12}(日期|时间|签[名字章])?\s*:?\s*",
    r"(\d{4}|_+|\s+)?\s*年\s*(\d{1,2}|_+|\s+)\s*月\s*((\d{1,2}|_+|\s+)\s*日)?",
    r".{0,4}签\s*[名字章].{0,40}",
    r"(合计|总计|小计|总分|得分)\s*:?[\s_\d.分]*",
    r"(mark|check|tick|select) (only one|all that apply).*",
    r"submit|提交|powered by.*|\*\s*(required|必填|indicates.*)",
    r"never submit passwords.*|this content is neither.*|google forms?", r"(您的)?(回答|答案|其他)\s*:?\s*_{3,}",
    r"(编号|学校代码|问卷编号|代码|学校名称|序号)\s*:?\s*[_\s]*((编号|学校代码|学校名称|代码)\s*:?\s*[_\s]*)*",
    r".{0,6}(请于|请在).{0,20}(前|之前)(填|提交|完成|交).{0,16}", r"\[?\s*转发\s*\]?.{0,24}", r"制表.{0,12}|盖章.{0,8}",
    r"\(?(请|可)?(您|你)?(直接)?在.{0,14}(打|画|划)\s*[\"“]?[√✓✔勾对][\"”]?.{0,10}",
)  # fmt: skip
_PATTERNS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _FURNITURE)
_BLANK = re.compile(r"[\s_()\-.…]*(_{2,}|\(\s*\))[\s_().…]*")


def is_furniture(segment: Segment) -> bool:
    """Return whether a line by itself is a page number, a rule, thanks or a field for the office."""
    half = " ".join(half_width(segment.text).split())
    return any(pattern.fullmatch(half) for pattern in _PATTERNS)


def is_blank_to_write_on(segment: Segment) -> bool:
    """Return whether a line is only for an answer in handwriting."""
    return _BLANK.fullmatch(half_width(segment.text)) is not None


def page_headers(segments: Sequence[Segment]) -> frozenset[int]:
    """Return the positions of lines that are repeated beside page numbers, and of their first occurrence."""
    texts = [re.sub(r"\d+", "0", "".join(segment.text.split())) for segment in segments]
    counts = Counter(texts)
    beside = Counter(
        texts[other]
        for index, segment in enumerate(segments)
        if is_furniture(segment) and "页" in segment.text
        for other in {index - 1, index + 1}
        if 0 <= other < len(texts) and counts[texts[other]] > 1
    )
    headers = {text for text, times in beside.items() if times >= counts[text] - 1 and len(text) > 5}
    return frozenset(
        index
        for index, text in enumerate(texts)
        if text in headers
        and not segments[index].options
        and not segments[index].numbers
        and not _rates(segments[index])
    )


def _rates(segment: Segment) -> bool:
    """Whether a line holds the labels of a scale: these are repeated too."""
    return len(segment.pieces) > 1 and recognise_scale(segment.pieces) is not None
