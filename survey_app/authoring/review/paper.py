"""A questionnaire as one audience reads it in one language: what the rules look at."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Categories
from survey_app.definition.kinds import Counting, kind_of
from survey_app.definition.languages import Text
from survey_app.definition.model import Dimension, Instrument, Item, Option, Question, Scale, ScalePoint
from survey_app.definition.reserved_ids import FORM_WIDE

LAST_YOUNG_GRADE = 6
MAX_READ = 1000  # characters of one text that are looked at: nobody reads more, and rules are quick on no more
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")


class Part(StrEnum):
    """Where a text stands."""

    ITEM = "item"  # scored
    CLOSED = "closed"  # counted, not scored
    OPEN = "open"
    INTRO = "intro"
    LEAD = "lead"
    HELP = "help"


QUESTIONS = (Part.ITEM, Part.CLOSED, Part.OPEN)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads it in which language; ``first_grade`` where pupils of the first grades are asked, else None."""

    audience: str
    language: str
    first_grade: int | None = None

    @property
    def is_pupil(self) -> bool:
        return AUDIENCES[self.audience].is_minor

    @property
    def is_young(self) -> bool:
        return self.is_pupil and self.first_grade is not None and self.first_grade <= LAST_YOUNG_GRADE


@dataclass(frozen=True, slots=True)
class OptionList:
    """What can be chosen, in words. ``points`` are None for what is not scored; ``not_applicable`` stands apart."""

    reader: Reader
    subject: str
    ids: tuple[str, ...]
    labels: tuple[str, ...]
    question: str
    points: tuple[float, ...] | None = None
    not_applicable: str = ""
    takes_several: bool = False
    has_ideal: bool = False
    is_numeric: bool = False

    @property
    def is_scored(self) -> bool:
        return self.points is not None


@dataclass(frozen=True, slots=True)
class Wording:
    """One text. ``words`` is the text in normal form, ``core`` the same without what stands in brackets."""

    reader: Reader
    part: Part
    subject: str
    ids: tuple[str, ...]
    text: str
    translations: Text
    options: OptionList | None = None
    reverse: bool = False
    is_grade: bool = False
    asks_by_lead: bool = False

    @property
    def words(self) -> str:
        return normal(self.text)

    @property
    def core(self) -> str:
        return without_brackets(self.words)


@dataclass(frozen=True, slots=True)
class Paper:
    """All that one audience reads in one language."""

    reader: Reader
    instrument: Instrument
    wordings: tuple[Wording, ...]
    option_lists: tuple[OptionList, ...]
    grades: int = 0

    def of_part(self, *parts: Part) -> tuple[Wording, ...]:
        return tuple(wording for wording in self.wordings if wording.part in parts)


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """A text with half-width signs and single spaces.

    >>> normal("您的孩子（如果有）：\\n ２ 个？")
    '您的孩子(如果有): 2 个?'
    """
    return " ".join(unicodedata.normalize("NFKC", text).split())


@lru_cache(maxsize=4096)
def without_brackets(words: str) -> str:
    """The words outside brackets.

    >>> without_brackets("艺术课程(如音乐、美术)的开设情况")
    '艺术课程的开设情况'
    """
    return " ".join(_BRACKETS.sub("", words).split())


def papers(instrument: Instrument, categories: Categories) -> Iterator[Paper]:
    """One for each audience and language."""
    for audience in instrument.audiences:
        for tag in instrument.languages:
            yield _PaperMaker(instrument, audience, tag, categories).paper()


