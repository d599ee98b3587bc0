"""Back, a second tab, a second child, the next person: with the browser's back/forward cache on."""

import re

import pytest
from playwright.sync_api import BrowserContext, expect

from testing.codes import issued
from testing.lossy_proxy import LossyProxy
from tests.browser.conftest import SEND, Served, checked, expect_no_answers, fill, follow, send, stored

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


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
            expect(page.locator("[name=_code]")).to_have_value(re.compile("^" + " ?".join(code) + "$"))
            page.reload()
    for fragment in ("wechat_redirect", "%E4%BD", "", "again"):
        page.goto("about:blank")
        page.goto(f"{url}/s/{district.link().slug}#{fragment}")
        expect(page.locator("#total")).to_have_text("25")
        expect(page.locator("[name=_code]")).to_have_value("")
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
    expect(page, "the page before the form").to_have_url(re.compile("/nothing1$"))
    expect(page.locator("main")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("操场很好")
    expect(page.locator("form")).to_have_count(0)
    page.go_forward()
    expect(page).to_have_title("已收到，谢谢！")
    expect(page.locator("main")).to_contain_text("可以关闭本页了")
    expect(page.locator("input:checked, textarea")).to_have_count(0)
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
    expect(page.locator(SEND)).to_be_hidden()
    page.click("[data-do=close]")
    expect(page.locator("#closing")).to_contain_text("已经收到")
    page.goto(address)
    page.click("[data-do=another]")
    expect(page.locator(SEND)).to_be_visible()
    expect_no_answers(page)
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
    follow(page, "a.button")
    expect(page.locator("html.large[lang=en]")).to_be_attached()
    expect(page.locator(SEND)).to_be_visible()
    for audience in ("teacher", "student"):
        page.goto(f"{url}/s/{district.link(audience).slug}/thanks")
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator("a.button")).to_have_count(0)


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
    expect(second.locator("input[type=radio]:checked")).to_have_count(checked(first))
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
    expect_no_answers(second)
    second.click("[data-do=fresh]")
    expect(second.locator(SEND)).to_be_visible()
    expect_no_answers(second)
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
    expect_no_answers(page)
    expect(page.locator("textarea").first).to_have_value("")


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
    follow(page, "[name=_view][value=shared]")
    fill(page)
    send(page)
    assert stored(page) == {}
    follow(page, "a.button.primary")
    expect(page.locator(SEND)).to_be_visible()
    expect_no_answers(page)
    page.go_back()
    expect(page).to_have_title("已收到，谢谢！")
    page.go_back()
    expect(page.locator(SEND)).to_be_visible()
    expect_no_answers(page)


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
    expect(page.locator("main")).to_contain_text("已经截止")
    assert stored(page) == {}


def test_a_draft_opens_in_the_language_and_size_in_which_it_was_left(served: Served, device: BrowserContext) -> None:
    """R-H4: token, answers, language and size belong together."""
    district, url = served
    page = device.new_page()
    page.goto(f"{url}/s/{district.link().slug}")
    follow(page, "[name=_view][value=en]")
    page.locator("[data-id=T1] input").nth(1).check()
    page.goto(f"{url}/s/{district.link().slug}")
    expect(page.locator("#ask-draft")).to_contain_text("unsent answers")
