"""People who do not run waves, in a real browser: what they read is one value everywhere, what they do is recorded."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from survey_app.foundation.extensions import job_worker
from testing.browser import served_in_a_thread
from testing.console import roster_csv
from testing.district import PASSWORD, District
from tests.browser.conftest import PHONE, Served, context, follow
from tests.reporting.conftest import measured as measured
from tests.reporting.conftest import measured_once as measured_once

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?")


@pytest.fixture
def results(measured: District) -> Iterator[Served]:
    with served_in_a_thread(measured.app) as address:
        yield measured, address


def enter(browser: Browser, url: str, username: str, password: str = PASSWORD) -> Page:
    """The first page after logging in."""
    page = context(browser, viewport={"width": 1280, "height": 900}, accept_downloads=True, locale="zh-CN").new_page()
    page.goto(f"{url}/staff/login")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.click("main button")
    page.wait_for_url("**/staff/")
    return page


def numbers_shown(page: Page) -> set[str]:
    """Every number in a cell of a table of the page."""
    cells = page.locator("main table tbody :is(td, th)").all_text_contents()
    return {number for cell in cells for number in NUMBER.findall(cell)}


def check_against_csv(page: Page) -> None:
    """Every number that stands in a table of this page stands in the page's own CSV."""
    with page.expect_download() as fetched:
        page.click("text=本页的表（CSV）")
    content = Path(fetched.value.path()).read_text("utf-8-sig")
    rows = [cell for row in csv.reader(io.StringIO(content)) for cell in row]
    listed = {number for cell in rows for number in NUMBER.findall(cell)}
    shown = numbers_shown(page)
    assert shown, page.url
    assert shown <= listed, (page.url, shown - listed)


def test_after_the_seal_every_number_on_the_way_is_that_of_the_files(results: Served, browser: Browser) -> None:
    """Walk 3: overview, category, a school, its items, the workbook."""
    district, url = results
    district.staff(name="王督导")
    page = enter(browser, url, "王督导")
    follow(page, "nav >> text=结果")
    follow(page, "main >> text=2026秋")
    expect(page.locator("#stands-out")).to_have_text("什么最突出")
    follow(page, ".strips a >> nth=0")
    check_against_csv(page)
    ranked = page.locator("main tbody tr", has_text="河东小学").first
    composite = ranked.locator("td[data-label*=综合得分]").inner_text()
    follow(page, "main tbody >> text=河东小学")
    check_against_csv(page)
    expect(page.locator("main")).to_contain_text(composite)
    follow(page, ".chips >> text=题目")
    check_against_csv(page)
    follow(page, "nav[aria-label=位置] >> text=2026秋")
    with page.expect_download() as fetched:
        page.click("text=下载 Excel 工作簿")
    assert "2026秋" in fetched.value.suggested_filename
    line = next(
        line
        for line in csv.DictReader(io.StringIO(district.command("results", "ranking", "--wave", "2026秋")))
        if line["school_name"] == "河东小学"
    )
    assert composite == f"{float(line['composite']):.2f}"
    ranking = openpyxl.load_workbook(io.BytesIO(Path(fetched.value.path()).read_bytes()), data_only=True)["分类排名表"]
    values = [cell.value for row in ranking.iter_rows() for cell in row if row[0].value == line["school_code"]]
    assert any(isinstance(value, float) and f"{value:.2f}" == composite for value in values)


