"""When an item is shown: the conditions of a small language, and how each is written.

``boarding == 'yes' and grade in ['1', '2']`` · ``not (meals == 'no')`` · ``any_at_most(teaching, '2')`` ·
``at_most(T1, '2')`` · ``at_least(T1, '4')`` · ``answered(T1)`` · ``count(reasons) >= 2``
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


class AnswerLookup(Protocol):
    """What a condition may ask about the answers given so far."""

    def codes(self, question: str) -> tuple[str, ...]:
        """The chosen codes; empty if the question was hidden, left blank or not asked."""

    def any_at_most(self, dimension: str, code: str) -> bool:
        """Whether some shown item of the dimension was answered with this option or a less favourable one."""

    def reaches(self, question: str, code: str, or_worse: bool) -> bool:
        """Whether a question was answered with this option or a better one, or, ``or_worse``, a worse one."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """``question`` was answered with one of ``codes`` (or, negated, with something else). A blank compares false."""

    question: str
    codes: tuple[str, ...]
    negated: bool = False

    def holds(self, answers: AnswerLookup) -> bool:
        answer_codes = answers.codes(self.question)
        return bool(answer_codes) and (any(code in self.codes for code in answer_codes) != self.negated)


@dataclass(frozen=True, slots=True)
class AnyAtMost:
    """Some shown item of ``dimension`` was answered with ``code`` or worse, after flipping reverse items."""

    dimension: str
    code: str

    def holds(self, answers: AnswerLookup) -> bool:
        return answers.any_at_most(self.dimension, self.code)


@dataclass(frozen=True, slots=True)
class Threshold:
    """``question`` was answered with ``code`` or better (``at_most``: or worse), after flipping a reverse item."""

    question: str
    code: str
    at_most: bool

    def holds(self, answers: AnswerLookup) -> bool:
        return answers.reaches(self.question, self.code, self.at_most)


@dataclass(frozen=True, slots=True)
class Answered:
    """``question`` was answered, "don't know" included."""

    question: str

    def holds(self, answers: AnswerLookup) -> bool:
        return bool(answers.codes(self.question))


@dataclass(frozen=True, slots=True)
class CountAtLeast:
    """At least ``number`` options of ``question`` were chosen."""

    question: str
    number: int

    def holds(self, answers: AnswerLookup) -> bool:
        return len(answers.codes(self.question)) >= self.number


@dataclass(frozen=True, slots=True)
class Not:
    operand: "Condition"

    def holds(self, answers: AnswerLookup) -> bool:
        return not self.operand.holds(answers)


@dataclass(frozen=True, slots=True)
class AllOf:
    operands: tuple["Condition", ...]

    def holds(self, answers: AnswerLookup) -> bool:
        return all(operand.holds(answers) for operand in self.operands)


@dataclass(frozen=True, slots=True)
class AnyOf:
    operands: tuple["Condition", ...]

    def holds(self, answers: AnswerLookup) -> bool:
        return any(operand.holds(answers) for operand in self.operands)


QuestionLeaf = Comparison | Threshold | Answered | CountAtLeast
Condition = QuestionLeaf | AnyAtMost | Not | AllOf | AnyOf


def leaves(condition: Condition) -> Iterator[QuestionLeaf | AnyAtMost]:
    """Every question and dimension that the condition asks."""
    if isinstance(condition, QuestionLeaf | AnyAtMost):
        yield condition
    elif isinstance(condition, Not):
        yield from leaves(condition.operand)
    else:
        for operand in condition.operands:
            yield from leaves(operand)


def to_source(condition: Condition) -> str:
    """The condition in its canonical spelling; reading it again gives the same condition."""
    if isinstance(condition, QuestionLeaf):
        return _leaf_source(condition)
    if isinstance(condition, AnyAtMost):
        return f"any_at_most({condition.dimension}, '{condition.code}')"
    if isinstance(condition, Not):
        return f"not ({to_source(condition.operand)})"
    joiner = " and " if isinstance(condition, AllOf) else " or "
    return joiner.join(f"({to_source(operand)})" for operand in condition.operands)


def _leaf_source(condition: QuestionLeaf) -> str:
    if isinstance(condition, Comparison):
        if len(condition.codes) == 1:
            return f"{condition.question} {'!=' if condition.negated else '=='} '{condition.codes[0]}'"
        code_list = ", ".join(f"'{code}'" for code in condition.codes)
        return f"{condition.question} {'not in' if condition.negated else 'in'} [{code_list}]"
    if isinstance(condition, Threshold):
        return f"{'at_most' if condition.at_most else 'at_least'}({condition.question}, '{condition.code}')"
    if isinstance(condition, Answered):
        return f"answered({condition.question})"
    return f"count({condition.question}) >= {condition.number}"
