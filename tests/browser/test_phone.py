"""From the poster on the wall to the workbook, on a phone of 360 px."""

import io
import re
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, Error, Page, expect

from tests.browser.conftest import Served, context, expect_no_answers, fill, follow, send

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_from_poster_to_workbook(served: Served, phone: Page, tmp_path: Path) -> None:
    district, url = served
    out = tmp_path / "posters.pdf"
    district.command("links", "posters", "--wave", "2026秋", "--school", "0101", "--out", str(out))
    document = pypdfium2.PdfDocument(out)
    picture = document[0].render(scale=100 / 72).to_pil()
    document.close()
    address = zxingcpp.read_barcodes(picture)[0].text
    phone.goto(address.replace("https://s.example.edu.cn", url))
    expect(phone.locator("h1")).to_have_text("河东小学")
    fill(phone)
    district.clock.advance(minutes=2)
    phone.click("button.primary#send")
    phone.wait_for_url(f"{url}/s/*/thanks*")
    phone.goto(address.replace("https://s.example.edu.cn", url))
    expect(phone.locator("#ask-done")).to_be_visible()
    client = district.staff()
    assert re.search(r"1 / 60（1\.7%）", client.get("/staff/waves/1").text)
    assert district.count("response") == 1
    district.sealed()
    phone.goto(address.replace("https://s.example.edu.cn", url))
    expect(phone.locator("main")).to_contain_text("已经截止")
    book = openpyxl.load_workbook(io.BytesIO(client.get("/staff/waves/1/results.xlsx").data), data_only=True)
    rows = [[cell.value for cell in row] for row in book["回收率"].iter_rows()]
    parents = next(row for row in rows if row[1] == "河东小学" and row[3] == "家长")
    assert parents[4:7] == [60, 1, 1]


def test_two_clicks_are_one_answer(served: Served, phone: Page) -> None:
    district, url = served
    phone.goto(f"{url}/s/{district.link().slug}")
    fill(phone)
    phone.dblclick("button.primary#send")
    phone.wait_for_url("**/thanks*")
    assert district.count("response") == 1


def test_conditional_items_come_and_go(served: Served, phone: Page) -> None:
    district, url = served
    phone.goto(f"{url}/s/{district.link().slug}")
    meals = phone.locator("[data-id=S4]")
    expect(meals).to_be_attached()
    expect(meals).to_be_hidden()
    phone.locator("[data-id=lunch] input").first.check()
    expect(meals).to_be_visible()
    before = int(phone.locator("#total").inner_text())
    phone.locator("[data-id=lunch] input").nth(1).check()
    expect(meals).to_be_hidden()
    expect(phone.locator("#total")).to_have_text(str(before - 1))


def test_the_draft_survives_a_reload_and_ends_with_the_thanks(served: Served, phone: Page) -> None:
    """R-H4: it is offered, never filled in unasked."""
    district, url = served
    address = f"{url}/s/{district.link().slug}"
    phone.goto(address)
    phone.locator("[data-id=T1] input").nth(1).check()
    expect(phone.locator("#saved")).to_be_visible()
    phone.goto(address)
    expect_no_answers(phone)
    expect(phone.locator("[data-id=T1]")).to_be_hidden()
    phone.click("[data-do=resume]")
    expect(phone.locator("[data-id=T1] input").nth(1)).to_be_checked()
    fill(phone)
    send(phone)
    phone.goto(address)
    phone.click("[data-do=another]")
    expect(phone.locator("[data-id=T1]")).to_be_visible()
    expect_no_answers(phone)


def test_the_next_unanswered_item_is_found(served: Served, phone: Page) -> None:
    district, url = served
    phone.goto(f"{url}/s/{district.link('teacher').slug}")
    phone.locator("[data-id] input").first.check()
    phone.click("#next")
    expect(phone.locator("[data-need]").nth(1).locator("input").first).to_be_focused()


def test_without_a_script_everything_works(served: Served, browser: Browser) -> None:
    district, url = served
    found = context(browser, java_script_enabled=False)
    page = found.new_page()
    page.goto(f"{url}/s/{district.link().slug}")
    expect(page.locator("[data-id=S4]")).to_be_visible()
    page.locator("[data-id=T1] input").first.check()
    follow(page, "button[value=large]")
    expect(page.locator("html.large")).to_be_attached()
    expect(page.locator("[data-id=T1] input").first).to_be_checked()
    follow(page, "button.primary#send")
    expect(page).to_have_title(re.compile("^错误"))
    expect(page.locator("#error a")).to_have_count(5)
    fill(page)
    send(page)
    assert district.count("response") == 1
    found.close()


def test_a_student_in_the_computer_room_and_a_teacher_need_no_script_error(served: Served, browser: Browser) -> None:
    district, url = served
    problems: list[Error] = []
    for audience in ("student", "teacher"):
        found = context(browser)
        page = found.new_page()
        page.on("pageerror", lambda error: problems.append(error))
        page.goto(f"{url}/s/{district.link(audience).slug}")
        fill(page)
        send(page)
        assert problems == []
        found.close()
