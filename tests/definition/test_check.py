"""What the checker refuses because it would not measure, show or export what the file says; the trials' numbers."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.definition.agreement import disagreements
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import read_categories
from survey_app.definition.check_reach import can_hold
from survey_app.definition.conditions import AllOf, Comparison, Not
from survey_app.definition.model import BackgroundQuestion, Option
from survey_app.definition.nodes import DefinitionError, read_text
from testing.instruments import (
    CATEGORIES,
    QUESTIONNAIRES,
    SHIPPED_FILES,
    TINY_FILES,
    changed,
    faults_of,
    read,
    tiny_text,
)


def only_fault(text: str) -> str:
    (fault,) = faults_of(text)
    return fault


@pytest.mark.parametrize("name", ["school_code", "audience"])
def test_a_column_of_the_exports_is_refused_at_its_line(name: str) -> None:
    """C-F2: the export's column held answers, and which school it was is lost."""
    fault = only_fault(changed("comment", "id: C1", f"id: {name}"))
    assert f"题号“{name}”是导出表自己的列名" in fault
    line = next(n for n, text in enumerate(changed("comment", "id: C1", "id: @").splitlines(), 1) if "id: @" in text)
    assert fault.startswith(f"q.yaml:{line}:")


def test_only_the_question_about_the_grade_is_called_grade() -> None:
    """C-F2: a choice with the id ``grade`` filled the export's grade column with its own codes."""
    assert "grade" in only_fault(changed("choices", "id: why", "id: grade"))
    assert faults_of(tiny_text("grades_from")) == []


WORST_IS_GOOD = ("points: 0,", "points: 0, favourable: true,")
SCALES = {
    "favourable at the wrong end": ([("favourable: true, ", ""), WORST_IS_GOOD], "分值不比其他选项高"),
    "the same points": ([("points: 100", "points: 50"), ("points: 0", "points: 50")], "两端应当是 100 和 0"),
    "ends": ([("points: 100", "points: 90")], "两端应当是 100 和 0"),
    "all favourable": ([("points: 50,", "points: 50, favourable: true,"), WORST_IS_GOOD], "测不出不满意"),
    "the same label": ([("zh: 一般, en: Fair", "zh: 好, en: Fair")], "选项“好”写了两次"),
    "the same label in English": ([("en: Fair", "en: Good")], "选项“Good”写了两次"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), SCALES.values(), ids=SCALES)
def test_a_scale_that_measures_wrongly_is_a_fault(changes: list[tuple[str, str]], expected: str) -> None:
    """C-F7: favourable on the last two gave a rate of 0 to the best school."""
    text = tiny_text("reverse")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    found = faults_of(text)
    assert any(expected in fault for fault in found), found


def test_a_code_or_label_used_twice_is_reported_at_the_second_option() -> None:
    """C-F7, C-F18: the right line."""
    text = changed("reverse", 'code: "2"', 'code: "3"')
    line = next(number for number, words in enumerate(text.splitlines(), 1) if "points: 50" in words)
    assert only_fault(text).startswith(f"q.yaml:{line}:")


def test_no_dimension_is_called_like_the_total() -> None:
    """C-F8: two rows ``parent, OVERALL`` with different figures."""
    assert "总指数的名字" in only_fault(changed("reverse", "id: d\n", "id: OVERALL\n"))


def test_one_name_has_one_meaning_in_a_wave() -> None:
    """C-F8: the parents' food index was printed under "transport"."""
    text = changed("reverse", "id: A1,", "id: A1, concept: meals,")
    first = read(text)
    second = read(text.replace("id: reverse", "id: second").replace("zh: 维度d", "zh: 交通"))
    third = read(text.replace("id: reverse", "id: third").replace("points: 50", "points: 60"))
    assert list(disagreements([first, read(text.replace("en: Item A1", "en: Meals"))])) == []
    (other_label,) = disagreements([first, second])
    assert all(word in str(other_label) for word in ("维度“d”", "reverse", "second", "交通"))
    (other_scale,) = disagreements([first, third])
    assert all(word in str(other_scale) for word in ("meals", "reverse", "third"))


def test_a_concept_stands_once_in_a_file() -> None:
    """C-F8."""
    text = tiny_text("reverse").replace("id: A1,", "id: A1, concept: c,").replace("id: A2,", "id: A2, concept: c,")
    assert "concept“c”用了两次" in only_fault(text)


