"""A rating: one point of a scale, scored. The items of dimensions and the overall item are ratings."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..answer_string import DONT_KNOW, POSITIONS, AnswerColumn
from ..messages import message
from ..model import Item, Option, Scale
from ..nodes import Node
from ..source_writer import Json, SourceWriter
from .base import Block, Card, CardOption, Counting, OptionKind

if TYPE_CHECKING:
    from ..question_reader import QuestionReader

ITEM_KEYS = (
    "id",
    "concept",
    "text",
    "text_for",
    "help",
    "help_for",
    "audiences",
    "scale",
    "reverse",
    "required",
    "show_if",
)


class Rating(OptionKind[Item]):
    """Stored as the position of the point on the screen; ``?`` is "don't know"."""

    id = "rating"
    block = Block.ITEMS
    counting = Counting.SCORED

    def read_definition(self, node: Node, reader: "QuestionReader") -> Item:
        fields = reader.fields(node, ITEM_KEYS)
        scale_id = fields.string("scale")
        if scale_id and scale_id not in reader.scales:
            fields.add_issue(fields.position_of("scale"), message("没有名为“{name}”的量表", name=scale_id))
        return Item(
            id=reader.question_id(fields),
            concept=fields.identifier("concept", ""),
            text=fields.text("text"),
            text_for=reader.question_texts_for(fields, "text_for"),
            help=reader.help(fields),
            help_for=reader.question_texts_for(fields, "help_for"),
            audiences=reader.audiences_of(fields),
            scale=reader.scales.get(scale_id, Scale(scale_id, ())),
            reverse=fields.flag("reverse", False),
            required=fields.flag("required", True),
            show_if=reader.condition(fields),
        )

    def write_definition(self, question: Item, writer: SourceWriter) -> Json:
        out: Json = {"id": question.id} | writer.question_texts(question)
        out |= writer.facts(
            audiences=question.audiences,
            scale=question.scale.id,
            reverse=question.reverse,
            required=question.required,
        )
        out |= writer.facts(concept=question.concept) if question.concept else {}
        return out | writer.condition(question.show_if)

    def options(self, question: Item, grades: tuple[Option, ...]) -> tuple[Option, ...]:
        return question.scale.options()

    def card(self, question: Item, options: tuple[Option, ...], values: Sequence[str]) -> Card:
        not_applicable = question.scale.not_applicable
        shown = tuple(CardOption(option, option.code in values, option is not_applicable) for option in options)
        numeric = question.scale.numeric
        if numeric is None:
            faces = {point.code: question.scale.face(point.code) for point in question.scale.points}
            return Card(shown, details={"faces": faces} if question.scale.faces else {})
        details: dict[str, object] = {"show": numeric.show}
        if numeric.show != "words":
            details |= dict(zip(("low", "high"), numeric.ends, strict=True))
        return Card(shown, details=details)

    def rank(self, question: Item, code: str) -> float | None:
        point = question.scored_point(code)
        return None if point is None else point.points

    def limit(self, question: Item, code: str) -> float | None:
        position = question.scale.position(code)
        return None if position is None else question.scale.points[position].points

    def columns(self, question: Item) -> tuple[AnswerColumn, ...]:
        not_applicable = question.scale.not_applicable
        codes = tuple(point.code for point in question.scale.points)
        return (AnswerColumn(question.id, codes, not_applicable.code if not_applicable else ""),)

    def symbols(self, question: Item, codes: tuple[str, ...]) -> str:
        position = question.scale.position(codes[0])
        return DONT_KNOW if position is None else POSITIONS[position]
