"""Closed questions that are not scored: one of several options, several of them, the grade."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..answer_string import CHOSEN, NOT_CHOSEN, POSITIONS, AnswerColumn
from ..messages import message
from ..model import BackgroundQuestion, Option
from ..node_reader import NodeReader
from ..nodes import Node
from ..source_writer import Json, SourceWriter
from .base import Block, Counting, OptionKind, ReportIssue, position_symbol

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

    def check_definition(self, question: BackgroundQuestion, report: ReportIssue) -> None:
        if not 2 <= len(question.options) <= MAX_OPTIONS:
            report(message("“{id}”应当有 2 到 {limit} 个选项", id=question.id, limit=MAX_OPTIONS))


class Choice(BackgroundKind):
    """One of several options, stored as its position."""

    id = "choice"
    other_blocks = (Block.FOLLOW_UP,)

    def read_options(self, fields: NodeReader, reader: "QuestionReader") -> tuple[Option, ...]:
        return reader.options(fields)

    def columns(self, question: BackgroundQuestion) -> tuple[AnswerColumn, ...]:
        return (AnswerColumn(question.id, tuple(option.code for option in question.options)),)

    def symbols(self, question: BackgroundQuestion, codes: tuple[str, ...]) -> str:
        return position_symbol(question.options, codes[0])


class Choices(BackgroundKind):
    """Several options may be chosen: one yes or no for each."""

    id = "choices"
    other_blocks = (Block.FOLLOW_UP,)
    takes_several = True

    def read_options(self, fields: NodeReader, reader: "QuestionReader") -> tuple[Option, ...]:
        return reader.options(fields)

    def columns(self, question: BackgroundQuestion) -> tuple[AnswerColumn, ...]:
        yes_or_no = (CHOSEN, NOT_CHOSEN)
        return tuple(AnswerColumn(question.id, yes_or_no, option=option.code) for option in question.options)

    def symbols(self, question: BackgroundQuestion, codes: tuple[str, ...]) -> str:
        return "".join(CHOSEN if option.code in codes else NOT_CHOSEN for option in question.options)

    def cell_values(self, cell: str, codes_by_label: Mapping[str, str]) -> Sequence[str]:
        return cell.replace("；", ";").split(";")


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
