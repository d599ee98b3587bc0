"""Which answers make a scale, of what meaning, and what its points are if they go by their order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from survey_app.definition.languages import Text

from .draft import DraftOption, DraftScale
from .label_degrees import Degree, degree_of, fold_label

FAMILIES = {
    "satisfaction": ("满意", "认可", "开心", "高兴", "happy"),
    "agreement": ("同意", "赞同", "认同", "赞成", "支持"),
    "fit": ("对口", "匹配", "适合"),
    "conformity": ("符合", "一致", "相符", "如此", "属实"),
    "convenience": ("方便", "便利", "便捷", "convenient", "easy"),
    "importance": ("重要", "必要", "重视", "important"),
    "fairness": ("公平", "公正", "合理", "fair"),
    "quality": ("好", "优", "优秀", "良好", "良", "差", "糟", "糟糕", "合格", "理想", "到位"),
    "likelihood": ("可能", "愿意", "likely"),
    "knowledge": ("了解", "清楚", "熟悉", "知道", "clear"),
    "safety": ("安全", "放心", "safe"),
    "amount": ("多", "少", "充足", "足够"),
    "level": ("高", "低", "大", "小", "快", "慢", "强", "弱", "重", "轻", "贵", "便宜", "长", "短"),
    "frequency": ("常见", "频繁"),
}
_FAMILY_OF = {stem: family for family, stems in FAMILIES.items() for stem in stems}
_OPPOSITES = frozenset(("差", "糟", "糟糕", "少", "低", "小", "慢", "弱", "轻", "便宜", "短"))
UNCLEAR_DIRECTION = frozenset(("amount", "level", "frequency"))
_RATES_ALONE = frozenset(("satisfaction", "agreement", "conformity"))
_FREQUENCY = {
    "总是": 5, "一直": 5, "一直如此": 5, "总是如此": 5, "每次都是": 5, "几乎总是": 4.5, "always": 5, "大多数时候": 4,
    "经常": 4, "常常": 4, "时常": 4, "经常如此": 4, "often": 4, "usually": 4.5, "frequently": 4, "有时": 3, "有时候": 3,
    "有时如此": 3, "sometimes": 3, "sometime": 3, "veryoften": 4.5,
    "occasionally": 2.5, "偶尔": 2, "偶尔如此": 2, "很少": 1, "极少": 1, "很少如此": 1,
    "rarely": 1, "seldom": 1, "几乎不": 0.5, "几乎没有": 0.5, "几乎从不": 0.5, "从不": 0, "从未": 0, "从来没有": 0,
    "从未如此": 0, "没有": 0, "没有过": 0, "never": 0,
}  # fmt: skip
_NO_ANSWER = re.compile(
    r"(不(太)?(了解|清楚|知道|适用|确定|好说|便回答)|无法(判断|评价|回答)|说不清楚?|难以判断|未(参加|使用|涉及|接触|体验).*"
    r"|(还|尚)?没有?(参加|使用|涉及|接触|体验|用过|实习|住校|去过|机会|孩子|这项|此项).*|不在校.*|不(住校|参加|乘坐|使用|涉及).*"
    r"|(i )?don'?t ?know|not ?applicable|n/?a|cannot ?(judge|say)|no ?opinion|not ?sure)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RecognisedScale:
    """Labels that rate: their family, the values in the order of the source, which label has no points."""

    family: str
    degrees: tuple[Degree, ...]
    labels: tuple[str, ...]
    not_applicable: str | None

    @property
    def falls(self) -> bool:
        return self.degrees[0].value > self.degrees[-1].value

    @property
    def is_ordered(self) -> bool:
        """Whether the labels go one way, so that their order can give the points."""
        values = [degree.value for degree in self.degrees]
        return values in (sorted(values), sorted(values, reverse=True)) and values[0] != values[-1]

    def points(self) -> tuple[float | None, ...]:
        """Return points in equal steps from 0 to 100; none where the labels do not go one way."""
        last = len(self.labels) - 1
        if not self.is_ordered or last < 1:
            return (None,) * len(self.labels)
        steps = [round(100 * position / last, 1) for position in range(last + 1)]
        return tuple(reversed(steps)) if self.falls else tuple(steps)

    def favourable(self) -> tuple[bool | None, ...]:
        """Return which labels affirm; nobody can tell where more may be better or worse."""
        if self.family in UNCLEAR_DIRECTION:
            return (None,) * len(self.labels)
        return tuple(degree.value > 0 and not degree.is_middling for degree in self.degrees)

    @property
    def is_unbalanced(self) -> bool:
        """Whether the affirming labels are more or fewer than those that deny."""
        signs = [(degree.value > 0) - (degree.value < 0) for degree in self.degrees]
        return self.family not in UNCLEAR_DIRECTION and sum(signs) != 0

    @property
    def cannot_deny(self) -> bool:
        """Whether nobody can say that something is not good."""
        return self.family not in UNCLEAR_DIRECTION and all(degree.value > 0 for degree in self.degrees)


def is_no_answer(label: str) -> bool:
    """Return whether a label says that somebody cannot rate.

    >>> is_no_answer("不了解"), is_no_answer("不满意")
    (True, False)
    """
    return _NO_ANSWER.fullmatch(fold_label(label)) is not None


def recognise_scale(labels: Sequence[str]) -> RecognisedScale | None:
    """Return the scale that labels make, or None where they only name things.

    >>> scale = recognise_scale(["非常满意", "满意", "一般", "不满意", "不了解"])
    >>> scale.family, scale.not_applicable, scale.points()
    ('satisfaction', '不了解', (100.0, 66.7, 33.3, 0.0))
    """
    if not 2 <= len(labels) <= 12:
        return None
    whole = _recognise(labels)
    if whole:
        return whole
    for inner, outer in ((labels[:-1], labels[-1]), (labels[1:], labels[0])):
        if is_no_answer(outer) and (scale := _recognise(inner)):
            return replace(scale, not_applicable=outer)
    return None


def _recognise(labels: Sequence[str]) -> RecognisedScale | None:
    if len(labels) < 2:
        return None
    frequency = [_FREQUENCY.get(fold_label(label)) for label in labels]
    known = [value for value in frequency if value is not None]
    if len(known) > 2 and all(
        v is not None or degree_of(t).is_middling for v, t in zip(frequency, labels, strict=True)
    ):
        degrees = tuple(Degree("", value if value is not None else 2.5) for value in frequency)
        return RecognisedScale("frequency", degrees, tuple(labels), None)
    degrees = tuple(degree_of(label) for label in labels)
    degrees = tuple(replace(d, value=-d.value if d.stem in _OPPOSITES else d.value) for d in degrees)
    stems = {degree.stem for degree in degrees if degree.stem}
    families = {_FAMILY_OF.get(stem, stem) for stem in stems}
    rating = [degree for degree in degrees if degree.stem]
    if len(families) != 1 or len(rating) < 2 or len({degree.value for degree in degrees}) < 2:
        return None
    family = families.pop()
    if len(stems) > 1 and family not in FAMILIES:
        return None
    has_degree = any(abs(degree.value) != 2.0 for degree in rating)
    if family not in _RATES_ALONE and (len(labels) < 3 or not (has_degree or family in ("quality", "level", "amount"))):
        return None
    return RecognisedScale(family if family in FAMILIES else "degree", degrees, tuple(labels), None)


def is_rating_label(label: str) -> bool:
    """Return whether a label alone looks like part of a scale."""
    degree = degree_of(label)
    return degree.stem in _FAMILY_OF or degree.is_middling or fold_label(label) in _FREQUENCY


def scale_from_labels(
    labels: Sequence[Text], shown_points: Sequence[float] = (), name: str = "", codes: Sequence[str] = ()
) -> DraftScale | None:
    """Return the scale of labels with guessed points, or None where they are no scale.

    ``shown_points``: what the source gives for the labels; they are brought to 0–100. ``codes``: those of the source.
    """
    first = [next(iter(label.values()), "") for label in labels]
    recognised = recognise_scale(first)
    if recognised is None:
        return None
    points: Sequence[float | None] = rescaled(shown_points) or recognised.points()
    by_label = dict(zip(first, zip(labels, codes or [""] * len(first), strict=True), strict=True))
    options = tuple(
        DraftOption(by_label[label][0], by_label[label][1], value, favourable)
        for label, value, favourable in zip(recognised.labels, points, recognised.favourable(), strict=False)
    )
    na = recognised.not_applicable
    return DraftScale(
        recognised.family,
        options,
        DraftOption(by_label[na][0], by_label[na][1]) if na is not None else None,
        shown_points=tuple(shown_points),
        name=name,
    )


def rescaled(points: Sequence[float]) -> tuple[float, ...]:
    """Return points of a source as 0–100: whole numbers from 1 in steps of 1 by their range, others by the highest.

    >>> rescaled([10, 6, 0]), rescaled([1, 2, 3])
    ((100.0, 60.0, 0.0), (0.0, 50.0, 100.0))
    """
    if not points or max(points) <= 0:
        return ()
    ordered = sorted(points)
    by_range = ordered[0] == 1 and all(b - a == 1 for a, b in pairwise(ordered))
    low = 1.0 if by_range else min(0.0, ordered[0])
    return tuple(round(100 * (value - low) / (ordered[-1] - low), 1) for value in points)
