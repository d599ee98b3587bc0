"""A number that is typed, of which only the band in which it lies is kept: nobody is found by 137 minutes."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ..answer_string import AnswerColumn
from ..languages import Text
from ..messages import message
from ..model import BackgroundQuestion, Option
from ..node_reader import NodeReader
from ..source_writer import Json, SourceWriter
from .background import MAX_OPTIONS, BackgroundKind
from .base import AllowedCodes, Card, Reading, ReportIssue, position_symbol

if TYPE_CHECKING:
    from ..question_reader import QuestionReader

_START, _NUMBER = re.compile(r"\d{1,9}", re.ASCII), re.compile(r"\d{1,9}(\.\d{0,9})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bands:
    """Where bands begin, and the unit of the number. A band ends where the next one begins; the last has no end."""

    starts: tuple[int, ...]
    unit: Text


class NumberInBands(BackgroundKind):
    """A number is typed; its band is what is kept, exported and named in conditions, by the number it begins with."""

    id = "number"
    macro = "number"
    is_answered_by_code = False
    keys = ("bands", "unit")

    def read_options(self, fields: NodeReader, reader: "QuestionReader") -> tuple[Option, ...]:
        return ()

    def read_details(self, fields: NodeReader, reader: "QuestionReader") -> Bands:
        starts = []
        for word, position in fields.strings("bands"):
            if _START.fullmatch(word):
                starts.append(int(word))
            else:
                fields.add_issue(position, message("“bands”里应当是整数，不能是“{word}”", word=word))
        return Bands(tuple(starts), fields.text("unit"))

    def write_details(self, question: BackgroundQuestion, writer: SourceWriter) -> Json:
        """The unit says what an answer means, as labels do."""
        bands = _bands(question)
        out = writer.facts(bands=tuple(str(start) for start in bands.starts))
        unit = writer.label(bands.unit)
        return out | ({"unit": unit["label"]} if unit else {})

    def check_definition(self, question: BackgroundQuestion, report: ReportIssue) -> None:
        starts = _bands(question).starts
        if not 2 <= len(starts) <= MAX_OPTIONS:
            report(message("“{id}”应当有 2 到 {limit} 段", id=question.id, limit=MAX_OPTIONS))
        elif any(first >= second for first, second in pairwise(starts)):
            report(message("“{id}”的 bands 应当从小到大", id=question.id))

    def options(self, question: BackgroundQuestion, grades: tuple[Option, ...]) -> tuple[Option, ...]:
        bands = _bands(question)
        ends = (*(start - 1 for start in bands.starts[1:]), None)
        return tuple(
            Option(str(start), _band_label(start, end, bands.unit))
            for start, end in zip(bands.starts, ends, strict=False)
        )

    def card(self, question: BackgroundQuestion, options: tuple[Option, ...], values: Sequence[str]) -> Card:
        starts = " ".join(option.code for option in options)
        return Card(value="".join(values), details={"unit": _bands(question).unit, "bands": starts})

    def read_answer(
        self, question: BackgroundQuestion, values: Sequence[str], allowed: AllowedCodes, enforce_required: bool
    ) -> Reading:
        typed, bands = _plain_number("".join(values[:2]), question), _bands(question)
        if not typed:
            missing = enforce_required and question.required
            return Reading(problem=message("这一题还没有回答")) if missing else Reading()
        if not _NUMBER.fullmatch(typed):
            return Reading(problem=message("请只填一个数，如 {example}", example=bands.starts[-1]))
        begun = [start for start in bands.starts if start <= float(typed)]
        if not begun:
            return Reading(problem=message("应当是 {low} 或更大的数", low=bands.starts[0]))
        return Reading((str(begun[-1]),))

    def columns(self, question: BackgroundQuestion) -> tuple[AnswerColumn, ...]:
        return (AnswerColumn(question.id, tuple(str(start) for start in _bands(question).starts)),)

    def symbols(self, question: BackgroundQuestion, codes: tuple[str, ...]) -> str:
        return position_symbol(self.options(question, ()), codes[0])

    def rank(self, question: BackgroundQuestion, code: str) -> float | None:
        """Bands lie in the order of their numbers, so conditions may ask for at most and at least."""
        return float(code) if code in {str(start) for start in _bands(question).starts} else None


def _bands(question: BackgroundQuestion) -> Bands:
    assert isinstance(question.details, Bands)
    return question.details


def _plain_number(typed: str, question: BackgroundQuestion) -> str:
    """What was typed, without full-width digits and without the unit behind it."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    for unit in _bands(question).unit.values():
        plain = plain.removesuffix(unit).strip()
    return plain


def _band_label(start: int, end: int | None, unit: Text) -> Text:
    """``0–29 minutes``, ``30 minutes``, ``≥ 120 minutes``; Chinese writes the unit close."""
    words = {}
    for tag, name in unit.items():
        gap = "" if tag.partition("-")[0] == "zh" else " "
        number = f"≥ {start}" if end is None else str(start) if end == start else f"{start}–{end}"
        words[tag] = f"{number}{gap}{name}"
    return Text.of(words)
