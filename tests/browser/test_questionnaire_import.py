"""A clerk makes questionnaires of a text that went round in a chat, and of a sheet that comes back with its faults."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import yaml
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from survey_app.foundation.clock import ManualClock
from survey_app.foundation.settings import PROJECT
from survey_app.frame.models import WaveInstrument
from survey_app.frame.roster import Roster
from survey_app.frame.roster_import import apply_roster
from testing.application import START, make_app
from testing.browser import served_in_a_thread
from testing.district import District, school
from tests.browser.conftest import Served, context, follow
from tests.browser.test_accessibility import AXE, RUN
from tests.browser.test_console import log_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
CHAT = """【转发】各位家长晚上好🌙
🍚校园午餐满意度小调查
①孩子平时在校吃午餐吗？A是 B否
②您对午餐口味和服务态度：A非常满意 B满意 C一般 D不满意 E非常不满意
③您对午餐卫生：A非常满意 B满意 C一般 D不满意 E非常不满意
④最希望改进的是（可多选）：A口味 B分量 C卫生 D价格
食堂的账目每月在群里公布
⑤其他想说的话：
请于本周五20:00前填完🙏谢谢配合🌹
"""


WORDS = "非常满意 满意 一般 不满意 非常不满意"
FILLED = {"id": "lunch", "version": "2026.1", "label.D1": "午餐"}


@pytest.fixture(scope="module")
def office(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One school on the roster; what is saved is saved in a folder of the tests."""
    home = tmp_path_factory.mktemp("office")
    shutil.copytree(PROJECT / "questionnaires", home / "questionnaires")
    shutil.copy(migrated, home / "survey.db")
    app = make_app(f"sqlite:///{home / 'survey.db'}", home, clock := ManualClock(START), home / "questionnaires")
    district = District(app, clock)
    with app.extensions["database"].write_session() as db:
        apply_roster(db, Roster(schools={"0101": school("0101", "河东小学")}))
    with served_in_a_thread(app) as address:
        yield district, address
    app.extensions["database"].dispose()


@pytest.fixture(scope="module")
def desk(browser: Browser, office: Served) -> Iterator[BrowserContext]:
    """A browser in which the office is logged in."""
    district, url = office
    district.staff("office", "王督导")
    found = context(browser, locale="zh-CN", bypass_csp=True, accept_downloads=True)
    page = found.new_page()
    log_in(page, url)
    page.wait_for_url("**/staff/")
    yield found
    found.close()


def check_widths(page: Page) -> None:
    """Nothing is wider than a phone or a desk shows."""
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def fill_in(page: Page, words: dict[str, str]) -> None:
    for name, text in words.items():
        page.fill(f"[name='{name}']", text)
    page.check("[name=categories][value=primary]")


def test_a_chat_text_is_mended_reviewed_previewed_and_asked(desk: BrowserContext, office: Served) -> None:
    """Two lines are mended, one warning is let stand, and a wave asks it."""
    district, url = office
    page = desk.pages[0]
    page.goto(f"{url}/staff/questionnaires/new/import")
    page.fill("[name=text]", CHAT)
    follow(page, "text=读一读")
    expect(page.locator("text=草稿：答完下面的问题就能用")).to_be_visible()
    check_widths(page)
    page.evaluate(AXE)
    assert page.evaluate(RUN) == []
    page.select_option("[name=line_7]", "furniture")
    page.select_option("[name=line_8]", "furniture")
    fill_in(page, FILLED)
    page.fill("[name^='accept.'][name*='double-barrelled']", "与去年的问法一致")
    follow(page, "button:has-text('重新读')")
    expect(page.locator("text=已接受：与去年的问法一致")).to_be_visible()
    expect(page.locator("[name=line_7]")).to_have_value("furniture")
    with desk.expect_page() as opened:
        page.click("text=在手机版面里看")
    expect(opened.value.locator("text=您对午餐口味和服务态度")).to_be_visible()
    page.click("text=保存问卷")
    expect(page.locator("text=问卷“lunch”已保存。")).to_be_visible()
    open_wave_with(page, url, "lunch")
    assert district.count("link") == 1
    with district.app.extensions["database"].read_session() as db:
        assert "与去年的问法一致" in db.scalars(select(WaveInstrument.document)).one()


