"""Questions that stand on one line because the line breaks between them were lost."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from .lines import SourceLine, half_width
from .marks import Mark, number_mark, option_marks

_BEGINS = re.compile(r"(?:^|(?<=[\s。?!)_；;】\]]))(?=[（(第题Qq\d\u2460-\u2473一二三四五六七八九十])")
_ENDS_A_QUESTION = re.compile(r"[?)_:。\]*]\s*$")
_HEADINGS = ("chinese", "part", "chinese_paren")
_WEAK = ("bare",)


def split_questions(line: SourceLine) -> Iterator[SourceLine]:
    """Yield a line in as many parts as it holds questions and headings; any other line as it is."""
    cuts = _cuts(line.text)
    starts = [0, *cuts]
    for start, end in zip(starts, [*cuts, len(line.text)], strict=True):
        part = line.text[start:end].rstrip()
        if part.strip():
            yield replace(line, text=part, after_gap=line.after_gap and start == 0)


def _cuts(text: str) -> list[int]:
    half = half_width(text)
    marks = [mark for found in _BEGINS.finditer(half) if (mark := number_mark(half, found.start()))]
    questions = _question_marks(half, marks)
    if len(questions) < 2:
        return []
    headings = _rising([mark for mark in marks if mark.style in _HEADINGS and mark not in questions])
    cuts: list[int] = []
    last = 0
    expected = questions[0].value
    for mark in sorted([*questions, *headings], key=lambda mark: mark.start):
        if mark.style not in _HEADINGS:
            if mark.value != expected:
                continue
            expected += 1
        before = text[last : mark.start]
        is_first = not cuts and mark is questions[0]
        if mark.start and (is_first or _is_whole(before)):
            cuts.append(mark.start)
            last = mark.start
        elif mark.start and mark.style not in _HEADINGS:
            expected -= 1
    return cuts if len(cuts) + (questions[0].start == 0) > 1 else []


def _question_marks(half: str, marks: Sequence[Mark]) -> list[Mark]:
    """The numbers of questions: the style at the beginning of the line, else the one that goes on longest from 1."""
    own = next((mark for mark in marks if not half[: mark.start].strip() and mark.style not in _HEADINGS), None)
    if own:
        return [mark for mark in marks if mark.style == own.style and mark.value >= own.value]
    styles = dict.fromkeys(mark.style for mark in marks if mark.style not in (*_HEADINGS, *_WEAK))
    runs = [[mark for mark in marks if mark.style == style] for style in styles]
    return max((run for run in runs if run[0].value == 1), key=lambda run: len(_rising(run)), default=[])


def _rising(marks: Sequence[Mark]) -> list[Mark]:
    """Those that count up from 1 one by one."""
    out: list[Mark] = []
    for mark in marks:
        if mark.value == len(out) + 1:
            out.append(mark)
    return out


def _is_whole(text: str) -> bool:
    """Whether a part is a question with its options, an open one, or a heading."""
    half = half_width(text).strip()
    mark = number_mark(half, 0)
    if mark is None:
        return True
    if mark.style in _HEADINGS:
        return len(half) < 24
    length = len(half) - mark.end
    return len(option_marks(half, mark.end)) > 1 or (length > 5 and _ENDS_A_QUESTION.search(half) is not None)
