"""Each line taken apart in every way in which it can be read; which of them is right, the whole text decides."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..label_degrees import fold_label
from ..scale_families import is_rating_label, recognise_scale
from .lines import SourceLine, half_width, has_cjk, undecorated
from .marks import BOXES, Mark, bare_letter, bullet_length, number_mark, option_marks, parts_behind
from .splits import split_questions
from .tags import Tags, strip_tags

_STROKES = re.compile(
    r"([^/／]{3,}?[:：?？\s])\s*"
    r"([^/／\s:：?？,，。]{1,10}(?:\s*[/／]\s*[^/／\s:：?？,，。]{1,10}){2,}|[是有会能]\s*[/／]\s*(?:否|没有|无|不会|不能|不是))\s*"
)  # a question, then its options between strokes
_GAP = re.compile(r"\t+|\s{2,}")


@dataclass(frozen=True, slots=True)
class MarkedLabel:
    """An option as it stands in a line: the style and value of its mark, and its words."""

    style: str
    value: int
    label: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A line, or the part of it that is one question, with its possible readings.

    ``numbers`` stand at its beginning, ``stem`` and ``inline`` are question and options if it is a question;
    ``options`` are those if it is nothing but options, ``before`` what then stands in front of the first;
    ``pieces`` are the parts that wide gaps separate.
    """

    line: int
    text: str
    after_gap: bool
    numbers: tuple[Mark, ...]
    body: str
    raw: str
    stem: str
    tags: Tags
    inline: tuple[MarkedLabel, ...]
    options: tuple[MarkedLabel, ...]
    before: str
    pieces: tuple[str, ...]
    cells: tuple[str, ...]
    repeats: int = 0

    @property
    def number(self) -> Mark | None:
        return self.numbers[0] if self.numbers else None

    @property
    def first_option(self) -> MarkedLabel | None:
        return self.options[0] if self.options and not self.before else None


def read_segments(lines: Sequence[SourceLine]) -> tuple[Segment, ...]:
    """Return all lines taken apart, with how often their words stand in the text."""
    bare = _bare_letters(lines)
    segments = [_segment(part, bare[index]) for index, line in enumerate(lines) for part in split_questions(line)]
    counts = Counter(label for segment in segments for label in set(_labels(segment)))
    return tuple(
        replace(segment, repeats=max((counts[label] for label in _labels(segment)), default=0)) for segment in segments
    )


def _labels(segment: Segment) -> Iterator[str]:
    """The words that would be repeated if the line held options."""
    yield fold_label(segment.body)
    for option in (*segment.options, *segment.inline):
        yield fold_label(option.label)
    if len(segment.pieces) > 1:
        yield from map(fold_label, segment.pieces)


def _bare_letters(lines: Sequence[SourceLine]) -> list[int]:
    """For each line the letter without a sign that it may begin with: the lines around must have those beside it."""
    first = [bare_letter(line.half) for line in lines]
    last = [
        marks[-1].value if (marks := option_marks(line.half)) and marks[0].style == "letter" else 0 for line in lines
    ]
    last = [max(pair) for pair in zip(first, last, strict=True)]
    before, after = [0, *last[:-1]], [*first[1:], 0]
    return [
        value if value and (after[index] == value + 1 or before[index] == value - 1 > 0) else 0
        for index, value in enumerate(first)
    ]


def _segment(line: SourceLine, bare: int) -> Segment:
    text = line.text
    numbers, start = ((), 0) if _are_numbers(text.split()) else _numbers(text)
    body = text[start:].strip()
    raw, inline = _split_inline(body)
    options, before = _as_options(undecorated_start(text), bare)
    pieces = _pieces(strip_tags(body)[0])
    if (
        not inline
        and len(pieces) > 2
        and (recognise_scale(pieces[1:]) or _are_numbers(pieces[1:]))
        and not is_rating_label(pieces[0])
        and not _are_numbers(pieces)
    ):
        raw = body[: body.index(pieces[0]) + len(pieces[0])]
        inline = tuple(MarkedLabel("piece", 0, piece) for piece in pieces[1:])
    if not inline and (found := _STROKES.fullmatch(raw)) and has_cjk(found[2]):
        raw, inline = (
            found[1].strip(),
            tuple(MarkedLabel("piece", 0, part) for part in re.split(r"\s*[/／]\s*", found[2])),
        )
    stem, tags = strip_tags(raw)
    return Segment(
        line.number, text, line.after_gap, numbers, body, raw, clean_stem(stem), tags, inline, options, before, pieces,
        tuple(cell.strip() for cell in text.split("\t")) if "\t" in text else (),
    )  # fmt: skip


def undecorated_start(text: str) -> str:
    """Return a text without pictures before it, unless they are marks of options."""
    stripped = text.strip()
    return stripped if option_marks(half_width(stripped)) else undecorated(stripped)


