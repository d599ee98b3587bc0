"""Negators in a clause, without the words that only look like one."""

import re

_NO_NEGATION = re.compile(
    "有没有|是不是|能不能|会不会|好不好|多不多|够不够|愿不愿意|对不对|要不要|可不可以|不断|不同|不仅|不但|不只|不少|"
    "不错|不久|不管|不论|无论|"
    "不得不|不一样|不时|不定期|不良|不动产|不知不觉|不了解|不知道|不清楚|不足|未来|未成年|非常|非正式|非遗|非物质|"
    "除非|是非|别人|别的|特别|级别|性别|个别|区别|"
    "分别|差别|告别|识别|类别|无障碍|无关|无线|无人机|无所谓|没收|莫名|不可|来不及|不到位|(.)不\\1"
)
_NEGATOR = re.compile("不|没有?|无|未|非|别|勿|莫")
_NEGATOR_EN = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|without|cannot|hardly|lack(?:s|ing)?|fails?|"
    r"unsafe|unfair|unhappy|unclear|unable|unsatisfied|dissatisfied|disagree|dislike|unreasonable|unlikely|unhelpful|"
    r"unkind|"
    r"unwilling|unnecessary|inconvenient|inadequate|impossible|irresponsible)\b|n[’']t\b",
    re.I,
)
_NO_NEGATION_EN = re.compile(
    r"\bnot only\b|\bwhether or not\b|\bno later\b|\bdon[’']t know\b|\bno matter\b|\bor not\b", re.I
)


def count_negations(clause: str, language: str) -> int:
    """How often a clause negates.

    >>> count_negations("您对学校不开设劳动课不满意的程度", "zh"), count_negations("设施不断改善", "zh")
    (2, 0)
    >>> count_negations("I do not think that it is unsafe", "en")
    2
    """
    if language == "en":
        return len(_NEGATOR_EN.findall(_NO_NEGATION_EN.sub(" ", clause)))
    return len(_NEGATOR.findall(_NO_NEGATION.sub("", clause))) if language == "zh" else 0
