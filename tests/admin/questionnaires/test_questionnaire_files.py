"""Workbooks and LimeSurvey files on the import page: carried along, sent back with what is wrong, imported again."""

import base64
import io
import re
import zlib
from pathlib import Path
from random import Random

import openpyxl
import pytest
import yaml
from openpyxl.worksheet.worksheet import Worksheet
from werkzeug.test import TestResponse

from survey_app.admin.questionnaires.import_source import MAX_CARRIED, MAX_TEXT
from testing.console import Clerk
from tests.admin.questionnaires.test_questionnaire_import import COMPLETE, PASTED, PLACE, folder

FAMILY = ("非常满意", "满意", "一般", "不满意", "非常不满意")
HEADINGS = ("序号", "题目", "题型", "选项", "必答")
FILLED = {"id": "meals", "version": "2026.1", "title": "午餐", "audience": "parent", "categories": ["primary"]}
LSS = """<?xml version="1.0"?><document><LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>366</DBVersion>
<languages><language>en</language></languages>
<groups><rows><row><gid>1</gid><group_name>Food</group_name><group_order>1</group_order><language>en</language></row>
</rows></groups>
<questions><rows><row><qid>1</qid><parent_qid>0</parent_qid><gid>1</gid><type>5</type><title>Q1</title>
<question>The taste of the lunch</question><question_order>1</question_order><language>en</language></row></rows>
</questions>
<surveys_languagesettings><rows><row><surveyls_language>en</surveyls_language><surveyls_title>Lunch</surveyls_title>
</row></rows></surveys_languagesettings></document>"""


def sheet_of(*texts: str, kind: str = "单选") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "家长卷"
    sheet.append(HEADINGS)
    for number, text in enumerate(texts, 1):
        sheet.append((number, text, kind, " ".join(FAMILY), "是"))
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def alerts(response: TestResponse) -> str:
    """What the page says is wrong."""
    return " ".join(re.findall(r'role="alert".*?</div>', response.text, re.S))


def test_a_sheet_is_carried_along_until_it_is_saved(clerk: Clerk) -> None:
    clerk.open(PLACE)
    first = clerk.upload(PLACE, "午餐 2026.xlsx", saved(sheet_of("饭菜的味道", "饭菜的卫生")), step="read")
    assert (first.status_code, "午餐 2026.xlsx" in first.text) == (200, True)
    assert "饭菜的味道 · 单选 · 非常满意 满意 一般 不满意 非常不满意 · 是" in first.text
    clerk.page = first.text
    refused = clerk.send(PLACE, step="save", **FILLED | {"version": ""})
    assert (refused.status_code, "还有 2 处没有填：" in refused.text) == (422, True)
    clerk.page = refused.text
    done = clerk.send(PLACE, step="save", **FILLED, **{"label.D1": "饭菜"})
    assert done.status_code == 303, alerts(done)
    written = yaml.safe_load((folder(clerk) / "meals.yaml").read_text("utf-8"))
    assert [item["text"]["zh"] for item in written["dimensions"][0]["items"]] == ["饭菜的味道", "饭菜的卫生"]


