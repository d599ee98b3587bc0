"""Scales of satisfaction, amount and frequency in one questionnaire: each is reported in its own words."""

import re
from pathlib import Path

import pypdfium2
import pytest

from testing.instruments import tiny_text
from testing.walk import Walk, prepare

ROSTER = "学校代码,学校名称,类别,对象,年级,人数\n0101,河东小学,小学,家长,一年级,60\n0101,河东小学,小学,学生,四年级,60\n"


@pytest.fixture
def walk(tmp_path: Path, migrated: Path) -> Walk:
    text = tiny_text("audience_wording").replace("id: audience_wording", "id: quarter")
    walk = prepare(tmp_path, migrated, text.replace("[parent, student, teacher]", "[parent, student]").replace(
        ', teacher: {zh: 老师，您好, en: Dear colleague}', ""
    ))  # fmt: skip
    walk.open(ROSTER, "parent=open,student=open")
    return walk


def test_every_scale_has_a_part_of_its_own_in_the_report(walk: Walk) -> None:
    """R §2: amounts and frequencies stood under "very dissatisfied" and "very satisfied" or were left out."""
    for number in range(24):
        walk.answer(A1="321"[number % 3], A2="12345"[number % 5], A3="123"[number % 3], OV1="321"[number % 3])
    walk.seal()
    page = walk.results_page()
    parts = re.split(r'id="o-primary-parent', page)[1:]
    assert len(parts) >= 3
    tables = [part[: part.index("</table>")] for part in parts if "<table" in part]
    amount = next(table for table in tables if "有点少" in table)
    rows = amount[amount.index("<thead>") :]
    assert "这学期的作业" in amount
    assert "最好的选项在中间，所以只列表，不画图" in amount
    assert "<svg" not in amount
    assert rows.index("太少") < rows.index("有点少") < rows.index("合适") < rows.index("太多")
    frequency = next(table for table in tables if "从不" in table and "睡得太晚" in table)
    assert "一般" not in frequency
    assert "这学期的作业" in walk.workbook_cells()


def test_the_rate_of_an_amount_is_not_compared_with_that_of_others(walk: Walk) -> None:
    """Of five amounts one is favourable, of three points of satisfaction one: "about right" is rare by its scale."""
    for number in range(30):
        walk.answer(A1="321"[number % 3], A2="12345"[number % 5], A3="123"[number % 3], OV1="321"[number % 3])
    walk.seal()
    page = walk.district.staff().get("/staff/waves/1/results").text
    assert "“题目A1”的满意率肯定不到 85%" in page
    assert "“这学期的作业”的满意率肯定" not in page


def test_the_poster_and_the_paper_are_worded_for_their_reader(walk: Walk, tmp_path: Path) -> None:
    """R §2, general 5."""
    walk.audience = "student"
    assert "说说我的学校" in walk.poster_text()
    walk.audience = "parent"
    assert "学校问卷" in walk.poster_text()
    for audience, seen, unseen in (
        ("student", "你对这些满意吗？", "师德师风"),
        ("student", "只算要写的作业", "只算书面作业"),
        ("parent", "您对下列各方面满意吗？", "我的老师"),
        ("parent", "只算书面作业", "只算要写的作业"),
    ):
        out = tmp_path / f"{audience}.pdf"
        walk.district.command("links", "paper", "--wave", "2026秋", "--audience", audience, "--out", str(out))
        document = pypdfium2.PdfDocument(out.read_bytes())
        text = "".join(page.get_textpage().get_text_bounded() for page in document)
        document.close()
        assert text.count(seen) == 1
        assert unseen not in text
