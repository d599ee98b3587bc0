"""What the form template needs, as frozen values: no rules and no queries are left to the template."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import escape

from survey_app.definition.answers import Problem
from survey_app.definition.conditions import (
    AllOf,
    Answered,
    AnyAtMost,
    AnyOf,
    Comparison,
    Condition,
    CountAtLeast,
    Not,
    QuestionLeaf,
    Threshold,
)
from survey_app.definition.form import Form
from survey_app.definition.kinds import Counting, kind_of, reaches
from survey_app.definition.languages import Text
from survey_app.definition.messages import Message
from survey_app.definition.model import Dimension, Option, Question
from survey_app.definition.school_name import SCHOOL
from survey_app.foundation.translation import _, language, render

CODE_FIELD = "_code"
MAX_IN_ROW, MAX_ROW_CHARACTERS = 5, 16  # options side by side, and full-width characters that fit beside each other
SECONDS_PER_CARD = 9  # measured: a brisk reader needs seven seconds a card, a slow one twelve
BREAK_AFTER = ("非常", "完全", "比较", "不太")
MAX_LISTED_ERRORS = 5


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    label: str
    selected: bool
    separate: bool  # "don't know" stands apart
    text: "ChoiceText | None" = None

    def label_parts(self) -> tuple[str, ...]:
        """The label with the one place where it may break."""
        for word in BREAK_AFTER:
            if self.label.startswith(word) and len(self.label) > len(word):
                return word, self.label.removeprefix(word)
        return (self.label,)


@dataclass(frozen=True, slots=True)
class ChoiceText:
    """The field beside an option, such as that for "other"."""

    name: str
    length: int
    value: str


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """One question on the page. ``macro`` draws it; ``in_slot`` says that it is put in for each request."""

    id: str
    macro: str
    text: str
    help: str  # small print below the text
    choices: tuple[Choice, ...]
    in_row: bool
    is_counted: bool  # stands in "answered n of m"
    required: bool
    condition: str
    error: str
    takes_several: bool
    in_slot: bool
    value: str
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class FormSection:
    """A part of the page; ``lead`` asks the question that its cards complete."""

    label: str
    lead: str
    cards: tuple[QuestionCard, ...]


@dataclass(frozen=True, slots=True)
class ListedError:
    """A question that has to be looked at again, in the summary: its id, its words, and what is wrong."""

    question: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class FormContext:
    title: str
    intro: str
    sections: tuple[FormSection, ...]
    item_count: int
    question_count: int  # without those that only some people see
    minutes: int
    error_heading: str
    errors: tuple[ListedError, ...]  # the first few
    code_error: str
    has_faces: bool  # of any scale: the page then carries their drawings once


def form_context(
    form: Form,
    grades: tuple[Option, ...],
    form_data: Mapping[str, Sequence[str]],
    problems: Sequence[Problem],
    notice: str = "",
    code_label: str = "",
    asks_grade: bool = True,
    school: str = "",
) -> FormContext:
    """The page for a form with what was typed so far, in the language of this moment.

    ``asks_grade`` is off for a class, whose grade is known, and for a school without grades. ``school`` stands where
    texts name it.
    """
    reasons = {problem.question: render(problem.message) for problem in problems}
    builder = _FormContextBuilder(form, grades, form_data, reasons, school)
    sections = tuple(builder.parts())
    cards = [card for section in sections for card in section.cards if asks_grade or not card.in_slot]
    texts = {card.id: card.text for section in sections for card in section.cards} | {CODE_FIELD: code_label}
    intro = form.instrument.intro_for_audience(form.audience)
    return FormContext(
        title=form.instrument.title_for_audience(form.audience).in_language(language()),
        intro=builder.words(intro),
        sections=sections,
        item_count=sum(card.is_counted for card in cards),
        question_count=sum(card.is_counted and not card.condition for card in cards),
        minutes=max(1, round(len(cards) * SECONDS_PER_CARD / 60)),
        error_heading=notice or _error_heading(reasons, code_label),
        errors=tuple(
            ListedError(question, texts[question], reason)
            for question, reason in list(reasons.items())[:MAX_LISTED_ERRORS]
        ),
        code_error=reasons.get(CODE_FIELD, ""),
        has_faces=any("faces" in card.details for card in cards),
    )


def _error_heading(reasons: Mapping[str, str], code_label: str) -> str:
    """What is wrong in one sentence; the code is no question."""
    count = len(reasons.keys() - {CODE_FIELD})
    if count:
        return _("还没有提交：还有 {n} 题需要补答或修改", n=count)
    return _("还没有提交：请核对{code}", code=code_label) if reasons else ""


class _FormContextBuilder:
    def __init__(
        self,
        form: Form,
        grades: tuple[Option, ...],
        form_data: Mapping[str, Sequence[str]],
        errors: Mapping[str, str],
        school: str,
    ) -> None:
        self.form = form
        self.grades = grades
        self.form_data = form_data
        self.errors = errors
        self.school = school

    def words(self, text: Text | None) -> str:
        """A text as it is read; where it names the school it is ready for the page, whatever the name contains."""
        words = text.in_language(language()) if text else ""
        return escape(words).replace(SCHOOL, self.school) if SCHOOL in words else words

    def parts(self) -> Iterator[FormSection]:
        for section in self.form.sections:
            label, lead = self.heading(section.dimension) if section.dimension else ("", "")
            yield FormSection(label, lead, tuple(self.card(question) for question in section.questions))

    def heading(self, dimension: Dimension) -> tuple[str, str]:
        """The name of a dimension and what is asked of all its items, in the words of this audience."""
        lead = dimension.lead_for_audience(self.form.audience)
        label = dimension.label_for_audience(self.form.audience)
        return label.in_language(language()), self.words(lead)

    def card(self, question: Question) -> QuestionCard:
        kind = kind_of(question)
        card = kind.card(question, kind.options(question, self.grades), self.form_data.get(question.id, ()))
        texts = {
            text.option.code: ChoiceText(text.name, text.length, " ".join(self.form_data.get(text.name, ())))
            for text in kind.option_texts(question)
        }
        choices = tuple(
            Choice(
                entry.option.code,
                entry.option.label.in_language(language()),
                entry.is_selected,
                entry.stands_apart,
                texts.get(entry.option.code),
            )
            for entry in card.options
        )
        return QuestionCard(
            id=question.id,
            macro=kind.macro,
            text=self.words(question.text_for_audience(self.form.audience)),
            help=self.words(question.help_for_audience(self.form.audience)),
            choices=choices,
            in_row=_fits_in_row(choices),
            is_counted=kind.counting is Counting.SCORED or question.required,
            required=question.required,
            condition=self.condition(question.show_if),
            error=self.errors.get(question.id, ""),
            takes_several=kind.takes_several,
            in_slot=kind.varies_by_school,
            value=card.value,
            details={name: _in_language(value) for name, value in card.details.items()},
        )

    def condition(self, condition: Condition | None) -> str:
        return json.dumps(self._script_condition(condition), separators=(",", ":")) if condition else ""

    def _script_condition(self, condition: Condition) -> list[Any]:
        """The condition for the page's script: nested lists of comparisons, counts (``#``), ``!``, ``&`` and ``|``."""
        if isinstance(condition, QuestionLeaf):
            return self._script_leaf(condition)
        if isinstance(condition, Not):
            return ["!", self._script_condition(condition.operand)]
        if isinstance(condition, AnyAtMost):
            items = self.form.dimension_items(condition.dimension)
            return ["|", *(self._script_leaf(Threshold(item.id, condition.code, at_most=True)) for item in items)]
        operator = "&" if isinstance(condition, AllOf) else "|"
        operands = condition.operands if isinstance(condition, AllOf | AnyOf) else ()
        return [operator, *(self._script_condition(operand) for operand in operands)]

    def _script_leaf(self, leaf: QuestionLeaf) -> list[Any]:
        if isinstance(leaf, Comparison):
            return ["!=" if leaf.negated else "=", leaf.question, list(leaf.codes)]
        if isinstance(leaf, Answered):
            return ["!=", leaf.question, []]  # something other than nothing
        if isinstance(leaf, CountAtLeast):
            return ["#", leaf.question, leaf.number]
        return ["=", leaf.question, self._codes_reaching(leaf)]

    def _codes_reaching(self, leaf: Threshold) -> list[str]:
        return [
            option.code
            for question in self.form.questions()
            if question.id == leaf.question
            for option in kind_of(question).options(question, self.grades)
            if reaches(question, option.code, leaf.code, leaf.at_most)
        ]


def _in_language(value: object) -> object:
    """Texts and sentences of a kind's own as words; anything else as it is."""
    if isinstance(value, Message):
        return render(value)
    return value.in_language(language()) if isinstance(value, Text) else value


def _fits_in_row(choices: tuple[Choice, ...]) -> bool:
    """Whether all options fit beside each other on a narrow screen, in equal shares, each broken once at most."""
    row_choices = [choice for choice in choices if not choice.separate]
    longest = max((len(part) for choice in row_choices for part in choice.label_parts()), default=0)
    if any(choice.text for choice in choices):
        return False
    return len(row_choices) <= MAX_IN_ROW and max(longest, 2) * len(row_choices) <= MAX_ROW_CHARACTERS
