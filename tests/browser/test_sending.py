"""Bad reception, refusals, busy servers: what is sent counts once, and nothing that was typed is lost."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from testing.codes import issued
from testing.lossy_proxy import LossyProxy, lossy
from tests.browser.conftest import SEND, Served, expect_no_answers, fill, open_served, send
from tests.collection.test_conditions_without_script import with_names

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_lost_reply_is_asked_for_again_with_the_same_answers(
    served: Served, network: LossyProxy, device: BrowserContext
) -> None:
    """R-H1, R-M2: the reply is lost after the commit; the page stays, is locked, and repeats itself unchanged."""
    district, _url = served
    page = device.new_page()
    page.goto(f"{network.url}/s/{district.link().slug}")
    fill(page)
    network.losses = 1
    page.click(SEND)
    expect(page.locator("#status")).to_contain_text("还没有收到回复")
    answer = page.locator("[data-id=T1] input").first
    expect(answer, "what may be stored cannot be changed any more").to_be_disabled()
    page.click("#again")
    page.wait_for_url("**/thanks*")
    assert (district.count("response"), network.posts) == (1, 2)


def test_a_page_that_was_closed_before_the_reply_is_offered_and_sent_unchanged(
    served: Served, network: LossyProxy, device: BrowserContext
) -> None:
    """R-H1: after a new scan the submission id is still that of the answers, so a repeat is a repeat."""
    district, _url = served
    address = f"{network.url}/s/{district.link().slug}"
    page = device.new_page()
    page.goto(address)
    fill(page)
    network.losses = 1
    page.click(SEND)
    expect(page.locator("#status")).to_contain_text("还没有收到回复")
    page.close()
    page = device.new_page()
    page.goto(address)
    expect(page.locator("#ask-unsent")).to_be_visible()
    expect(page.locator(SEND)).to_be_hidden()
    expect_no_answers(page)
    page.click("[data-do=resend]")
    page.wait_for_url("**/thanks*")
    assert district.count("response") == 1


def test_a_lost_reply_with_a_slip_is_no_false_alarm(served_codes: Served, device: BrowserContext) -> None:
    """R-H1, R-M1: the code is kept with the draft, and the repeat is received, not refused as a used code."""
    district, url = served_codes
    code = issued(district, "parent", 1)[0]
    with lossy(url) as network:
        page = device.new_page()
        page.goto(f"{network.url}/s/{district.link().slug}#{code}")
        fill(page)
        network.losses = 1
        page.click(SEND)
        expect(page.locator("#status")).to_contain_text("还没有收到回复")
        page.goto("about:blank")
        page.goto(f"{network.url}/s/{district.link().slug}")
        page.click("[data-do=resend]")
        page.wait_for_url("**/thanks*")
        expect(page.locator("main")).to_contain_text("另一张纸条")
    assert district.count("response") == 1


def test_sending_is_seen_and_heard_and_costs_one_request(
    served: Served, network: LossyProxy, device: BrowserContext
) -> None:
    """R-M2: no probe before it, no second page after it; the button says that it is at work."""
    district, _url = served
    page = device.new_page()
    page.goto(f"{network.url}/s/{district.link().slug}")
    fill(page)
    network.delay = 1.5
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {re.sub('[?].*', '', request.url)[-7:]}"))
    page.click(SEND)
    status = page.locator("#status")
    expect(status).to_have_text("正在提交…")
    expect(status).to_have_attribute("role", "status")
    expect(page.locator(SEND)).to_have_attribute("aria-disabled", "true")
    page.click(SEND, force=True)
    page.wait_for_url("**/thanks*")
    assert [entry.partition(" ")[0] for entry in asked] == ["POST", "GET"]
    assert network.posts == 1


def test_a_busy_server_is_asked_again(served: Served, device: BrowserContext) -> None:
    """R-M2: 503 keeps the page and its answers."""
    district, url = served
    page = device.new_page()
    page.goto(f"{url}/s/{district.link().slug}")
    fill(page)
    page.route("**/s/*", lambda route: route.fulfill(status=503, body="busy"), times=1)
    page.click(SEND)
    expect(page.locator("#status")).to_contain_text("现在填写的人很多")
    page.click("#again")
    page.wait_for_url("**/thanks*")
    assert district.count("response") == 1


def test_a_refusal_that_is_not_ours_keeps_the_page(served: Served, device: BrowserContext) -> None:
    """C-F3: a proxy that finds the request too large loses nothing; the page says what to do."""
    district, url = served
    page = device.new_page()
    page.goto(f"{url}/s/{district.link().slug}")
    fill(page)
    page.route("**/s/*", lambda route: route.fulfill(status=413, body="too large"), times=1)
    page.click(SEND)
    expect(page.locator("#status")).to_contain_text("内容太长")
    expect(page.locator("[data-id=T1] input").first).to_be_enabled()
    expect(page.locator("[data-id=T1] input").first).to_be_checked()
    send(page)
    assert district.count("response") == 1


def test_gaps_come_back_named_and_the_answers_stay_a_draft(served: Served, device: BrowserContext) -> None:
    """R-M8: the page is replaced in place, and a reload offers the draft instead of a second POST."""
    district, url = served
    page = device.new_page()
    page.goto(f"{url}/s/{district.link().slug}")
    page.locator("[data-id=T1] input").nth(1).check()
    page.click(SEND)
    expect(page.locator("#error h2")).to_contain_text("还没有提交")
    page.locator("#error a", has_text="孩子学习有困难时，老师给的帮助").click()
    expect(page.locator("[name=T5]:focus")).to_be_attached()
    page.reload()
    page.click("[data-do=resume]")
    expect(page.locator("[data-id=T1] input").nth(1)).to_be_checked()


def test_hints_and_counters_say_what_is_true(served: Served, device: BrowserContext) -> None:
    """R-M3, R-Low: a conditional item that is shown is not optional; comments are counted, not cut."""
    district, url = served
    page = device.new_page()
    page.goto(f"{url}/s/{district.link().slug}")
    page.locator("[data-id=lunch] input").first.check()
    expect(page.locator("[data-id=S4]")).to_be_visible()
    expect(page.locator("[data-id=S4] .hint")).to_be_hidden()
    box = page.locator("textarea").first
    box.fill("好" * 600)
    expect(box).to_have_value("好" * 600)
    expect(page.locator("#n-C1")).to_have_text("多了 100 字，请删减")
    shown = page.locator("[data-count]:visible").count()
    expect(page.locator("#total")).to_have_text(str(shown))
    expect(page.locator("[data-count][data-id=grade]")).to_have_count(1)


def test_a_comment_stays_in_sight_when_its_reason_goes(served_senior: Served, device: BrowserContext) -> None:
    """R-H5: raised from dissatisfied to satisfied, the page keeps what was written, and so does the server."""
    district, url = served_senior
    page = device.new_page()
    page.goto(f"{url}/s/{district.link('parent').slug}")
    fill(page)
    conditional = page.locator("[data-if]:has(textarea)").first
    items = page.locator("[data-count][data-id^=T] input[type=radio]")
    items.nth(4).check()
    conditional.locator("textarea").fill("宿舍太挤")
    fill(page)
    expect(conditional).to_be_visible()
    send(page)
    assert district.count("comment") == 1


def test_questions_called_like_things_of_the_page_break_no_script(
    sqlite_url: str, tmp_path: Path, device: BrowserContext
) -> None:
    """C-F2: "submit", "clear", "again", "total", "error" and others as ids of questions, to the thanks page."""
    questionnaires, errors = with_names(tmp_path), list[object]()
    for district, url in open_served(sqlite_url, tmp_path, questionnaires=questionnaires, instruments=("names",)):
        page = device.new_page()
        page.on("pageerror", lambda error: errors.append(error))
        page.goto(f"{url}/s/{district.link().slug}")
        page.locator("textarea").first.fill("好")
        page.locator("[data-id=clear] textarea").click()
        page.locator("[data-id=again] textarea").click()
        page.click(SEND)
        expect(page.locator("#error h2")).to_contain_text("还没有提交")
        fill(page)
        expect(page.locator("[data-id=error] textarea")).to_have_value("好")
        page.click(SEND)
        page.wait_for_url("**/thanks*")
        assert errors == []
        assert (district.count("response"), district.count("comment")) == (1, 1)
