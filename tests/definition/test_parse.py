"""From a file to an instrument: every fault is reported with its place, not only the first."""

from pathlib import Path

import pytest

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import read_categories
from survey_app.definition.kinds import Block, kinds_in
from survey_app.definition.languages import Text
from survey_app.definition.nodes import DefinitionError
from survey_app.definition.parse import read_instrument
from testing.instruments import (
    CATEGORIES,
    QUESTIONNAIRES,
    SHIPPED_FILES,
    TINY_FILES,
    changed,
    faults_of,
    read,
    tiny,
    tiny_text,
)

LONG = "x" * 40


def test_there_are_files_to_read() -> None:
    """A folder that moved would leave the tests below empty."""
    assert len(SHIPPED_FILES) >= 6
    assert len(TINY_FILES) >= 10


@pytest.mark.parametrize("path", SHIPPED_FILES + TINY_FILES, ids=lambda path: path.stem)
def test_each_file_reads_without_fault_and_is_called_after_its_id(path: Path) -> None:
    assert read_instrument(path, CATEGORIES).id == path.stem


def test_every_fault_is_reported_by_file_line_and_column() -> None:
    text = (
        tiny_text("private")
        .replace("format: 1", "format: 2")
        .replace("audiences: [parent]", "audiences: [parents]")
        .replace("weight: 1", "weight: heavy")
        .replace("scale: three", "scale: four")
        .replace("kind: choice", "kind: choise")
    )
    found = faults_of(text)
    assert [fault.partition(": ")[0] for fault in found] == sorted(
        (fault.partition(": ")[0] for fault in found), key=lambda place: [int(n) for n in place.split(":")[1:]]
    )
    for expected in (
        "q.yaml:2:9: 只支持 format: 1",
        f"“parents”不在 {', '.join(AUDIENCES.ids())} 之中",
        "“weight”应当是 0 到 1000 之间的数，不能是“heavy”",
        "没有名为“four”的量表",
        f"“kind”的值“choise”不在 {', '.join(kinds_in(Block.BACKGROUND))} 之中",
    ):
        assert any(expected in fault for fault in found), (expected, found)


CHANGES = {
    "unknown key": ("comment", "max_length", "max_lenght", "是不是“max_length”"),
    "unknown key without a near one": ("comment", "max_length: 20", "zzz: 20", "请删去"),
    "en empty": ("comment", "en: Suggestions", 'en: ""', "“en”是空的"),
    "en missing": ("comment", ", en: Suggestions", "", "缺少“en”"),
    "en equal to zh": ("comment", "en: Suggestions", "en: 建议", "“en”的文字与“zh”相同"),
    "retired id reused": ("comment", "comments:", 'retired: [{id: A1, last_version: "0"}]\ncomments:', "已停用"),
    "forward reference": ("conditional", "meals == 'yes'", "A3 == '1'", "排在后面"),
    "reference to itself": ("conditional", "meals == 'yes'", "A2 == '1'", "就是本题"),
    "unknown id": ("conditional", "meals == 'yes'", "dinner == 'yes'", "“dinner”不存在"),
    "unknown code": ("conditional", "meals == 'yes'", "meals == 'maybe'", "“maybe”不在“meals”的选项之中"),
    "unknown dimension": ("any_at_most", "any_at_most(d,", "any_at_most(e,", "维度“e”不存在"),
    "unknown code of a dimension": ("any_at_most", "(d, '1')", "(d, '7')", "“7”不在维度“d”的量表之中"),
    "bad condition": ("conditional", "meals == 'yes'", "meals = 'yes'", "条件第 7 个字符"),
    "same id twice": ("reverse", "id: A2", "id: A1", "题号“A1”重复，第 19 行"),
    "same code twice": ("reverse", 'code: "2"', 'code: "3"', "代码“3”用了两次"),
    "points out of order": ("reverse", "points: 100", "points: 20", "从高到低"),
    "nothing favourable": ("reverse", "favourable: true, ", "", "没有标出满意的选项"),
    "flag": ("reverse", "reverse: true", "reverse: yes", "只能是 true 或 false"),
    "full-width code": ("reverse", 'code: "3"', 'code: "３"', "是不是“3”"),
    "weight 0": ("reverse", "weight: 1", "weight: 0", "权重必须大于 0"),
    "grade of no category": ("grades_from", 'student: "4"', 'student: "12"', "年级“12”不在"),
    "options of a grade": ("grades_from", "required: true", "options: [{code: a, label: {zh: 甲, en: A}}]", "来自名册"),
    "one option": ("choices",
                   ", {code: good, label: {zh: 好, en: Good}}, {code: free, label: {zh: 免费, en: Free}}", "",
                   "应当有 2 到 35 个选项"),
    "category": ("reverse", "categories: [primary]", "categories: [primery]", "“primery”不在"),
    "no categories": ("reverse", "categories: [primary]\n", "", "缺少“categories”"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "expected"), CHANGES.values(), ids=CHANGES)
