"""A clerk pastes the text that went round, mends a line, looks at the form, fills in what is asked, and saves."""

import re
from pathlib import Path

import pytest
import yaml

from testing.console import Clerk

PLACE = "/staff/questionnaires/new/import"
PASTED = """🍚校园午餐满意度小调查（家长）
各位家长好，请花一分钟填一下👇
①孩子平时在校吃午餐吗？A是 B否
②您对午餐口味：A非常满意 B满意 C一般 D不满意 E非常不满意
③您对午餐卫生：A非常满意 B满意 C一般 D不满意 E非常不满意
④其他想说的话：
请于本周五前填完🙏谢谢配合🌹
"""
COMPLETE = {
    "text": PASTED, "id": "lunch-2026", "version": "2026.1", "title": "午餐问卷", "audience": "parent",
    "categories": ["primary"], "label.D1": "饭菜",
}  # fmt: skip


def folder(clerk: Clerk) -> Path:
    found: Path = clerk.district.app.extensions["catalogue"].directory
    return found


def test_a_clerk_pastes_previews_and_saves(clerk: Clerk) -> None:
    assert PLACE in clerk.open("/staff/questionnaires")
    clerk.open(PLACE)
    read = clerk.send(PLACE, step="read", text=PASTED)
    assert read.status_code == 200
    assert "草稿：答完下面的问题就能用" in read.text
    assert "您对午餐口味" in read.text
    assert "分值按选项的次序猜测" in read.text
    assert "这些题属于哪个维度：您对午餐口味、您对午餐卫生" in read.text
    assert '<option value="parent" selected>' in read.text
    page = clerk.send(PLACE, step="preview", **COMPLETE)
    assert (page.status_code, "您对午餐口味" in page.text, "示例学校" in page.text) == (200, True, True)
    assert not (folder(clerk) / "lunch-2026.yaml").exists()
    taken = clerk.send(PLACE, step="file", **COMPLETE)
    assert taken.headers["Content-Disposition"].endswith("lunch-2026.yaml")
    saved = clerk.send(PLACE, step="save", **COMPLETE)
    assert saved.headers["Location"].endswith("saved=lunch-2026")
    written = yaml.safe_load((folder(clerk) / "lunch-2026.yaml").read_text("utf-8"))
    assert (written["title"], written["categories"]) == ({"zh": "午餐问卷"}, ["primary"])
    assert "lunch-2026 2026.1" in clerk.open("/staff/audit")


def test_a_line_that_was_misread_is_mended_in_place(clerk: Clerk) -> None:
    clerk.open(PLACE)
    read = clerk.send(PLACE, step="read", text=PASTED, line_6="furniture", line_2="furniture")
    assert re.search(r'name="line_6".*?<option value="furniture" selected>', read.text, re.S)
    assert "其他想说的话" in read.text
    saved = clerk.send(PLACE, step="save", **COMPLETE, line_6="furniture", line_2="furniture")
    assert saved.status_code == 303
    written = yaml.safe_load((folder(clerk) / "lunch-2026.yaml").read_text("utf-8"))
    assert "comments" not in written
    assert "intro" not in written


def test_what_is_missing_is_named_and_nothing_is_kept(clerk: Clerk) -> None:
    clerk.open(PLACE)
    refused = clerk.send(PLACE, step="save", **(COMPLETE | {"version": "", "label.D1": ""}))
    assert refused.status_code == 422
    assert "还有 2 处没有填：" in refused.text
    assert "lunch-2026" in refused.text, "what was typed is still there"
    assert not (folder(clerk) / "lunch-2026.yaml").exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("", b"", "请粘贴问卷文字，或选择一个文件"),
        ("问卷.xlsx", b"PK", "不是 xlsx 工作簿"),
        ("问卷.pdf", b"%PDF", "不认识 问卷.pdf 的格式"),
        ("坏.docx", b"no archive", "请用 Word 另存为 docx"),
        ("通知.txt", "明天放假。".encode(), "没有读到题目"),
    ],
)
def test_what_cannot_be_read_says_why(clerk: Clerk, name: str, content: bytes, said: str) -> None:
    clerk.open(PLACE)
    refused = clerk.upload(PLACE, name, content, step="read") if name else clerk.send(PLACE, step="read", text=" ")
    assert (refused.status_code, said in refused.text) == (422, True)


def test_an_uploaded_text_is_read_like_a_pasted_one(clerk: Clerk) -> None:
    clerk.open(PLACE)
    read = clerk.upload(PLACE, "午餐.txt", PASTED.encode("gb18030", "replace"), step="read")
    assert read.status_code == 200
    assert "您对午餐卫生" in read.text


def test_only_the_office_imports(clerk: Clerk) -> None:
    leader = Clerk(clerk.district, "赵主任", "leader")
    assert leader.client.get(PLACE).status_code == 404
