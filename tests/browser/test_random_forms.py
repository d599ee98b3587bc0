"""Random questionnaires: the page shows exactly what the server counts, whatever is chosen and changed again."""

import random
from collections.abc import Iterator
from itertools import count, islice

import pytest
from flask import Flask
from playwright.sync_api import Page, Route

from survey_app.collection.preview import preview_page
from survey_app.definition.answers import read_answers
from survey_app.definition.form import form_for
from survey_app.definition.model import Instrument
from testing.instruments import CATEGORIES, faults_of, read

FORMS, CLICKS, ROUNDS = 300, 6, 6
ADDRESS = "http://forms.example/s/preview"
HEAD = """
format: 1
id: drawn
version: "1"
title: {zh: 问卷, en: Questionnaire}
audiences: [parent, student]
categories: [primary]
scales:
  three:
    points:
      - {code: "3", points: 100, favourable: true, label: {zh: 好, en: Good}}
      - {code: "2", points: 50, label: {zh: 一般, en: Fair}}
      - {code: "1", points: 0, label: {zh: 差, en: Bad}}
    not_applicable: {code: "9", label: {zh: 不了解, en: Don't know}}
  steps: {from: 0, to: 10, ends: [{zh: 不会, en: No}, {zh: 会, en: Yes}], favourable_from: 9}
  stars: {from: 1, to: 5, ends: [{zh: 差, en: Bad}, {zh: 好, en: Good}], favourable_from: 4, show: stars}
"""
OPTIONS = (
    "[{code: a, label: {zh: 甲, en: A}}, {code: b, label: {zh: 乙, en: B}}, {code: c, text: 9, label: {zh: 丙, en: C}}]"
)
SCALES = {"three": ("3", "2", "1", "9"), "steps": tuple(map(str, range(11))), "stars": tuple("12345")}
OPTION_CODES, BAND_CODES = ("a", "b", "c"), ("0", "10", "30")
BANDS = "unit: {zh: 分, en: min}, bands: [0, 10, 30]"
Asked = tuple[str, tuple[str, ...], str]  # id, codes, kind
CLICK = """chosen => { for (const n of chosen) {
  const seen = [...document.querySelectorAll('[data-id] input[type=radio], [data-id] input[type=checkbox]')]
    .filter(box => box.offsetParent || box.closest('label').offsetParent);
  if (seen.length) seen[n % seen.length].click();
  const typed = [...document.querySelectorAll('[data-bands]')].filter(box => box.offsetParent);
  if (typed.length && n % 3 === 0) {
    const box = typed[n % typed.length];
    box.value = ['', '0', '9', '10', '25.5', '４０', '30 min', 'many'][n % 8];
    box.dispatchEvent(new Event('input', {bubbles: true}));
  }
}}"""
STATE = """() => ({
  hidden: [...document.querySelectorAll('[data-id]')].filter(card => card.hidden).map(card => card.dataset.id),
  sent: [...new FormData(document.forms[0])].filter(([key]) => !key.startsWith('_')),
  sideways: document.documentElement.scrollWidth - window.innerWidth,
  twice: [...document.querySelectorAll('[id]')].map(e => e.id).filter((id, n, all) => all.indexOf(id) !== n)
})"""
CLICK_AND_LOOK = f"rounds => rounds.map(chosen => {{ ({CLICK})(chosen); return ({STATE})(); }})"
CONDITIONAL = """() => ['[data-if][hidden]', '[data-if]'].map(cards => document.querySelectorAll(cards).length)"""


