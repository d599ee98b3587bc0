"""A sentence that says once what the numbers of all following questions mean."""

import re
from collections.abc import Sequence

from ..label_degrees import degree_of
from ..scale_families import recognise_scale
from .lines import half_width

Legend = tuple[tuple[int, str], ...]
_NUMBER_FIRST = re.compile(
    r"(\d{1,2})\s*(?:分|级)?\s*(?:[=:、.\-—–]|表示|代表|为|是)*\s*[“\"]?([\u3400-\u9fff]{1,8})[”\"]?"
)
_END = re.compile(r"(\d{1,2})\s*(?:分|级)?\s*(?:[=:\-—–]|表示|代表|为|是|(?=最))+\s*[“\"]?([\u3400-\u9fff]{2,8})[”\"]?")
_AROUND = re.compile(
    r"评分|打分|说明|备注|注|标准|选项|分值|分数|其中|等级|量表|数字|含义|程度|满意度|依次|递减|递增|以下|下列|各题|每题|每项|各项"
    r"|请|按照|按|根据|在|对|相应|对应|合适|认为|的|上|下|中|均|采用|用|画|打|圈|勾|选择|选|从|到|至|和|分|制|级|五|十|题目?"
    r"|\d|[√✓〇○\W_]"
)
_MOST_NUMBERS = 11


def scale_in_sentence(text: str) -> Legend:
    """Return a scale that a sentence gives for all that follows, as numbers with their labels.

    >>> scale_in_sentence("请按“5非常同意、4同意、3一般、2不同意、1非常不同意”作答")
    ((5, '非常同意'), (4, '同意'), (3, '一般'), (2, '不同意'), (1, '非常不同意'))
    >>> scale_in_sentence("评分标准：5=非常满意 … 1=非常不满意"), scale_in_sentence("食堂（5=非常满意，1=非常不满意）")
    (((5, '非常满意'), (1, '非常不满意')), ())
    """
    half = half_width(text)
    found = [(int(value), label) for value, label in _NUMBER_FIRST.findall(half)]
    if len(found) < 3 or recognise_scale([label for _value, label in found]) is None:
        found = [
            (int(value), label)
            for label, value in re.findall(r"([\u3400-\u9fff]{1,8})\s*(?:[=:(])\s*(\d{1,2})\s*分?\)?", half)
        ]
    values = [value for value, _label in found]
    goes_by_one = values in (sorted(values), sorted(values, reverse=True)) and len(set(values)) == len(values)
    is_scale = len(found) > 2 and recognise_scale([label for _value, label in found]) is not None
    return tuple(found) if is_scale and goes_by_one else _ends_in_sentence(half)


def is_only_legend(text: str) -> bool:
    """Return whether a line says what numbers mean, and nothing else.

    >>> is_only_legend("注：5=满意，4=基本满意，3=一般，2=不满意"), is_only_legend("您的意见：5=满意，4=一般，3=不满意")
    (True, False)
    """
    half = half_width(text)
    return bool(scale_in_sentence(text)) and not _AROUND.sub("", _NUMBER_FIRST.sub("", half))


def _ends_in_sentence(half: str) -> Legend:
    """Only what the two ends mean, in a line that says nothing else; of a question they are its own."""
    found = [(int(value), label) for value, label in _END.findall(half)]
    if len(found) != 2 or not 2 <= abs(found[0][0] - found[1][0]) < _MOST_NUMBERS:
        return ()
    one, other = (degree_of(label) for _value, label in found)
    is_pair = one.stem == other.stem != "" and one.value * other.value < 0
    return tuple(found) if is_pair and not _AROUND.sub("", _END.sub("", half)) else ()


def labels_of(values: Sequence[int], legend: Legend) -> tuple[str, ...]:
    """Return the words for numbers in their order where a legend has one for each, otherwise none."""
    words = dict(legend)
    return tuple(words[value] for value in values) if set(words) == set(values) else ()


def ends_of(values: Sequence[int], legend: Legend) -> Legend:
    """Return what the lowest and the highest number mean where a legend says it for just these."""
    words = dict(legend)
    ends = (min(values), max(values))
    is_said = bool(words) and (min(words), max(words)) == ends
    return tuple((value, words[value]) for value in ends) if is_said else ()
