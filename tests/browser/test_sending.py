"""Bad reception, Back, a second tab, a second child, the next person: with the browser's back/forward cache on."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from testing.browser import FLAGS
from testing.codes import issued
from testing.lossy_proxy import LossyProxy, lossy
from testing.programs import chromium
from tests.browser.conftest import Served, context, fill, open_served
from tests.collection.test_conditions_without_script import with_names

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SEND = "#send"


@pytest.fixture(scope="module")
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


def stored(page: Page) -> dict[str, Any]:
    """What the page's origin keeps on the device, drafts and what was sent."""
    text = page.evaluate("JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])")
    return {name: json.loads(value) for part in json.loads(text) for name, value in part}


def send(page: Page) -> None:
    page.click(SEND)
    page.wait_for_url("**/thanks*")


def checked(page: Page) -> int:
    return page.locator("input[type=radio]:checked").count()


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
    assert page.locator("[data-id=T1] input").first.is_disabled(), "what may be stored cannot be changed any more"
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
    assert not page.locator(SEND).is_visible()
    assert checked(page) == 0
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
        assert "另一张纸条" in page.content()
    assert district.count("response") == 1


def test_the_code_of_a_slip_survives_a_reload(served_codes: Served, device: BrowserContext) -> None:
    """R-M1; C-F17: what chat programs append to an address, and rubbish, is no code and breaks nothing."""
    district, url = served_codes
    code = issued(district, "parent", 1)[0]
    page = device.new_page()
    errors: list[object] = []
    page.on("pageerror", lambda error: errors.append(error))
    for fragment in (code, f"{code}?from=singlemessage", f"{code}#wechat_redirect"):
        page.goto("about:blank")
        page.goto(f"{url}/s/{district.link().slug}#{fragment}")
        for _ in range(2):
            assert page.input_value("[name=_code]").replace(" ", "") == code
            page.reload()
    for fragment in ("wechat_redirect", "%E4%BD", "", "again"):
        page.goto("about:blank")
        page.goto(f"{url}/s/{district.link().slug}#{fragment}")
        assert page.input_value("[name=_code]") == ""
        assert page.locator("#total").inner_text() == "22"
    assert errors == []


def test_back_after_submitting_shows_no_answers_and_sends_nothing(served: Served, device: BrowserContext) -> None:
    """R-H2, R-H4, C-F1, S2: with the back/forward cache on, Back never leads to a form that was sent."""
    district, url = served
    page = device.new_page()
    page.goto(f"{url}/s/nothing1")
    page.goto(f"{url}/s/{district.link().slug}")
    fill(page)
    page.locator("textarea").first.fill("操场很好")
    send(page)
    page.go_back()
    assert "操场很好" not in page.content()
    assert page.locator("form").count() == 0
    page.go_forward()
    assert page.title() == "已收到，谢谢！"
    assert checked(page) == 0
    assert district.count("response") == 1


def test_a_device_that_has_sent_asks_before_it_shows_another_form(served: Served, device: BrowserContext) -> None:
    """R-H2: a second scan says that this device has sent one; a second child is a choice, not an accident."""
    district, url = served
    address = f"{url}/s/{district.link().slug}"
    page = device.new_page()
    page.goto(address)
    fill(page)
    send(page)
    page.goto(address)
    expect(page.locator("#ask-done")).to_contain_text("本机已提交过一份")
    assert not page.locator(SEND).is_visible()
    page.click("[data-do=close]")
    expect(page.locator("#closing")).to_contain_text("已经收到")
    page.goto(address)
    page.click("[data-do=another]")
    assert checked(page) == 0
    fill(page)
    send(page)
    assert district.count("response") == 2


def test_one_more_from_the_thanks_page_needs_no_question(served: Served, device: BrowserContext) -> None:
    """R-M4: for parents only; language and size go along."""
    district, url = served
    page = device.new_page()
    page.goto(f"{url}/s/{district.link().slug}?lang=en&size=large")
    fill(page)
    send(page)
    page.click("a.button")
    assert page.locator("html.large[lang=en]").count() == 1
    assert page.locator(SEND).is_visible()
    for audience in ("teacher", "student"):
        page.goto(f"{url}/s/{district.link(audience).slug}/thanks")
        assert page.locator("a.button").count() == 0


def test_the_same_draft_in_two_tabs_is_sent_once(served: Served, device: BrowserContext) -> None:
    """R-H1, C-F1: a tab whose answers went off from another tab does not pretend to have sent its own."""
    district, url = served
    address = f"{url}/s/{district.link().slug}"
    first = device.new_page()
    first.goto(address)
    fill(first)
    second = device.new_page()
    second.goto(address)
    second.click("[data-do=resume]")
    assert checked(second) == checked(first)
    send(second)
    first.locator("[data-id=T1] input").nth(2).check()
    first.click(SEND)
    expect(first.locator("#ask-done")).to_be_visible()
    assert district.count("response") == 1


def test_a_second_child_in_a_second_tab_is_a_second_answer(served: Served, device: BrowserContext) -> None:
    """R-H4: the second tab is empty until somebody says whose the draft is; both children are stored."""
    district, url = served
    address = f"{url}/s/{district.link().slug}"
    first = device.new_page()
    first.goto(address)
    fill(first)
    second = device.new_page()
    second.goto(address)
    expect(second.locator("#ask-draft")).to_be_visible()
    assert checked(second) == 0
    second.click("[data-do=fresh]")
    assert checked(second) == 0
    fill(second)
    send(second)
    send(first)
    assert district.count("response") == 2