def test_importing_again_keeps_ids_and_says_what_is_new_and_gone(clerk: Clerk) -> None:
    clerk.open(PLACE)
    content = saved(sheet_of("饭菜的味道", "饭菜的卫生", "排队的时间"))
    clerk.upload(PLACE, "a.xlsx", content, step="save", **FILLED, **{"label.D1": "饭菜"})
    before = yaml.safe_load((folder(clerk) / "meals.yaml").read_text("utf-8"))
    ids = {item["text"]["zh"]: item["id"] for item in before["dimensions"][0]["items"]}

    changed = saved(sheet_of("座位够不够", "饭菜的卫生状况", "饭菜的味道"))
    again = clerk.upload(PLACE, "b.xlsx", changed, step="read", previous="meals")
    assert "沿用 2 题" in again.text
    assert f"{ids['饭菜的卫生']} 改了字：“饭菜的卫生” → “饭菜的卫生状况”" in again.text
    assert f"不再有：{ids['排队的时间']}；已写进 retired" in again.text
    clerk.page = again.text
    refused = clerk.send(PLACE, step="save", **FILLED | {"version": "2026.2"})
    assert "已经有编号是“meals”的问卷" in refused.text
    done = clerk.send(PLACE, step="save", previous="meals", **FILLED | {"version": "2026.2"})
    assert done.status_code == 303, alerts(done)
    after = yaml.safe_load((folder(clerk) / "meals.yaml").read_text("utf-8"))
    items = {item["text"]["zh"]: item["id"] for item in after["dimensions"][0]["items"]}
    assert (items["饭菜的味道"], items["饭菜的卫生状况"]) == (ids["饭菜的味道"], ids["饭菜的卫生"])
    assert items["座位够不够"] not in ids.values()
    assert after["retired"] == [{"id": ids["排队的时间"], "last_version": "2026.1"}]


