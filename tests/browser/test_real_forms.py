"""What real questionnaires ask, on a phone: readable, reachable by keyboard and screen reader, kept while typed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from survey_app.collection.preview import preview_page
from survey_app.foundation.settings import PROJECT
from testing.district import District
from testing.instruments import CATEGORIES, TINY, tiny
from tests.browser.conftest import PHONE, context, open_served, send, stored
from tests.browser.test_accessibility import check

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
ADDRESS = "http://forms.example/s/preview"
STATES = [("zh", "normal", "light", 360), ("zh", "large", "light", 360), ("en", "normal", "dark", 360),
          ("en", "large", "dark", 320)]  # fmt: skip


def shown(page: Page, app: Flask, name: str, language: str = "zh", size: str = "normal") -> Page:
    instrument = tiny(name)
    language = language if language in instrument.languages else instrument.languages[0]
    with app.app_context():
        body = preview_page(instrument, "parent", CATEGORIES, language, size).decode()
    page.route(f"{ADDRESS}*", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
    page.goto(ADDRESS)
    return page


@pytest.mark.parametrize("name", ["numbers", "follow_up", "number"])
@pytest.mark.parametrize(("language", "size", "scheme", "width"), STATES)
def test_nothing_is_small_cut_off_or_unnamed(
    sqlite_app: Flask, browser: Browser, name: str, language: str, size: str, scheme: str, width: int
) -> None:
    found = context(browser, bypass_csp=True, color_scheme=scheme, viewport=PHONE | {"width": width})
    page = shown(found.new_page(), sqlite_app, name, language, size)
    if name == "follow_up":
        page.check('[name=T1][value="1"]')
    check(page, 44)
    if name == "numbers":
        boxes = [box.bounding_box() for box in page.locator('[name="R1"]').all()]
        assert all(box and box["width"] >= 43.5 and box["height"] >= 43.5 for box in boxes)
        assert len({round(box["y"]) for box in boxes[:11] if box}) <= 3, "0 to 10 stand in few rows"
    found.close()


def test_numbers_and_stars_are_chosen_with_the_keyboard_and_said_with_their_ends(
    sqlite_app: Flask, phone: Page
) -> None:
    page = shown(phone, sqlite_app, "numbers")
    page.focus('[name=R1][value="0"]')
    page.keyboard.press("Space")
    for _step in range(10):
        page.keyboard.press("ArrowRight")
    expect(page.locator('[name=R1][value="10"]')).to_be_checked()
    expect(page.get_by_role("radio", name="10 非常可能")).to_be_checked()
    page.get_by_role("radio", name="5 很好").check(force=True)
    expect(page.locator('[name=S1][value="5"]')).to_be_checked()
    expect(page.locator("#total")).to_have_text("4")


def test_writing_beside_an_option_chooses_it(sqlite_app: Flask, phone: Page) -> None:
    page = shown(phone, sqlite_app, "follow_up")
    page.check('[name=T1][value="1"]')
    page.fill('[name="why_low.rooms"]', "太挤")
    expect(page.locator('[name=why_low][value="rooms"]')).to_be_checked()
    expect(page.get_by_label("教室：请说明，最多 20 字")).to_have_value("太挤")


@pytest.fixture
def served_number(sqlite_url: str, tmp_path: Path) -> Iterator[tuple[District, str]]:
    """Parents are asked how long their children write homework."""
    folder = tmp_path / "questionnaires"
    shutil.copytree(PROJECT / "questionnaires", folder)
    shutil.copy(TINY / "number.yaml", folder)
    yield from open_served(sqlite_url, tmp_path, questionnaires=folder, instruments=("number",))


def test_a_number_stays_on_the_phone_until_it_is_sent(served_number: tuple[District, str], browser: Browser) -> None:
    district, url = served_number
    found = context(browser)
    page = found.new_page()
    page.goto(f"{url}/s/{district.link().slug}")
    expect(page.locator("#q-tired")).to_be_attached()
    expect(page.locator("#q-tired")).to_be_hidden()
    page.fill("[name=minutes]", "75")
    expect(page.locator("#q-tired"), "the script knows the band in which 75 lies").to_be_visible()
    page.check('[name=A1][value="3"]')
    expect(page.locator("#next")).to_be_hidden()
    again = found.new_page()
    page.close()
    again.goto(f"{url}/s/{district.link().slug}")
    again.click("[data-do=resume]")
    expect(again.locator("[name=minutes]")).to_have_value("75")
    expect(again.locator("#q-tired")).to_be_visible()
    send(again)
    assert not any("75" in str(value.get("v", "")) for value in stored(again).values() if isinstance(value, dict))
    assert district.count("response") == 1
    found.close()