@pytest.mark.parametrize("audience", ["teacher", "student"])
def test_teachers_and_students_leave_nothing_on_the_device(
    served: Served, device: BrowserContext, audience: str
) -> None:
    """R-H4, C-F15: the next person at an office PC or in a computer room sees nothing of the one before."""
    district, url = served
    page = device.new_page()
    page.goto(f"{url}/s/{district.link(audience).slug}")
    fill(page)
    page.locator("textarea").first.fill("校长任人唯亲")
    assert stored(page) == {}
    page = device.new_page()
    page.goto(f"{url}/s/{district.link(audience).slug}")
    assert checked(page) == 0
    assert "校长任人唯亲" not in page.content()


def test_what_was_sent_by_a_teacher_and_not_confirmed_survives_a_reload(
    served: Served, network: LossyProxy, device: BrowserContext
) -> None:
    """R-H1: where no draft is kept, id and answers stay with the tab until there is a reply, and not longer."""
    district, _url = served
    page = device.new_page()
    page.goto(f"{network.url}/s/{district.link('teacher').slug}")
    fill(page)
    network.losses = 1
    page.click(SEND)
    expect(page.locator("#status")).to_contain_text("还没有收到回复")
    page.reload()
    page.click("[data-do=resend]")
    page.wait_for_url("**/thanks*")
    assert not any(name.startswith("draft:") for name in stored(page))
    assert district.count("response") == 1


def test_a_shared_device_keeps_nothing_at_all(served: Served, device: BrowserContext) -> None:
    """R-H4, R-M9: neither draft nor memory of what was sent, and Back shows nothing."""
    district, url = served
    page = device.new_page()
    page.goto(f"{url}/s/{district.link('student').slug}")
    page.click("[name=_view][value=shared]")
    fill(page)
    send(page)
    assert stored(page) == {}
    page.click("a.button.primary")
    assert checked(page) == 0
    assert page.locator(SEND).is_visible()
    page.go_back()
    page.go_back()
    assert checked(page) == 0


def test_drafts_that_are_out_of_date_leave_with_any_page(served: Served, device: BrowserContext) -> None:
    """R-H4: three days and the end of the wave are kept by every page, and a closed form drops its draft at once."""
    district, url = served
    page = device.new_page()
    page.goto(f"{url}/s/{district.link().slug}")
    page.locator("[data-id=T1] input").nth(1).check()
    key = f"draft:{district.link().slug}"
    assert stored(page)[key]["v"] == {"T1": ["4"]}
    page.evaluate("localStorage.setItem('draft:other', JSON.stringify({x: Date.now() - 1, v: {}}))")
    page.goto(f"{url}/s/{district.link('teacher').slug}")
    assert list(stored(page)) == [key]
    district.sealed()
    page.goto(f"{url}/s/{district.link().slug}")
    assert "已经截止" in page.content()
    assert stored(page) == {}


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
    assert status.get_attribute("role") == "status"
    assert page.locator(SEND).get_attribute("aria-disabled") == "true"
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
    assert page.locator("[data-id=T1] input").first.is_enabled()
    assert page.locator("[data-id=T1] input").first.is_checked()
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
    page.locator("#error a", has_text="孩子学习遇到困难时得到的帮助").click()
    assert page.evaluate("document.activeElement.name") == "T2"
    page.reload()
    page.click("[data-do=resume]")
    assert page.locator("[data-id=T1] input").nth(1).is_checked()


def test_a_draft_opens_in_the_language_and_size_in_which_it_was_left(served: Served, device: BrowserContext) -> None:
    """R-H4: token, answers, language and size belong together."""
    district, url = served
    page = device.new_page()
    page.goto(f"{url}/s/{district.link().slug}")
    page.click("[name=_view][value=en]")
    page.locator("[data-id=T1] input").nth(1).check()
    page.goto(f"{url}/s/{district.link().slug}")
    expect(page.locator("#ask-draft")).to_contain_text("unsent answers")


def test_hints_and_counters_say_what_is_true(served: Served, device: BrowserContext) -> None:
    """R-M3, R-Low: a conditional item that is shown is not optional; comments are counted, not cut."""
    district, url = served
    page = device.new_page()
    page.goto(f"{url}/s/{district.link().slug}")
    page.locator("[data-id=lunch] input").first.check()
    assert not page.locator("[data-id=S4] .hint").is_visible()
    box = page.locator("textarea").first
    box.fill("好" * 600)
    assert len(box.input_value()) == 600
    expect(page.locator("#n-C1")).to_have_text("多了 100 字，请删减")
    assert page.locator("#total").inner_text() == str(page.locator("[data-count]:visible").count())
    assert page.locator("[data-count][data-id=grade]").count() == 1


@pytest.fixture
def served_codes(sqlite_url: str, tmp_path: Any) -> Iterator[Served]:
    """Parents with slips."""
    yield from open_served(sqlite_url, tmp_path, access={"parent": "code"})


@pytest.fixture
def served_senior(sqlite_url: str, tmp_path: Any) -> Iterator[Served]:
    """A senior school, whose form has a comment with a condition."""
    yield from open_served(sqlite_url, tmp_path, senior=True)


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
    assert conditional.is_visible()
    send(page)
    assert district.count("comment") == 1


def test_questions_called_like_things_of_the_page_break_no_script(
    sqlite_url: str, tmp_path: Any, device: BrowserContext
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
        assert page.locator("[data-id=error] textarea").input_value() == "好"
        page.click(SEND)
        page.wait_for_url("**/thanks*")
        assert errors == []
        assert (district.count("response"), district.count("comment")) == (1, 1)