def test_a_clerk_puts_right_what_went_wrong_mid_wave(served_codes: Served, browser: Browser, tmp_path: Path) -> None:
    """Walk 2: a school is missing, a number is wrong, the end is moved, slips are lost, a typo takes two people."""
    district, url = served_codes
    district.staff(name="王督导")
    page, changes = enter(browser, url, "王督导"), f"{url}/staff/waves/1/changes"
    rows = ("0101,河东小学,小学,,60,12,30", "0201,河东中学,初中,,60,12,60", "0102,河西小学,小学,,60,12,30")
    (tmp_path / "名册.csv").write_bytes(roster_csv(*rows))
    page.goto(f"{url}/staff/roster/upload")
    page.set_input_files("#file", str(tmp_path / "名册.csv"))
    page.click("main button.primary")
    page.wait_for_url("**/uploads/*")
    follow(page, "text=导入 3 所学校")
    _change(page, f"{changes}/add-school", {"school": "0102"}, "漏了一所学校")
    _change(page, f"{changes}/amend?school=0101", {"group": "parent/1/", "population": "12"}, "转来两人")
    _change(page, f"{changes}/extend", {"closes_on": "2026-11-20"}, "学校放假")
    papers = f"{url}/staff/waves/1/papers/0101"
    _print_slips(page, papers, "10")
    page.goto(papers)
    follow(page, "main td >> text=作废")
    page.fill("#reason", "一沓纸条丢了")
    follow(page, "main button.primary")
    expect(page.locator("main")).to_contain_text("10 张作废")
    follow(page, "main button.primary")
    _print_slips(page, papers, "12")
    assert district.count("code_batch WHERE voided_at IS NULL") == 1
    typo = {"instrument": "compulsory-parent", "before": "课堂教学的质量", "after": "课堂教学的质量如何"}
    _change(page, f"{changes}/correct", typo, "少了两个字")
    _type_in_paper(page, f"{url}/staff/waves/1/paper/0101/parent")
    assert district.count("response WHERE response_speed = 'p'") == 1
    district.staff(name="李老师")
    second = enter(browser, url, "李老师")
    second.goto(changes)
    follow(second, "text=确认更正")
    records = second.locator("main table tbody").inner_text()
    for reason in ("漏了一所学校", "转来两人", "学校放假", "少了两个字"):
        assert reason in records, reason
    assert "王督导、李老师" in records
    assert district.count("audit_entry WHERE action = 'codes.void' AND detail LIKE '%一沓纸条丢了%'") == 1
    assert "课堂教学的质量如何" in district.client.get(f"/s/{district.link().slug}").text
    page.goto(f"{url}/staff/waves/1")
    expect(page.locator("main")).to_contain_text("河西小学")
    expect(page.locator("main")).to_contain_text("2026-11-20 09:00")


def _type_in_paper(page: Page, address: str) -> None:
    """A form on paper, by keys alone; the second Enter comes too late to store it twice."""
    page.goto(address)
    for _question in range(page.locator(".entry-card[role=radiogroup]").count()):
        page.keyboard.press("1")
    expect(page.locator("main textarea").first, "each key leads to the next question").to_be_focused()
    page.evaluate("const f = document.querySelector('[data-entry]'); f.requestSubmit(); f.requestSubmit()")
    page.wait_for_url("**stored=1*")
    expect(page.locator("main")).to_contain_text("今天录入 1 份")


def _change(page: Page, address: str, fields: dict[str, str], reason: str) -> None:
    """Both steps of a change: what will happen is said, then it is done."""
    page.goto(address)
    for name, value in fields.items():
        field = page.locator(f"main [name={name}]:not([type=hidden])")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.fill("#reason", reason)
    follow(page, "main button.primary")
    follow(page, "main button.primary")
    expect(page, "the change is done").to_have_url(re.compile("done="))


def _print_slips(page: Page, address: str, count: str) -> None:
    page.goto(address)
    page.fill("#count", count)
    with page.expect_download() as fetched:
        page.click("text=生成 PDF")
    assert Path(fetched.value.path()).read_bytes().startswith(b"%PDF")