def test_who_has_no_grade_is_not_asked_for_it() -> None:
    """C-F13: a private grade question was put to teachers."""
    text = tiny_text("grades_from").replace("required: true", "required: true, private: true")
    assert faults_of(text) == []
    text = text.replace("audiences: [parent, student]", "audiences: [parent, student, teacher]")
    assert any("不分年级" in fault for fault in faults_of(text))


def test_what_nobody_can_see_is_a_fault() -> None:
    """C-F14: a condition on a question that this audience is not asked."""
    text = changed("conditional", "audiences: [parent]", "audiences: [parent, student]")
    text = text.replace("id: meals,", "id: meals, audiences: [parent],")
    assert any("条件里的题都不问" in fault for fault in faults_of(text)), faults_of(text)


def test_a_wording_for_somebody_who_is_not_asked_is_a_fault() -> None:
    """C-F14."""
    text = changed("wording", "text_for: {student:", "audiences: [parent], text_for: {student:")
    assert any("不问“student”" in fault for fault in faults_of(text)), faults_of(text)


def test_a_retired_id_stands_once() -> None:
    """C-F14."""
    twice = "retired: [{id: Z1, last_version: '0'}, {id: Z1, last_version: '0'}]\ncomments:"
    assert "写了两次" in only_fault(changed("comment", "comments:", twice))


@pytest.mark.parametrize(("before", "after"), [("id: primary", "id: direct"), ('{code: "2"', '{code: "1"')])
def test_categories_and_grades_stand_once(before: str, after: str, tmp_path: Path) -> None:
    """C-F14: the same category id or grade code twice was accepted."""
    text = (QUESTIONNAIRES / "categories.yaml").read_text("utf-8")
    assert before in text
    copy = tmp_path / "categories.yaml"
    copy.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(DefinitionError, match=r"两次|重复|同时属于"):
        read_categories(copy)


@pytest.mark.parametrize("words", ["~", '"\\u200b"', '"\\ue000abc\\ue001"'])
def test_a_text_that_says_nothing_is_a_fault(words: str) -> None:
    """C-F16, C-F12: ``en: ~`` was printed, a zero-width space passed, private-use characters broke every page."""
    assert len(faults_of(changed("comment", "en: Suggestions", f"en: {words}"))) == 1


@pytest.mark.parametrize("written", ["[parent、student]", "【parent】", "parent", "[parents]"])
def test_one_cause_has_one_message(written: str) -> None:
    """C-F18: every item was told that it lacks "audiences"."""
    found = faults_of(changed("reverse", "audiences: [parent]", f"audiences: {written}"))
    assert len(found) == 1, found
    assert found[0].startswith("q.yaml:6:"), found


@pytest.mark.parametrize(
    ("before", "after", "line"), [("format: 1", "format：1", 2), ('version: "1"', 'version："1"', 4)]
)
def test_a_full_width_colon_is_reported_where_it_stands(before: str, after: str, line: int) -> None:
    """C-F18: it was reported on the next line."""
    fault = only_fault(changed("reverse", before, after))
    assert fault.startswith(f"q.yaml:{line}:"), fault
    assert "全角" in fault


def test_a_control_character_is_reported_where_it_stands() -> None:
    """C-F18: NUL was reported at 1:1, in the parser's English."""
    fault = only_fault(changed("reverse", "zh: 小问卷", "zh: 小\0问卷"))
    assert fault.startswith("q.yaml:5:"), fault
    assert "控制字符" in fault


def test_the_item_that_is_too_many_is_named() -> None:
    """C-F18: it was reported at 1:1."""
    more = "".join(f"      - {{id: Q{n}, text: {{zh: 题{n}, en: Item {n}}}, scale: three}}\n" for n in range(130))
    text = tiny_text("reverse").rstrip("\n") + "\n" + more
    fault = only_fault(text)
    assert "超过 120 个" in fault
    assert text.splitlines()[int(fault.split(":")[1]) - 1].lstrip().startswith("- {id: Q118")


def test_an_audience_without_items_is_named_where_it_stands() -> None:
    """C-F18: it was reported at 1:1."""
    text = changed("wording", "audiences: [parent, student]", "audiences: [parent, student, inspector]").replace(
        "- {id: A1,", "- {id: A1, audiences: [parent, student],"
    )
    assert any(fault.startswith("q.yaml:6:") and "inspector" in fault for fault in faults_of(text)), faults_of(text)


