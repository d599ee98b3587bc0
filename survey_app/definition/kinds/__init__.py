"""Kinds of questions: one class each, one registry. Everything that differs between kinds is asked of the kind."""

from typing import Any

from ..model import Instrument, Question
from ..registry import Registry
from .background import Choice, Choices, GradeQuestion
from .base import Block, Card, CardOption, Counting, OptionText, QuestionKind, Reading
from .comment import CommentKind
from .number import NumberInBands
from .rating import Rating

__all__ = [
    "KINDS", "Block", "Card", "CardOption", "Counting", "OptionText", "QuestionKind", "Reading",
    "answered_questions", "kind_of", "kinds_in", "reaches",
]  # fmt: skip

KINDS: Registry[QuestionKind[Any]] = Registry(
    Rating(), GradeQuestion(), Choice(), Choices(), NumberInBands(), CommentKind()
)


def kind_of(question: Question) -> QuestionKind[Any]:
    return KINDS[question.kind]


def reaches(question: Question, chosen: str, code: str, or_worse: bool) -> bool:
    """Whether the option that was chosen stands as high as ``code`` or higher; ``or_worse``: as low or lower."""
    kind = kind_of(question)
    rank, limit = kind.rank(question, chosen), kind.limit(question, code)
    if rank is None or limit is None:
        return False
    return rank <= limit if or_worse else rank >= limit


def kinds_in(block: Block) -> tuple[str, ...]:
    """The names of the kinds that may stand in a block of the file."""
    return tuple(kind.id for kind in KINDS if block in (kind.block, *kind.other_blocks))


def answered_questions(instrument: Instrument) -> tuple[Question, ...]:
    """The questions of the answer string in its order: scored items, background, follow-ups."""
    return tuple(question for question in instrument.questions() if kind_of(question).columns(question))
