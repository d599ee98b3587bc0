"""The contributors' door says what is there: files, recipes in both languages, the tests that walk them."""

import re

import pytest

from survey_app.foundation.settings import PROJECT
from testing.documents import DOCS

TEXT = (PROJECT / "CONTRIBUTING.md").read_text("utf-8")
CHINESE, _, ENGLISH = TEXT.partition("\n# Contributing\n")
RECIPES = 7


def recipes(text: str) -> list[str]:
    return re.split(r"^### .*$", text, flags=re.M)[1:]


def paths(text: str) -> set[str]:
    known = r"(?:survey_app|tests|docs|scripts|migrations|questionnaires|testing)"
    found = re.findall(rf"`({known}/[\w./-]+\.(?:py|md|html|po|yaml|sh))`", text)
    return {path for path in found if path != "survey_app/translations/ug.po"}  # made by following the recipe


@pytest.mark.parametrize("text", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_every_file_that_is_named_is_there(text: str) -> None:
    named = paths(text)
    assert len(named) >= 15
    assert not [path for path in named if not (PROJECT / path).exists()]


def test_both_languages_have_the_same_recipes_with_the_same_files() -> None:
    chinese, english = recipes(CHINESE), recipes(ENGLISH)
    assert len(chinese) == len(english) == RECIPES
    for mine, yours in zip(chinese, english, strict=True):
        assert paths(mine) == paths(yours)


@pytest.mark.parametrize("recipe", recipes(ENGLISH), ids=lambda text: text.strip()[3:40])
def test_each_recipe_is_walked_by_a_test(recipe: str) -> None:
    walked = re.findall(r"Walked\s+by\s+`([\w/.]+)`(?:\s+`(test_\w+)`)?", recipe)
    assert len(walked) == 1
    ((path, name),) = walked
    assert f"def {name}(" in (PROJECT / path).read_text("utf-8"), f"{path} has no {name}"


def test_every_decision_has_its_four_parts_in_both_languages() -> None:
    pages = [path for path in (DOCS / "decisions").glob("*.md") if path.name != "README.md"]
    assert len(pages) >= 9
    for page in pages:
        heads = re.findall(r"^## (.*)$", page.read_text("utf-8"), re.M)
        chinese, english = (
            ["背景", "决定", "后果", "测过什么"],
            ["Context", "Decision", "Consequences", "What was measured"],
        )
        assert heads == [*chinese, *english], page.name
        assert f"({page.name})" in (page.parent / "README.md").read_text("utf-8"), page.name


def test_every_file_that_a_decision_names_is_there() -> None:
    pages = [path.read_text("utf-8") for path in (DOCS / "decisions").glob("*.md")]
    named = {path for text in pages for path in re.findall(r"`([a-z_]+/[\w/]+\.(?:py|md))`", text)}
    assert len(named) >= 15
    assert not [
        path for path in named if not (PROJECT / path).exists() and not (PROJECT / "survey_app" / path).exists()
    ]
