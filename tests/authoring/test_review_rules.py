"""Each rule flags its own examples and leaves the others alone."""

import doctest
import json
from types import ModuleType

import pytest

from survey_app.authoring.review import labels, likeness, negation, paper, polarity, ranges
from survey_app.authoring.review.example_form import example_form
from survey_app.authoring.review.finding import Severity
from survey_app.authoring.review.review import RULES, review_instrument
from survey_app.authoring.review.rule import Example, Rule
from survey_app.definition.categories import Categories, read_categories
from survey_app.definition.nodes import read_text
from survey_app.definition.parse import ReadInstrument, read_node
from survey_app.foundation.settings import PROJECT


@pytest.fixture(scope="module")
def categories() -> Categories:
    return read_categories(PROJECT / "questionnaires" / "categories.yaml")


def read(example: Example, categories: Categories) -> ReadInstrument:
    return read_node(read_text(json.dumps(example_form(example), ensure_ascii=False), "example"), categories)


def rules_of(example: Example, categories: Categories) -> set[str]:
    return {finding.rule for finding in review_instrument(read(example, categories).instrument, categories)}


def named(rule: Rule, example: Example) -> str:
    return f"{rule.id}-{example.text or example.audience}"[:40]


FLAGGED = [pytest.param(rule, example, id=named(rule, example)) for rule in RULES for example in rule.flagged]
FINE = [pytest.param(rule, example, id=named(rule, example)) for rule in RULES for example in rule.fine]


@pytest.mark.parametrize(("rule", "example"), FLAGGED)
def test_a_rule_flags_its_example(rule: Rule, example: Example, categories: Categories) -> None:
    assert rule.id in rules_of(example, categories)


@pytest.mark.parametrize(("rule", "example"), FINE)
def test_a_rule_leaves_its_other_example_alone(rule: Rule, example: Example, categories: Categories) -> None:
    assert rule.id not in rules_of(example, categories)


@pytest.mark.parametrize(("rule", "example"), FINE)
def test_nothing_but_hints_is_said_of_what_is_fine(rule: Rule, example: Example, categories: Categories) -> None:
    findings = review_instrument(read(example, categories).instrument, categories)
    assert [f"{one.rule} {one.message}" for one in findings if one.severity is not Severity.HINT] == []


def test_every_rule_says_where_it_comes_from_and_what_to_do() -> None:
    for rule in RULES:
        assert rule.source
        assert rule.suggestion.template
        assert rule.flagged
        assert rule.fine
    assert len({rule.id for rule in RULES}) >= 43


@pytest.mark.parametrize(
    "module", [labels, likeness, negation, paper, polarity, ranges], ids=lambda module: module.__name__
)
def test_examples_in_the_descriptions_are_true(module: ModuleType) -> None:
    outcome = doctest.testmod(module)
    assert outcome.attempted
    assert not outcome.failed
