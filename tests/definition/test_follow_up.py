"""Closed questions that ask for reasons: where they stand, how they are kept, what is refused."""

import re

import pytest

from survey_app.definition.answers import answer_columns, decode_answers, encode_answers, read_answers
from survey_app.definition.canonical import canonical_text, structure_hash
from survey_app.definition.form import form_for
from testing.instruments import changed, faults_of, read, tiny, tiny_text


def test_follow_ups_stand_after_the_overall_item_and_before_private_questions() -> None:
    form = form_for(tiny("follow_up"), "parent")
    assert [question.id for question in form.questions()] == [
        "near", "T1", "T2", "OV1", "why_low", "advise", "told", "C1",
    ]  # fmt: skip


def test_they_are_kept_behind_the_background_one_sign_an_option_or_question() -> None:
    form = form_for(tiny("follow_up"), "parent")
    low = {"T1": ["1"], "near": ["y"], "why_low": ["lessons", "rooms"], "advise": ["n"]}
    answers, problems = read_answers(form, low)
    assert (problems, encode_answers(answers)) == ([], "3..1." + "1212" + "2")
    assert decode_answers("3..1.12122", answer_columns(tiny("follow_up")))["why_low"] == "lessons;rooms"
    content, _ = read_answers(form, {"T1": ["3"], "advise": ["y"], "why_low": ["lessons"]})
    assert encode_answers(content) == "1...." + "----" + "1", "hidden: the answer is not kept"
    assert content.hidden == {"why_low", "C1"}
    _, problems = read_answers(form, {"T1": ["3"], "advise": [""]})
    assert [problem.question for problem in problems] == ["advise"]


def test_teachers_may_be_asked_for_reasons_and_not_for_their_background() -> None:
    form = form_for(tiny("follow_up"), "teacher")
    assert "near" not in {question.id for question in form.questions()}
    assert encode_answers(read_answers(form, {"T1": ["1"], "advise": ["y"]})[0]) == "3..-." + "...." + "1"


def test_what_is_written_is_read_back() -> None:
    instrument = tiny("follow_up")
    assert read(canonical_text(instrument)) == instrument
    without = tiny_text("follow_up").replace("follow_up:\n", "x:\n", 1)
    assert any("“x”" in fault for fault in faults_of(without))
    assert structure_hash(read(changed("follow_up", "code: homework", "code: tasks"))) != structure_hash(instrument)
    assert '"follow_up"' not in canonical_text(tiny("choices")), "what was frozen before reads and hashes as before"


def test_what_a_follow_up_cannot_be_is_said() -> None:
    (private,) = faults_of(changed("follow_up", "    required: true\n", "    private: true\n"))
    assert "follow_up 里的题不能写 private" in private
    *_, kind = faults_of(changed("follow_up", "id: advise\n    kind: choice\n", "id: advise\n    kind: grade\n"))
    assert "“kind”的值“grade”不在 choice, choices 之中" in kind
    (later,) = faults_of(changed("follow_up", "any_at_most(teaching, '1')", "told == 'y'"))
    assert "排在后面或就是本题" in later


def test_one_language_needs_no_other() -> None:
    instrument = tiny("follow_up")
    assert instrument.languages == ("zh",)
    assert '"en"' not in canonical_text(instrument)
    (missing,) = faults_of(changed("follow_up", "languages: [zh]", "languages: [zh, en]"))[:1]
    assert "缺少“en”" in missing


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (["lessons"], None),
        (["lessons", "rooms"], None),
        (["none"], None),
        ([], None),
        (["lessons", "homework", "rooms"], "最多选 2 项，现在选了 3 项，请去掉几项"),
        (["lessons", "none"], "“以上都没有”不能与别的选项一起选，请改"),
    ],
)
def test_options_that_cannot_be_chosen_together_are_asked_again(chosen: list[str], said: str | None) -> None:
    form, fields = form_for(tiny("follow_up"), "parent"), {"T1": ["1"], "advise": ["y"], "why_low": chosen}
    _, problems = read_answers(form, fields)
    assert [str(problem.message) for problem in problems] == ([said] if said else [])
    kept, none = read_answers(form, fields, enforce_required=False)
    assert (kept.codes("why_low"), none) == (tuple(chosen), []), "what was ticked on paper stays"


def test_at_least_asks_for_more_of_those_who_answer() -> None:
    form = form_for(read(changed("follow_up", "at_least: 1", "at_least: 2")), "parent")
    fields = {"T1": ["1"], "advise": ["y"]}
    assert read_answers(form, fields)[1] == []
    assert read_answers(form, fields | {"why_low": ["none"]})[1] == [], "an exclusive option is an answer by itself"
    (problem,) = read_answers(form, fields | {"why_low": ["rooms"]})[1]
    assert str(problem.message) == "至少选 2 项，现在选了 1 项，请再选"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("at_most: 2", "at_most: 4", "能一起选的选项只有 3 个"),
        ("at_most: 2", "at_most: 1", "“at_most”应当是 2 到 35 之间的数"),
        ("at_least: 1", "at_least: 3", "at_least 比 at_most 大"),
        ("label: {zh: 会}}", "label: {zh: 会}, exclusive: true}", "选项没有“exclusive”这一项"),
        ("required: true\n    options", "at_most: 2\n    options", "没有“at_most”这一项"),
    ],
)
def test_limits_that_cannot_be_kept_are_refused(old: str, new: str, said: str) -> None:
    assert said in faults_of(changed("follow_up", old, new))[0]


