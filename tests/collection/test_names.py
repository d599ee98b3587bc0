"""Answers are no wishes of the page, and what an export calls a column the import understands."""

from pathlib import Path

import pytest

from testing.walk import INSTRUMENT, Walk, prepare

ROSTER = "学校代码,学校名称,类别,对象,年级,人数\n0101,河东小学,小学,家长,一年级,40\n"
QUESTIONS = """
background:
  - {id: view, kind: choice, text: {zh: 语言, en: Language}, options: [{code: zh, label: {zh: 中文, en: Chinese}},
     {code: en, label: {zh: 英文, en: English}}]}
  - {id: nianji, kind: grade, text: {zh: 年级, en: Grade}, required: true}
"""


@pytest.fixture
def walk(tmp_path: Path, migrated: Path) -> Walk:
    return prepare(tmp_path, migrated, INSTRUMENT + QUESTIONS)


def test_an_answer_does_not_switch_the_page(walk: Walk) -> None:
    """C-F2: an option called ``en`` switched the language of the answer page."""
    walk.open(ROSTER)
    assert 'lang="zh-Hans-CN"' in walk.refused(view="en")
    assert 'lang="en"' in walk.refused(view="zh", nianji="9", _lang="en")


def test_what_is_exported_can_be_imported_whatever_the_grade_question_is_called(walk: Walk, tmp_path: Path) -> None:
    """C-F14: ``responses export`` writes ``grade``, and the import of that file refused the column."""
    walk.open(ROSTER)
    file = tmp_path / "answers.csv"
    file.write_text("school_code,audience,grade,view,A1\n0101,parent,1,en,3\n0101,parent,一年级,zh,2\n", "utf-8")
    walk.district.command("responses", "import", "--wave", "2026秋", str(file))
    assert walk.strings() == ["12", "21"], "the item, then the question about the person"
    assert walk.grades() == ["1", "1"]


def test_a_school_without_grades_is_not_asked_for_one(tmp_path: Path, migrated: Path) -> None:
    """C-F13: an empty white card that could never be answered."""
    text = (INSTRUMENT + QUESTIONS).replace("categories: [primary]", "categories: [other]")
    walk = prepare(tmp_path, migrated, text)
    scheme = walk.home / "questionnaires" / "assessment" / "default.yaml"
    scheme.write_text(scheme.read_text("utf-8").replace("primary:", "other:"), "utf-8")
    walk.open("学校代码,学校名称,类别,对象,人数\n0901,其他学校,其他,家长,40\n")
    assert "年级" not in walk.page()
    walk.answer(view="zh")
    assert len(walk.strings()) == 1
