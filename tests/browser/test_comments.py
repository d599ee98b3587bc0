"""The pages of comments in a real browser: looked at in every state, and reviewed without scripts."""

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from survey_app.foundation.clock import ManualClock
from testing.application import START, make_app
from testing.browser import served_in_a_thread
from testing.district import District
from tests.browser.conftest import context
from tests.browser.test_console import MAX_HEIGHT, MAX_PAGE, log_in, look
from tests.comments.conftest import write_comments

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PAGES = ("waves/1/comments", "waves/1/comments?topic=*", "waves/1/comments?released=1&stale=1", "comment-words")


@pytest.mark.parametrize("state", ["zh-1280-light", "en-360-dark"])
def test_the_pages_of_comments_are_accessible_and_of_moderate_size(
    sqlite_url: str, tmp_path: Path, browser: Browser, state: str
) -> None:
    language, width, scheme = state.split("-")
    app = make_app(sqlite_url, tmp_path, clock := ManualClock(START))
    district = write_comments(District(app, clock).opened())
    district.staff()
    with served_in_a_thread(app) as url:
        found = context(
            browser, bypass_csp=True, color_scheme=scheme, viewport={"width": int(width), "height": 800},
            locale="zh-CN" if language == "zh" else "en-GB",
        )  # fmt: skip
        page = found.new_page()
        log_in(page, url)
        for path in PAGES:
            answer = page.goto(f"{url}/staff/{path}")
            assert answer is not None
            assert answer.status == 200
            look(page, path)
            assert len(gzip.compress(answer.body())) <= MAX_PAGE, path
            if width == "1280":
                assert page.evaluate("document.documentElement.scrollHeight") <= MAX_HEIGHT, path
        found.close()
    app.extensions["database"].dispose()


def test_comments_are_reviewed_without_scripts(sqlite_url: str, tmp_path: Path, browser: Browser) -> None:
    app = make_app(sqlite_url, tmp_path, clock := ManualClock(START))
    district = write_comments(District(app, clock).opened())
    district.staff()
    with served_in_a_thread(app) as url:
        found = browser.new_context(java_script_enabled=False, locale="zh-CN")
        page = found.new_page()
        log_in(page, url)
        page.goto(f"{url}/staff/waves/1/comments?text=操场")
        page.select_option("td select", "release")
        page.click("text=保存本页的决定")
        expect(page.locator("[role=status]")).to_contain_text("1 条可转给学校")
        page.goto(f"{url}/staff/waves/1/comments?state=release")
        expect(page.locator("tbody tr")).to_have_count(1)
        expect(page.locator("tbody")).to_contain_text("操场太小")
        found.close()
    app.extensions["database"].dispose()
