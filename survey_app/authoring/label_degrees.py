"""One label of an answer taken apart: how strongly it affirms or denies what."""

import re
import unicodedata
from dataclasses import dataclass

STRONG, PLAIN, MILD = 3.0, 2.0, 1.0
_STRONG = (
    "非常", "十分", "特别", "极其", "极为", "极", "很", "挺", "相当", "完全", "绝对", "高度", "强烈", "最", "毫",
    "根本", "一点也", "一点都", "已充分", "充分", "总体上", "总体",
)  # fmt: skip
_MILD = (
    "比较", "较为", "较", "还算", "还", "基本上", "基本", "大致", "大体", "大部分", "大多", "部分", "有点儿", "有点",
    "有些", "稍微", "略微", "略", "勉强", "尚", "几乎", "一般",
)  # fmt: skip
_WEAK_DENIALS = ("不太", "不大", "不怎么", "不是很", "不很", "不够", "没那么", "小部分", "少部分")
_DENIALS = ("并不", "毫不", "不", "未", "没有", "没", "无", "非")
_FILLERS = ("有", "地", "觉得", "感到")
_NEUTRAL = frozenset((
    "一般", "中立", "不确定", "说不清", "说不清楚", "说不上", "不好说", "尚可", "普通", "还行", "还可以", "可以",
    "适中", "无所谓", "可有可无", "一般般", "中等", "中", "不置可否", "差不多", "不清楚", "正常", "neutral", "average",
    "so-so", "ok", "unsure", "notsure", "undecided", "fair", "moderate", "acceptable",
))  # fmt: skip
_ENGLISH = re.compile(
    r"(?P<neither>nei?the?i?r\b.*)|(?P<prefix>(?:(?:very|extremely|highly|strongly|completely|totally|absolutely|quite|fairly"
    r"|somewhat|mostly|rather|slightly|moderately|not at all|not very|not really|not)\s+)*)(?P<deny>dis|un|in|im)?"
    r"(?P<stem>satisf\w*|agree\w*|approv\w*|likely|important|clear|safe|easy|convenient|good|bad|poor|happy|fair)\b.*",
    re.IGNORECASE,
)
_ENGLISH_STEMS = {
    "satisf": "满意",
    "agree": "同意",
    "approv": "同意",
    "bad": "差",
    "poor": "差",
    "good": "好",
    "likely": "可能",
}


@dataclass(frozen=True, slots=True)
class Degree:
    """``stem`` is what is affirmed (empty for a middle), ``value`` from −3 to 3. ``is_bare``: without any degree."""

    stem: str
    value: float
    is_bare: bool = False
    is_middling: bool = False


def fold_label(label: str) -> str:
    """Return a label as labels are compared: half width, without white space, invisible signs and final punctuation."""
    normal = unicodedata.normalize("NFKC", label)
    normal = "".join(sign for sign in normal if not sign.isspace() and unicodedata.category(sign) != "Cf")
    return normal.rstrip("。．.!?:;,、，：；？！").lower()


def degree_of(label: str) -> Degree:
    """Return what a label says.

    >>> degree_of("非常不满意").value, degree_of("非常不满意").stem, degree_of("一般").is_middling
    (-3.0, '满意', True)
    """
    folded = re.sub(r"\(.*?\)$", "", fold_label(label))
    if folded in _NEUTRAL:
        return Degree("", 0.0, True, True)
    if english := _ENGLISH.fullmatch(" ".join(label.split()).strip(" .")):
        return _english_degree(english)
    rest, strength, sign, denied, middling = folded, PLAIN, 1, False, False
    while rest:
        prefix = _prefix_of(rest)
        if prefix is None or len(prefix) >= len(rest):
            break
        if prefix in _WEAK_DENIALS:
            sign, strength, denied = -1, MILD, True
        elif prefix in _DENIALS:
            sign, denied = -sign, True
        elif prefix in _STRONG:
            strength = STRONG
        elif prefix in _MILD:
            strength = MILD if strength == PLAIN else strength
            middling = middling or prefix == "一般"
        rest = rest[len(prefix) :]
    is_bare = strength == PLAIN and not denied
    return Degree(rest.removesuffix("的"), sign * strength, is_bare, middling)


def _prefix_of(rest: str) -> str | None:
    """The longest word of degree or denial at the beginning."""
    prefixes = (*_WEAK_DENIALS, *_STRONG, *_MILD, *_DENIALS, *(_FILLERS if len(rest) > 2 else ()))
    fitting = [prefix for prefix in prefixes if rest.startswith(prefix)]
    return max(fitting, key=len) if fitting else None


def _english_degree(found: re.Match[str]) -> Degree:
    if found["neither"]:
        return Degree("", 0.0, True, True)
    prefix = found["prefix"].lower()
    stem = found["stem"].lower()
    stem = next((word for start, word in _ENGLISH_STEMS.items() if stem.startswith(start)), stem)
    denied = bool(found["deny"]) != prefix.startswith("not")
    mild = any(word in prefix for word in ("somewhat", "fairly", "quite", "mostly", "rather", "slightly", "not very"))
    strength = MILD if mild else STRONG if prefix and prefix.strip() != "not" else PLAIN
    return Degree(stem, -strength if denied else strength, not prefix and not denied)
