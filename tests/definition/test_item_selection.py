"""A questionnaire of some items of another: it reads back, and its items are those of the whole one."""

from pathlib import Path

import pytest

from survey_app.definition.canonical import canonical_text
from survey_app.definition.categories import CATEGORIES_FILE, read_categories
from survey_app.definition.item_selection import items_of_audience, select_items
from survey_app.definition.languages import Text
from survey_app.definition.model import Instrument
from survey_app.definition.parse import read_instrument, read_instrument_text
from survey_app.measurement.scoring import build_scoring

FOLDERS = [Path(__file__).parents[2] / "questionnaires", Path(__file__).parents[1] / "questionnaires"]
FILES = [path for folder in FOLDERS for path in sorted(folder.glob("*.yaml")) if path.name != CATEGORIES_FILE]
TITLE = Text.of(zh="回头看", en="Look back")
CATEGORIES = read_categories(FOLDERS[0] / CATEGORIES_FILE)


def instrument_of(path: Path) -> Instrument:
    categories = path.parent / CATEGORIES_FILE
    return read_instrument(path, read_categories(categories) if categories.exists() else CATEGORIES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_any_one_item_of_any_questionnaire_makes_one_that_can_be_read_and_scored_alike(path: Path) -> None:
    instrument = instrument_of(path)
    for audience in instrument.audiences:
        whole = {item.id: item for item in build_scoring(instrument, audience).items}
        for item in items_of_audience(instrument, audience):
            if item == instrument.overall:
                continue
            smaller = select_items(instrument, {audience: [item.id]}, "again", TITLE)
            assert read_instrument_text(canonical_text(smaller), "frozen", CATEGORIES) == smaller
            assert smaller.audiences == (audience,)
            scored = {one.id: one for one in build_scoring(smaller, audience).items if one.asked}
            assert scored[item.id] == whole[item.id]
            if item.show_if is None:
                assert set(scored) == {item.id}
            assert next(one for one in smaller.scored_items() if one.id == item.id).text == item.text


def test_grade_and_private_questions_stay_and_others_go() -> None:
    parents = instrument_of(FOLDERS[0] / "compulsory-parent.yaml")
    first = items_of_audience(parents, "parent")[0]
    smaller = select_items(parents, {"parent": [first.id], "student": []}, "again", TITLE)
    stays = {question.id for question in parents.background if question.private or question.kind == "grade"}
    assert stays
    assert {question.id for question in smaller.background} == stays
    assert not smaller.follow_up
    assert not smaller.comments


def test_what_cannot_be_asked_is_refused() -> None:
    parents = instrument_of(FOLDERS[0] / "compulsory-parent.yaml")
    assert parents.overall is not None
    for asked, reason in (
        ({"parent": ["nothing"]}, "does not ask parent: nothing"), ({"parent": []}, "at least one item"),
        ({"teacher": [parents.overall.id]}, "does not ask teacher"),
        ({"parent": [parents.overall.id]}, "no item of a dimension"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=reason):
            select_items(parents, asked, "again", TITLE)
