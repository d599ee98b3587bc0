"""Every page of the console in the demo district: its height, weight and accessibility, and none is forgotten."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Response

from survey_app import create_app
from survey_app.demo.command import USERNAME, _settings, prepare_demo
from testing.browser import served_in_a_thread
from testing.console_pages import DEMO_PAGES, OTHER_PAGES
from tests.browser.conftest import context
from tests.browser.test_console import MAX_HEIGHT, MAX_PAGE, look

FILES = re.compile(r"\.(csv|xlsx|pdf|zip|svg|png|yaml|docx|<any\([a-z, ]+\):form>)$|/files/<int:file_id>$")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LARGE_TYPE = "document.documentElement.style.fontSize = '200%'"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "home"
    prepare_demo(folder, "http://127.0.0.1:8000", share=0.3)
    return folder


@pytest.fixture(scope="module")
def demo(home: Path) -> Iterator[Flask]:
    app = create_app(_settings(home, "http://127.0.0.1:8000"))
    yield app
    app.extensions["database"].dispose()


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_every_page_of_the_demo_is_of_moderate_size(demo: Flask, home: Path, browser: Browser) -> None:
    """At 1280 pixels at most 2,400 high (a year in use was not), 60 KB, accessible; at 360 and in large type no page
    scrolls sideways. The same in English, but for what is the same in every language."""
    with served_in_a_thread(demo) as url:
        page = _office(browser, url, home, "zh-CN")
        for name, path in DEMO_PAGES.items():
            answer = _ready(page, f"{url}/staff/{path}")
            assert answer.status == (404 if name == "missing" else 200), (name, answer.status)
            look(page, name)
            assert len(gzip.compress(answer.body())) <= MAX_PAGE, name
            _measure(page, name)
        assert _ready(page, f"{url}/staff/waves/1/results/all").status == 200, "everything, to be printed"
        page.context.close()
        page = _office(browser, url, home, "en-GB")
        for name, path in DEMO_PAGES.items():
            _ready(page, f"{url}/staff/{path}")
            _measure(page, f"{name} in English")
        page.context.close()


def _office(browser: Browser, url: str, home: Path, locale: str) -> Page:
    page = context(browser, bypass_csp=True, viewport={"width": 1280, "height": 800}, locale=locale).new_page()
    page.goto(f"{url}/staff/login")
    page.fill("[name=username]", USERNAME)
    page.fill("[name=password]", (home / "login.txt").read_text())
    page.click("main button")
    page.wait_for_url("**/staff/")
    return page


def _measure(page: Page, name: str) -> None:
    """Its height on a screen; on a phone and in large type it does not scroll sideways."""
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height <= MAX_HEIGHT, (name, height)
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate(SIDEWAYS) <= 0, f"{name} scrolls sideways on a phone"
    page.evaluate(LARGE_TYPE)
    assert page.evaluate(SIDEWAYS) <= 0, f"{name} scrolls sideways in large type"
    page.set_viewport_size({"width": 1280, "height": 800})


def _ready(page: Page, address: str) -> Response:
    """The page itself, not the one that says that results are being prepared."""
    for _attempt in range(60):
        answer = page.goto(address)
        assert answer is not None
        if answer.status != 202:
            return answer
        page.wait_for_timeout(500)
    raise AssertionError(f"{address} is still being prepared")


def test_no_page_is_forgotten(demo: Flask) -> None:
    """A page that is added is looked at, or it is said why not."""
    adapter = demo.url_map.bind("localhost")
    seen = {
        adapter.match(f"/staff/{path.partition('?')[0]}")[0] for name, path in DEMO_PAGES.items() if name != "missing"
    }
    pages = {
        rule.endpoint
        for rule in demo.url_map.iter_rules()
        if rule.endpoint.startswith("admin.") and "GET" in (rule.methods or ()) and not FILES.search(rule.rule)
    }
    assert pages - seen == set(OTHER_PAGES), (pages - seen) ^ set(OTHER_PAGES)
