"""Closed questions that are not scored: one of several options, several of them, the grade."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..answer_string import CHOSEN, NOT_CHOSEN, POSITIONS, AnswerColumn
from ..messages import Message, message
from ..model import BackgroundQuestion, ClosedOption, Option
from ..node_reader import NodeReader
from ..nodes import Node
from ..source_writer import Json, SourceWriter
from .base import Block, Card, CardOption, Counting, OptionKind, OptionText, ReportIssue, position_symbol

if TYPE_CHECKING:
    from ..question_reader import QuestionReader

MAX_OPTIONS = len(POSITIONS)
BACKGROUND_KEYS = ("id", "kind", "text", "text_for", "help", "help_for", "audiences", "private", "required", "show_if")


class BackgroundKind(OptionKind[BackgroundQuestion]):
    """Reads and writes what all background questions have; a kind adds its options and its details."""

    block = Block.BACKGROUND
    counting = Counting.SHARES
    keys: tuple[str, ...] = ("options",)

    @abstractmethod
    def read_options(self, fields: NodeReader, reader: "QuestionReader") -> tuple[Option, ...]:
        """The options that the file states."""

    def read_details(self, fields: NodeReader, reader: "QuestionReader") -> object:
        """What only this kind has: a frozen value that can be compared."""
        return None

    def write_details(self, question: BackgroundQuestion, writer: SourceWriter) -> Json:
        """The details as the file states them."""
        return {}

    def read_definition(self, node: Node, reader: "QuestionReader") -> BackgroundQuestion:
        fields = reader.fields(node, (*BACKGROUND_KEYS, *self.keys), message("不计分的题"))
        return BackgroundQuestion(
            id=reader.question_id(fields),
            kind=self.id,
            text=fields.text("text"),
            audiences=reader.audiences_of(fields),
            text_for=reader.question_texts_for(fields, "text_for"),
            help=reader.help(fields),
            help_for=reader.question_texts_for(fields, "help_for"),
            options=self.read_options(fields, reader),
            private=fields.flag("private", False),
            required=fields.flag("required", False),
            show_if=reader.condition(fields),
            details=self.read_details(fields, reader),
        )

    def write_definition(self, question: BackgroundQuestion, writer: SourceWriter) -> Json:
        out: Json = {"id": question.id} | writer.question_texts(question)
        out |= writer.facts(
            kind=self.id, audiences=question.audiences, private=question.private, required=question.required
        )
        if "options" in self.keys:
            out |= writer.options(question.options)
        out |= self.write_details(question, writer)
        return out | writer.condition(question.show_if)

    def options(self, question: BackgroundQuestion, grades: tuple[Option, ...]) -> tuple[Option, ...]:
        return question.options

    def option_texts(self, question: BackgroundQuestion) -> tuple[OptionText, ...]:
        return tuple(
            OptionText(f"{question.id}.{option.code}", option, option.text_length)
            for option in question.options
            if isinstance(option, ClosedOption) and option.text_length
        )

    def check_definition(self, question: BackgroundQuestion, report: ReportIssue) -> None:
        if not 2 <= len(question.options) <= MAX_OPTIONS:
            report(message("“{id}”应当有 2 到 {limit} 个选项", id=question.id, limit=MAX_OPTIONS))


class Choice(BackgroundKind):
    """One of several options, stored as its position."""

    id = "choice"
    other_blocks = (Block.FOLLOW_UP,)

    def read_options(self, fields: NodeReader, reader: "QuestionReader") -> tuple[Option, ...]:
        return reader.options(fields, ("text",))

    def columns(self, question: BackgroundQuestion) -> tuple[AnswerColumn, ...]:
        return (AnswerColumn(question.id, tuple(option.code for option in question.options)),)

    def symbols(self, question: BackgroundQuestion, codes: tuple[str, ...]) -> str:
        return position_symbol(question.options, codes[0])


@dataclass(frozen=True, slots=True)
class ChoiceLimits:
    """How many options may be chosen; 0 sets no limit."""

    at_least: int = 0
    at_most: int = 0


class Choices(BackgroundKind):
    """Several options may be chosen: one yes or no for each."""

    id = "choices"
    other_blocks = (Block.FOLLOW_UP,)
    takes_several = True
    keys = ("options", "at_least", "at_most")

    def read_options(self, fields: NodeReader, reader: "QuestionReader") -> tuple[Option, ...]:
        return reader.options(fields, ("exclusive", "text"))

    def read_details(self, fields: NodeReader, reader: "QuestionReader") -> ChoiceLimits:
        return ChoiceLimits(
            fields.integer("at_least", 1, MAX_OPTIONS, 0) if fields.has("at_least") else 0,
            fields.integer("at_most", 2, MAX_OPTIONS, 0) if fields.has("at_most") else 0,
        )

    def write_details(self, question: BackgroundQuestion, writer: SourceWriter) -> Json:
        limits = {"at_least": _limits(question).at_least, "at_most": _limits(question).at_most}
        return writer.facts(**{name: value for name, value in limits.items() if value})

    def check_definition(self, question: BackgroundQuestion, report: ReportIssue) -> None:
        super().check_definition(question, report)
        limits, together = _limits(question), len(question.options) - len(_exclusive_codes(question))
        if not together and question.options:
            report(message("“{id}”的选项都写了 exclusive：那就是单选题，请用 kind: choice", id=question.id))
        elif max(limits.at_least, limits.at_most) > together:
            report(message("“{id}”能一起选的选项只有 {n} 个，at_least 和 at_most 不能更大", id=question.id, n=together))
        elif 0 < limits.at_most < limits.at_least:
            report(message("“{id}”的 at_least 比 at_most 大", id=question.id))

    def card(self, question: BackgroundQuestion, options: tuple[Option, ...], values: Sequence[str]) -> Card:
        shown = (CardOption(option, option.code in values) for option in options)
        return Card(tuple(shown), details={"hint": self.hint(question)})

    def hint(self, question: BackgroundQuestion) -> Message:
        low, high = _limits(question).at_least, _limits(question).at_most
        if low and high:
            return message("选 {low} 到 {high} 项", low=low, high=high) if low < high else message("选 {n} 项", n=low)
        if high:
            return message("最多选 {n} 项", n=high)
        return message("至少选 {n} 项", n=low) if low else message("可多选")

    def broken_rule(self, question: BackgroundQuestion, codes: Sequence[str]) -> Message | None:
        limits, exclusive = _limits(question), _exclusive_codes(question) & set(codes)
        if exclusive:
            if len(codes) == 1:
                return None
            label = next(option.label for option in question.options if option.code in exclusive)
            return message("“{label}”不能与别的选项一起选，请改", label=label)
        if limits.at_most and len(codes) > limits.at_most:
            return message("最多选 {limit} 项，现在选了 {n} 项，请去掉几项", limit=limits.at_most, n=len(codes))
        if len(codes) < limits.at_least:
            return message("至少选 {limit} 项，现在选了 {n} 项，请再选", limit=limits.at_least, n=len(codes))
        return None

    def columns(self, question: BackgroundQuestion) -> tuple[AnswerColumn, ...]:
        yes_or_no = (CHOSEN, NOT_CHOSEN)
        return tuple(AnswerColumn(question.id, yes_or_no, option=option.code) for option in question.options)

    def symbols(self, question: BackgroundQuestion, codes: tuple[str, ...]) -> str:
        return "".join(CHOSEN if option.code in codes else NOT_CHOSEN for option in question.options)

    def cell_values(self, cell: str, codes_by_label: Mapping[str, str]) -> Sequence[str]:
        return cell.replace("；", ";").split(";")


def _limits(question: BackgroundQuestion) -> ChoiceLimits:
    return question.details if isinstance(question.details, ChoiceLimits) else ChoiceLimits()


def _exclusive_codes(question: BackgroundQuestion) -> set[str]:
    return {option.code for option in question.options if isinstance(option, ClosedOption) and option.exclusive}


class GradeQuestion(BackgroundKind):
    """The grade, among those of the school. It is kept beside the answers, because it weights them."""

    id = "grade"
    counting = Counting.STRATUM
    varies_by_school = True

    def read_options(self, fields: NodeReader, reader: "QuestionReader") -> tuple[Option, ...]:
        if fields.sequence("options", required=False):
            fields.add_issue(fields.position_of("options"), message("年级题的选项来自名册，请删去 options"))
        return ()

    def check_definition(self, question: BackgroundQuestion, report: ReportIssue) -> None:
        """Its options are those of the roster."""

    def options(self, question: BackgroundQuestion, grades: tuple[Option, ...]) -> tuple[Option, ...]:
        return grades

    def cell_values(self, cell: str, codes_by_label: Mapping[str, str]) -> Sequence[str]:
        return (codes_by_label.get(cell, cell),)
