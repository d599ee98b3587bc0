"""axe finds nothing, nothing scrolls sideways, targets are large enough: in every state of the pages."""

import re
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from testing.district import PASSWORD, District
from tests.browser.conftest import context, fill, follow

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
AXE = Path(__file__).with_name("axe.min.js").read_text("utf-8")
RUN = (
    "async () => (await axe.run()).violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html).join(' | '))"
)
SMALL = """least => [...document.querySelectorAll('.option label, button, summary, .button')]
  .filter(e => e.offsetParent).map(e => e.getBoundingClientRect())
  .filter(r => r.height < least - .5 || r.width < least - .5).length"""
EXPLORER = (
    "", "/category", "/category?figure=rank", "/category?view=dimensions", "/category?view=spread", "/questions",
    "/questions?view=item", "/questions?view=importance", "/change", "/quality", "/quality?view=consistency", "/method",
    "/school/0101", "/school/0101?view=items", "/school/0101?view=response",
)  # fmt: skip
STATES: dict[str, dict[str, Any]] = {
    "zh": {}, "en": {"query": "?lang=en"}, "large": {"query": "?size=large"},
    "large-en": {"query": "?lang=en&size=large"},
    "dark": {"color_scheme": "dark"}, "narrow": {"viewport": {"width": 320, "height": 640}},
    "desktop": {"viewport": {"width": 1200, "height": 800}}, "no-script": {"bypass_csp": False},
}  # fmt: skip


def check(page: Page, least: int = 44) -> None:
    page.evaluate(AXE)
    assert page.evaluate(RUN) == []
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, "the page scrolls sideways"
    beyond = "[...document.querySelectorAll('button')].filter(b => b.getBoundingClientRect().right > innerWidth).length"
    assert page.evaluate(beyond) == 0, "a button is cut off at the edge; a fixed bar does not scroll"
    assert page.evaluate(SMALL, least) == 0


def _without_script(route: Route) -> None:
    response = route.fetch()
    route.fulfill(response=response, body=re.sub("<script>.*</script>", "", response.text(), flags=re.S))


@pytest.mark.parametrize("state", STATES)
def test_the_form(served: tuple[District, str], browser: Browser, state: str) -> None:
    district, url = served
    options = dict(STATES[state])
    query = str(options.pop("query", ""))
    found = context(browser, **({"bypass_csp": True} | options))
    page = found.new_page()
    if state == "no-script":  # axe itself needs scripts, so only the page's own is taken away
        page.route("**/s/*", _without_script)
    page.goto(f"{url}/s/{district.link().slug}{query}")
    check(page, 60 if "large" in state else 44)
    page.click("#send")
    page.wait_for_selector("#error")
    expect(page).to_have_title(re.compile("^(错误|Error)"))
    check(page, 44)
    if state != "no-script":
        expect(page.locator("#error")).to_be_focused()
    found.close()


def test_the_other_pages_of_respondents(served: tuple[District, str], browser: Browser) -> None:
    district, url = served
    found = context(browser, bypass_csp=True)
    page = found.new_page()
    for path in (f"/s/{district.link().slug}/thanks", "/s/nothing1"):
        page.goto(url + path)
        check(page)
    found.close()


def test_text_half_as_large_again_needs_no_sideways_scroll(served: tuple[District, str], browser: Browser) -> None:
    district, url = served
    found = context(browser, bypass_csp=True)
    page = found.new_page()
    page.goto(f"{url}/s/{district.link().slug}")
    page.add_style_tag(content="html{font-size:27px!important}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    found.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_asked_before_the_form_and_said_while_sending(
    served: tuple[District, str], browser: Browser, scheme: Literal["light", "dark"]
) -> None:
    """R-H4, R-M2: the offered draft, the locked page, the question after a submission."""
    district, url = served
    found = context(browser, bypass_csp=True, color_scheme=scheme)
    page = found.new_page()
    address = f"{url}/s/{district.link().slug}"
    page.goto(address)
    fill(page)
    page.goto(address)
    expect(page.locator("#ask-draft")).to_be_focused()
    check(page)
    page.click("[data-do=resume]")
    page.route("**/s/*", lambda route: route.abort())
    page.click("#send")
    page.wait_for_selector("#again")
    check(page)
    page.unroute("**/s/*")
    page.click("#again")
    page.wait_for_url("**/thanks*")
    check(page)
    page.goto(address)
    expect(page.locator("#ask-done")).to_be_focused()
    check(page)
    found.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_staff_pages(served: tuple[District, str], browser: Browser, scheme: str) -> None:
    district, url = served
    district.staff()
    district.send_many(district.link(), 12)
    found = context(browser, bypass_csp=True, color_scheme=scheme, viewport={"width": 1100, "height": 800})
    page = found.new_page()
    page.goto(f"{url}/staff/login")
    check(page)
    page.fill("[name=username]", "王督导")
    page.fill("[name=password]", PASSWORD)
    follow(page, "main button")
    district.sealed()
    for path in (
        "/staff/",
        "/staff/waves/1",
        "/staff/waves/1/links",
        "/staff/waves/1/results/all",
        *(f"/staff/waves/1/results{place}" for place in EXPLORER),
    ):
        page.goto(url + path)
        page.evaluate(AXE)
        assert page.evaluate(RUN) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 1100
    found.close()
