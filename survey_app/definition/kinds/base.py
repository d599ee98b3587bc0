"""What every kind of question knows how to do. The rest of the program asks the kind and never its name."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from ..answer_string import POSITIONS, AnswerColumn
from ..messages import Message, message
from ..model import Option
from ..nodes import Node
from ..source_writer import Json, SourceWriter

if TYPE_CHECKING:
    from ..question_reader import QuestionReader

QuestionType = TypeVar("QuestionType")
AllowedCodes = Mapping[str, int]  # code to its position among the options
ReportIssue = Callable[[Message], None]


class Block(StrEnum):
    """The part of the file in which a question of a kind stands."""

    ITEMS = "items"
    BACKGROUND = "background"
    FOLLOW_UP = "follow_up"
    COMMENTS = "comments"


class Counting(StrEnum):
    """What is made of the answers."""

    SCORED = "scored"  # points and indices
    SHARES = "shares"  # how many chose what
    STRATUM = "stratum"  # a group of its own, kept beside the answers
    TEXT = "text"  # read, never counted


class Reading(NamedTuple):
    """What was read of one question of a form: codes, texts by the name under which they are kept, or a problem."""

    codes: tuple[str, ...] = ()
    texts: Mapping[str, str] = {}
    problem: Message | None = None


class OptionText(NamedTuple):
    """What may be written beside an option: the field of the form, under whose name it is kept as a comment."""

    name: str
    option: Option
    length: int


@dataclass(frozen=True, slots=True)
class CardOption:
    """An option on the page; ``stands_apart`` sets "don't know" off from the scale."""

    option: Option
    is_selected: bool
    stands_apart: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """What the page shows of a question beside its text. ``details`` are for the macro of the kind alone."""

    options: tuple[CardOption, ...] = ()
    value: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


class QuestionKind(ABC, Generic[QuestionType]):
    """One kind of question, from the file to the export.

    Attributes
    ----------
    id : str
        What ``kind:`` in a file says.
    block : Block
        Where in the file it may stand.
    other_blocks : tuple of Block
        Where else it may.
    macro : str
        The macro of ``templates/collection/cards.html`` that draws it.
    counting : Counting
        What is made of the answers.
    keys : tuple of str
        Keys of its own in the file, beside those of its block.
    takes_several : bool
        Whether more than one option may be chosen.
    is_answered_by_code : bool
        Whether the code of an option is what is sent; if not, the problem that the kind reports says what to write.
    varies_by_school : bool
        Whether the options are those of the school; its card is then put into the page for each request.
    """

    id: str
    block: Block
    other_blocks: tuple[Block, ...] = ()
    macro: str
    counting: Counting
    keys: tuple[str, ...] = ()
    takes_several: bool = False
    is_answered_by_code: bool = True
    varies_by_school: bool = False

    @abstractmethod
    def read_definition(self, node: Node, reader: "QuestionReader") -> QuestionType:
        """The question that a node of a file states; faults are noted and reading goes on."""

    def check_definition(self, question: QuestionType, report: ReportIssue) -> None:
        """Reports what a single field cannot know."""

    @abstractmethod
    def write_definition(self, question: QuestionType, writer: SourceWriter) -> Json:
        """The question as its file states it."""

    @abstractmethod
    def options(self, question: QuestionType, grades: tuple[Option, ...]) -> tuple[Option, ...]:
        """What can be chosen; ``grades`` are those of the school."""

    @abstractmethod
    def card(self, question: QuestionType, options: tuple[Option, ...], values: Sequence[str]) -> Card:
        """The question on the page, with what was entered so far."""

    @abstractmethod
    def read_answer(
        self, question: QuestionType, values: Sequence[str], allowed: AllowedCodes, enforce_required: bool
    ) -> Reading:
        """What the page sent, checked."""

    def hint(self, question: QuestionType) -> Message | None:
        """How many options may be chosen, where it is not exactly one."""
        return None

    def broken_rule(self, question: QuestionType, codes: Sequence[str]) -> Message | None:
        """Why these options cannot be chosen together: a respondent is asked again, on paper it has happened."""
        return None

    def rank(self, question: QuestionType, code: str) -> float | None:
        """How high an answer stands, where options have an order: after flipping, for what is scored."""
        return None

    def limit(self, question: QuestionType, code: str) -> float | None:
        """How high the option itself stands, as a condition names it."""
        return self.rank(question, code)

    def option_texts(self, question: QuestionType) -> tuple[OptionText, ...]:
        """The options beside which something may be written."""
        return ()

    def text_length(self, question: QuestionType) -> int:
        """How many characters somebody may write."""
        return sum(text.length for text in self.option_texts(question))

    def columns(self, question: QuestionType) -> tuple[AnswerColumn, ...]:
        """Its characters in the answer string; none for what is kept elsewhere."""
        return ()

    def symbols(self, question: QuestionType, codes: tuple[str, ...]) -> str:
        """A valid answer as one character per column."""
        raise NotImplementedError(f"{self.id} has no columns")

    def cell_values(self, cell: str, codes_by_label: Mapping[str, str]) -> Sequence[str]:
        """A cell of an imported file as the values that the page would have sent."""
        return (cell,)


class OptionKind(QuestionKind[QuestionType]):
    """A question whose answer is one of several options."""

    macro = "closed"

    def card(self, question: QuestionType, options: tuple[Option, ...], values: Sequence[str]) -> Card:
        return Card(tuple(CardOption(option, option.code in values) for option in options))

    def is_required(self, question: QuestionType) -> bool:
        return bool(getattr(question, "required", False))

    def read_answer(
        self, question: QuestionType, values: Sequence[str], allowed: AllowedCodes, enforce_required: bool
    ) -> Reading:
        codes = values if len(values) == 1 and values[0] in allowed else [value for value in values if value]
        if not allowed.keys() >= set(codes):
            return Reading(problem=message("这个选项无效，请重新选择"))
        if len(codes) > 1 and not self.takes_several:
            return Reading(problem=message("这一题只能选一项，请重新选择"))
        if enforce_required and codes and (broken := self.broken_rule(question, codes)):
            return Reading(problem=broken)
        if codes:
            return Reading(tuple(codes) if len(codes) == 1 else tuple(code for code in allowed if code in codes))
        if enforce_required and allowed and self.is_required(question):
            return Reading(problem=message("这一题还没有回答"))
        return Reading()


def position_symbol(options: Sequence[Option], code: str) -> str:
    """The character for the option with this code."""
    return POSITIONS[[option.code for option in options].index(code)]