def test_faults_come_back_as_the_workbook_and_a_bad_file_does_not_cost_the_one_before(clerk: Clerk) -> None:
    clerk.open(PLACE)
    read = clerk.upload(PLACE, "坏.xlsx", saved(sheet_of("你的照片")), step="read")
    clerk.page = read.text
    book = clerk.send(PLACE, step="problems")
    assert book.headers["Content-Disposition"].endswith(".xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(book.data))["家长卷"]
    assert sheet["A1"].value == "问题"
    assert sheet["A2"].value
    worse = clerk.upload(PLACE, "更坏.xlsx", b"PK", step="read", id="meals")
    assert worse.status_code == 422
    assert "更坏.xlsx 不是 xlsx 工作簿" in worse.text
    assert "你的照片" in worse.text, "the file before is still there"


def two_forms() -> openpyxl.Workbook:
    book = sheet_of("饭菜的味道", "饭菜的卫生")
    second = book.create_sheet("教师卷")
    second.append(HEADINGS)
    second.append((1, "办公的条件", "单选", " ".join(FAMILY), "是"))
    return book


def shown_values(page: str) -> dict[str, str]:
    """What the fields of the head hold."""
    pattern = r'<input (?:id="[^"]+"\s+)?(?:type="hidden"\s+)?name="(title|id|version)"[^>]*?value="([^"]*)"'
    return dict(re.findall(pattern, page, re.S))


def test_what_was_typed_beside_one_form_of_a_workbook_is_not_that_of_another(clerk: Clerk) -> None:
    clerk.open(PLACE)
    clerk.page = clerk.upload(PLACE, "两份.xlsx", saved(two_forms()), step="read").text
    assert "文件里有 2 份问卷" in clerk.page
    typed = FILLED | {"label.D1": "饭菜"}
    kept = clerk.send(PLACE, step="read", form="0", **typed)
    assert shown_values(kept.text) == {"title": "午餐", "id": "meals", "version": "2026.1"}
    clerk.page = kept.text
    other = clerk.send(PLACE, step="read", form="1", **typed)
    assert "办公的条件" in other.text
    assert [value for value in shown_values(other.text).values() if value in typed.values()] == []
    assert '<option value="teacher" selected>' in other.text
    assert "饭菜" not in other.text.partition("还要填的")[2].partition("保存问卷")[0]
    assert 'value="primary" type="checkbox" checked' not in " ".join(other.text.split())
    by_sheet = clerk.send(PLACE, step="read", form="0", sheet="教师卷", **typed)
    assert [value for value in shown_values(by_sheet.text).values() if value in typed.values()] == []
    same = clerk.send(PLACE, step="read", form="0", sheet="家长卷", **typed)
    assert shown_values(same.text)["title"] == "午餐", "one sheet alone is the same form"
    clerk.page = other.text
    mine = {"id": "office", "version": "2026.1", "title": "办公", "audience": "teacher", "categories": ["primary"]}
    done = clerk.send(PLACE, step="save", form="1", **mine, **{"label.D1": "条件"})
    assert done.status_code == 303, alerts(done)
    assert yaml.safe_load((folder(clerk) / "office.yaml").read_text("utf-8"))["audiences"] == ["teacher"]


def test_a_workbook_with_several_forms_goes_on_from_none(clerk: Clerk) -> None:
    """None of the earlier ids would be kept, so nothing is saved over them; one sheet alone goes on."""
    clerk.open(PLACE)
    clerk.upload(PLACE, "a.xlsx", saved(sheet_of("饭菜的味道")), step="save", **FILLED, **{"label.D1": "饭菜"})
    before = (folder(clerk) / "meals.yaml").read_bytes()
    read = clerk.upload(PLACE, "b.xlsx", saved(two_forms()), step="read", previous="meals")
    assert "接着原来的问卷改要一次一份" in read.text
    assert "与原来相比" not in read.text
    clerk.page = read.text
    refused = clerk.send(PLACE, step="save", previous="meals", form="0", **FILLED, **{"label.D1": "饭菜"})
    assert "接着原来的问卷改要一次一份" in alerts(refused)
    assert (folder(clerk) / "meals.yaml").read_bytes() == before
    one = clerk.send(PLACE, step="read", previous="meals", sheet="家长卷")
    assert "沿用 1 题" in one.text


def test_a_refused_draft_carries_what_was_typed_beside_the_one_before(clerk: Clerk) -> None:
    clerk.open(PLACE)
    clerk.page = clerk.upload(PLACE, "好.xlsx", saved(sheet_of("饭菜的味道")), step="read").text
    typed = FILLED | {"categories": ["primary", "junior"], "label.D1": "饭菜"}
    bad = clerk.upload(PLACE, "坏.xlsx", saved(openpyxl.Workbook()), step="read", **typed)
    assert "没有导入" in bad.text
    assert "保存问卷" not in bad.text
    sent: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)"\s+value="([^"]*)"', bad.text):
        sent.setdefault(name, []).append(value)
    assert sent["categories"] == ["primary", "junior"]
    clerk.page = bad.text
    content = saved(sheet_of("饭菜的味道"))
    good = clerk.upload(PLACE, "好.xlsx", content, step="read", categories=sent["categories"])
    assert shown_values(good.text) == {"title": "午餐", "id": "meals", "version": "2026.1"}
    assert 'value="饭菜"' in good.text


def test_a_limesurvey_file_is_read_and_its_gap_filled_in(clerk: Clerk) -> None:
    clerk.open(PLACE)
    read = clerk.upload(PLACE, "s.lss", LSS.encode(), step="read")
    assert read.status_code == 200, read.text[:3000]
    assert "从几分起算满意" in read.text
    clerk.page = read.text
    ends = {"low_end.numbers5": "Very bad", "high_end.numbers5": "Very good"}
    done = clerk.send(PLACE, step="save", **FILLED, **ends, **{"favourable_from.numbers5": "4"})
    assert done.status_code == 303, alerts(done)
    assert yaml.safe_load((folder(clerk) / "meals.yaml").read_text("utf-8"))["languages"] == ["en"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"packed": "????", "packed_name": "a.xlsx"}, "带来的文件不完整"),
        ({"packed": base64.urlsafe_b64encode(zlib.compress(b"a" * 3_000_000)).decode(), "packed_name": "a.xlsx"},
         "带来的文件不完整"),
        ({"packed": base64.urlsafe_b64encode(zlib.compress(b"a")).decode(), "packed_name": "../../a.pdf"}, "不认识"),
        ({"text": "题" * (MAX_TEXT + 1)}, "一次最多"),
    ],
)  # fmt: skip
def test_a_form_that_was_tampered_with_says_so(clerk: Clerk, fields: dict[str, str], said: str) -> None:
    clerk.open(PLACE)
    refused = clerk.send(PLACE, step="save", **fields)
    assert (refused.status_code, said in refused.text) == (422, True)


