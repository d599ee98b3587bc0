"""What one audience of an instrument is asked, in the order of the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .kinds import OptionText, QuestionKind, answered_questions, kind_of
from .model import Dimension, Instrument, Item, Option, Question


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: a dimension, the overall item, or questions that are not scored; ``items`` are scored."""

    dimension: Dimension | None
    questions: tuple[Question, ...]
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with its kind, and what is worked out once for all who answer it.

    ``positions`` has the place of every code among its options, where they are fixed; ``symbols`` the character of
    every code in the answer string, where one answer makes one character; ``width`` is the number of characters.
    """

    question: Question
    kind: QuestionKind[Any]
    positions: Mapping[str, int]
    symbols: Mapping[str, str]
    width: int
    option_texts: tuple[OptionText, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """Background, items by dimension, overall item, follow-ups, private questions, comments.

    ``asked`` (in the order of the page) with its ids and ``answered`` (of the answer string, with what this audience
    is not asked) are worked out once: a thousand answers a second are checked against them.
    """

    instrument: Instrument
    audience: str
    sections: tuple[Section, ...]
    asked: tuple[AskedQuestion, ...] = field(default=(), compare=False)
    answered: tuple[AskedQuestion, ...] = field(default=(), compare=False)
    asked_ids: frozenset[str] = field(default=frozenset(), compare=False)

    def questions(self) -> tuple[Question, ...]:
        return tuple(entry.question for entry in self.asked)

    def items(self) -> tuple[Item, ...]:
        return tuple(item for section in self.sections for item in section.items)

    def item_count(self) -> int:
        return sum([len(section.items) for section in self.sections])

    def dimension_items(self, dimension_id: str) -> tuple[Item, ...]:
        """The items of a dimension on this form; none for a dimension that is not on it."""
        for section in self.sections:
            if section.dimension is not None and section.dimension.id == dimension_id:
                return section.items
        return ()

    def asks_grade(self) -> bool:
        return any(entry.kind.varies_by_school for entry in self.asked)


def form_for(instrument: Instrument, audience: str) -> Form:
    """The form of one audience; sections that would be empty are left out."""
    background = [question for question in instrument.background if audience in question.audiences]
    overall = instrument.overall
    sections = [Section(None, tuple(question for question in background if not question.private))]
    for dimension in instrument.dimensions:
        items = dimension.items_for(audience)
        sections.append(Section(dimension, items, items))
    if overall and audience in overall.audiences:
        sections.append(Section(None, (overall,), (overall,)))
    sections.append(
        Section(None, tuple(question for question in instrument.follow_up if audience in question.audiences))
    )
    sections.append(Section(None, tuple(question for question in background if question.private)))
    sections.append(Section(None, tuple(comment for comment in instrument.comments if audience in comment.audiences)))
    non_empty = tuple(section for section in sections if section.questions)
    asked = tuple(_asked_question(question) for section in non_empty for question in section.questions)
    answered = tuple(_asked_question(question) for question in answered_questions(instrument))
    asked_ids = frozenset(entry.question.id for entry in asked)
    return Form(instrument, audience, non_empty, asked, answered, asked_ids)


def _asked_question(question: Question) -> AskedQuestion:
    kind = kind_of(question)
    positions, width = code_positions(kind.options(question, ())), len(kind.columns(question))
    is_single = width == 1 and not kind.takes_several
    symbols = {code: kind.symbols(question, (code,)) for code in positions} if is_single else {}
    return AskedQuestion(question, kind, positions, symbols, width, kind.option_texts(question))


def code_positions(options: tuple[Option, ...]) -> dict[str, int]:
    return {option.code: position for position, option in enumerate(options)}


def options_of(question: Question, grades: tuple[Option, ...]) -> tuple[Option, ...]:
    """What can be chosen; ``grades`` are those of the school."""
    return kind_of(question).options(question, grades)
