"""A number is typed and a band is kept."""

import pytest

from survey_app.definition.answers import answer_columns, decode_answers, encode_answers, read_answers
from survey_app.definition.canonical import canonical_text, structure_hash, wording_hash
from survey_app.definition.form import form_for, options_of
from testing.instruments import changed, faults_of, read, tiny

FORM = form_for(tiny("number"), "parent")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0", "11-"), ("29", "11-"), ("29.9", "11-"), ("30", "12-"), ("９０", "14."), (" 45 分钟 ", "12-"),
        ("45 minutes", "12-"), ("137", "15."), ("99999", "15."), ("60.", "13."),
    ],
)  # fmt: skip
def test_the_band_is_kept_and_nothing_else(typed: str, kept: str) -> None:
    answers, problems = read_answers(FORM, {"minutes": [typed], "A1": ["3"]})
    assert (problems, encode_answers(answers)) == ([], kept)
    assert set(answers.codes("minutes")) < {"0", "30", "60", "90", "120"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "这一题还没有回答"), ("an hour", "请只填一个数，如 120"), ("30-60", "请只填一个数"),
        ("-5", "请只填一个数"), ("1e3", "请只填一个数"), ("9999999999", "请只填一个数"), ("٣", "请只填一个数"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_asked_again(typed: str, said: str) -> None:
    _, problems = read_answers(FORM, {"minutes": [typed], "A1": ["3"]})
    assert [problem.question for problem in problems] == ["minutes"]
    assert said in str(problems[0].message)


def test_a_number_below_the_first_band_is_asked_again() -> None:
    form = form_for(read(changed("number", "[0, 30,", "[10, 30,")), "parent")
    (problem,) = read_answers(form, {"minutes": ["9"], "A1": ["3"]})[1]
    assert str(problem.message) == "应当是 10 或更大的数"
    assert read_answers(form, {"minutes": [""], "A1": ["3"]}, enforce_required=False)[1] == []


def test_bands_read_like_options_and_are_exported_by_their_beginning() -> None:
    labels = [dict(option.label) for option in options_of(FORM.questions()[0], ())]
    assert labels[0] == {"zh": "0–29分钟", "en": "0–29 minutes"}
    assert labels[-1] == {"zh": "≥ 120分钟", "en": "≥ 120 minutes"}
    assert decode_answers("13.", answer_columns(tiny("number")))["minutes"] == "60"
    single = form_for(read(changed("number", "bands: [0, 30", "bands: [0, 1, 30")), "parent")
    assert options_of(single.questions()[0], ())[0].label["zh"] == "0分钟"


def test_bands_and_unit_are_structure_and_other_languages_wording() -> None:
    instrument = tiny("number")
    assert read(canonical_text(instrument)) == instrument
    for old, new in (("[0, 30,", "[0, 40,"), ("zh: 分钟", "zh: 小时")):
        assert structure_hash(read(changed("number", old, new))) != structure_hash(instrument)
    other = read(changed("number", "en: minutes", "en: min"))
    assert structure_hash(other) == structure_hash(instrument)
    assert wording_hash(other) != wording_hash(instrument)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[0, 30, 60, 90, 120]", "[0]", "应当有 2 到 35 段"),
        ("[0, 30,", "[30, 30,", "应当从小到大"),
        ("[0, 30,", "[0, half,", "“bands”里应当是整数，不能是“half”"),
        (", unit: {zh: 分钟, en: minutes}", "", "缺少“unit”"),
        (", bands: [0, 30, 60, 90, 120]", "", "缺少“bands”"),
        ("'60'", "'61'", "选项“61”不在“minutes”的选项之中"),
        ("kind: number", "kind: choice", "没有“bands”这一项"),
    ],
)
def test_bands_that_cannot_be_kept_are_refused(old: str, new: str, said: str) -> None:
    assert any(said in fault for fault in faults_of(changed("number", old, new)))
