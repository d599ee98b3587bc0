"""A clerk runs a wave in a real browser, from an empty system to the ZIP for the schools; every page is looked at."""

import gzip
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from survey_app.foundation.clock import ManualClock
from survey_app.foundation.extensions import job_worker
from survey_app.foundation.settings import PROJECT
from testing.actions import Actions
from testing.application import START, make_app
from testing.browser import served_in_a_thread
from testing.console import Clerk, roster_csv
from testing.district import DEFAULT_SCHOOLS, PASSWORD, District
from tests.browser.conftest import Served, context, follow
from tests.browser.test_accessibility import AXE, RUN

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
HEADING = ("学校代码", "学校名称", "类别", "片区", "家长数", "教师数", "四年级", "五年级", "六年级")
MAX_SCRIPT, MAX_PAGE, MAX_HEIGHT = 6 * 1024, 60 * 1024, 2400
PAGES = (
    "", "office", "roster", "roster/upload", "roster/schools/0101", "questionnaires",
    "questionnaires/compulsory-parent",
    "waves", "waves/new", "results", "waves/1", "waves/1?behind=1", "waves/1/schools/0101", "waves/1/papers",
    "waves/1/papers/0101", "waves/1/trial", "waves/1/changes", "waves/1/changes/extend",
    "waves/1/changes/amend?school=0101", "waves/1/paper", "waves/1/paper/import", "account/second-step",
    "questionnaires/compulsory-parent/differences",
    "waves/1/changes/correct", "waves/1/changes/close", "waves/2/setup/basics", "waves/2/setup/questionnaires",
    "waves/2/setup/ways", "waves/2/setup/check", "waves/99",
)  # fmt: skip


@pytest.fixture
def empty(sqlite_url: str, tmp_path: Path) -> Iterator[Served]:
    app = make_app(sqlite_url, tmp_path, clock := ManualClock(START))
    with served_in_a_thread(app) as address:
        yield District(app, clock), address
    app.extensions["database"].dispose()


def log_in(page: Page, url: str) -> None:
    page.goto(f"{url}/staff/login")
    page.fill("[name=username]", "王督导")
    page.fill("[name=password]", PASSWORD)
    follow(page, "main button")