def test_a_principal_on_a_phone_sees_what_is_the_schools_and_nothing_else(
    served_codes: Served, browser: Browser
) -> None:
    """Walk 4: posters, counts, the report after the release; another school's address is a page that does not exist.

    Replying to a notice: ``test_rectification.py``.
    """
    district, url = served_codes
    district.staff(name="王督导")
    office = enter(browser, url, "王督导")
    office.goto(f"{url}/staff/people/new")
    office.fill("#username", "张校长")
    office.check("[value=principal]")
    office.fill("#schools", "0101")
    follow(office, "main button.primary")
    found = re.search(r"/staff/welcome/[\w-]+", office.locator("main").inner_text())
    assert found
    _choose_password(browser, (url + found[0], "张校长"))
    district.send_many(district.link("teacher"), 11)
    phone = _on_a_phone(browser, url)
    expect(phone.locator("main")).to_contain_text("河东小学")
    phone.goto(f"{url}/staff/schools/0101")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    expect(phone.locator("main")).to_contain_text("11 / 12")
    with phone.expect_download() as fetched:
        phone.click("text=海报（PDF）")
    assert Path(fetched.value.path()).read_bytes().startswith(b"%PDF")
    foreign = ("schools/0201", "schools/0201/waves/1/posters.pdf", "schools/0101/waves/1/results", "waves/1", "roster")
    for path in foreign:
        assert phone.goto(f"{url}/staff/{path}").status == 404, path  # type: ignore[union-attr]
        expect(phone.locator("h1")).to_have_text("没有这个页面")
    district.sealed()
    with district.app.app_context():
        job_worker().run_all()
    office = enter(browser, url, "王督导")
    _change(office, f"{url}/staff/waves/1/changes/release", {}, "结果已核对")
    district.staff(name="李老师")
    second = enter(browser, url, "李老师")
    second.goto(f"{url}/staff/waves/1/changes")
    follow(second, "text=同意公布给学校")
    phone = _on_a_phone(browser, url)
    phone.goto(f"{url}/staff/schools/0101")
    follow(phone, "text=本校结果")
    expect(phone.locator("h1")).to_contain_text("河东小学")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert phone.goto(f"{url}/staff/schools/0201/waves/1/results").status == 404  # type: ignore[union-attr]


def _on_a_phone(browser: Browser, url: str) -> Page:
    page = context(browser, accept_downloads=True, locale="zh-CN").new_page()
    page.goto(f"{url}/staff/login")
    page.fill("[name=username]", "张校长")
    page.fill("[name=password]", _password("张校长"))
    follow(page, "main button")
    return page


def test_a_leader_approves_an_auditor_verifies_an_administrator_sees_no_result(
    results: Served, browser: Browser
) -> None:
    """Walk 6; the accounts are made by the administrator, and their passwords chosen by links."""
    district, url = results
    district.staff("sysadmin", "管理员")
    keeper = enter(browser, url, "管理员")
    links = [
        _new_account(keeper, url, *person) for person in (("李督导", "office"), ("局长", "leader"), ("审计", "auditor"))
    ]
    assert keeper.goto(f"{url}/staff/waves/1/results").status == 404  # type: ignore[union-attr]
    for link in links:
        _choose_password(browser, link)
    office = enter(browser, url, "李督导", _password("李督导"))
    office.goto(f"{url}/staff/waves/1/changes/release")
    office.fill("#reason", "结果已核对")
    follow(office, "main button.primary")
    follow(office, "main button.primary")
    leader = enter(browser, url, "局长", _password("局长"))
    expect(leader.locator("main")).to_contain_text("请您批准：2026秋")
    follow(leader, "text=先看结果，再决定")
    expect(leader.locator("#stands-out")).to_be_in_viewport()
    follow(leader, "text=同意公布给学校")
    leader.goto(f"{url}/staff/")
    expect(leader.locator("main")).not_to_contain_text("请您批准")
    assert leader.goto(f"{url}/staff/waves/1/results/quality").status == 404  # type: ignore[union-attr]
    auditor = enter(browser, url, "审计", _password("审计"))
    auditor.goto(f"{url}/staff/waves/1/verification")
    follow(auditor, "main button.primary")
    with district.app.app_context():
        job_worker().run_all()
    auditor.reload()
    expect(auditor.locator("main")).to_contain_text("答卷的计数都一致")


def _password(name: str) -> str:
    return f"{name} vier blaue Dinge"


def _new_account(page: Page, url: str, name: str, role: str) -> tuple[str, str]:
    page.goto(f"{url}/staff/people/new")
    page.fill("#username", name)
    page.select_option("#role", role) if page.locator("select#role").count() else page.check(f"[value={role}]")
    follow(page, "main button.primary")
    found = re.search(r"/staff/welcome/[\w-]+", page.locator("main").inner_text())
    assert found, page.locator("main").inner_text()
    return url + found[0], name


def _choose_password(browser: Browser, link: tuple[str, str]) -> None:
    address, name = link
    page = context(browser, locale="zh-CN").new_page()
    page.goto(address)
    page.fill("#new", _password(name))
    page.fill("#again", _password(name))
    follow(page, "main button")
