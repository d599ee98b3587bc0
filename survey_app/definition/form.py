"""What one audience of an instrument is asked, in the order of the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .model import BackgroundQuestion, CommentQuestion, Dimension, Instrument, Item, Option

Question = Item | BackgroundQuestion | CommentQuestion


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
    ordered_questions: tuple[Question, ...]
    code_positions: Mapping[str, Mapping[str, int]] = field(default_factory=dict, compare=False)

    def questions(self) -> tuple[Question, ...]:
        return self.ordered_questions

    def items(self) -> tuple[Item, ...]:
        return tuple(question for question in self.questions() if isinstance(question, Item))

    def asks_grade(self) -> bool:
        return any(
            isinstance(question, BackgroundQuestion) and question.kind == "grade" for question in self.questions()
        )


def form_for(instrument: Instrument, audience: str) -> Form:
    """The form of one audience; sections that would be empty are left out."""
    background = [question for question in instrument.background if audience in question.audiences]
    overall = instrument.overall
    sections = [Section(None, tuple(question for question in background if not question.private))]
    sections += [Section(dimension, dimension.items_for(audience)) for dimension in instrument.dimensions]
    sections += [Section(None, (overall,) if overall and audience in overall.audiences else ())]
    sections += [Section(None, tuple(question for question in background if question.private))]
    sections += [Section(None, tuple(comment for comment in instrument.comments if audience in comment.audiences))]
    non_empty = tuple(section for section in sections if section.questions)
    ordered_questions = tuple(question for section in non_empty for question in section.questions)
    code_positions = {
        question.id: {option.code: position for position, option in enumerate(options_of(question, ()))}
        for question in ordered_questions
    }
    return Form(instrument, audience, non_empty, ordered_questions, code_positions)


def options_of(question: Question, grades: tuple[Option, ...]) -> tuple[Option, ...]:
    """What can be chosen; ``grades`` are those of the school."""
    if isinstance(question, Item):
        not_applicable = question.scale.not_applicable
        return (*question.scale.points, not_applicable) if not_applicable else question.scale.points
    if isinstance(question, BackgroundQuestion):
        return grades if question.kind == "grade" else question.options
    return ()
