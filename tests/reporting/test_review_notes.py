"""A warning that somebody let stand is in the results, with the reason; without one nothing speaks of it."""

from pathlib import Path

import openpyxl
import pytest

from testing.instruments import tiny_text
from testing.walk import prepare
from tests.reporting.test_follow_ups import answers

ROSTER = "学校代码,学校名称,类别,对象,人数\n0101,河东小学,小学,家长,90\n"
WHY = "开头语印在致家长的信里"


@pytest.mark.parametrize("is_accepted", [True, False])
def test_what_was_let_stand_is_on_the_quality_page_and_in_the_workbook(
    tmp_path: Path, migrated: Path, is_accepted: bool
) -> None:
    text = tiny_text("follow_up").replace("id: follow_up", "id: quarter", 1)
    text = text.replace("audiences: [parent, teacher]", "audiences: [parent]", 1)
    walk = prepare(tmp_path, migrated, text + is_accepted * f"accepted:\n  form-wide: {{intro-incomplete: {WHY}}}\n")
    walk.open(ROSTER)
    for fields in answers(low=6, content=6):
        walk.answer(**fields)
    walk.seal()
    staff = walk.district.staff()
    for place in ("quality?view=review", "all"):
        page = staff.get(f"/staff/waves/1/results/{place}").text
        assert (WHY in page, "审阅时保留的提醒" in page) == (is_accepted, is_accepted)
    walk.district.command("results", "report", "--wave", "2026秋", "--out", str(tmp_path / "report.xlsx"))
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    assert ("问卷的审阅" in book.sheetnames) is is_accepted
    if is_accepted:
        rows = list(book["问卷的审阅"].iter_rows(values_only=True))
        (found,) = [row for row in rows if row[4] == WHY]
        assert (str(found[0]).split()[0], found[1], found[2]) == ("quarter", "整份问卷", "提醒")
        assert "开头没有写明" in str(found[3])
    walk.district.app.extensions["database"].dispose()
