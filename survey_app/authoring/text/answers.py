"""What a question of a text is answered with: its kind, options and scale."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from survey_app.definition.languages import Text

from ..draft import DraftOption, DraftScale, ItemKind
from ..scale_families import scale_from_labels
from .blanks import blanks_of, is_cloze, with_blanks
from .blocks import OptionLine, QuestionBlock
from .languages import Languages
from .lines import half_width, has_cjk
from .marks import UNITS
from .numbers import asks_for_marks, explained_scale, number_scale, scale_given_once
from .tags import Tags, strip_tags

OTHER_LENGTH = 60
_OTHER = re.compile(r"(其他|其它|别的|other)(.{0,12}请.{0,8}(说明|注明|填写|写明))?.{0,4}", re.IGNORECASE)
_OTHER_ASIDE = re.compile(r"((?:其他|其它|别的|other)\S{0,4}?)\s*\(\s*(?:请|please)[^()]*\)[:,\s]*", re.IGNORECASE)
_NONE = re.compile(
    r"没有(不满意|需要改进|要改进|其他)的?.{0,4}|(以上)?(都|均|全)?(没有|不是|不选|无)|以上(都|均|皆)(没有|不是|无).{0,2}|无|都不.{1,4}"
    r"|none( of (the )?(above|these))?",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"建议|意见|想法|看法|想说|心声|补充|原因是|为什么|感受|评语|什么|哪些|哪个|如何|怎样|怎么|多少|几|谁"
    r"|\b(what|why|how|comments?|suggest\w*|anything)\b",
    re.IGNORECASE,
)
_GRADE = re.compile(
    r"(小学)?([一二三四五六七八九]|\d)年级|(初|高)(中)?[一二三](年级)?|(小|中|大|托|学前)班|(职|中职)[一二三](年级)?|学前"
)
_ASKS_GRADE = re.compile(r"(年级|班级|所在.{0,2}班|就读|grade)", re.IGNORECASE)
_RANKING = re.compile(r"(排序|排列|排个?名次|按.{0,12}顺序|rank )", re.IGNORECASE)
_POINTS = re.compile(r"[(\[]\s*(?:计|得|记)?\s*(\d{1,3}(?:\.\d+)?)\s*分?\s*[)\]]\s*$|\s+(\d{1,3}(?:\.\d+)?)\s*分\s*$")
_SKIP = re.compile(
    r"(?:[,，;；]|→|->|\s)*(?:请)?(?:直接)?(?:跳(?:至|到|转到?)|转(?:至|到)|接(?:着)?(?:做|答))\s*第?\s*(\d+)\s*题.*$"
)
_NAMED_OPTIONS = re.compile(r"\s*(?:备选|可选)?(?:答案|选项)\s*[:：]\s*")
_AS_ABOVE = re.compile(r"[（(\[]?\s*(?:选项|答案|备选项)?\s*(?:同上题?|同前题?|与上题相同)\s*[)）\]]?[。.]?\s*$")


@dataclass(frozen=True, slots=True)
class ReadLabel:
    """An option without what is written beside it. ``skip``: the number of the question where to go on."""

    label: str
    line: int
    points: float | None = None
    has_blank: bool = False
    skip: str = ""
    saying: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """How one question is answered. ``is_guess``: nothing in the text says so. ``blanks``: if there are several."""

    kind: ItemKind
    text: str
    options: tuple[DraftOption, ...] = ()
    scale: DraftScale | None = None
    unit: str = ""
    is_guess: bool = False
    labels: tuple[ReadLabel, ...] = ()
    blanks: int = 0


def read_label(label: str, line: int) -> ReadLabel:
    """Return an option and what stands beside it.

    >>> read_label("否（请跳至第4题）", 3).skip, read_label("基本满意（6分）", 3).points
    ('4', 6.0)
    """
    words, tags = strip_tags(label)
    conditions = " ".join(tags.conditions)
    skip = ""
    if found := _SKIP.search(half_width(conditions) if conditions else half_width(words)):
        skip = found[1]
        words = words if conditions else words[: found.start()]
    points = None
    if found := _POINTS.search(half_width(words)):
        points = float(found[1] or found[2])
        words = words[: found.start()]
    if found := _OTHER_ASIDE.fullmatch(half_width(words).strip()):
        words = words.strip()[: len(found[1])]
    has_blank = tags.has_blank and bool(words)
    if has_blank and tags.unit:
        words = label.strip()
    return ReadLabel(words.strip().rstrip("：:") or label.strip(), line, points, has_blank, skip, conditions)


def read_answers(block: QuestionBlock, languages: Languages) -> Answers:
    """Return kind, options and scale of a question."""
    text, tags = block.read_text()
    labels = tuple(read_label(option.label, option.line) for option in _divided(block))
    numbers = number_scale(text, [label.label for label in labels], tags)
    if numbers and tags.kind is not ItemKind.CHOICES:
        explained = explained_scale(numbers, tags, block.legend, languages)
        return Answers(ItemKind.SCALE, numbers.text.rstrip(":： "), scale=explained)
    if not labels:
        return _without_options(block, text, tags, languages)
    texts = [languages.text(label.label) for label in labels]
    if tags.kind is ItemKind.RANKING or _RANKING.search(text):
        return Answers(ItemKind.RANKING, text, tuple(map(DraftOption, texts)), labels=labels)
    if tags.kind is ItemKind.CHOICES:
        return Answers(ItemKind.CHOICES, text, _choices(labels, texts, True), labels=labels)
    if _is_grade(text, labels):
        return Answers(ItemKind.GRADE, text, tuple(map(DraftOption, texts)), labels=labels)
    if scale := _scale(labels, texts):
        return Answers(ItemKind.SCALE, text, scale=scale, labels=labels)
    return Answers(ItemKind.CHOICE, text, _choices(labels, texts, False), is_guess=len(labels) < 2, labels=labels)


def _divided(block: QuestionBlock) -> list[OptionLine]:
    """The options of a question; one line of several short words is as many options."""
    if len(block.options) != 1:
        return block.options
    option = block.options[0]
    named = _NAMED_OPTIONS.match(option.label)
    parts = re.split(r"\s*[;；/／、|｜]\s*", option.label[named.end() :]) if named else option.label.split()
    is_list = len(parts) > (1 if named else 2) and has_cjk(option.label) and all(0 < len(part) < 16 for part in parts)
    return [OptionLine(part, option.line) for part in parts] if is_list else block.options


def answers_as_above(answers: Answers, before: Answers | None) -> Answers:
    """Return the answers, or those of the question before where the text says that the options are the same."""
    found = _AS_ABOVE.search(answers.text)
    if found is None or answers.labels or before is None or not before.labels:
        return answers
    text = answers.text[: found.start()].rstrip(" :：") or answers.text
    return replace(before, text=text)


def _scale(labels: Sequence[ReadLabel], texts: Sequence[Text]) -> DraftScale | None:
    points = [label.points for label in labels if label.points is not None]
    rated = len(points) == len(labels) or (len(points) == len(labels) - 1 > 1)
    return scale_from_labels(texts, points if rated else ())


def _choices(labels: Sequence[ReadLabel], texts: Sequence[Text], several: bool) -> tuple[DraftOption, ...]:
    """The options; "other" takes a text, "none" excludes the rest where several may be chosen."""
    out = []
    for label, text in zip(labels, texts, strict=True):
        is_other = is_other_label(label)
        excludes = several and not is_other and _NONE.fullmatch(half_width(label.label)) is not None
        out.append(DraftOption(text, text_length=OTHER_LENGTH if is_other else 0, exclusive=excludes))
    return tuple(out)


def is_other_label(label: ReadLabel) -> bool:
    """Return whether an option is the one for all that is not listed."""
    return label.has_blank or _OTHER.fullmatch(half_width(label.label)) is not None


def _is_grade(text: str, labels: Sequence[ReadLabel]) -> bool:
    grades = [_GRADE.fullmatch(half_width(label.label).replace(" ", "")) for label in labels]
    return len(labels) > 1 and all(grades) and _ASKS_GRADE.search(text) is not None


def _without_options(block: QuestionBlock, text: str, tags: Tags, languages: Languages) -> Answers:
    blanks = blanks_of(block.parts)
    if tags.unit in UNITS and tags.kind is not ItemKind.TEXT and blanks > 1:
        return Answers(ItemKind.TEXT, with_blanks(block.parts), blanks=blanks)
    if tags.unit in UNITS and tags.kind is not ItemKind.TEXT:
        return Answers(ItemKind.NUMBER, text, unit=tags.unit)
    if asks_for_marks(text, tags):
        return Answers(ItemKind.NUMBER, text, unit=tags.unit or "分")
    if block.once and tags.kind is not ItemKind.TEXT and not _has_line_to_write_on(block):
        scale = scale_given_once(block.once, tags, languages)
        if scale:
            return Answers(ItemKind.SCALE, text, scale=scale)
    if tags.kind in (ItemKind.CHOICE, ItemKind.CHOICES, ItemKind.SCALE, ItemKind.RANKING):
        return Answers(ItemKind.CHOICES if tags.kind is ItemKind.CHOICES else ItemKind.CHOICE, text, is_guess=True)
    is_text = tags.kind is ItemKind.TEXT or tags.has_blank or block.has_blank
    said = with_blanks(block.parts) if is_cloze(block.parts) else text
    return Answers(ItemKind.TEXT, said, is_guess=not is_text and not looks_open(text))


def _has_line_to_write_on(block: QuestionBlock) -> bool:
    has_line = any(re.search(r"_{4,}", half_width(part)) for part in block.parts)
    return (
        block.has_blank
        or has_line
        or any(looks_open(part) and not re.search(r"\(\s*\)|。", half_width(part)) for part in block.parts)
    )


def looks_open(text: str) -> bool:
    """Return whether a question asks for words of one's own."""
    return _OPEN.search(text) is not None
