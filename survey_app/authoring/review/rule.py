"""A rule is one small function with its source, its severity, its advice, and examples on either side."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from survey_app.definition.audiences import AudienceId
from survey_app.definition.messages import Message

from .finding import Severity
from .paper import QUESTIONS, OptionList, Paper, Part, Wording

PARENT, TEACHER = AudienceId.PARENT.value, AudienceId.TEACHER.value
STUDENT, INSPECTOR = AudienceId.STUDENT.value, AudienceId.INSPECTOR.value


class Hit(NamedTuple):
    """What a rule saw, and in which questions."""

    subject: str
    ids: tuple[str, ...]
    message: Message


@dataclass(frozen=True, slots=True)
class Example:
    """A questionnaire with one thing to see. What is not stated is free of faults.

    Attributes
    ----------
    text, text_en : str
        The question judged; in both languages where the rule compares them.
    language, audience, grade : str
        In which language, whom, from which grade.
    part : str
        ``item``, ``closed``, ``open``, or ``intro``.
    options : tuple of str
        The labels; points from the first to the last. Without them ``scale``, one of the usual ones.
    points : tuple of float
        The points, where they are not by position.
    more : tuple of str
        Further texts of items in the same questionnaire.
    items, comments, background : int, int, tuple of str
        What else the form has: how many statements, open questions, questions about the person.
    """

    text: str = ""
    text_en: str = ""
    language: str = "zh"
    audience: str = PARENT
    grade: str = "4"
    part: str = "item"
    options: tuple[str, ...] = ()
    points: tuple[float, ...] = ()
    scale: str = "satisfaction"
    reverse: bool = False
    more: tuple[str, ...] = ()
    items: int = 0
    comments: int = 0
    background: tuple[str, ...] = ()
    opposite_scale: bool = False
    has_overall: bool = True
    has_pressure_question: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that the checker knows. ``must_be_answered``: an error until it is mended or accepted with a reason."""

    id: str
    severity: Severity
    source: str
    suggestion: Message
    flagged: tuple[Example, ...]
    fine: tuple[Example, ...]
    check: Callable[[Paper], Iterator[Hit]]
    must_be_answered: bool = False

    @property
    def may_be_accepted(self) -> bool:
        return self.severity is not Severity.ERROR or self.must_be_answered


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of a rule beside its function."""

    id: str
    severity: Severity
    source: str
    suggestion: Message
    flagged: tuple[Example, ...]
    fine: tuple[Example, ...]
    must_be_answered: bool = False

    def rule(self, check: Callable[[Paper], Iterator[Hit]]) -> Rule:
        return Rule(
            self.id, self.severity, self.source, self.suggestion, self.flagged, self.fine, check, self.must_be_answered
        )


def wording_rule(facts: Facts, *parts: Part) -> Callable[[Callable[[Wording], Message | None]], Rule]:
    """A rule about one text; without ``parts`` about that of every question."""

    def make(look: Callable[[Wording], Message | None]) -> Rule:
        def check(paper: Paper) -> Iterator[Hit]:
            for wording in paper.of_part(*(parts or QUESTIONS)):
                if wording.text and (seen := look(wording)):
                    yield Hit(wording.subject, wording.ids, seen)

        return facts.rule(check)

    return make


def options_rule(facts: Facts) -> Callable[[Callable[[OptionList], Message | None]], Rule]:
    """A rule about what can be chosen."""

    def make(look: Callable[[OptionList], Message | None]) -> Rule:
        def check(paper: Paper) -> Iterator[Hit]:
            for options in paper.option_lists:
                if seen := look(options):
                    yield Hit(options.subject, options.ids, seen)

        return facts.rule(check)

    return make


def form_rule(facts: Facts) -> Callable[[Callable[[Paper], Iterator[Hit]]], Rule]:
    """A rule about all of it."""
    return facts.rule