def open_wave_with(page: Page, url: str, name: str) -> None:
    """The four pages of a new wave that asks one questionnaire."""
    page.goto(f"{url}/staff/waves/new")
    page.fill("#name", "午餐")
    page.fill("#opens_on", "2026-11-05")
    page.fill("#closes_on", "2026-11-18")
    page.click("main button.primary")
    page.wait_for_url("**/questionnaires")
    for box in page.locator("[name=instrument]").all():
        box.set_checked(box.get_attribute("value") == name)
    page.click("main button.primary")
    page.wait_for_url("**/ways")
    page.click("main button.primary")
    page.wait_for_url("**/check")
    if page.locator("#accept").count():
        page.check("#accept")
    page.click("text=开放批次")
    page.wait_for_url("**/waves/1?opened=1")


def faulty_sheet(path: Path) -> Path:
    """Our template as somebody filled it in: an id twice, and a weight in words."""
    book = openpyxl.Workbook()
    survey = book.active
    assert isinstance(survey, Worksheet)
    survey.title = "问卷"
    survey.append(["编号", "题型", "选项组", "题目", "维度", "权重", "必答"])
    survey.append(["T1", "单选", "满意度", "饭菜的味道", "饭菜", "三成", "是"])
    survey.append(["T1", "单选", "满意度", "饭菜的价格", "饭菜", None, "是"])
    choices = book.create_sheet("选项")
    choices.append(["选项组", "代码", "选项", "分值", "满意"])
    for code, label in zip("54321", WORDS.split(), strict=True):
        choices.append(["满意度", code, label, (int(code) - 1) * 25, "是" if code > "3" else ""])
    book.save(path)
    return path


def test_a_sheet_comes_back_with_its_faults_and_again_with_the_same_ids(
    desk: BrowserContext, office: Served, tmp_path: Path
) -> None:
    """The column 问题 names both faults; mended in it, the sheet is saved; edited later, it keeps its ids."""
    (district, url), page = office, desk.pages[0]
    page.goto(f"{url}/staff/questionnaires/new/import")
    page.set_input_files("[name=file]", faulty_sheet(tmp_path / "午餐.xlsx"))
    follow(page, "text=读一读")
    expect(page.locator("main")).to_contain_text("2 处错误，改好才能保存")
    check_widths(page)
    with page.expect_download() as problems:
        page.click("text=下载带“问题”一列的原表")
    path = tmp_path / "问题.xlsx"
    problems.value.save_as(path)
    book = openpyxl.load_workbook(path)
    sheet = book["问卷"]
    assert [sheet["A1"].value, "“权重” 这里应当是数字" in str(sheet["A2"].value)] == ["问题", True]
    assert "重复" in str(sheet["A3"].value)
    sheet["G2"], sheet["B3"] = 1, "T2"
    book.save(path)
    page.set_input_files("[name=file]", path)
    follow(page, "button:has-text('重新读')")
    page.wait_for_selector("[name=version]")
    fill_in(page, {"title": "午餐", "id": "meals", "version": "2026.1"})
    page.select_option("[name=audience]", "parent")
    page.click("text=保存问卷")
    expect(page.locator("text=问卷“meals”已保存。")).to_be_visible()

    sheet["E2"], sheet["B2"], sheet["B3"] = "饭菜好不好吃", None, None
    book.save(path)
    follow(page, "text=导入已有的问卷")
    page.set_input_files("[name=file]", path)
    page.select_option("[name=previous]", "meals")
    follow(page, "text=读一读")
    expect(page.locator("main")).to_contain_text("不再有：T1；已写进 retired")
    page.fill("[name=version]", "2026.2")
    page.click("text=保存问卷")
    expect(page.locator("text=问卷“meals”已保存。")).to_be_visible()
    written = yaml.safe_load((district.app.extensions["catalogue"].directory / "meals.yaml").read_text("utf-8"))
    items = {item["text"]["zh"]: item["id"] for item in written["dimensions"][0]["items"]}
    assert (items["饭菜的价格"], items["饭菜好不好吃"] in ("T1", "T2")) == ("T2", False)
    assert written["retired"] == [{"id": "T1", "last_version": "2026.1"}]