def test_a_file_too_large_to_carry_is_told_what_to_do(clerk: Clerk) -> None:
    clerk.open(PLACE)
    refused = clerk.upload(PLACE, "大.lss", Random(1).randbytes(MAX_CARRIED + 1000), step="read")
    assert (refused.status_code, "请删去图片" in refused.text) == (422, True)
    assert "flask " not in refused.text, "no page tells a clerk to run a command"


def test_the_template_can_be_taken_from_the_page(clerk: Clerk) -> None:
    assert "下载 Excel 模板" in clerk.open(PLACE)
    book = clerk.client.get("/staff/questionnaires/new/template.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(book.data)).sheetnames == ["问卷", "选项", "设置"]


def test_what_the_checker_finds_is_kept_with_a_reason_or_must_be_mended(clerk: Clerk) -> None:
    """A reason stays in the file; what may not stay has no field, and a reason sent for it is not heard."""
    text = PASTED.replace("您对午餐口味", "您对午餐口味和服务态度").replace("请花一分钟", "请务必选择非常满意")
    clerk.open(PLACE)
    read = clerk.send(PLACE, step="read", **COMPLETE | {"text": text})
    fields = re.findall(r'name="(accept\.[^"]+)"', read.text)
    double = next(name for name in fields if ".double-barrelled." in name)
    assert "第 4 行" in read.text
    assert "有 1 处必须改" in read.text
    assert not [name for name in fields if ".coaching." in name]
    forged = double.replace("double-barrelled", "coaching")
    reasons = {double: "与去年一致", forged: "没关系"}
    again = clerk.send(PLACE, step="read", **COMPLETE | {"text": text} | reasons)
    assert 'value="与去年一致"' in again.text
    assert "有 1 处必须改" in again.text
    assert clerk.send(PLACE, step="save", **COMPLETE | {"text": text} | reasons).status_code == 303
    written = yaml.safe_load((Path(folder(clerk)) / "lunch-2026.yaml").read_text("utf-8"))
    subject = double.rpartition(".")[2]
    assert written["accepted"] == {subject: {"double-barrelled": "与去年一致"}}
    assert "已接受：与去年一致" in clerk.open("/staff/questionnaires/lunch-2026")
    page = clerk.open("/staff/questionnaires/lunch-2026")
    (name,) = [name for name in re.findall(r'name="(accept\.[^"]+)"', page) if ".double-barrelled." in name]
    assert not [name for name in re.findall(r'name="(accept\.[^"]+)"', page) if ".coaching." in name]
    place = "/staff/questionnaires/lunch-2026/accept"
    assert clerk.send(place, **{name: "明年拆开", name.replace("double-barrelled", "coaching"): "x"}).status_code == 303
    file = folder(clerk) / "lunch-2026.yaml"
    assert yaml.safe_load(file.read_text("utf-8")) == written | {
        "accepted": {subject: {"double-barrelled": "明年拆开"}}
    }
    assert clerk.send(place, **{name: "明年拆开"}).status_code == 422
    typed_file = file.read_bytes()
    file.write_text(file.read_text("utf-8").replace("accepted:", '"accepted":'), "utf-8")
    assert 'value="写了很久的理由"' in clerk.send(place, **{name: "写了很久的理由"}).text, "what was typed stays"
    file.write_bytes(typed_file)
    for text, said in (
        (file.read_text("utf-8").replace("accepted:", '"accepted":'), "程序改不了"),
        ("{}\n", "请先改正"),
    ):
        file.write_text(text, "utf-8")
        refused = clerk.send(place, **{name: "改"})
        assert (refused.status_code, said in refused.text) == (422, True)
        assert file.read_text("utf-8") == text