def test_each_kind_of_fault(name: str, old: str, new: str, expected: str) -> None:
    found = faults_of(changed(name, old, new))
    assert any(expected in fault for fault in found), found
    assert all(fault.startswith("q.yaml:") for fault in found)


def test_an_audience_without_items_is_a_fault() -> None:
    text = changed("wording", "audiences: [parent, student]", "audiences: [parent, student, teacher]").replace(
        "- {id: A1,", "- {id: A1, audiences: [parent, student],"
    )
    assert any("“teacher”没有任何计分条目" in fault for fault in faults_of(text))


def test_teachers_are_never_asked_about_themselves() -> None:
    text = changed("choices", "audiences: [parent]", "audiences: [parent, teacher]")
    assert any("教师不问任何背景信息" in fault for fault in faults_of(text))
    asked_privately = changed("private", "audiences: [parent]", "audiences: [parent, teacher]")
    assert faults_of(asked_privately) == []


def test_one_audience_has_one_grade_question() -> None:
    again = "background:\n  - {id: again, kind: grade, text: {zh: 再问年级, en: Grade again}}\n"
    assert any("只能有一道年级题" in fault for fault in faults_of(changed("grades_from", "background:\n", again)))


@pytest.mark.parametrize("condition", ["(" * 240 + "meals == 'yes'" + ")" * 240, "not " * 110 + "meals == 'yes'"])
def test_a_deeply_nested_condition_is_a_fault_or_is_read(condition: str) -> None:
    found = faults_of(changed("conditional", "meals == 'yes'", condition))
    assert all(fault.startswith("q.yaml:") for fault in found)


def test_texts_that_the_tables_cannot_hold_are_faults() -> None:
    assert faults_of(changed("reverse", 'version: "1"', f'version: "{LONG}"')) != []


def test_letters_that_nobody_sees_are_faults() -> None:
    assert faults_of(changed("reverse", "zh: 小问卷", 'zh: "小\\0问\\x7f卷"')) != []


def test_what_is_optional_has_its_default() -> None:
    found = read(tiny_text("reverse"))
    first, second = found.dimensions[0].items
    assert (first.required, first.reverse, second.reverse) == (True, False, True)
    assert first.audiences == ("parent",)
    assert found.dimensions[0].weight == 1.0
    assert tiny("choices").background[0].required is False
    assert tiny("wording").dimensions[0].items[0].text_for_audience("student") == Text.of(
        zh="老师上课的水平", en="How well teachers teach"
    )
    assert tiny("wording").dimensions[0].items[0].text_for_audience("parent") == Text.of(zh="题目A1", en="Item A1")


def test_no_word_names_two_categories(tmp_path: Path) -> None:
    assert CATEGORIES.find("初级 中学") is CATEGORIES["direct"]
    text = (QUESTIONNAIRES / "categories.yaml").read_text("utf-8")
    copy = tmp_path / "categories.yaml"
    copy.write_text(text.replace('synonyms: ["中职"', 'synonyms: ["高中", "中职"'), "utf-8")
    with pytest.raises(DefinitionError, match=r"“高中”同时属于类别 senior 和 vocational"):
        read_categories(copy)


def test_a_grade_is_named_inside_its_category() -> None:
    names = [
        ("primary", "一年级"),
        ("vocational", "一年级"),
        ("senior", "高一"),
        ("direct", "初一"),
        ("primary", "七年级"),
    ]
    found = [CATEGORIES.find_grade(category, word) for category, word in names]
    assert [grade.code if grade else None for grade in found] == ["1", "V1", "10", "7", None]