def office_roster(path: Path, faulty: bool) -> Path:
    """Twenty schools as an office keeps them: pupils by grade, and one cell that is no number."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADING)
    for number in range(20):
        parents: Any = "约300" if faulty and number == 7 else 8
        sheet.append((f"51{number:04}", f"第{number + 1}小学", "小学", "东片", parents, 6, 10, 10, 10))
    book.save(path)
    return path


def look(page: Page, name: str) -> None:
    page.evaluate(AXE)
    assert page.evaluate(RUN) == [], name
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert sideways <= 0, f"{name} scrolls sideways"


def upload(page: Page, url: str, path: Path) -> None:
    page.goto(f"{url}/staff/roster/upload")
    page.set_input_files("#file", str(path))
    page.click("main button.primary")
    page.wait_for_url("**/uploads/*")


def test_a_clerk_goes_from_an_empty_system_to_the_papers(empty: Served, browser: Browser, tmp_path: Path) -> None:
    """Walk 1: twenty schools with one fault, mended; slips and class codes; trial; open; the ZIP."""
    district, url = empty
    district.staff()
    found = context(browser, viewport={"width": 1280, "height": 900}, accept_downloads=True, bypass_csp=True,
                    locale="zh-CN")  # fmt: skip
    done = Actions(opened=6).watch(found)  # login, two uploads, a new wave, its check, and the ZIP when it is ready
    page = found.new_page()
    log_in(page, url)
    expect(page.locator("h1")).to_have_text("第一次测评，四步")
    follow(page, "text=导入名册")
    upload(page, url, office_roster(tmp_path / "名册.xlsx", faulty=True))
    expect(page.locator("main")).to_contain_text("1 处错误，没有导入任何内容")
    with page.expect_download() as problems:
        page.click("text=下载带“问题”列的表")
    problems.value.save_as(tmp_path / "问题.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "问题.xlsx").active
    assert sheet is not None
    assert "不是整数人数" in str(sheet.cell(9, 1).value), "in the row that the clerk knows"
    upload(page, url, office_roster(tmp_path / "名册改.xlsx", faulty=False))
    expect(page.locator("main")).to_contain_text("导入 20 所学校")
    look(page, "preview")
    page.click("text=导入 20 所学校")
    page.wait_for_url("**applied=20")
    _set_up(page, url)
    follow(page, "text=试填每一份表单")
    follow(page, "main a:has-text('中文') >> nth=0")
    expect(page.locator("main")).to_contain_text("试填，不计入")
    page.goto(f"{url}/staff/waves/1/setup/check")
    look(page, "check")
    if page.locator("#accept").count():
        page.check("#accept")
    page.click("text=开放批次")
    page.wait_for_url("**/waves/1?opened=1")
    assert district.count("link") == 60
    _fetch_zip(page, district)
    print(done)
    assert (done.clicks + done.opened <= 25, done.fields <= 5, done.minutes < 2.5) == (True, True, True), str(done)
    found.close()


def _set_up(page: Page, url: str) -> None:
    """The four pages of a new wave."""
    page.goto(f"{url}/staff/waves/new")
    page.fill("#name", "2026年秋季满意度")
    page.fill("#opens_on", "2026-11-05")
    page.click("[data-days='14']")
    expect(page.locator("#closes_on")).to_have_value("2026-11-18")
    page.click("main button.primary")
    page.wait_for_url("**/questionnaires")
    page.click("main button.primary")
    page.wait_for_url("**/ways")
    page.check("#way-parent-code")
    page.check("#way-student-class")
    page.click("main button.primary")
    page.wait_for_url("**/check")


def _fetch_zip(page: Page, district: District) -> None:
    follow(page, ".tabs >> text=材料")
    page.click("text=生成 ZIP")
    page.wait_for_url("**/prints/*")
    with district.app.app_context():
        job_worker().run_all()
    page.goto(page.url)
    with page.expect_download() as fetched:
        page.click("text=下载 ZIP")
    with zipfile.ZipFile(fetched.value.path()) as archive:
        names = archive.namelist()
    assert sum(name.endswith("海报.pdf") for name in names) == 20
    assert sum(name.endswith("家长 纸条.pdf") for name in names) == 20
    assert sum(name.endswith("学生 班级口令.pdf") for name in names) == 20


@pytest.mark.parametrize("state", ["zh-1280-light", "en-360-dark"])
def test_every_page_is_accessible_and_of_moderate_size(
    sqlite_url: str, tmp_path: Path, browser: Browser, state: str
) -> None:
    language, width, scheme = state.split("-")
    app = make_app(sqlite_url, tmp_path, clock := ManualClock(START))
    district = District(app, clock).opened(DEFAULT_SCHOOLS, access={"parent": "code", "student": "class"})
    clerk = Clerk(district)
    clerk.start_draft()
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
            look(page, path)
            assert len(gzip.compress(answer.body())) <= MAX_PAGE, path
            if width == "1280":
                assert page.evaluate("document.documentElement.scrollHeight") <= MAX_HEIGHT, path
            elif language == "en":
                assert not re.search("[\u4e00-\u9fff]", _words(page)), (path, _words(page))
        found.close()
    app.extensions["database"].dispose()


def _words(page: Page) -> str:
    """The words of the program on the page: without names of schools, waves and people, and texts in two languages."""
    names = json.loads(page.evaluate("JSON.stringify(document.querySelector('main').innerText)"))
    known = "2026年?秋季?|河东小学|河东中学|王督导|测试区教育督导室|中文|，|：|（|）|“|”|、"
    return re.sub(known, "", names)


def test_without_scripts_the_clerk_still_gets_on(served: Served, browser: Browser, tmp_path: Path) -> None:
    district, url = served
    district.staff()
    found = browser.new_context(java_script_enabled=False)
    page = found.new_page()
    log_in(page, url)
    path = tmp_path / "r.csv"
    path.write_bytes(roster_csv("0101,河东小学,小学,东片,600,40,600"))
    upload(page, url, path)
    page.check("#missing-remove") if page.locator("#missing-remove").count() else None
    page.click("main form button.primary")
    page.wait_for_url("**applied=1")
    page.goto(f"{url}/staff/waves/1/changes/extend")
    page.fill("#closes_on", "2026-11-20")
    page.fill("#reason", "放假")
    follow(page, "main button.primary")
    page.click("main button.primary")
    page.wait_for_url("**done=extend")
    page.goto(f"{url}/staff/waves/1")
    expect(page.locator("noscript, meta[http-equiv=refresh]").first).to_be_attached()
    found.close()


def test_scripts_sort_copy_and_send_once(served: Served, browser: Browser) -> None:
    district, url = served
    district.staff()
    found = context(browser, viewport={"width": 1280, "height": 900}, permissions=["clipboard-read", "clipboard-write"])
    page = found.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    log_in(page, url)
    page.goto(f"{url}/staff/roster")
    page.click("thead button >> nth=1")
    page.click("thead button >> nth=1")
    expect(page.locator("tbody tr >> nth=0")).to_have_text(re.compile(r"^\s*河东中学"))
    page.goto(f"{url}/staff/waves/1/papers/0101")
    page.click("[data-copy] >> nth=0")
    page.wait_for_function("async () => (await navigator.clipboard.readText()).includes('/s/')")
    page.goto(f"{url}/staff/office")
    page.fill("#contact", "010-1")
    page.evaluate("const f = document.querySelector('main form'); f.requestSubmit(); f.requestSubmit()")
    page.wait_for_url("**saved=1")
    with district.app.extensions["database"].read_session() as session:
        from sqlalchemy import text

        assert session.scalar(text("SELECT count(*) FROM audit_entry WHERE action = 'settings.set'")) == 1
    assert not problems, "the policy of the pages lets their own script run"
    found.close()


def test_returns_are_fresh_without_reloading(served: Served, browser: Browser) -> None:
    district, url = served
    district.staff()
    found = context(browser, viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = found.new_page()
    page.clock.install()
    log_in(page, url)
    page.goto(f"{url}/staff/waves/1?category=primary")
    page.evaluate("window.stayed = true")
    district.send_many(district.link("teacher"), 6)
    page.clock.fast_forward(61_000)
    expect(page.locator("[data-live]")).to_contain_text("6 / 12（50.0%）")
    assert page.evaluate("window.stayed"), "the page was not loaded again"
    expect(page.locator("text=河东中学"), "the filter of the address stays").to_have_count(0)
    found.close()


def test_what_was_typed_survives_the_end_of_the_session(served: Served, browser: Browser) -> None:
    """K27: fifteen idle minutes, and the login page without a word."""
    district, url = served
    district.staff()
    found = context(browser, viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = found.new_page()
    log_in(page, url)
    page.goto(f"{url}/staff/waves/1/changes/extend")
    page.fill("#closes_on", "2026-11-20")
    page.fill("#reason", "学校放假一周")
    district.clock.advance(hours=1)
    page.click("main button.primary")
    expect(page.locator("main")).to_contain_text("填过的还在")
    follow(page, "main a.button")
    page.fill("[name=username]", "王督导")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/changes/extend")
    expect(page.locator("#reason")).to_have_value("学校放假一周")
    expect(page.locator("#closes_on")).to_have_value("2026-11-20")
    page.goto(f"{url}/staff/")
    assert page.evaluate("sessionStorage.getItem('typed')") is None, "kept no longer than needed"
    found.close()


def test_the_script_stays_small() -> None:
    script = (PROJECT / "survey_app" / "static" / "staff.js").read_bytes()
    assert len(gzip.compress(script)) <= MAX_SCRIPT
