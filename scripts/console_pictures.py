"""Screenshots of every page of the office's console, to be looked at one by one. Needs Chromium.

``python -m scripts.console_pictures --out folder`` in the test environment: each page at 360 and 1280 pixels, Chinese
and English, light and dark, of a small made-up district whose wave is open and whose next one is a draft; with
``--demo FOLDER`` instead those of a demo district that is ready, results and assessment years included.
"""

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Literal

from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from survey_app import create_app
from survey_app.demo.command import USERNAME, _settings
from survey_app.foundation.clock import ManualClock
from survey_app.foundation.db import Database
from survey_app.foundation.migration import upgrade
from testing.application import START, make_app
from testing.browser import FLAGS, served_in_a_thread
from testing.console import Clerk
from testing.console_pages import DEMO_PAGES
from testing.district import PASSWORD, District, school
from testing.programs import chromium

LOCALES = {"zh": "zh-CN", "en": "en-GB"}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
NAMES = ("河东小学", "河西小学", "城关一小", "城关二小", "临江实验小学", "柳林镇中心小学", "白沙小学", "育才小学")
PAGES = {
    "home": "", "office": "office", "roster": "roster", "upload": "roster/upload", "school": "roster/schools/0101",
    "questionnaires": "questionnaires", "questionnaire": "questionnaires/compulsory-parent", "waves": "waves",
    "new": "waves/new", "results": "results", "returns": "waves/1", "behind": "waves/1?behind=1",
    "returns-school": "waves/1/schools/0101", "papers": "waves/1/papers", "papers-school": "waves/1/papers/0101",
    "paper": "waves/1/paper", "paper-import": "waves/1/paper/import", "paper-form": "waves/1/paper/0101/parent",
    "trial": "waves/1/trial", "changes": "waves/1/changes", "extend": "waves/1/changes/extend",
    "amend": "waves/1/changes/amend?school=0101", "correct": "waves/1/changes/correct",
    "people": "people", "person-new": "people/new", "person": "people/2", "comments": "waves/1/comments",
    "comment-words": "comment-words", "school-room": "schools/0101", "audit": "audit", "account": "account",
    "second-step": "account/second-step", "retention": "retention",
    "setup-1": "waves/2/setup/basics", "setup-2": "waves/2/setup/questionnaires", "setup-3": "waves/2/setup/ways",
    "setup-4": "waves/2/setup/check", "missing": "nothing",
}  # fmt: skip


def made_up_district(home: Path) -> District:
    """An open wave with some answers, and a draft."""
    url = f"sqlite:///{home / 'survey.db'}"
    database = Database(url)
    upgrade(database)
    database.dispose()
    clock = ManualClock(START)
    schools = tuple(school(f"01{number:02}", name) for number, name in enumerate(NAMES, start=1))
    district = District(make_app(url, home, clock), clock).opened(
        schools, access={"parent": "code", "student": "class"}
    )
    for code in ("0101", "0102", "0103"):
        district.send_many(district.link("teacher", code), 8)
    return district


@dataclass(frozen=True, slots=True)
class Album:
    """Which pages, and who looks at them; ``only``: the names of those that are wanted, of all if there are none."""

    pages: Mapping[str, str]
    username: str
    password: str
    only: Sequence[str]


def photograph(browser: Browser, url: str, out: Path, album: Album) -> None:
    """Every page in every state."""
    for (language, locale), scheme, width in product(LOCALES.items(), SCHEMES, (360, 1280)):
        context = browser.new_context(
            viewport={"width": width, "height": 800}, locale=locale, color_scheme=scheme
        )  # fmt: skip
        page = context.new_page()
        page.goto(f"{url}/staff/login")
        page.fill("[name=username]", album.username)
        page.fill("[name=password]", album.password)
        page.click("main button")
        page.wait_for_url("**/staff/")
        for name, path in album.pages.items():
            if album.only and name not in album.only:
                continue
            while (answer := page.goto(f"{url}/staff/{path}")) is not None and answer.status == 202:
                page.wait_for_timeout(500)
            page.screenshot(path=out / f"{name}-{language}-{scheme}-{width}.png", full_page=True)
        context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="*", default=[], choices=sorted({*PAGES, *DEMO_PAGES}))
    parser.add_argument("--demo", type=Path, help="the folder of a demo district")
    given = parser.parse_args()
    out: Path = given.out
    out.mkdir(parents=True, exist_ok=True)
    if given.demo:
        password = (given.demo / "login.txt").read_text()
        app = create_app(_settings(given.demo, "http://127.0.0.1:8000"))
        _fill(app, out, Album(DEMO_PAGES, USERNAME, password, given.only))
    else:
        _made_up(out, given.only)
    print(f"{len(list(out.glob('*.png')))} pictures in {out}")


def _made_up(out: Path, only: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as home:
        district = made_up_district(Path(home))
        clerk = Clerk(district)
        clerk.start_draft("下一次")
        clerk.open("/staff/people/new")
        clerk.send("/staff/people/new", username="张校长", role="principal", schools="0101", ends_on="2027-07-31")
        _fill(district.app, out, Album(PAGES, clerk.name, PASSWORD, only))


def _fill(app: Flask, out: Path, album: Album) -> None:
    with served_in_a_thread(app) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        photograph(browser, url, out, album)
        browser.close()
    app.extensions["database"].dispose()


if __name__ == "__main__":
    main()
