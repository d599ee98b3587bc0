"""A comment: free text, kept apart from the answers beside which it was written."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..clean_text import clean_text
from ..messages import message
from ..model import CommentQuestion, Option
from ..nodes import Node
from ..source_writer import Json, SourceWriter
from .base import AllowedCodes, Block, Card, Counting, QuestionKind, Reading

if TYPE_CHECKING:
    from ..question_reader import QuestionReader

COMMENT_KEYS = ("id", "text", "text_for", "help", "help_for", "max_length", "audiences", "show_if")
MAX_LENGTH, DEFAULT_LENGTH = 2000, 500


class CommentKind(QuestionKind[CommentQuestion]):
    """A text of at most ``max_length`` characters."""

    id = "comment"
    block = Block.COMMENTS
    macro = "comment"
    counting = Counting.TEXT

    def read_definition(self, node: Node, reader: "QuestionReader") -> CommentQuestion:
        fields = reader.fields(node, COMMENT_KEYS, message("意见题"))
        return CommentQuestion(
            id=reader.question_id(fields),
            text=fields.text("text"),
            max_length=fields.integer("max_length", 1, MAX_LENGTH, DEFAULT_LENGTH),
            audiences=reader.audiences_of(fields),
            text_for=reader.question_texts_for(fields, "text_for"),
            help=reader.help(fields),
            help_for=reader.question_texts_for(fields, "help_for"),
            show_if=reader.condition(fields),
        )

    def write_definition(self, question: CommentQuestion, writer: SourceWriter) -> Json:
        out: Json = {"id": question.id} | writer.question_texts(question)
        out |= writer.facts(max_length=question.max_length, audiences=question.audiences)
        return out | writer.condition(question.show_if)

    def options(self, question: CommentQuestion, grades: tuple[Option, ...]) -> tuple[Option, ...]:
        return ()

    def card(self, question: CommentQuestion, options: tuple[Option, ...], values: Sequence[str]) -> Card:
        return Card(value="\n".join(values), details={"max_length": question.max_length})

    def text_length(self, question: CommentQuestion) -> int:
        return question.max_length

    def read_answer(
        self, question: CommentQuestion, values: Sequence[str], allowed: AllowedCodes, enforce_required: bool
    ) -> Reading:
        text = clean_text("\n".join(values))
        if len(text) > question.max_length:
            too_long = message(
                "最多 {limit} 字，现在有 {length} 字，请删减", limit=question.max_length, length=len(text)
            )
            return Reading(problem=too_long)
        return Reading(texts={question.id: text} if text else {})
