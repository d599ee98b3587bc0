"""A served application and a phone to look at it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from survey_app.foundation.clock import ManualClock
from testing.application import START, make_app
from testing.browser import FLAGS, served_in_a_thread
from testing.district import District
from testing.programs import chromium

PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("!!! Chromium is not here")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def served(sqlite_url: str, tmp_path: Path) -> Iterator[tuple[District, str]]:
    """An open wave and the address under which it is served."""
    clock = ManualClock(START)
    app = make_app(sqlite_url, tmp_path, clock)
    district = District(app, clock).opened()
    with served_in_a_thread(app) as url:
        yield district, url
    app.extensions["database"].dispose()


def context(browser: Browser, **options: Any) -> BrowserContext:
    found = browser.new_context(viewport=options.pop("viewport", PHONE), **options)
    found.set_default_timeout(6000)
    return found


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    found = context(browser)
    yield found.new_page()
    found.close()
