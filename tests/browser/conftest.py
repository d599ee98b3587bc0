"""A served application and a phone to look at it."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from survey_app.foundation.clock import ManualClock
from testing.district import District
from testing.programs import chromium
from tests.conftest import START, make_app

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
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
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield district, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
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