class _PaperMaker:
    def __init__(self, instrument: Instrument, audience: str, tag: str, categories: Categories) -> None:
        self.instrument, self.audience, self.tag = instrument, audience, tag
        codes = [
            [grade.code for grade in categories[name].grades] for name in instrument.categories if name in categories
        ]
        first = instrument.grades_from.get(audience) or next((listed[0] for listed in codes if listed), "")
        self.grades = max(
            (len(listed[listed.index(first) :] if first in listed else listed) for listed in codes), default=0
        )
        self.reader = Reader(audience, tag.partition("-")[0], int(first) if first.isdecimal() else None)

    def paper(self) -> Paper:
        questions = [one for one in self.instrument.questions() if self.audience in one.audiences]
        lists = {one.id: self._options_of(one) for one in questions}
        wordings = [*self._intro(), *self._leads()]
        for one in questions:
            wordings += self._wordings_of(one, lists[one.id])
        return Paper(
            self.reader, self.instrument, tuple(wordings), tuple(self._merged(list(lists.values()))), self.grades
        )

    def _words(self, text: Text) -> str:
        return text.in_language(self.tag)[:MAX_READ] if text else ""

    def _intro(self) -> Iterator[Wording]:
        if intro := self.instrument.intro_for_audience(self.audience):
            yield Wording(self.reader, Part.INTRO, FORM_WIDE, (), self._words(intro), intro)

    def _leads(self) -> Iterator[Wording]:
        for dimension in self.instrument.dimensions_for(self.audience):
            if lead := dimension.lead_for_audience(self.audience):
                ids = tuple(item.id for item in dimension.items_for(self.audience))
                yield Wording(self.reader, Part.LEAD, dimension.id, ids, self._words(lead), lead)

    def _wordings_of(self, question: Question, options: OptionList | None) -> Iterator[Wording]:
        part = _part_of(question)
        text = question.text_for_audience(self.audience)
        yield Wording(
            self.reader, part, question.id, (question.id,), self._words(text), text, options,
            reverse=isinstance(question, Item) and question.reverse,
            is_grade=kind_of(question).counting is Counting.STRATUM,
            asks_by_lead=self._has_lead(question),
        )  # fmt: skip
        if help_text := question.help_for_audience(self.audience):
            yield Wording(self.reader, Part.HELP, question.id, (question.id,), self._words(help_text), help_text)

    def _has_lead(self, question: Question) -> bool:
        return any(question in dimension.items and dimension.lead for dimension in self.instrument.dimensions)

    def _options_of(self, question: Question) -> OptionList | None:
        text = self._words(question.text_for_audience(self.audience))
        if isinstance(question, Item):
            return self._scale(question.scale, question.id, text)
        options = kind_of(question).options(question, ())
        if not options:
            return None
        labels = tuple(normal(self._words(option.label)) for option in options)
        several = kind_of(question).takes_several
        return OptionList(self.reader, question.id, (question.id,), labels, text, takes_several=several)

    def _scale(self, scale: Scale, question_id: str, text: str) -> OptionList:
        other = scale.not_applicable
        return OptionList(
            self.reader, scale.id, (question_id,), tuple(self._label(point) for point in scale.points), text,
            points=tuple(point.points for point in scale.points),
            not_applicable=self._label(other) if other else "",
            has_ideal=scale.has_ideal,
            is_numeric=scale.numeric is not None,
        )  # fmt: skip

    def _label(self, option: Option | ScalePoint) -> str:
        return normal(self._words(option.label))

    def _merged(self, lists: list[OptionList | None]) -> Iterator[OptionList]:
        """A scale once, with all the items that use it."""
        ids: dict[str, list[str]] = {}
        first: dict[str, OptionList] = {}
        for one in lists:
            if one is not None:
                key = f"scale {one.subject}" if one.is_scored else one.subject
                first.setdefault(key, one)
                ids.setdefault(key, []).extend(one.ids)
        for key, one in first.items():
            yield replace(one, ids=tuple(ids[key]))


def _part_of(question: Question) -> Part:
    counting = kind_of(question).counting
    if counting is Counting.SCORED:
        return Part.ITEM
    return Part.OPEN if counting is Counting.TEXT else Part.CLOSED


def items_of(dimension: Dimension, audience: str) -> tuple[str, ...]:
    """The ids of the items that an audience is asked."""
    return tuple(item.id for item in dimension.items_for(audience))
