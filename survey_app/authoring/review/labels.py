"""What a label of a scale says: how much of what. Levels lie between −3 (not at all) and 3 (entirely)."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Family(StrEnum):
    """What a scale asks for, where its labels say so."""

    SATISFACTION = "satisfaction"
    AGREEMENT = "agreement"
    FREQUENCY = "frequency"
    OTHER = "other"  # fair, clear, good …: a degree, of whatever the question names


@dataclass(frozen=True, slots=True)
class Degree:
    """A label understood. ``level`` is None where it stands apart: "don't know", "not applicable"."""

    family: Family | None
    level: float


DONT_KNOW = re.compile(
    "^(我)?(不了解|不清楚|不知道|说不清楚?|说不好|不好说|不适用|不记得|没有接触过|没接触过|没用过|"
    "无法判断|无法评价)"
    r"|^(i )?(do not|don.?t|cannot|can.?t) (know|remember|say|judge)|^not (applicable|sure)|^no opinion|^n/?a$|^unsure",
    re.I,
)
_NEUTRAL = re.compile(
    "^(一般|一般般|普通|中立|中等|还行|还可以|尚可|不确定|无所谓|可有可无|不关心|没意见|没有意见|不表态|说不上|既不|"
    "谈不上)"
    r"|^(neither|neutral|so-so|average|ok|okay|fair|undecided|acceptable|mixed|not bad)\b",
    re.I,
)
_ZH_SUBJECTS = {
    "满意": Family.SATISFACTION, "同意": Family.AGREEMENT, "赞同": Family.AGREEMENT, "认同": Family.AGREEMENT,
    "赞成": Family.AGREEMENT, "符合": Family.AGREEMENT, "反对": Family.AGREEMENT,
}  # fmt: skip
_ZH_OTHERS = (
    "合格|公平|公正|公开|透明|重视|支持|喜欢|必要|有必要|常见|一致|清楚|清晰|方便|便利|了解|放心|信任|安全|干净|整洁|及时|"
    "合理|合适|"
    "有效|有用|有帮助|有意义|意义|规范|认可|愿意|幸福|快乐|开心|认真|负责|耐心|尊重|关心|丰富|健康|容易|轻松|舒适|"
    "舒服|理想|发挥|"
    "好吃|好看|听得懂|好"
)
_ZH_SUBJECT = f"(?:{'|'.join(_ZH_SUBJECTS)}|{_ZH_OTHERS})"
_ZH_BAD = "(?:听不懂|差|糟|糟糕|难吃|讨厌|脏|乱|危险|拥挤)"
_ZH_FULL = "非常|十分|特别|极其|极|完全|最|很|相当|超级|挺|充分|已充分|都"
_ZH_PART = "比较|较为|较|基本|基本上|大部分|大致|还算|总体|有点|有些|稍微|略|部分|多数"
_ZH_PATTERNS: tuple[tuple[str, float], ...] = (
    (f"(?:几乎)?(?:完全|一点都?|根本|丝毫)(?:都)?(?:不|没有?){_ZH_SUBJECT}", -3),
    (f"(?:{_ZH_FULL})(?:的)?不{_ZH_SUBJECT}", -3),
    (f"(?:{_ZH_FULL}){_ZH_BAD}", -3),
    (f"(?:不太|不大|不怎么|不很|不够|不是很){_ZH_SUBJECT}", -1),
    (f"(?:{_ZH_PART})(?:不|没有?){_ZH_SUBJECT}", -1),
    (f"(?:{_ZH_PART}){_ZH_BAD}", -1),
    (f"(?:小部分|少部分){_ZH_SUBJECT}", -1),
    (f"(?:不|没有?|无|都没){_ZH_SUBJECT}", -2),
    (f"{_ZH_SUBJECT}(?:较少|很少|不足|不够)", -1),
    (f"{_ZH_SUBJECT}(?:很|非常|极)小", -2),
    ("(?:强烈|坚决)反对", -3),
    (f"反对|{_ZH_BAD}", -2),
    (f"一般{_ZH_SUBJECT}", 0.5),
    (f"(?:{_ZH_FULL}){_ZH_SUBJECT}", 3),
    (f"{_ZH_SUBJECT}(?:很|非常|极)大", 3),
    (f"(?:{_ZH_PART}){_ZH_SUBJECT}", 1),
    (f"{_ZH_SUBJECT}尚好", 1),
    ("优秀?$", 3),
    ("良好?$", 2),
    (_ZH_SUBJECT, 2),
)  # fmt: skip
_ZH_COMPILED = tuple((re.compile(pattern), level) for pattern, level in _ZH_PATTERNS)
_ZH_FREQUENCY = (
    ("^(总是|每天|每次|一直|始终|天天)", 5.0), ("^(几乎如此|基本如此|几乎总是|几乎每)", 4.5),
    ("^(经常|常常|时常|多数时候|大多数时候|频繁|往往)", 4.0), ("^(有时|时有)", 3.0), ("^偶尔", 2.5),
    ("^(很少|极少|较少)", 2.0), ("^(几乎不|几乎没有|几乎从不)", 1.5), ("^(从不|从未|从来没有?|从没)", 1.0),
)  # fmt: skip
_EN_FREQUENCY = (
    ("^(always|every (day|time|week)|all the time|constantly)", 5.0), ("^(almost always|usually|mostly$|"
    "nearly always)", 4.5),
    ("^(often|frequently|very often)", 4.0), ("^(sometimes)", 3.0), ("^(occasionally|now and then)", 2.5),
    ("^(rarely|seldom|hardly ever)", 2.0), ("^(almost never)", 1.5), ("^never", 1.0),
)  # fmt: skip
_EN_SUBJECT = (
    "(?:satisfied|happy|pleased|agree|true|fair|safe|clear|clean|easy|useful|helpful|good|likely|important|supportive|"
    "well|friendly|interested)"
)
_EN_WEAK = "fairly|somewhat|mostly|rather|quite|slightly|a little|partly|tend to|reasonably|generally|moderately"
_EN_FULL = "very|completely|totally|strongly|extremely|fully|entirely|absolutely|wholly"
_EN_NEGATIVE = (
    "dissatisfied|unsatisfied|disagree|unhappy|untrue|unfair|unsafe|unclear|dirty|difficult|useless|"
    "unhelpful|bad|poor|unlikely|unimportant|unfriendly|displeased"
)
_EN_PATTERNS: tuple[tuple[str, float], ...] = (
    ("^not at all", -3), (f"^({_EN_FULL}) ({_EN_NEGATIVE})", -3), ("^(terrible|awful|very poor)", -3),
    (f"^({_EN_WEAK}) ({_EN_NEGATIVE})", -1), (f"^not (very|so|really|quite) ({_EN_SUBJECT})", -1),
    (f"^({_EN_NEGATIVE}|not {_EN_SUBJECT})\\b", -2), (f"^({_EN_FULL}) ({_EN_SUBJECT})", 3),
    ("^(excellent|outstanding)", 3), (f"^({_EN_WEAK}) ({_EN_SUBJECT})", 1), (f"^({_EN_SUBJECT})\\b", 2),
)  # fmt: skip
_EN_COMPILED = tuple((re.compile(pattern, re.I), level) for pattern, level in _EN_PATTERNS)


def is_dont_know(label: str) -> bool:
    """Whether it says that somebody cannot judge.

    >>> is_dont_know("不了解"), is_dont_know("Don't know"), is_dont_know("不满意")
    (True, True, False)
    """
    return DONT_KNOW.match(label) is not None


def those_apart(labels: tuple[str, ...]) -> set[str]:
    """The labels that stand apart from the degrees; among degrees of knowing, "don't know" is one of them.

    >>> those_apart(("满意", "不了解")), those_apart(("非常了解", "不了解"))
    ({'不了解'}, set())
    """
    return {
        label
        for label in labels
        if (match := DONT_KNOW.match(label))
        and not any(match[0][-2:] in other and other != label and not DONT_KNOW.match(other) for other in labels)
    }


@lru_cache(maxsize=1024)
def read_label(label: str) -> Degree | None:
    """The degree that a label states; None where it states none.

    >>> read_label("不太满意"), read_label("So-so").level, read_label("食堂")
    (Degree(family=<Family.SATISFACTION: 'satisfaction'>, level=-1), 0.0, None)
    """
    return _frequency(label) or _chinese(label) or _neutral(label) or _english(label)


def families(labels: tuple[str, ...]) -> set[Family]:
    """The families that the labels belong to."""
    degrees = [read_label(label) for label in labels]
    return {degree.family for degree in degrees if degree and degree.family}


def _neutral(label: str) -> Degree | None:
    return Degree(None, 0.0) if _NEUTRAL.match(label) else None


def _frequency(label: str) -> Degree | None:
    for pattern, level in (*_ZH_FREQUENCY, *_EN_FREQUENCY):
        if re.match(pattern, label, re.I):
            return Degree(Family.FREQUENCY, level)
    return None


def _chinese(label: str) -> Degree | None:
    if re.match("一般(?!.*(满意|同意|喜欢|清楚))|不关心|可有可无|不确定|说不上|既不|谈不上", label):
        return None
    for pattern, level in _ZH_COMPILED:
        if pattern.match(label):
            named = next((family for word, family in _ZH_SUBJECTS.items() if word in label), Family.OTHER)
            return Degree(named, level)
    return None


def _english(label: str) -> Degree | None:
    for pattern, level in _EN_COMPILED:
        if pattern.match(label):
            return Degree(_english_family(label.lower()), level)
    return None


def _english_family(label: str) -> Family:
    if "satisf" in label:
        return Family.SATISFACTION
    return Family.AGREEMENT if "agree" in label else Family.OTHER