def test_a_question_of_exclusive_options_is_another_kind() -> None:
    text = re.sub(
        r"(code: (?:lessons|homework|rooms), label: {zh: ..})", r"\1, exclusive: true", tiny_text("follow_up")
    )
    assert "那就是单选题，请用 kind: choice" in faults_of(text)[0]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("at_most(near, 'y')", "“near”的选项没有高低，条件不能用 at_most 和 at_least"),
        ("at_least(T1, '7')", "选项“7”不在“T1”的选项之中"),
        ("count(T1) >= 1", "“T1”不是多选题，条件不能用 count"),
        ("answered(C1)", "“C1”排在后面或就是本题"),
        ("count(T9) >= 1", "题号“T9”不存在"),
        ("at_most(T1, '1') and at_least(T1, '2')", "永远不成立"),
        ("answered(T1) and not answered(T1)", "永远不成立"),
    ],
)
def test_conditions_that_cannot_be_asked_are_refused(condition: str, said: str) -> None:
    assert said in faults_of(changed("follow_up", "any_at_most(teaching, '1')", condition))[0]


@pytest.mark.parametrize(
    ("condition", "fields", "asked"),
    [
        ("count(why_low) >= 2", {"why_low": ["lessons"]}, False),
        ("count(why_low) >= 2", {"why_low": ["lessons", "rooms"]}, True),
        ("at_most(T2, '2')", {"T2": ["2"]}, True),
        ("at_most(T2, '2')", {"T2": ["3"]}, False),
        ("at_most(T2, '2')", {}, False),
        ("answered(T2)", {}, False),
        ("answered(T2)", {"T2": ["3"]}, True),
    ],
)
def test_new_conditions_hold_as_they_read(condition: str, fields: dict[str, list[str]], asked: bool) -> None:
    instrument = read(changed("follow_up", "why_low == 'lessons'", condition))
    answers, _ = read_answers(form_for(instrument, "parent"), {"T1": ["1"], "advise": ["y"]} | fields)
    assert ("C1" not in answers.hidden) is asked


def test_more_options_than_there_are_can_never_be_counted() -> None:
    (fault,) = faults_of(changed("follow_up", "why_low == 'lessons'", "count(why_low) >= 5"))
    assert "“why_low”没有 5 个选项" in fault


def test_thresholds_judge_after_flipping() -> None:
    turned = changed(
        "follow_up",
        "{id: T1, text: {zh: 讲课}, scale: three}",
        "{id: T1, text: {zh: 讲课}, scale: three, reverse: true}",
    )
    form = form_for(read(turned.replace("any_at_most(teaching, '1')", "at_least(T1, '3')")), "parent")
    assert "why_low" not in read_answers(form, {"T1": ["1"]})[0].hidden, "the worst word is the best answer"
    assert "why_low" in read_answers(form, {"T1": ["3"]})[0].hidden


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: {zh: 小问卷}", 'title: {zh: "给{school}"}'),
        ("label: {zh: 教学}", 'label: {zh: "在{school}"}'),
        ("label: {zh: 教室}", 'label: {zh: "在{school}"}'),
        ("label: {zh: 一般}", 'label: {zh: "在{school}"}'),
    ],
)
def test_what_means_the_same_everywhere_names_no_school(old: str, new: str) -> None:
    faults = faults_of(changed("follow_up", old, new))
    assert faults
    assert all("：{school} 只能写在题目、小字、维度的问句和开头的说明里" in fault for fault in faults)


def test_what_is_written_beside_an_option_is_a_comment_of_its_own() -> None:
    form = form_for(tiny("follow_up"), "parent")
    fields = {"T1": ["1"], "advise": ["y"], "why_low": ["lessons", "rooms"], "why_low.rooms": [" 太\n挤 "]}
    answers, problems = read_answers(form, fields)
    assert problems == []
    assert answers.comments == {"why_low.rooms": "太 挤"}
    assert encode_answers(answers) == "3...." + "1212" + "1", "counted as chosen, and no more than that"
    blank, problems = read_answers(form, fields | {"why_low.rooms": ["  "]})
    assert (problems, blank.comments) == ([], {}), "nobody has to write"
    hidden, _ = read_answers(form, fields | {"T1": ["3"]})
    assert hidden.comments == {}


@pytest.mark.parametrize(
    ("chosen", "written", "said"),
    [
        (["rooms"], "挤" * 21, "“教室”最多写 20 字，现在有 21 字，请删减"),
        (["lessons"], "太挤", "您写了“教室”的内容：请也选上这一项，或把文字删去"),
        ([], "太挤", "您写了“教室”的内容：请也选上这一项，或把文字删去"),
    ],
)
def test_a_text_without_its_option_or_too_long_is_asked_again(chosen: list[str], written: str, said: str) -> None:
    form = form_for(tiny("follow_up"), "parent")
    fields = {"T1": ["1"], "advise": ["y"], "why_low": chosen, "why_low.rooms": [written]}
    (problem,) = read_answers(form, fields)[1]
    assert (problem.question, str(problem.message)) == ("why_low", said)


def test_one_answer_may_have_a_text_too_and_a_scale_may_not() -> None:
    text = changed("follow_up", 'code: "n", label: {zh: 不会}', 'code: "n", text: 10, label: {zh: 不会}')
    form = form_for(read(text), "parent")
    answers, problems = read_answers(form, {"T1": ["3"], "advise": ["n"], "advise.n": ["远"]})
    assert (problems, answers.comments, answers.codes("advise")) == ([], {"advise.n": "远"}, ("n",))
    assert structure_hash(read(text)) != structure_hash(tiny("follow_up"))
    (fault,) = faults_of(changed("follow_up", "label: {zh: 一般}", "label: {zh: 一般}, text: 10"))
    assert "量表点没有“text”这一项" in fault
    (fault,) = faults_of(changed("follow_up", "text: 20", "text: 2000"))
    assert "“text”应当是 1 到 200 之间的数" in fault
