"""What one audience of an instrument is asked, in the order of the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .model import Background, CommentQuestion, Dimension, Instrument, Item, Option

Question = Item | Background | CommentQuestion


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: a dimension with its items, or questions without one."""

    dimension: Dimension | None
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """Background, items by dimension, overall item, private questions, comments.

    ``places`` has, for each question with fixed options, the place of every code among them: what a thousand answers a
    second are checked against.
    """

    instrument: Instrument
    audience: str
    sections: tuple[Section, ...]
    listed: tuple[Question, ...]
    places: Mapping[str, Mapping[str, int]] = field(default_factory=dict, compare=False)

    def questions(self) -> tuple[Question, ...]:
        return self.listed

    def items(self) -> tuple[Item, ...]:
        return tuple(question for question in self.questions() if isinstance(question, Item))

    def asks_grade(self) -> bool:
        return any(isinstance(question, Background) and question.kind == "grade" for question in self.questions())


def form_for(instrument: Instrument, audience: str) -> Form:
    """The form of one audience; sections that would be empty are left out."""
    asked = [question for question in instrument.background if audience in question.audiences]
    overall = instrument.overall
    sections = [Section(None, tuple(question for question in asked if not question.private))]
    sections += [Section(dimension, dimension.items_for(audience)) for dimension in instrument.dimensions]
    sections += [Section(None, (overall,) if overall and audience in overall.audiences else ())]
    sections += [Section(None, tuple(question for question in asked if question.private))]
    sections += [Section(None, tuple(comment for comment in instrument.comments if audience in comment.audiences))]
    kept = tuple(section for section in sections if section.questions)
    listed = tuple(question for section in kept for question in section.questions)
    places = {
        question.id: {option.code: place for place, option in enumerate(options_of(question, ()))}
        for question in listed
    }
    return Form(instrument, audience, kept, listed, places)


def options_of(question: Question, grades: tuple[Option, ...]) -> tuple[Option, ...]:
    """What can be chosen; ``grades`` are those of the school."""
    if isinstance(question, Item):
        other = question.scale.not_applicable
        return (*question.scale.points, other) if other else question.scale.points
    if isinstance(question, Background):
        return grades if question.kind == "grade" else question.options
    return ()
