"""A sheet of answers from paper: tried first, faults by row and column, imported by one click and only once."""

import io

import openpyxl
import pytest

from testing.console import Clerk

IMPORT = "/staff/waves/1/paper/import"
HEADINGS = ("学校代码", "对象", "grade 年级", "lunch 午餐", "T1 课堂", "E1 老师", "OV1 总体", "C1 意见")
GOOD = ("0101", "家长", "四年级", "no", 5, 4.0, "５", "食堂好")


def sheet(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    first = book.worksheets[0]
    for row in (HEADINGS, *rows):
        first.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def uploaded(clerk: Clerk, content: bytes, name: str = "纸质.xlsx") -> str:
    clerk.open(IMPORT)
    place = clerk.upload(IMPORT, name, content).headers["Location"]
    clerk.open(place)
    return place


def test_a_sheet_is_tried_and_then_imported_by_one_click_once(running: Clerk) -> None:
    place = uploaded(running, sheet(GOOD, GOOD, ("0201", "教师", "", "", 5, 4, 5, "")))
    assert "导入 3 份答卷" in running.page
    assert "河东小学" in running.page
    assert running.district.count("response") == 0, "a dry run stores nothing"
    done = running.send(f"{place}/apply")
    assert "已导入 3 份答卷" in running.open(done.headers["Location"])
    assert running.district.count("response") == 3
    assert running.district.count("comment") == 2
    assert running.district.count("answer_upload WHERE length(content) > 0") == 0, "the answers are not kept twice"
    again = running.send(f"{place}/apply")
    assert again.status_code == 409
    assert "已经导入过了" in again.text
    assert running.district.count("response") == 3
    uploaded(running, sheet(GOOD, GOOD, ("0201", "教师", "", "", 5, 4, 5, "")), "另存.xlsx")
    assert "已经导入过" in running.page, "the same answers under another name"
    assert running.district.count("audit_entry WHERE detail = '2026秋: 纸质.xlsx: 3'") == 1


def test_faults_are_listed_by_row_and_column_and_nothing_is_imported(running: Clerk) -> None:
    """C-F9: a label instead of a code gets the codes; a lost zero is pointed out."""
    place = uploaded(running, sheet(GOOD, ("101", "家长"), ("0101", "家长", "四年级", "no", "很好", 4, 5, "")))
    assert "2 处错误，没有导入任何内容" in running.page
    assert 'data-label="列">T1' in running.page
    assert 'data-label="表里写的">很好' in running.page
    assert "5 4 3 2 1" in running.page
    assert "前面的 0 丢失了" in running.page
    assert "导入 1 份" not in running.page
    assert running.send(f"{place}/apply").status_code == 409
    assert running.district.count("response") == 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("空.xlsx", b"", "是空的"), ("", b"", "请选择一个文件"),
        ("照片.xlsx", b"\xff\xd8\xff\xe0 a photograph", "不是 xlsx 工作簿"),
        ("照片.csv", b"\xff\xd8\xff\xe0\x00\x10JFIF", "不是 UTF-8、UTF-16 或 GBK 编码的文本"),
        ("改名.csv", sheet(GOOD), "其实是 Excel 工作簿"),
        ("无表头.csv", "河东小学,5,4\n".encode(), "缺少列"),
    ],
)  # fmt: skip
def test_an_upload_that_is_not_what_it_says_is_named(running: Clerk, name: str, content: bytes, said: str) -> None:
    running.open(IMPORT)
    answer = running.upload(IMPORT, name, content)
    assert answer.status_code == 422
    assert said in answer.text
    assert running.district.count("answer_upload") == 0


def test_the_template_can_be_filled_in_and_imported(running: Clerk) -> None:
    content = running.client.get("/staff/waves/1/paper/template/compulsory-parent/parent.xlsx").data
    book = openpyxl.load_workbook(io.BytesIO(content))
    first, notes = book.worksheets
    headings = [str(cell.value) for cell in first[1]]
    assert headings[:2] == ["学校代码", "对象"]
    assert any(row[0].value == "T1" and "5 非常满意" in str(row[2].value) for row in notes.iter_rows(min_row=4))
    (grades,) = [row[2].value for row in notes.iter_rows(min_row=4) if row[0].value == "grade"]
    for grade in ("1 一年级", "9 九年级"):
        assert grade in str(grades), "of every category that the questionnaire is for"
    first.append(["0101", "家长", *("5" if heading.startswith("T1 ") else "" for heading in headings[2:])])
    buffer = io.BytesIO()
    book.save(buffer)
    uploaded(running, buffer.getvalue())
    assert "导入 1 份答卷" in running.page
    assert running.client.get("/staff/waves/1/paper/template/nothing/parent.xlsx").status_code == 404


def test_what_was_uploaded_is_gone_with_the_seal_and_refused_after_the_end(running: Clerk) -> None:
    place = uploaded(running, sheet(GOOD))
    token = running.hidden()
    running.district.sealed()
    assert running.district.count("answer_upload") == 0
    assert running.client.post(f"{place}/apply", data=token).status_code == 404
    refused = running.upload(IMPORT, "a.xlsx", sheet(GOOD))
    assert refused.status_code == 422
    assert "不在开放期间" in refused.text