TEXTS = [path.read_text("utf-8") for path in TINY_FILES + SHIPPED_FILES[:1]]
PIECES = st.sampled_from([
    "", "~", "[]", "{}", "[[]]", "{a: b}", "null", "-1", "1e9", "：", "parent", "[parent]", "{zh: 甲, en: A}", "'", '"',
    "&a x", "*a", "!!str x", "\t", "grade", "choices", "\0", "🙂", "\ue000", "x" * 60, "((((", "not not",
    "any_at_most(d, '1')", *AUDIENCES.ids(),
])  # fmt: skip


@given(st.sampled_from(TEXTS), st.data())
def test_no_definition_file_ends_in_a_traceback(text: str, data: st.DataObject) -> None:
    """Whatever stands in a file, the reader says what is wrong with it or reads it."""
    lines = text.splitlines()
    for _change in range(data.draw(st.integers(1, 3))):
        number = data.draw(st.integers(0, len(lines) - 1))
        piece = data.draw(PIECES)
        action = data.draw(st.sampled_from(("value", "token", "drop", "twice", "insert", "indent")))
        line = lines[number]
        if action == "value":
            lines[number] = line.partition(":")[0] + ": " + piece
        elif action == "token":
            words = re.findall(r"\w+|\W", line) or [""]
            words[data.draw(st.integers(0, len(words) - 1))] = piece
            lines[number] = "".join(words)
        elif action == "indent":
            lines[number] = "  " + line
        else:
            lines[number : number + 1] = {"drop": [""], "twice": [line, line], "insert": [line, piece]}[action]
    assert all(fault.startswith("q.yaml:") for fault in faults_of("\n".join(lines)))


UNREACHABLE = {
    "both at once": ("meals == 'yes' and meals == 'no'", "谁也看不到"),
    "one and not that one": ("meals == 'yes' and not (meals == 'yes')", "谁也看不到"),
    "two sets without a common code": ("meals in ['yes'] and meals in ['no']", "谁也看不到"),
    "every code excluded": ("meals != 'yes' and meals != 'no'", "谁也看不到"),
    "contradiction in both branches": (
        "(meals == 'yes' and meals == 'no') or (meals == 'no' and meals == 'yes')", "谁也看不到",
    ),
}  # fmt: skip


def conditional_on(condition: str) -> str:
    """The tiny conditional instrument, whose first condition is another one."""
    return re.sub(r'show_if: ("[^"]*"|\'[^\']*\')', f'show_if: "{condition}"', tiny_text("conditional"), count=1)


@pytest.mark.parametrize("name", UNREACHABLE)
def test_a_condition_that_contradicts_itself_is_refused_at_its_line(name: str) -> None:
    """C-F14: ``x == 'y' and x == 'n'`` passed, and nobody ever saw the question."""
    condition, words = UNREACHABLE[name]
    text = conditional_on(condition)
    fault = only_fault(text)
    assert words in fault
    line = next(number for number, row in enumerate(text.splitlines(), 1) if condition in row)
    assert fault.startswith(f"q.yaml:{line}:")


@pytest.mark.parametrize(
    "condition", ["meals == 'yes' or meals == 'no'", "not (meals == 'yes' and meals == 'no')", "not (meals != 'yes')"]
)
def test_a_condition_that_somebody_can_meet_is_accepted(condition: str) -> None:
    """C-F14: what is seen by somebody, or by everybody, is no contradiction."""
    assert faults_of(conditional_on(condition)) == []


def test_of_several_options_two_may_be_chosen_at_once() -> None:
    """C-F14: ``why == 'a' and why == 'b'`` is no contradiction where both can be ticked."""
    instrument = read(tiny_text("choices"))
    question = next(entry for entry in instrument.background if entry.id == "why")
    first, second, *_rest = (option.code for option in question.options)
    both = AllOf((Comparison("why", (first,)), Comparison("why", (second,))))
    assert can_hold(both, instrument, CATEGORIES, instrument.audiences[0])
    assert not can_hold(AllOf((both, Not(both))), instrument, CATEGORIES, instrument.audiences[0])


def graded(condition: str, audiences: str = "[parent, student]") -> str:
    """An instrument that asks students from grade 4 on, with a question behind a condition."""
    item = re.search(r"- \{id: A1, text", tiny_text("grades_from"))
    assert item
    return tiny_text("grades_from").replace(
        item.group(0), f"- {{id: A1, audiences: {audiences}, show_if: \"{condition}\", text"
    )  # fmt: skip


def test_a_grade_that_an_audience_is_never_asked_in_is_named() -> None:
    """C-F14: ``grade in ['1']`` for students who are asked from grade 4 on."""
    faults = faults_of(graded("grade in ['1']", "[student]"))
    assert any("条件里的年级“1”不问" in fault for fault in faults), faults
    faults = faults_of(graded("grade in ['1']"))
    assert any("对学生永远不成立" in fault for fault in faults), faults
    assert not any("永远不成立" in fault for fault in faults_of(graded("grade in ['1', '5']")))


