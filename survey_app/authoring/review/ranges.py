"""Options that are ranges of numbers: what they take in, whether two share something, whether something is left out."""

import re
from dataclasses import dataclass
from itertools import pairwise
from math import inf

_NUMBER = r"(\d+(?:\.\d+)?)"
_UNIT = (
    r"\s*(?:周岁|岁|年|次|个|人|元|万元?|小时|分钟|天|月|门|节|本|公里|千米|years?|times?|hours?|minutes?|mins?|"
    r"yuan|days?|%|h)?\s*"
)
_DASH = r"\s*(?:-|–|—|~|～|至|到|to)+\s*"
_BETWEEN = re.compile(f"{_NUMBER}{_UNIT}{_DASH}{_NUMBER}{_UNIT}(?:old)?$", re.I)
_FROM_BELOW = re.compile(f"{_NUMBER}{_UNIT}(?:及|或)?以上[,，]?(?:不足|不满|未满|少于|低于){_NUMBER}{_UNIT}$")
_BELOW = re.compile(
    f"(?:不足|不满|未满|少于|低于|小于|under|less than|fewer than|below|up to){_UNIT}{_NUMBER}{_UNIT}$", re.I
)
_AT_MOST = re.compile(
    f"{_NUMBER}{_UNIT}(?:(?:及|或|和|含)?(?:以下|以内|之内)|or (?:less|fewer|under|below|younger))$", re.I
)
_AT_LEAST = re.compile(f"{_NUMBER}{_UNIT}(?:(?:及|或|和|含)?(?:以上)|or (?:more|over|above|older)|\\+)$", re.I)
_ABOVE = re.compile(f"(?:超过|多于|大于|高于|more than|over|above){_UNIT}{_NUMBER}{_UNIT}$", re.I)
_SINGLE = re.compile(f"{_NUMBER}{_UNIT}$", re.I)
_CONTINUOUS = re.compile("小时|hour|万|公里|千米", re.I)
_LEVELS = ("小学", "初中", "高中", "大专", "本科", "硕士", "博士")
_SAME_LEVEL = {"中专": "高中", "专科": "大专", "大学": "本科", "研究生": "硕士"}


@dataclass(frozen=True, slots=True)
class NumberRange:
    """From ``low`` to ``high``; an open end does not take in its bound."""

    label: str
    low: float
    high: float
    is_low_open: bool = False
    is_high_open: bool = False

    def meets(self, later: "NumberRange") -> bool:
        """Whether a number lies in both; ``later`` begins no earlier."""
        if later.low == self.high:
            return not (self.is_high_open or later.is_low_open)
        return later.low < self.high


def read_ranges(labels: tuple[str, ...]) -> tuple[NumberRange, ...]:
    """The ranges among the labels, from the lowest; none unless all labels with a number are ranges.

    >>> [(one.low, one.high) for one in read_ranges(("不足6小时", "6小时以上不足7小时", "7小时及以上"))]
    [(-inf, 6.0), (6.0, 7.0), (7.0, inf)]
    """
    numbered = [label for label in labels if re.search(r"\d", label)]
    read = [_read(label.replace(",", "")) for label in numbered]
    if len(read) < 2 or any(one is None for one in read) or _mixes_units(numbered):
        return ()
    ranges = sorted((one for one in read if one is not None), key=lambda one: (one.low, one.high))
    if all(one.low == one.high for one in ranges):
        return ()
    return tuple(_with_stated_bound(one, ranges) for one in ranges)


def overlap(ranges: tuple[NumberRange, ...]) -> tuple[str, str] | None:
    """Two labels that take in the same number."""
    for one, later in pairwise(ranges):
        if one.meets(later):
            return one.label, later.label
    return None


def gap(ranges: tuple[NumberRange, ...]) -> tuple[str, str] | None:
    """Two labels between which a number is in neither. Whole numbers step by one, unless time is measured in hours."""
    for one, later in pairwise(ranges):
        step = 0 if _CONTINUOUS.search(one.label) else 1
        both_open = one.is_high_open and later.is_low_open
        distance = later.low - one.high - (0 if one.is_high_open or later.is_low_open else step)
        if distance > 0 or (both_open and later.low == one.high):
            return one.label, later.label
    return None


def overlapping_levels(labels: tuple[str, ...]) -> tuple[str, str] | None:
    """Two levels of schooling, one of which takes in the other: 大学及以上 and 硕士及以上."""
    ranks = {label: rank for label in labels if (rank := _level_of(label)) is not None}
    for label, rank in ranks.items():
        for other, other_rank in ranks.items():
            is_above = "以上" in label and "以下" not in other and other_rank > rank
            is_below = "以下" in label and "以上" not in other and other_rank < rank
            if other != label and (is_above or is_below):
                return label, other
    return None


def _level_of(label: str) -> int | None:
    for word, same in _SAME_LEVEL.items():
        label = label.replace(word, same)
    return next((rank for rank, word in enumerate(_LEVELS) if label.startswith(word)), None)


def _read(label: str) -> NumberRange | None:
    if match := _FROM_BELOW.match(label):
        return NumberRange(label, float(match[1]), float(match[2]), is_high_open=True)
    if match := _BETWEEN.match(label):
        return NumberRange(label, float(match[1]), float(match[2]))
    if match := _BELOW.match(label):
        return NumberRange(label, -inf, float(match[1]), is_high_open=True)
    if match := _AT_MOST.match(label):
        return NumberRange(label, -inf, float(match[1]))
    return _read_upwards(label)


def _read_upwards(label: str) -> NumberRange | None:
    if match := _AT_LEAST.match(label):
        return NumberRange(label, float(match[1]), inf)
    if match := _ABOVE.match(label):
        return NumberRange(label, float(match[1]), inf, is_low_open=True)
    if match := _SINGLE.match(label):
        return NumberRange(label, float(match[1]), float(match[1]))
    return None


def _with_stated_bound(one: NumberRange, ranges: list[NumberRange]) -> NumberRange:
    """A bare 以下 leaves out its bound where another option states that it has it (及以上, 以上不足)."""
    stated = any(
        other.low == one.high and re.search("[及或]以上|以上不[足满]|or (more|over|above|older)", other.label)
        for other in ranges
    )
    if stated and re.search("(?<![及或含和])以下$", one.label):
        return NumberRange(one.label, one.low, one.high, one.is_low_open, is_high_open=True)
    return one


def _mixes_units(labels: list[str]) -> bool:
    return any(re.search("分钟|min", label) for label in labels) and any(
        re.search("小时|hour", label) for label in labels
    )
