"""A served application, phones to look at it, and what they keep."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from survey_app.foundation.clock import ManualClock
from survey_app.frame.roster import RosterSchool
from testing.application import START, make_app
from testing.browser import FLAGS, served_in_a_thread
from testing.district import COMPULSORY, DEFAULT_SCHOOLS, District
from testing.lossy_proxy import LossyProxy, lossy
from testing.programs import chromium

PHONE = {"width": 360, "height": 740}
SEND = "#send"
PATIENCE = 15_000  # ms; a test that passes does not wait, and a busy machine is slow
Served = tuple[District, str]
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("!!! Chromium is not here")
    found = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield found
    found.close()


def open_served(
    url: str, home: Path, access: dict[str, str] | None = None, senior: bool = False,
    questionnaires: Path | None = None, instruments: tuple[str, ...] = COMPULSORY,
) -> Iterator[Served]:  # fmt: skip
    """An open wave and the address under which it is served."""
    clock = ManualClock(START)
    app = make_app(url, home, clock, questionnaires)
    district = District(app, clock)
    if senior:
        school = RosterSchool("0101", "河东高中", "senior", "", {("parent", "10", "", ""): 60})
        district.opened((school,), ("senior",), access)
    else:
        district.opened(DEFAULT_SCHOOLS, instruments, access)
    with served_in_a_thread(app) as address:
        yield district, address
    app.extensions["database"].dispose()


@pytest.fixture
def served(sqlite_url: str, tmp_path: Path) -> Iterator[Served]:
    """An open wave and the address under which it is served."""
    yield from open_served(sqlite_url, tmp_path)


def context(browser: Browser, **options: Any) -> BrowserContext:
    found = browser.new_context(viewport=options.pop("viewport", PHONE), **options)
    found.set_default_timeout(PATIENCE)
    return found


def fill(page: Page) -> None:
    """Chooses the first answer of every card that is visible."""
    for card in page.locator("[data-id]").all():
        if card.is_visible() and card.locator("input[type=radio]").count():
            card.locator("input[type=radio]").first.check()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    found = context(browser)
    yield found.new_page()
    found.close()


@pytest.fixture(scope="session")
def cached_browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium as shipped: the driver's switch that turns the back/forward cache off is left out."""
    path = chromium()
    if path is None:
        pytest.skip("!!! Chromium is not here")
    found = playwright.chromium.launch(
        executable_path=path, args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield found
    found.close()


@pytest.fixture
def device(cached_browser: Browser) -> Iterator[BrowserContext]:
    """One phone, with what its browser keeps."""
    found = context(cached_browser)
    yield found
    found.close()


@pytest.fixture
def network(served: Served) -> Iterator[LossyProxy]:
    with lossy(served[1]) as proxy:
        yield proxy


@pytest.fixture
def served_codes(sqlite_url: str, tmp_path: Path) -> Iterator[Served]:
    """Parents with slips."""
    yield from open_served(sqlite_url, tmp_path, access={"parent": "code"})


@pytest.fixture
def served_senior(sqlite_url: str, tmp_path: Path) -> Iterator[Served]:
    """A senior school, whose form has a comment with a condition."""
    yield from open_served(sqlite_url, tmp_path, senior=True)


def stored(page: Page) -> dict[str, Any]:
    """What the page's origin keeps on the device, drafts and what was sent."""
    text = page.evaluate("JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])")
    return {name: json.loads(value) for part in json.loads(text) for name, value in part}


def send(page: Page) -> None:
    page.click(SEND)
    page.wait_for_url("**/thanks*")


def follow(page: Page, selector: str) -> None:
    """Click what leads to another page, and go on when that one has loaded; a click alone waits for nothing."""
    with page.expect_navigation():
        page.click(selector)


def checked(page: Page) -> int:
    """How many answers are chosen in the form, once there is one."""
    page.wait_for_selector("form [data-id] input[type=radio]", state="attached")
    return page.locator("input[type=radio]:checked").count()


def expect_no_answers(page: Page) -> None:
    """A form is there, and nothing is chosen in it: a page without a form has no answers, either."""
    expect(page.locator("form [data-id] input[type=radio]").first).to_be_attached()
    expect(page.locator("input[type=radio]:checked")).to_have_count(0)
