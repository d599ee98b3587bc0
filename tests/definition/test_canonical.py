"""The frozen text reads back to the same instrument; two hashes tell a change of meaning from one of words."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.definition.canonical import canonical_text, structure_hash, wording_hash
from survey_app.definition.node_reader import has_visible_letter
from survey_app.definition.parse import read_instrument
from testing.instruments import CATEGORIES, SHIPPED_FILES, TINY_FILES, changed, read, tiny, tiny_text

FILES = SHIPPED_FILES + TINY_FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_frozen_text_reads_back_equal(path: Path) -> None:
    instrument = read_instrument(path, CATEGORIES)
    again = read(canonical_text(instrument))
    assert again == instrument
    assert again.grades_from == instrument.grades_from
    assert [item.text_for for item in again.scored_items()] == [item.text_for for item in instrument.scored_items()]
    assert canonical_text(again) == canonical_text(instrument)
    assert (structure_hash(again), wording_hash(again)) == (structure_hash(instrument), wording_hash(instrument))


def test_no_two_instruments_share_a_hash() -> None:
    found = [read_instrument(path, CATEGORIES) for path in FILES]
    assert len({structure_hash(instrument) for instrument in found}) == len(FILES)
    assert len(structure_hash(found[0])) == len(wording_hash(found[0])) == 64


STRUCTURE = {
    "label of a scale point": ("reverse", "zh: 好", "zh: 很好"),
    "points": ("reverse", "points: 50", "points: 40"),
    "favourable": ("reverse", "points: 50,", "points: 50, favourable: true,"),
    "weight": ("reverse", "weight: 1", "weight: 2"),
    "reverse": ("reverse", ", reverse: true", ""),
    "condition": ("conditional", "meals == 'yes'", "meals != 'yes'"),
    "option label": ("private", "zh: 是", "zh: 有过"),
    "private": ("private", "private: true", "private: false"),
    "audiences": ("wording", "audiences: [parent]}", "audiences: [student]}"),
    "grades_from": ("grades_from", '"4"', '"5"'),
    "required": ("grades_from", "required: true", "required: false"),
    "version": ("reverse", 'version: "1"', 'version: "2"'),
    "max_length": ("comment", "max_length: 20", "max_length: 21"),
    "concept": ("reverse", "id: A1,", "id: A1, concept: same,"),
    "don't know": ("not_applicable", "zh: 不了解", "zh: 不清楚"),
    "retired": ("comment", "comments:", "retired: [{id: Z1, last_version: '0'}]\ncomments:"),
}
WORDING = {
    "title": ("reverse", "en: A tiny questionnaire", "en: A small questionnaire"),
    "intro": ("reverse", "categories:", "intro: {zh: 您好, en: Hello}\ncategories:"),
    "item": ("reverse", "en: Item A1", "en: The first item"),
    "wording of an audience": ("wording", "zh: 老师上课的水平", "zh: 老师讲课的水平"),
    "dimension label": ("reverse", "zh: 维度d", "zh: 教学"),
    "background": ("private", "zh: 有人要求您怎样回答吗", "zh: 有人要求过您吗"),
    "comment": ("comment", "zh: 建议", "zh: 意见"),
}


@pytest.mark.parametrize("change", STRUCTURE.values(), ids=STRUCTURE)
def test_what_an_answer_means_changes_the_structure_only(change: tuple[str, str, str]) -> None:
    before, after = tiny(change[0]), read(changed(*change))
    assert structure_hash(before) != structure_hash(after)
    assert wording_hash(before) == wording_hash(after)


@pytest.mark.parametrize("change", WORDING.values(), ids=WORDING)
def test_what_is_only_read_changes_the_wording_only(change: tuple[str, str, str]) -> None:
    before, after = tiny(change[0]), read(changed(*change))
    assert structure_hash(before) == structure_hash(after)
    assert wording_hash(before) != wording_hash(after)


def test_the_order_of_items_is_structure() -> None:
    lines = tiny_text("reverse").splitlines()
    assert lines[-2].lstrip().startswith("- {id: A1")
    lines[-2:] = reversed(lines[-2:])
    assert structure_hash(read("\n".join(lines))) != structure_hash(tiny("reverse"))


def test_layout_remarks_and_the_spelling_of_a_condition_change_nothing() -> None:
    again = read("# another remark\n\n" + changed("conditional", "meals == 'yes'", "（meals ＝＝ “yes”）"))
    assert structure_hash(again) == structure_hash(tiny("conditional"))
    assert wording_hash(again) == wording_hash(tiny("conditional"))


@pytest.mark.parametrize(
    ("old", "new"),
    [("weight: 1", "weight: 0.00001"), ("weight: 1", "weight: 0.123456789012"),
     ("points: 50", "points: 33.33333333333"), ("points: 50", "points: 0.00004")],
)  # fmt: skip
def test_numbers_survive_freezing(old: str, new: str) -> None:
    instrument = read(changed("reverse", old, new))
    assert read(canonical_text(instrument)) == instrument


PRINTED = st.text(st.characters(exclude_categories=("Cc", "Co", "Cs", "Cn", "Zl", "Zp")), min_size=1, max_size=30)


def _in(place: str) -> Callable[[str], str]:
    """The text of an instrument with other words at one place, written as JSON."""
    return lambda words: changed("comment", place, json.dumps(words, ensure_ascii=False))


@given(PRINTED.filter(has_visible_letter), st.sampled_from(["小问卷", "题目A1", "建议", "好"]))
def test_any_words_survive_freezing(words: str, place: str) -> None:
    instrument = read(_in(place)(words))
    assert read(canonical_text(instrument)) == instrument