def test_a_long_condition_is_believed_and_not_computed_for_ever() -> None:
    """C-F14: the check itself must end."""
    instrument = read(tiny_text("choices"))
    question = next(entry for entry in instrument.background if entry.id == "why")
    many = BackgroundQuestion(
        id="why", kind="choices", text=question.text, audiences=question.audiences,
        options=tuple(Option(f"o{n}", question.text) for n in range(30)),
    )  # fmt: skip
    instrument = replace(instrument, background=(many,))
    condition = AllOf(tuple(Comparison("why", (f"o{n}",)) for n in range(30)))
    assert can_hold(condition, instrument, CATEGORIES, instrument.audiences[0])


@pytest.mark.parametrize("words", ["Suggestions #1", "Suggestions #1 and more", "Suggestions  # remark"])
def test_a_number_sign_that_yaml_takes_for_a_remark_is_named_in_its_column(words: str) -> None:
    """C-F16: ``zh: 学校 #1 食堂`` became “学校” without a word."""
    text = re.sub(r"title: \{.*\}", f"title:\n  zh: 小问卷\n  en: {words}", tiny_text("comment"), count=1)
    fault = only_fault(text)
    line = next(number for number, row in enumerate(text.splitlines(), 1) if words in row)
    assert fault.startswith(f"q.yaml:{line}:{text.splitlines()[line - 1].index('#') + 1}: “#”"), fault


def test_a_number_sign_in_braces_is_named_where_it_stands() -> None:
    """C-F16: it swallowed the brace, and the parser spoke of the next line."""
    text = re.sub(r"title: \{.*\}", "title: {zh: 学校 #1 食堂, en: School 1}", tiny_text("comment"), count=1)
    assert "“#”和它后面的字被当作备注" in only_fault(text)
    line = next(number for number, row in enumerate(text.splitlines(), 1) if "#1" in row)
    assert only_fault(text).startswith(f"q.yaml:{line}:16:"), only_fault(text)


def test_quoted_number_signs_and_remarks_elsewhere_stay_possible() -> None:
    """C-F16: the sign itself, and a remark after what is no text, are honest."""
    text = re.sub(r"title: \{.*\}", 'title: {zh: "学校 #1", en: "School #1"}  # ours', tiny_text("comment"), count=1)
    assert faults_of(text.replace("id: comment\n", "id: comment  # a remark\n", 1)) == []


@pytest.mark.parametrize("words", ["食堂（英文待补）", "题二。", "Canteen（英文待补）", "Canteen 食堂", "Canteen TODO"])
def test_a_translation_that_is_half_done_is_named(words: str) -> None:
    """C-F16: only a text equal to the Chinese one was noticed."""
    text = re.sub(r"title: \{.*\}", f'title: {{zh: 小问卷, en: "{words}"}}', tiny_text("comment"), count=1)
    assert "没译的汉字" in only_fault(text)


def test_a_chinese_word_may_stand_beside_its_translation() -> None:
    """C-F16: a gloss in brackets or quotes is no fault."""
    text = re.sub(r"title: \{.*\}", 'title: {zh: 户口, en: "Household register (户口)"}', tiny_text("comment"), count=1)
    assert faults_of(text) == []


NO_YAML = (
    "a: b: c\n", "a: [1, 2\nb: 3\n", "a: {b: 1\nc: 2\n", 'a: "x\\q"\n', "a: 'x\n", "a: @x\n", "a: &\n", "a: %x\n",
    "a:\n  - x\n y: 1\n", "- a\nb: 1\n", " a: 1\nb: 2\n", "a: }\n", "a\nb: 1\n", "%x\na: 1\n", "a: !<\n", "a: *\n",
    "a: |x\n b\n", "? a\n: b\n- c", 'a: "\\u12"\n', "a: 1\n...\nb", "a: >\n\tx\n b",
)  # fmt: skip


@pytest.mark.parametrize("text", NO_YAML)
def test_no_reason_is_the_parser_s_own_english(text: str) -> None:
    """C-F18: Chinese sentences held English halves, such as "did not find expected key"."""
    with pytest.raises(DefinitionError) as caught:
        read_text(text, "q.yaml")
    for issue in caught.value.issues:
        assert not re.search(r"[a-z]{4,}", str(issue.message)), issue.message
