"""What comes back from a form: checked, cleaned, freed of hidden answers, encoded in a fixed shape."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.definition.answers import answer_columns, clean_text, decode_answers, encode_answers, read_answers
from survey_app.definition.form import form_for, options_of
from survey_app.definition.model import BackgroundQuestion, Instrument, Item, Option, Text
from survey_app.definition.parse import read_instrument
from testing.instruments import CATEGORIES, SHIPPED_FILES, TINY_FILES, tiny

GRADES = (Option("4", Text("四年级", "Grade 4")), Option("5", Text("五年级", "Grade 5")))
Fields = dict[str, str | list[str]]


def signs(name: str, audience: str = "parent", **fields: str | list[str]) -> str:
    answers, problems = answered(name, audience, **fields)
    assert problems == []
    return encode_answers(answers)


def answered(name: str, audience: str = "parent", **fields: str | list[str]):  # type: ignore[no-untyped-def]
    sent = {key: value if isinstance(value, list) else [value] for key, value in fields.items()}
    answers, problems = read_answers(form_for(tiny(name), audience), sent, GRADES, enforce_required=False)
    return answers, [(problem.question, str(problem.message)) for problem in problems]


def test_one_sign_an_item_by_its_position_on_the_screen() -> None:
    assert signs("reverse", A1="3", A2="1") == "13"  # raw positions, reverse or not
    assert signs("reverse", A1="2") == "2."
    assert signs("not_applicable", A1="9", A2="1", B1="3", OV1="2") == "?3..12"
    assert signs("wording", "student", A1="3") == "1-"  # A2 is not on the form of students
    assert signs("wording", "parent", A1="3") == "1."


def test_answers_to_hidden_items_are_dropped() -> None:
    assert signs("conditional", A1="3", A2="1", A3="1", meals="yes") == "13-1"
    assert signs("conditional", A1="3", A2="1", A3="1", meals="no") == "1--2"  # A1 is too good for A3
    assert signs("conditional", A1="1", A2="1", A3="1", meals="no") == "3-32"
    assert signs("conditional", A1="1", A2="1", A3="1") == "3--."  # a blank compares false, also for !=


def test_several_answers_are_one_sign_an_option() -> None:
    assert signs("choices", A1="3", why=["free", "near"]) == "1121"
    assert signs("choices", A1="3") == "1..."
    row = decode_answers("1121", answer_columns(tiny("choices")))
    assert row == {"A1": "3", "why": "near;free"}


@pytest.mark.parametrize(
    ("first", "second", "asked"),
    [("3", "1", False), ("1", "1", True), ("3", "3", True), ("2", "2", False), ("", "", False)],
)
def test_a_poor_answer_is_seen_after_flipping(first: str, second: str, asked: bool) -> None:
    answers, _ = answered("any_at_most", A1=first, A2=second)
    assert ("C1" not in answers.hidden) is asked
    answers, _ = answered("any_at_most", A1=first, A2=second, C1="太吵")
    assert answers.comments == {"C1": "太吵"}, "R-H5: a comment that was written counts, whatever its condition says"


def test_what_is_not_an_answer_is_named_by_question() -> None:
    assert answered("reverse", A1="7")[1] == [("A1", "这个选项无效，请重新选择")]
    assert answered("reverse", A1=["3", "1"])[1] == [("A1", "这一题只能选一项，请重新选择")]
    assert answered("grades_from", grade="9")[1] == [("grade", "这个选项无效，请重新选择")]
    answers, problems = read_answers(form_for(tiny("reverse"), "parent"), {"A1": ["", "3"]})
    assert [problem.question for problem in problems] == ["A2"]
    assert answers.codes_by_question == {"A1": ("3",)}


def test_the_grade_is_a_column_and_no_sign() -> None:
    answers, problems = answered("grades_from", A1="1", grade="5")
    assert (answers.grade, encode_answers(answers), problems) == ("5", "3", [])


def test_required_is_enforced_only_where_asked() -> None:
    form = form_for(tiny("conditional"), "parent")
    _, problems = read_answers(form, {"meals": ["no"], "A1": ["3"]})
    assert problems == [], "hidden items are not missing, background is optional"
    _, problems = read_answers(form, {"meals": ["yes"], "A1": ["3"]})
    assert [problem.question for problem in problems] == ["A2"]


CLEANED = {
    "好\x00的\ud800 ": "好的",
    "a\u202eb\u2066c\u2069\ufeff": "abc",
    "第一行\r\n第二行\r第三行\x07": "第一行\n第二行\n第三行",
    "👍🏽 👨‍👩‍👧 \U0002cb2d": "👍🏽 👨‍👩‍👧 \U0002cb2d",
    "e\u0301": "é",
    " \n ": "",
}


@pytest.mark.parametrize(("raw", "kept"), CLEANED.items(), ids=range(len(CLEANED)))
def test_comments_are_cleaned(raw: str, kept: str) -> None:
    assert clean_text(raw) == kept


@given(st.text(st.characters(codec=None), max_size=60))
def test_a_cleaned_text_can_be_stored_and_cleaning_again_changes_nothing(raw: str) -> None:
    text = clean_text(raw)
    text.encode("utf-8")
    assert clean_text(text) == text
    assert all(letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cs") for letter in text)


def test_the_limit_counts_what_is_kept() -> None:
    assert answered("comment", C1="好" * 20 + "\x00")[0].comments == {"C1": "好" * 20}
    assert answered("comment", C1="好" * 21)[1] == [("C1", "最多 20 字，现在有 21 字，请删减")]


FILES = SHIPPED_FILES + TINY_FILES


@st.composite
def respondents(draw: st.DrawFn) -> tuple[Instrument, str, dict[str, list[str]]]:
    instrument = read_instrument(draw(st.sampled_from(FILES)), CATEGORIES)
    audience = draw(st.sampled_from(instrument.audiences))
    fields: dict[str, list[str]] = {}
    for question in form_for(instrument, audience).questions():
        codes = [option.code for option in options_of(question, GRADES)]
        if codes:
            several = isinstance(question, BackgroundQuestion) and question.kind == "choices"
            fields[question.id] = draw(
                st.lists(st.sampled_from(codes), unique=True, max_size=len(codes) * several or 1)
            )
    return instrument, audience, fields


@given(respondents())
def test_encoding_keeps_exactly_what_was_visible(person: tuple[Instrument, str, dict[str, list[str]]]) -> None:
    instrument, audience, fields = person
    form = form_for(instrument, audience)
    answers, problems = read_answers(form, fields, GRADES, enforce_required=False)
    assert problems == []
    text = encode_answers(answers)
    shape = answer_columns(instrument)
    assert len(text) == len(shape)
    row = decode_answers(text, shape)
    assert set(row) == {item.id for item in instrument.scored_items()} | {q.id for q in instrument.closed_background()}
    for name, value in row.items():
        assert value == ";".join(answers.codes_by_question.get(name, ())), name
    on_form = {question.id for question in form.questions()} - answers.hidden
    for item, sign in zip(instrument.scored_items(), text, strict=False):
        assert isinstance(item, Item)
        assert (sign == "-") == (item.id not in on_form)
        if item.id in on_form:
            assert sorted(fields[item.id]) == sorted(answers.codes_by_question.get(item.id, ()))
