"""Walk 5, first half: an inspector on a phone evaluates two schools, leaves a third half done, and reaches no other."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from survey_app.foundation.clock import ManualClock
from testing.application import START, make_app
from testing.browser import served_in_a_thread
from testing.district import PASSWORD, District, school
from testing.inspection import assessed, grant
from tests.browser.conftest import PHONE, context, follow
from tests.browser.test_session_end import lose_session

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SCHOOLS = (
    school("0101", "河东小学"),
    school("0102", "河西小学"),
    school("0103", "河南小学"),
    school("0201", "河北中学", "direct"),
)
NARROWER = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def log_in_again(page: Page) -> None:
    page.fill("[name=username]", "李督学")
    page.fill("[name=password]", PASSWORD)
    follow(page, "main button")


def log_in(page: Page, url: str) -> None:
    page.goto(f"{url}/staff/login")
    log_in_again(page)
    page.wait_for_url("**/staff/")


def choose(page: Page, answer: str, first: int = 0) -> None:
    for box in page.locator(f"main input[type=radio][value='{answer}']").all()[first:]:
        box.check()


def test_an_inspector_signs_two_schools_and_leaves_a_third_half_done(
    sqlite_url: str, tmp_path: Path, browser: Browser
) -> None:
    """At 360 px; the form works without scripts, which the pages of respondents do as well."""
    clock = ManualClock(START)
    district = assessed(District(make_app(sqlite_url, tmp_path, clock), clock).opened(SCHOOLS))
    district.staff("inspector", "李督学")
    grant(district, "李督学", "0101", "0102", "0103")
    with served_in_a_thread(district.app) as url:
        phone = context(browser, viewport=PHONE, locale="zh-CN", java_script_enabled=False).new_page()
        log_in(phone, url)
        phone.click("text=评价学校")
        expect(phone.locator("main")).to_contain_text("3 所学校，已签 0 所")
        expect(phone.locator("main")).not_to_contain_text("河北中学")
        for name, answer, points in (("河东小学", "5", "100.0"), ("河西小学", "3", "50.0")):
            follow(phone, f"main .card:has-text('{name}') .button")
            choose(phone, answer)
            follow(phone, "text=去签名")
            expect(phone.locator("main")).to_contain_text(f"{points} 分")
            phone.click("text=签名：李督学")
            expect(phone.locator(f"main .card:has-text('{name}')")).to_contain_text("已签")
        follow(phone, "main .card:has-text('河南小学') .button")
        choose(phone, "4", first=7)
        phone.fill("textarea", "走廊应急灯不亮")
        follow(phone, "text=去签名")
        expect(phone.locator("main .error")).to_contain_text("还有 7 项没有选")
        phone.click("text=大字版")
        expect(phone.locator("html.large textarea")).to_have_value("走廊应急灯不亮")
        expect(phone.locator("main input:checked")).to_have_count(5)
        phone.goto(f"{url}/staff/inspections")
        expect(phone.locator("main .card:has-text('河南小学')")).to_contain_text("草稿")
        foreign = phone.goto(f"{url}/staff/schools/0201/evaluation")
        assert foreign is not None
        assert foreign.status == 404
        expect(phone.locator("main")).to_contain_text("没有这个页面")
        scripted = context(browser, viewport=PHONE, locale="en-GB", color_scheme="dark").new_page()
        log_in(scripted, url)
        for path in ("inspections", "schools/0101/evaluation/sign", "schools/0103/evaluation?missing="):
            scripted.goto(f"{url}/staff/{path}")
            expect(scripted.locator("h1")).to_be_visible()
            assert scripted.evaluate(NARROWER), path
        choose(scripted, "4")
        lose_session(district)
        scripted.click("text=Save draft")
        expect(scripted.locator("main")).to_contain_text("with what you filled in")
        follow(scripted, "main a.button")
        log_in_again(scripted)
        expect(scripted.locator("main input:checked")).to_have_count(12)
    assert district.count("inspector_evaluation WHERE signed_at IS NOT NULL") == 2
    assert district.count("inspector_evaluation WHERE signed_at IS NULL") == 1
    district.app.extensions["database"].dispose()
