"""Questions with more than one blank: one number is asked at a time."""

import re
from collections.abc import Sequence
from dataclasses import replace

from .blocks import QuestionBlock
from .lines import half_width, joined
from .marks import UNITS
from .segments import clean_stem
from .tags import BLANKS, strip_tags

_PAUSES = "，,；;。. "
_CLAUSE = re.compile(r"(?<=[,;。])")


def one_blank_each(block: QuestionBlock) -> tuple[QuestionBlock, ...]:
    """Return a question as it is, or as one for each number that it asks for, each a clause of its own."""
    if block.options or block.lead or block.is_lead or block.is_row:
        return (block,)
    text = joined(block.parts)
    clauses = [clause.strip().rstrip(_PAUSES) for clause in _clauses(text)]
    if len(clauses) < 2 or not all(_asks_one_number(clause) for clause in clauses):
        return (block,)
    rest = (replace(block, parts=[clause], lines=[], foreign=[], is_split=True) for clause in clauses[1:])
    return (replace(block, parts=[clauses[0]], is_split=True), *rest)


def _clauses(text: str) -> list[str]:
    """The clauses of a text; one without a blank belongs to that behind it."""
    half = half_width(text)
    cuts = [0, *(found.start() for found in _CLAUSE.finditer(half) if found.start() < len(half)), len(half)]
    clauses, start = [], 0
    for end in cuts[1:]:
        if BLANKS.search(half, start, end):
            clauses.append(text[start:end])
            start = end
    if clauses and start < len(text.rstrip()):
        clauses[-1] += text[start:]
    return clauses


def _asks_one_number(clause: str) -> bool:
    text, tags = strip_tags(clause)
    return len(BLANKS.findall(half_width(clause))) == 1 and tags.unit in UNITS and bool(clean_stem(text))


def blanks_of(parts: Sequence[str]) -> int:
    """Return how many blanks to write on the text of a question has."""
    return len(BLANKS.findall(half_width(joined(list(parts)))))


def is_cloze(parts: Sequence[str]) -> bool:
    """Return whether words go on behind a blank, so that the question means nothing without it."""
    half = half_width(joined(list(parts)))
    found = BLANKS.search(half)
    return found is not None and re.search(r"[\u3400-\u9fff]", strip_tags(half[found.end() :])[0]) is not None


def with_blanks(parts: Sequence[str]) -> str:
    """Return the text of a question with its blanks, where they are part of what it says."""
    text = joined(list(parts))
    out, last = "", 0
    for found in BLANKS.finditer(half_width(text)):
        out += text[last : found.start()] + "____"
        last = found.end()
    return clean_stem(out + text[last:])