class Draw:
    """Draws one questionnaire; conditions name only what stands before."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.before: list[Asked] = []

    def text(self) -> str:
        background = "\n".join(self.background(f"b{n}") for n in range(self.chance.randint(1, 4)))
        dimensions = "\n".join(self.dimension(f"d{n}") for n in range(self.chance.randint(1, 3)))
        follow_up = "\n".join(self.background(f"f{n}") for n in range(self.chance.randint(1, 3)))
        comment = f"comments: [{{id: C1, text: {{zh: 说说, en: Words}}{self.condition(', ')}}}]"
        return f"{HEAD}dimensions:\n{dimensions}\nbackground:\n{background}\nfollow_up:\n{follow_up}\n{comment}\n"

    def background(self, name: str) -> str:
        kind = self.chance.choice(("choice", "choices", "number") if name.startswith("b") else ("choice", "choices"))
        condition = self.condition(", ")
        if kind == "number":
            self.before.append((name, BAND_CODES, kind))
            return f"  - {{id: {name}, kind: number, text: {{zh: 题{name}, en: Q {name}}}, {BANDS}{condition}}}"
        self.before.append((name, OPTION_CODES, kind))
        return f"  - {{id: {name}, kind: {kind}, text: {{zh: 题{name}, en: Q {name}}}, options: {OPTIONS}{condition}}}"

    def dimension(self, name: str) -> str:
        lines = [f"  - id: {name}\n    label: {{zh: 维度{name}, en: Part {name}}}\n    items:"]
        for number in range(self.chance.randint(1, 4)):
            item, condition = f"{name}_{number}", self.condition(", ") if number else ""
            turned, scale = self.chance.choice(("", ", reverse: true")), self.chance.choice(tuple(SCALES))
            lines.append(
                f"      - {{id: {item}, text: {{zh: 题{item}, en: Q {item}}}, scale: {scale}{turned}{condition}}}"
            )
            self.before.append((item, SCALES[scale], "rating"))
        return "\n".join(lines)

    def condition(self, start: str) -> str:
        """None for four questions in ten."""
        if not self.before or self.chance.random() < 0.4:
            return ""
        return f'{start}show_if: "{self.rule(2)}"'

    def rule(self, depth: int) -> str:
        shape = (
            self.chance.choice(("is", "is", "in", "not", "and", "or")) if depth else self.chance.choice(("is", "in"))
        )
        if shape == "not":
            return f"not ({self.rule(depth - 1)})"
        if shape in ("and", "or"):
            return f"({self.rule(depth - 1)}) {shape} ({self.rule(depth - 1)})"
        name, codes, kind = self.chance.choice(self.before)
        if self.chance.random() < 0.35:
            return self.call(name, kind, codes)
        if shape == "is":
            return f"{name} {self.chance.choice(('==', '!='))} '{self.chance.choice(codes)}'"
        listed = ", ".join(f"'{code}'" for code in self.chance.sample(codes, 2))
        return f"{name} {self.chance.choice(('in', 'not in'))} [{listed}]"

    def call(self, name: str, kind: str, codes: tuple[str, ...]) -> str:
        """A function that this kind of question can be asked by."""
        calls = [f"answered({name})"]
        calls += [f"count({name}) >= {self.chance.randint(1, 3)}"] if kind == "choices" else []
        if kind in ("rating", "number"):
            code = self.chance.choice([code for code in codes if codes != SCALES["three"] or code != "9"])
            calls += [f"{function}({name}, '{code}')" for function in ("at_most", "at_least")]
        return self.chance.choice(calls)


def drawn() -> Iterator[tuple[int, str]]:
    """Questionnaires without end; what contradicts itself the checker refuses, and nothing else."""
    for seed in count():
        text = Draw(seed).text()
        faults = faults_of(text)
        assert all("永远不成立" in fault for fault in faults), faults
        if not faults:
            yield seed, text


@pytest.fixture
def pages(phone: Page) -> Iterator[dict[str, str]]:
    """What the address answers with; errors of the page's script fail the test."""
    answer, errors = {"page": ""}, list[str]()

    def reply(route: Route) -> None:
        route.fulfill(body=answer["page"], content_type="text/html; charset=utf-8")

    phone.on("pageerror", lambda error: errors.append(str(error)))
    phone.route(f"{ADDRESS}*", reply)
    yield answer
    assert errors == []


def differences(phone: Page, instrument: Instrument, audience: str, chance: random.Random) -> Iterator[str]:
    """Where page and server disagree after a few random clicks, and again after more of them."""
    form = form_for(instrument, audience)
    rounds = [[chance.randrange(1000) for _click in range(CLICKS)] for _round in range(ROUNDS)]
    for state in phone.evaluate(CLICK_AND_LOOK, rounds):
        fields: dict[str, list[str]] = {}
        for key, value in state["sent"]:
            fields.setdefault(key, []).append(value)
        answers, problems = read_answers(form, fields, (), enforce_required=False)
        wrong_numbers = [problem.question for problem in problems if fields.get(problem.question) != ["many"]]
        if wrong_numbers or set(state["hidden"]) != set(answers.hidden):
            yield f"{fields}: page hides {sorted(state['hidden'])}, server {sorted(answers.hidden)}, {problems}"
        if state["sideways"] > 0 or state["twice"]:
            yield f"sideways {state['sideways']}, ids twice: {state['twice']}"


def test_three_hundred_random_forms_show_what_the_server_counts(
    sqlite_app: Flask, phone: Page, pages: dict[str, str]
) -> None:
    """Issue 9: nested conditions, several choices, both audiences and languages, answers changed again and again."""
    wrong, ever_hidden, ever_shown = list[str](), 0, 0
    for seed, text in islice(drawn(), FORMS):
        instrument, chance = read(text), random.Random(-seed - 1)
        audience, language = chance.choice(instrument.audiences), chance.choice(instrument.languages)
        with sqlite_app.app_context():
            pages["page"] = preview_page(
                instrument, audience, CATEGORIES, language, chance.choice(("normal", "large"))
            ).decode()
        phone.goto(ADDRESS)
        wrong += [f"{seed}: {each}\n{text}" for each in differences(phone, instrument, audience, chance)]
        hidden, all_cards = phone.evaluate(CONDITIONAL)
        ever_hidden, ever_shown = ever_hidden + hidden, ever_shown + all_cards - hidden
    assert wrong == []
    assert min(ever_hidden, ever_shown) > FORMS / 2, "conditions hide and show"
