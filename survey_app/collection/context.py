"""What the form template needs, as frozen values: no rules and no queries are left to the template."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey_app.definition.answers import Problem
from survey_app.definition.conditions import AllOf, AnyAtMost, AnyOf, Comparison, Condition, Not
from survey_app.definition.form import Form, Question, options_of
from survey_app.definition.model import BackgroundQuestion, CommentQuestion, Item, Option
from survey_app.foundation.translation import _, language, render

MAX_ROW_LABEL_LENGTH = 5  # characters that still fit into a fifth of a narrow screen
BREAK_AFTER = ("非常", "完全", "比较", "不太")
MAX_LISTED_ERRORS = 5


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    label: str
    selected: bool
    separate: bool  # "don't know" stands apart

    def label_parts(self) -> tuple[str, ...]:
        """The label with the one place where it may break."""
        for word in BREAK_AFTER:
            if self.label.startswith(word) and len(self.label) > len(word):
                return word, self.label.removeprefix(word)
        return (self.label,)


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """One question on the page. ``kind`` names the macro of ``cards.html`` that draws it."""

    id: str
    kind: str
    text: str
    choices: tuple[Choice, ...]
    in_row: bool
    is_scored: bool
    required: bool
    condition: str
    error: str
    value: str = ""
    max_length: int = 0


@dataclass(frozen=True, slots=True)
class FormSection:
    label: str
    cards: tuple[QuestionCard, ...]


@dataclass(frozen=True, slots=True)
class FormContext:
    title: str
    intro: str
    sections: tuple[FormSection, ...]
    item_count: int
    errors: tuple[tuple[str, str], ...]  # the first few: card id and the question
    error_count: int
    code_error: str
    notice: str


def form_context(
    form: Form,
    grades: tuple[Option, ...],
    form_data: Mapping[str, Sequence[str]],
    problems: Sequence[Problem],
    notice: str = "",
) -> FormContext:
    """The page for a form with what was typed so far, in the language of this moment."""
    builder = _FormContextBuilder(
        form, grades, form_data, {problem.question: render(problem.message) for problem in problems}
    )
    sections = tuple(builder.parts())
    texts = {card.id: card.text for section in sections for card in section.cards} | {"_code": _("邀请码")}
    instrument = form.instrument
    return FormContext(
        title=instrument.title.in_language(language()),
        intro=instrument.intro.in_language(language()) if instrument.intro else "",
        sections=sections,
        item_count=len(form.items()),
        errors=tuple((problem.question, texts[problem.question]) for problem in problems[:MAX_LISTED_ERRORS]),
        error_count=len(problems),
        code_error=next((render(problem.message) for problem in problems if problem.question == "_code"), ""),
        notice=notice,
    )


class _FormContextBuilder:
    def __init__(
        self,
        form: Form,
        grades: tuple[Option, ...],
        form_data: Mapping[str, Sequence[str]],
        errors: Mapping[str, str],
    ) -> None:
        self.form = form
        self.grades = grades
        self.form_data = form_data
        self.errors = errors

    def parts(self) -> Iterator[FormSection]:
        for section in self.form.sections:
            label = section.dimension.label.in_language(language()) if section.dimension else ""
            yield FormSection(label, tuple(self.card(question) for question in section.questions))

    def card(self, question: Question) -> QuestionCard:
        choices = tuple(self.choices(question))
        text = question.text_for_audience(self.form.audience) if isinstance(question, Item) else question.text
        return QuestionCard(
            id=question.id,
            kind=_kind(question),
            text=text.in_language(language()),
            choices=choices,
            in_row=_fits_in_row(choices),
            is_scored=isinstance(question, Item),
            required=not isinstance(question, CommentQuestion) and question.required,
            condition=self.condition(question.show_if),
            error=self.errors.get(question.id, ""),
            value="\n".join(self.form_data.get(question.id, ())) if isinstance(question, CommentQuestion) else "",
            max_length=question.max_length if isinstance(question, CommentQuestion) else 0,
        )

    def choices(self, question: Question) -> Iterator[Choice]:
        values = self.form_data.get(question.id, ())
        not_applicable = question.scale.not_applicable if isinstance(question, Item) else None
        for option in options_of(question, self.grades):
            label = option.label.in_language(language())
            yield Choice(option.code, label, option.code in values, option is not_applicable)

    def condition(self, condition: Condition | None) -> str:
        return json.dumps(self._script_condition(condition), separators=(",", ":")) if condition else ""

    def _script_condition(self, condition: Condition) -> list[Any]:
        """The condition for the page's script: nested lists of comparisons, ``!``, ``&`` and ``|``."""
        if isinstance(condition, Comparison):
            return ["!=" if condition.negated else "=", condition.question, list(condition.codes)]
        if isinstance(condition, Not):
            return ["!", self._script_condition(condition.operand)]
        if isinstance(condition, AnyAtMost):
            return ["|", *(["=", item.id, codes] for item, codes in self._codes_at_most(condition))]
        operator = "&" if isinstance(condition, AllOf) else "|"
        operands = condition.operands if isinstance(condition, AllOf | AnyOf) else ()
        return [operator, *(self._script_condition(operand) for operand in operands)]

    def _codes_at_most(self, leaf: AnyAtMost) -> Iterator[tuple[Item, list[str]]]:
        for section in self.form.sections:
            if section.dimension is None or section.dimension.id != leaf.dimension:
                continue
            for item in section.questions:
                if isinstance(item, Item) and (limit_position := item.scale.position(leaf.code)) is not None:
                    limit_points = item.scale.points[limit_position].points
                    codes = [
                        point.code for point in item.scale.points if _scored_points(item, point.code) <= limit_points
                    ]
                    yield item, codes


def _scored_points(item: Item, code: str) -> float:
    point = item.scored_point(code)
    return point.points if point else 101.0


def _kind(question: Question) -> str:
    if isinstance(question, CommentQuestion):
        return "comment"
    if isinstance(question, BackgroundQuestion):
        return question.kind
    return "item"


def _fits_in_row(choices: tuple[Choice, ...]) -> bool:
    row_choices = [choice for choice in choices if not choice.separate]
    return len(row_choices) <= 5 and all(len(choice.label) <= MAX_ROW_LABEL_LENGTH for choice in row_choices)
