"""What the form template needs, as frozen values: no rules and no queries are left to the template."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey_app.definition.answers import Problem
from survey_app.definition.conditions import AnyAtMost, Both, Comparison, Condition, Either, Not
from survey_app.definition.form import Form, Question, options_of
from survey_app.definition.model import Background, CommentQuestion, Item, Option
from survey_app.foundation.translation import _, language, say

LONG_LABEL = 5  # characters that still fit into a fifth of a narrow screen
BREAK_AFTER = ("非常", "完全", "比较", "不太")
LISTED_ERRORS = 5


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    label: str
    chosen: bool
    apart: bool  # "don't know" stands apart

    def parts(self) -> tuple[str, ...]:
        """The label with the one place where it may break."""
        for word in BREAK_AFTER:
            if self.label.startswith(word) and len(self.label) > len(word):
                return word, self.label.removeprefix(word)
        return (self.label,)


@dataclass(frozen=True, slots=True)
class Card:
    """One question on the page. ``kind``: ``single``, ``several``, ``comment`` or ``grade``."""

    id: str
    kind: str
    text: str
    choices: tuple[Choice, ...]
    in_row: bool
    counted: bool
    required: bool
    condition: str
    error: str
    value: str = ""
    max_length: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    label: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class FormContext:
    title: str
    intro: str
    parts: tuple[Part, ...]
    items: int
    errors: tuple[tuple[str, str], ...]  # the first few: card id and the question
    error_count: int
    code_error: str
    notice: str


def form_context(
    form: Form,
    grades: tuple[Option, ...],
    fields: Mapping[str, Sequence[str]],
    problems: Sequence[Problem],
    notice: str = "",
) -> FormContext:
    """The page for a form with what was typed so far, in the language of this moment."""
    builder = _Builder(form, grades, fields, {problem.question: say(problem.message) for problem in problems})
    parts = tuple(builder.parts())
    texts = {card.id: card.text for part in parts for card in part.cards} | {"_code": _("邀请码")}
    instrument = form.instrument
    return FormContext(
        title=instrument.title.in_language(language()),
        intro=instrument.intro.in_language(language()) if instrument.intro else "",
        parts=parts,
        items=len(form.items()),
        errors=tuple((problem.question, texts[problem.question]) for problem in problems[:LISTED_ERRORS]),
        error_count=len(problems),
        code_error=next((say(problem.message) for problem in problems if problem.question == "_code"), ""),
        notice=notice,
    )


class _Builder:
    def __init__(
        self,
        form: Form,
        grades: tuple[Option, ...],
        fields: Mapping[str, Sequence[str]],
        errors: Mapping[str, str],
    ) -> None:
        self.form = form
        self.grades = grades
        self.fields = fields
        self.errors = errors

    def parts(self) -> Iterator[Part]:
        for section in self.form.sections:
            label = section.dimension.label.in_language(language()) if section.dimension else ""
            yield Part(label, tuple(self.card(question) for question in section.questions))

    def card(self, question: Question) -> Card:
        choices = tuple(self.choices(question))
        text = question.text_to(self.form.audience) if isinstance(question, Item) else question.text
        return Card(
            id=question.id,
            kind=_kind(question),
            text=text.in_language(language()),
            choices=choices,
            in_row=_fits_in_row(choices),
            counted=isinstance(question, Item),
            required=not isinstance(question, CommentQuestion) and question.required,
            condition=self.condition(question.show_if),
            error=self.errors.get(question.id, ""),
            value="\n".join(self.fields.get(question.id, ())) if isinstance(question, CommentQuestion) else "",
            max_length=question.max_length if isinstance(question, CommentQuestion) else 0,
        )

    def choices(self, question: Question) -> Iterator[Choice]:
        given = self.fields.get(question.id, ())
        apart = question.scale.not_applicable if isinstance(question, Item) else None
        for option in options_of(question, self.grades):
            label = option.label.in_language(language())
            yield Choice(option.code, label, option.code in given, option is apart)

    def condition(self, condition: Condition | None) -> str:
        return json.dumps(self._plain(condition), separators=(",", ":")) if condition else ""

    def _plain(self, condition: Condition) -> list[Any]:
        """The condition for the page's script: nested lists of comparisons, ``!``, ``&`` and ``|``."""
        if isinstance(condition, Comparison):
            return ["!=" if condition.negated else "=", condition.question, list(condition.codes)]
        if isinstance(condition, Not):
            return ["!", self._plain(condition.part)]
        if isinstance(condition, AnyAtMost):
            return ["|", *(["=", item.id, codes] for item, codes in self._at_most(condition))]
        sign = "&" if isinstance(condition, Both) else "|"
        parts = condition.parts if isinstance(condition, Both | Either) else ()
        return [sign, *(self._plain(part) for part in parts)]

    def _at_most(self, leaf: AnyAtMost) -> Iterator[tuple[Item, list[str]]]:
        for section in self.form.sections:
            if section.dimension is None or section.dimension.id != leaf.dimension:
                continue
            for item in section.questions:
                if isinstance(item, Item) and (limit := item.scale.position(leaf.code)) is not None:
                    worst = item.scale.points[limit].points
                    codes = [point.code for point in item.scale.points if _points(item, point.code) <= worst]
                    yield item, codes


def _points(item: Item, code: str) -> float:
    point = item.scored_point(code)
    return point.points if point else 101.0


def _kind(question: Question) -> str:
    if isinstance(question, CommentQuestion):
        return "comment"
    if isinstance(question, Background):
        return {"grade": "grade", "choices": "several", "choice": "single"}[question.kind]
    return "single"


def _fits_in_row(choices: tuple[Choice, ...]) -> bool:
    shown = [choice for choice in choices if not choice.apart]
    return len(shown) <= 5 and all(len(choice.label) <= LONG_LABEL for choice in shown)
