"""The shipped questionnaires are worded as the trial of the people who answer asked; its section 2, row by row."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey_app.definition.agreement import disagreements
from survey_app.definition.conditions import Comparison, leaves
from survey_app.definition.form import Form, form_for
from survey_app.definition.languages import Text
from survey_app.definition.model import Instrument, Item, Occasion
from survey_app.definition.parse import read_instrument
from testing.instruments import CATEGORIES, SHIPPED_FILES

INSTRUMENTS = {path.stem: read_instrument(path, CATEGORIES) for path in SHIPPED_FILES}
FORMS = [
    form_for(instrument, audience)
    for instrument in INSTRUMENTS.values() if instrument.occasion != Occasion.EVALUATION  # signed, not anonymous
    for audience in instrument.audiences
]  # fmt: skip
each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.instrument.id}-{form.audience}")
OFFICIAL = ("师德师风", "双减", "证件号码", "教育督导", "义务教育", "不了解", "督导")


def item(instrument_id: str, item_id: str) -> Item:
    return next(found for found in INSTRUMENTS[instrument_id].scored_items() if found.id == item_id)


def texts_on(form: Form) -> Iterator[Text]:
    """Everything that its audience reads, as it reads it."""
    instrument, audience = form.instrument, form.audience
    found = [instrument.title_for_audience(audience), instrument.intro_for_audience(audience)]
    for section in form.sections:
        if section.dimension is not None:
            found += [section.dimension.label_for_audience(audience), section.dimension.lead_for_audience(audience)]
        for question in section.questions:
            found.append(question.text_for_audience(audience))
    yield from (text for text in found if text)


def words_on(form: Form, language: str = "zh") -> str:
    return "\n".join(text.in_language(language) for text in texts_on(form))


@each_form
def test_a_question_is_asked(form: Form) -> None:
    """R §2, general 1: noun phrases stand under a question; what stands without one is a question itself."""
    for section in form.sections:
        lead = section.dimension.lead_for_audience(form.audience) if section.dimension else None
        if lead is not None:
            assert "满意吗？" in lead.in_language("zh")
        for question in section.items:
            words = question.text_for_audience(form.audience).in_language("zh")
            is_satisfaction = question.scale.id == "satisfaction5"
            asks = "？" in words or words.startswith(("你同意吗：", "您同意吗："))
            assert asks or (lead is not None and is_satisfaction), words


@each_form
def test_students_are_addressed_as_themselves(form: Form) -> None:
    """R §2: 您 to students, "the student's year" asked of the student, teachers greeted as parents."""
    words = words_on(form)
    if form.audience == "student":
        assert "您" not in words
        assert "孩子" not in words
        assert "学生所在" not in words
    elif form.audience == "teacher":
        assert "几个孩子" not in words
        assert "也不问性别、年龄" in words
    elif form.audience != "parent":
        assert "几个孩子" not in words
        assert re.search("你(?!们)", words) is None
    else:
        about_district = form.instrument.occasion == Occasion.RECOGNITION
        assert ("也请只填一份" if about_district else "请为每个孩子各填一份") in words
        assert re.search("你(?!们)", words) is None


def test_children_read_no_words_of_officials() -> None:
    """R §2, c-student: title, introduction, headings, "don't know", the private question."""
    instrument = INSTRUMENTS["compulsory-student"]
    words = words_on(form_for(instrument, "student"))
    assert [word for word in OFFICIAL if word in words] == []
    assert {scale.not_applicable.label["zh"] for scale in instrument.scales if scale.not_applicable} == {"不知道"}
    (pressed,) = (question for question in instrument.background if question.private)
    assert pressed.options[-1].label["zh"] == "不想说"


def test_no_statement_is_flipped_any_more() -> None:
    """R §2, B5 and T3: reverse items fail with children and cure no bias; frequencies ask the same directly."""
    assert [
        found.id for instrument in INSTRUMENTS.values() for found in instrument.scored_items() if found.reverse
    ] == []
    for instrument_id in ("compulsory-parent", "compulsory-student", "senior"):
        assert item(instrument_id, "W2").scale.id == "frequency5"
        assert [point.label["zh"] for point in item(instrument_id, "W2").scale.points] == [
            "从不", "很少", "有时", "经常", "每天",
        ]  # fmt: skip


def test_amounts_say_too_little_and_too_much() -> None:
    """R §2, B1 and B3: "dissatisfied with the amount" mixed both."""
    asked = [
        (instrument.id, found.id)
        for instrument in INSTRUMENTS.values() for found in instrument.scored_items()
        if "多不多" in found.text["zh"]
    ]  # fmt: skip
    assert len(asked) == 12  # the pupils' form with faces asks what the one without asks
    for instrument_id, item_id in asked:
        assert [point.points for point in item(instrument_id, item_id).scale.points] == [0, 50, 100, 50, 0]
    for instrument in INSTRUMENTS.values():
        assert not {"homework_amount", "tests"} & {found.concept for found in instrument.scored_items()}


def test_gifts_and_paid_lessons_are_two_questions() -> None:
    """R §2, E4: double-barrelled, with the accusation as an example; colleagues are not asked about each other."""
    assert item("compulsory-parent", "E5").text["zh"] == "老师不收礼品礼金的情况"
    assert item("compulsory-parent", "E6").text["zh"] == "老师不搞有偿补课的情况"
    assert "收礼" not in words_on(form_for(INSTRUMENTS["compulsory-teacher"], "teacher"))


def test_what_a_condition_asks_about_has_to_be_answered() -> None:
    """R §2, lunch and after_school: leaving them blank lost the item that they decide."""
    for instrument in INSTRUMENTS.values():
        questions = {question.id: question for question in instrument.questions()}
        names = {
            leaf.question
            for question in instrument.questions() if question.show_if
            for leaf in leaves(question.show_if) if isinstance(leaf, Comparison)
        }  # fmt: skip
        assert all(questions[name].required for name in names)


@each_form
def test_everybody_may_write_whatever_they_answered(form: Form) -> None:
    """R-H5: senior had no open question for whoever is content with the lessons and not with the dormitory."""
    assert [comment for comment in form.instrument.comments
            if form.audience in comment.audiences and comment.show_if is None]  # fmt: skip


@each_form
def test_the_neutral_point_and_the_promises_are_worded_alike(form: Form) -> None:
    """R §2, general 2, R-M6: 一般 is no point of agreement; a comment may be passed on, and each form says so."""
    for found in form.items():
        if found.scale.id == "agreement5":
            assert found.scale.points[2].label["zh"] == "说不上同意或不同意"
    intro = form.instrument.intro_for_audience(form.audience)
    assert intro is not None
    assert re.search("可能(转给|会告诉)", intro["zh"])
    assert re.search("看不到(您|你)?(选了什么|是谁选的)", intro["zh"])
    assert "分钟" not in intro["zh"], "the form counts its own minutes"


REVISED = [path for path in SHIPPED_FILES if INSTRUMENTS[path.stem].retired]


def test_six_were_revised_after_the_trial() -> None:
    assert len(REVISED) == 6


@pytest.mark.parametrize("path", REVISED, ids=lambda path: path.stem)
def test_a_new_meaning_has_a_new_id(path: Path) -> None:
    """What was asked in other words with another meaning is retired, and its concept is gone with it."""
    instrument: Instrument = INSTRUMENTS[path.stem]
    assert instrument.version == "2026.3"
    assert {retired.last_version for retired in instrument.retired} == {"2026.2"}
    assert not {retired.id for retired in instrument.retired} & set(instrument.ids())


def test_all_may_stand_in_one_wave() -> None:
    assert list(disagreements(list(INSTRUMENTS.values()))) == []
