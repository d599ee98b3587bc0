"""A kind of question that the program does not have: a number is typed, the band in which it lies is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from survey_app.definition.answer_string import POSITIONS, AnswerColumn
from survey_app.definition.kinds import Card, Reading
from survey_app.definition.kinds.background import BackgroundKind
from survey_app.definition.kinds.base import AllowedCodes, ReportIssue
from survey_app.definition.languages import Text
from survey_app.definition.messages import message
from survey_app.definition.model import BackgroundQuestion, Option
from survey_app.definition.node_reader import NodeReader
from survey_app.definition.question_reader import QuestionReader
from survey_app.definition.source_writer import Json, SourceWriter


@dataclass(frozen=True, slots=True)
class Bands:
    """Where bands begin, and the unit of the number."""

    starts: tuple[str, ...]
    unit: Text


class NumberInBands(BackgroundKind):
    """A number is typed, the band in which it lies is kept: nobody is found by 137 minutes."""

    id = "minutes"
    macro = "minutes"
    is_answered_by_code = False
    keys: tuple[str, ...] = ("bands", "unit")

    def read_options(self, fields: NodeReader, reader: QuestionReader) -> tuple[Option, ...]:
        return ()

    def read_details(self, fields: NodeReader, reader: QuestionReader) -> Bands:
        return Bands(tuple(start for start, _position in fields.strings("bands")), fields.text("unit"))

    def write_details(self, question: BackgroundQuestion, writer: SourceWriter) -> Json:
        details = question.details
        assert isinstance(details, Bands)
        return writer.facts(bands=details.starts) | writer.text("unit", details.unit)

    def check_definition(self, question: BackgroundQuestion, report: ReportIssue) -> None:
        if len(self._starts(question)) < 2:
            report(message("“{id}”至少要有两段", id=question.id))

    def _starts(self, question: BackgroundQuestion) -> tuple[str, ...]:
        assert isinstance(question.details, Bands)
        return question.details.starts

    def options(self, question: BackgroundQuestion, grades: tuple[Option, ...]) -> tuple[Option, ...]:
        return tuple(Option(start, Text.of(zh=start)) for start in self._starts(question))

    def card(self, question: BackgroundQuestion, options: tuple[Option, ...], values: Sequence[str]) -> Card:
        assert isinstance(question.details, Bands)
        return Card(value="".join(values), details={"unit": question.details.unit})

    def read_answer(
        self, question: BackgroundQuestion, values: Sequence[str], allowed: AllowedCodes, enforce_required: bool
    ) -> Reading:
        typed = "".join(values).strip()
        if not typed:
            return Reading()
        if not typed.isdigit():
            return Reading(problem=message("请填写整数"))
        begun = [start for start in allowed if int(start) <= int(typed)]
        return Reading(tuple(begun[-1:]))

    def columns(self, question: BackgroundQuestion) -> tuple[AnswerColumn, ...]:
        return (AnswerColumn(question.id, self._starts(question)),)

    def symbols(self, question: BackgroundQuestion, codes: tuple[str, ...]) -> str:
        return POSITIONS[self._starts(question).index(codes[0])]


NUMBER_MACRO = """
{% macro minutes(card) %}<div class="card" id="q-{{ card.id }}"><label for="{{ card.id }}">{{ card.text }}</label>
<input id="{{ card.id }}" name="{{ card.id }}" inputmode="numeric" value="{{ card.value }}"> {{ card.details.unit }}
{{ card.error }}</div>{% endmacro %}
"""
NUMBER_QUESTION = """
background:
  - {id: homework, kind: minutes, text: {zh: 每天写作业的时间, en: Homework a day}, unit: {zh: 分钟, en: minutes},
     bands: ["0", "30", "60", "90"]}
  - {id: tired, kind: choice, text: {zh: 累吗, en: Tired}, show_if: "homework == '90'",
     options: [{code: a, label: {zh: 累, en: Yes}}, {code: b, label: {zh: 不累, en: No}}]}
"""
