"""A clerk pastes the text that went round in a chat, mends two lines, looks at the form and saves it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from survey_app.foundation.clock import ManualClock
from survey_app.foundation.settings import PROJECT
from testing.application import START, make_app
from testing.browser import served_in_a_thread
from testing.district import District
from tests.browser.conftest import Served
from tests.browser.test_accessibility import AXE, RUN
from tests.browser.test_console import log_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
CHAT = """【转发】各位家长晚上好🌙
🍚校园午餐满意度小调查
①孩子平时在校吃午餐吗？A是 B否
②您对午餐口味：A非常满意 B满意 C一般 D不满意 E非常不满意
③您对午餐卫生：A非常满意 B满意 C一般 D不满意 E非常不满意
④最希望改进的是（可多选）：A口味 B分量 C卫生 D价格
食堂的账目每月在群里公布
⑤其他想说的话：
请于本周五20:00前填完🙏谢谢配合🌹
"""


@pytest.fixture
def empty(sqlite_url: str, tmp_path: Path) -> Iterator[Served]:
    shutil.copytree(PROJECT / "questionnaires", tmp_path / "questionnaires")  # what is saved is saved there
    app = make_app(sqlite_url, tmp_path, clock := ManualClock(START), tmp_path / "questionnaires")
    with served_in_a_thread(app) as address:
        yield District(app, clock), address
    app.extensions["database"].dispose()


def check_page(page: Page, width: int) -> None:
    """Nothing is wider than the screen, and nothing that axe finds is wrong."""
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(AXE)
    assert page.evaluate(RUN) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_a_chat_text_is_mended_previewed_and_saved(browser: Browser, empty: Served, width: int) -> None:
    district, url = empty
    district.staff("office", "王督导")
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", bypass_csp=True)
    page = context.new_page()
    log_in(page, url)
    page.goto(f"{url}/staff/questionnaires")
    page.click("text=导入已有的问卷")
    check_page(page, width)
    page.fill("[name=text]", CHAT)
    page.click("text=读一读")
    expect(page.locator("text=草稿：答完下面的问题就能用")).to_be_visible()
    check_page(page, width)
    page.select_option("[name=line_7]", "furniture")
    page.select_option("[name=line_8]", "furniture")
    page.click("button:has-text('重新读')")
    assert page.input_value("[name=line_7]") == "furniture"
    for name, words in (("id", "lunch"), ("version", "2026.1"), ("label.D1", "午餐")):
        page.fill(f"[name='{name}']", words)
    page.check("[name=categories][value=primary]")
    with context.expect_page() as opened:
        page.click("text=在手机版面里看")
    expect(opened.value.locator("text=您对午餐口味")).to_be_visible()
    page.click("text=保存问卷")
    expect(page.locator("text=问卷“lunch”已保存。")).to_be_visible()
    context.close()
