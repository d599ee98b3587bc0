"""Every text may stand in other words for one audience; amounts and frequencies are scales like others."""

import re

import pytest

from survey_app.definition.canonical import canonical_text, structure_hash, wording_hash
from survey_app.definition.languages import Text
from survey_app.definition.model import Instrument
from testing.instruments import changed, faults_of, read, tiny

NAME = "audience_wording"


@pytest.fixture
def school() -> Instrument:
    return tiny(NAME)


def test_every_text_has_a_wording_for_students(school: Instrument) -> None:
    """R §2, general 5: only items could be worded, so officials' words and a third person stood before children."""
    (dimension,) = school.dimensions
    read_by_students = [
        school.title_for_audience("student"), school.intro_for_audience("student"),
        dimension.label_for_audience("student"), dimension.lead_for_audience("student"),
        school.background[0].text_for_audience("student"), school.comments[0].text_for_audience("student"),
    ]  # fmt: skip
    assert [text.in_language("zh") if text else "" for text in read_by_students] == [
        "说说我的学校", "同学，你好", "我的老师", "你对这些满意吗？", "有人要求你怎样回答吗", "你想说的话",
    ]  # fmt: skip
    assert school.title_for_audience("parent") == school.title
    assert school.intro_for_audience("parent") == Text.of(zh="您好", en="Good day")
    assert (dimension.label_for_audience("teacher"), dimension.lead_for_audience("teacher")) == (
        dimension.label, dimension.lead,
    )  # fmt: skip


def test_all_of_it_survives_freezing(school: Instrument) -> None:
    again = read(canonical_text(school))
    assert again == school
    assert (again.title_for, again.intro_for) == (school.title_for, school.intro_for)
    assert (again.dimensions[0].label_for, again.dimensions[0].lead_for) == (
        school.dimensions[0].label_for, school.dimensions[0].lead_for,
    )  # fmt: skip
    assert [question.text_for for question in again.questions()] == [
        question.text_for for question in school.questions()
    ]
    assert [(question.help, question.help_for) for question in again.questions()] == [
        (question.help, question.help_for) for question in school.questions()
    ]
    assert sum(question.help is not None for question in again.questions()) == 3


WORDING = {
    "title": ("说说我的学校", "我的学校"),
    "intro": ("老师，您好", "老师好"),
    "label": ("我的老师", "老师"),
    "lead": ("您对下列各方面满意吗？", "您满意吗？"),
    "lead of an audience": ("你对这些满意吗？", "你满意吗？"),
    "background": ("有人要求你怎样回答吗", "有人要求过你吗"),
    "comment": ("你想说的话", "你还想说什么"),
    "small print": ("只算书面作业", "书面作业"),
    "small print of an audience": ("只算要写的作业", "要写的作业"),
    "small print of a comment": ("不要写姓名", "请不写姓名"),
    "small print about the person": ("学校看不到这一题", "学校看不到"),
}


@pytest.mark.parametrize(("old", "new"), WORDING.values(), ids=WORDING)
def test_it_is_wording_and_no_structure(school: Instrument, old: str, new: str) -> None:
    other = read(changed(NAME, old, new))
    assert structure_hash(other) == structure_hash(school)
    assert wording_hash(other) != wording_hash(school)


FAULTS = {
    "nobody of the file": ("title_for: {student:", "title_for: {inspector:", "“inspector”不是本问卷的对象"),
    "no such person": ("intro_for: {student:", "intro_for: {pupil:", "“pupil”不是本问卷的对象"),
    "one language only": ("title_for: {student: {zh: 说说我的学校, en: About my school}}",
                          "title_for: {student: {zh: 说说我的学校}}", "缺少“en”"),
    "no mapping": ("{student: {zh: 我的老师, en: My teachers}}", "我的老师", "“label_for”应当是“键: 值”的形式"),
    "a lead without words": ("lead: {zh: 您对下列各方面满意吗？", 'lead: {zh: ""', "“zh”是空的"),
    "small print without words": ("help: {zh: 不要写姓名,", 'help: {zh: "",', "“zh”是空的"),
    "small print for nobody": ("help_for: {student:", "help_for: {pupil:", "“pupil”不是本问卷的对象"),
    "small print in one language": ("{zh: 不要写姓名, en: No names please}", "{zh: 不要写姓名}", "缺少“en”"),
    "not asked": ("text_for: {student: {zh: 你想", "audiences: [parent], text_for: {student: {zh: 你想",
                  "这里不问“student”"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_reported_where_it_stands(old: str, new: str, expected: str) -> None:
    (fault,) = faults_of(changed(NAME, old, new))
    assert expected in fault
    text = changed(NAME, old, new)
    line = next(n for n, words in enumerate(text.splitlines(), 1) if new.split("\n")[0] in words)
    assert re.match(rf"q\.yaml:{line}:\d+: ", fault), fault


def test_a_dimension_is_not_worded_for_whom_it_asks_nothing() -> None:
    text = changed(NAME, "scale: three}\n", "scale: three, audiences: [parent, teacher]}\n")
    text = text.replace("scale: amount}", "scale: amount, audiences: [parent, teacher]}")
    text = text.replace(", audiences: [parent, student]}", ", audiences: [parent]}")
    found = faults_of(text)
    assert sum("这里不问“student”" in fault for fault in found) == 3, "the label, the lead, the small print of A2"


SCALES = {
    "the ends": ("points: 0, label: {zh: 太多", "points: 25, label: {zh: 太多", "从高到低或从低到高"),
    "no ideal": ("points: 100, favourable: true, label: {zh: 合适", "points: 90, favourable: true, label: {zh: 合适",
                 "中间应当是 100"),
    "only one point of points": ("points: 50, label: {zh: 有点少", "points: 0, label: {zh: 有点少", ""),
    "up and down": ("points: 50, label: {zh: 有点少", "points: 100, label: {zh: 有点少", "分值不比其他选项高"),
    "reverse": ("scale: amount}", "scale: amount, reverse: true}", "翻转不了"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), SCALES.values(), ids=SCALES)
def test_a_scale_with_an_ideal_in_the_middle_is_checked(old: str, new: str, expected: str) -> None:
    """R §2: "too few" and "too many" are both worse than "about right"."""
    found = faults_of(changed(NAME, old, new))
    assert found == [] if not expected else any(expected in fault for fault in found), found


def test_an_amount_has_no_direction_that_others_would_have_to_share(school: Instrument) -> None:
    assert [scale.id for scale in school.scales if scale.has_ideal] == ["amount"]
    assert faults_of(changed(NAME, "scale: three}\n", "scale: frequency}\n")) == []