def _numbers(text: str) -> tuple[tuple[Mark, ...], int]:
    """The numbers at the beginning, at most two, and where the words begin; stars may stand between them."""
    half = half_width(text)
    start = re.match(r"[\s*#]*", half).end()  # type: ignore[union-attr]
    start += bullet_length(half[start:]) if not half.startswith("*", start) else 0
    numbers: list[Mark] = []
    while len(numbers) < 2 and (mark := number_mark(half, start)):
        if numbers and mark.style == "bare":
            break
        numbers.append(mark)
        skipped = re.match(r"[\s*]*", half[mark.end :]).end()  # type: ignore[union-attr]
        start = mark.end + skipped
    star = re.search(r"\*\s*$", half[:start])
    return tuple(numbers), star.start() if star and numbers else start if numbers or not star else 0


def _split_inline(body: str) -> tuple[str, tuple[MarkedLabel, ...]]:
    """A question with its options behind it on one line."""
    half = half_width(body)
    marks = option_marks(half)
    if not marks or marks[0].start == 0 or (len(marks) == 1 and marks[0].style != "letter"):
        return body, ()
    if len(marks) == 1 or (marks[0].value > 1 and marks[0].style != "equals"):
        return body, ()
    if marks[0].style == "box" and half[marks[-1].end :].strip() == "":
        return _boxes_behind(body, half, marks)
    labels = [body[part.start : part.end] for part in parts_behind(half, marks)]
    return body[: marks[0].start].strip(), _marked(marks, labels)


def _boxes_behind(body: str, half: str, marks: Sequence[Mark]) -> tuple[str, tuple[MarkedLabel, ...]]:
    """Options with their boxes behind them: 男□ 女□."""
    starts = [0, *(mark.end for mark in marks[:-1])]
    labels = [body[start : mark.start].strip() for start, mark in zip(starts, marks, strict=True)]
    if not all(labels):
        return body, ()
    stem, separator, first = re.fullmatch(r"(.*[:：?？)）]|)(\s*)(.*)", labels[0], re.DOTALL).groups()  # type: ignore[union-attr]
    if not stem:
        stem, separator, first = labels[0].rpartition(" ")
    return stem.strip(), _marked(marks, [first or separator, *labels[1:]])


def _as_options(text: str, bare: int = 0) -> tuple[tuple[MarkedLabel, ...], str]:
    """The whole line as options, and what stands before the first of them."""
    half = half_width(text)
    marks = option_marks(half, bare=bare)
    if not marks:
        return (), ""
    if marks[0].style == "box" and len(marks) > 1 and half[marks[-1].end :].strip() == "" and marks[0].start > 0:
        stem, behind = _boxes_behind(text, half, marks)
        return (behind, stem) if behind else ((), "")
    if marks[0].style == "box" and len(marks) == 1 and marks[0].start > 0:
        return (), ""
    labels = [text[part.start : part.end] for part in parts_behind(half, marks)]
    return _marked(marks, labels), text[: marks[0].start].strip(" \t*-·•")


def _marked(marks: Sequence[Mark], labels: Sequence[str]) -> tuple[MarkedLabel, ...]:
    pairs = zip(marks, labels, strict=True)
    return tuple(MarkedLabel(mark.style, mark.value, label.strip().strip(";；,，、|").strip()) for mark, label in pairs)


def _pieces(body: str) -> tuple[str, ...]:
    """Parts of a line that gaps, strokes or single spaces separate; the last two only where they make a scale."""
    stripped = body.strip()
    wide = tuple(
        piece.strip()[bullet_length(piece.strip()) :] for piece in _GAP.split(stripped) if piece.strip(BOXES + " ")
    )
    if len(wide) > 1:
        return wide
    for separator in (r"\s+", r"\s*[/／|｜]\s*", r"\s*[、,，;；]\s*"):
        parts = tuple(filter(None, re.split(separator, stripped)))
        if len(parts) > 1 and (recognise_scale(parts) or _are_numbers(parts)):
            return parts
    return (stripped,) if stripped else ()


def _are_numbers(parts: Sequence[str]) -> bool:
    """Whether the parts are numbers that go up or down by one."""
    digits = [half_width(part).rstrip("分星级") for part in parts]
    if len(parts) < 3 or not all(part.isdecimal() and len(part) < 4 for part in digits):
        return False
    values = [int(part) for part in digits]
    steps = {after - before for before, after in pairwise(values)}
    return steps in ({1}, {-1})


def clean_stem(stem: str) -> str:
    """The words of a question without a colon at the end and pictures around."""
    plain = undecorated(stem).strip()
    return plain.rstrip(" \t:：") or plain


def is_foreign(text: str) -> bool:
    """Return whether a text has letters but no Chinese character."""
    return any(sign.isalpha() for sign in text) and not has_cjk(text)
