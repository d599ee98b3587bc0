"""The last parts of walks 4 and 5: a principal replies on a phone, an inspector verifies on one, the office closes."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from survey_app.accounts.grants import Node, NodeKind, replace_grants
from survey_app.accounts.staff import find_active_staff
from testing.district import PASSWORD, District
from testing.rectification import delivered_case, open_year, proposal_row
from tests.browser.conftest import PHONE, Served, context
from tests.browser.test_accessibility import AXE, RUN
from tests.browser.test_console import MAX_HEIGHT

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
LAPTOP = {"width": 1280, "height": 900}


def log_in(browser: Browser, served: Served, role: str, name: str, code: str = "") -> Page:
    """The first page of a new account, for a school on a phone."""
    district, url = served
    district.staff(role, name)
    if code:
        grant(district, name, code)
    viewport = PHONE if code else LAPTOP
    page = context(browser, viewport=viewport, accept_downloads=True, locale="zh-CN", bypass_csp=True).new_page()
    page.goto(f"{url}/staff/login")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/staff/")
    return page


def grant(district: District, name: str, code: str) -> None:
    with district.app.extensions["database"].write_session() as session:
        staff = find_active_staff(session, name)
        assert staff is not None
        replace_grants(session, staff, [Node(NodeKind.SCHOOL, code)])


def look(page: Page) -> None:
    """Nothing for axe to find, nothing beyond the edge, and no page that never ends."""
    page.evaluate(AXE)
    assert page.evaluate(RUN) == [], page.url
    width, height, inner = page.evaluate("(d => [d.scrollWidth, d.scrollHeight, innerWidth])(document.documentElement)")
    assert width <= inner, page.url
    assert inner < LAPTOP["width"] or height <= MAX_HEIGHT, (page.url, height)


def test_a_notice_is_answered_verified_and_closed(served: Served, browser: Browser, tmp_path: Path) -> None:
    district, url = served
    with district.app.extensions["database"].write_session() as session:
        year = open_year(session, district, *(proposal_row(item=f"q{number}") for number in range(21)))
        delivered_case(session, district, year)
        delivered_case(session, district, year, "0201", 2)
    report, page_of_web = tmp_path / "整改报告.pdf", tmp_path / "现场.jpg"
    report.write_bytes(b"%PDF-1.7 report")
    page_of_web.write_bytes(b"<html>")
    phone = log_in(browser, served, "principal", "张校长", "0101")
    phone.click("main >> text=食堂卫生")
    with phone.expect_download() as fetched:
        phone.click("text=通知书（PDF）")
    assert fetched.value.suggested_filename == "督整〔2026〕1号 河东小学.pdf"
    look(phone)
    phone.fill("#reply", "留样柜已经装好，每天由两人登记。")
    phone.set_input_files("#files", [str(page_of_web), str(report)])
    phone.click("button[value=report]")
    expect(phone.locator("#error-summary")).to_contain_text("“现场.jpg”不能用")
    expect(phone.locator("#reply")).to_have_value("留样柜已经装好，每天由两人登记。")
    expect(phone.locator("main")).to_contain_text("整改报告.pdf")
    phone.click("button[value=report]")
    expect(phone.locator("[role=status]")).to_contain_text("已报送")
    look(phone)
    assert phone.goto(f"{url}/staff/schools/0201/notices/2").status == 404  # type: ignore[union-attr]
    visitor = log_in(browser, served, "inspector", "李督学", "0101")
    visitor.click("main >> text=食堂卫生")
    expect(visitor.locator("main")).to_contain_text("每天由两人登记")
    with visitor.expect_download() as fetched:
        visitor.click("text=附件：整改报告.pdf")
    assert Path(fetched.value.path()).read_bytes() == b"%PDF-1.7 report"
    visitor.fill("#note", "现场看过，登记完整。")
    look(visitor)
    visitor.click("button[value=pass]")
    expect(visitor.locator("[role=status]")).to_contain_text("等督导室销号")
    office = log_in(browser, served, "office", "王督导")
    expect(office.locator("main")).to_contain_text("1 项等销号")
    for path in ("rectification/new", "rectification/proposals", "rectification"):
        office.goto(f"{url}/staff/{path}")
        look(office)
    office.click("main tr:has-text('河东小学') >> text=食堂卫生")
    expect(office.locator("main")).to_contain_text("现场看过，登记完整。")
    look(office)
    office.click("main button.primary")
    expect(office.locator("dl.pairs")).to_contain_text("已销号")
