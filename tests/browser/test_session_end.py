"""A session that ends while a form is filled in: one sweep over every form of the office's console."""

import pytest
from playwright.sync_api import Browser, Page, expect

from testing.console import Clerk
from testing.district import PASSWORD, District
from testing.staff_pages import pages_of_the_office
from tests.browser.conftest import Served, context, follow

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

FIELDS = """form => Array.from(form.elements).filter(field =>
  field.name && !/^(hidden|password|file|submit|button)$/.test(field.type))"""
FORMS = f"""() => Array.from(document.querySelectorAll('main form')).map((form, number) => [form, number])
  .filter(([form]) => form.method === 'post' && ({FIELDS})(form).length && !form.querySelector('[type=password]'))
  .map(([form, number]) => number)"""
FILL = f"""number => {{
  const form = document.querySelectorAll('main form')[number];
  const values = {{date: '2026-12-01', time: '10:10', number: '3', url: 'https://q.example.edu.cn', search: 'x'}};
  ({FIELDS})(form).forEach((field, place) => {{
    if (/^(checkbox|radio)$/.test(field.type)) field.checked = field.type === 'radio' || !field.checked;
    else if (field.tagName === 'SELECT') field.selectedIndex = field.options.length - 1;
    else field.value = values[field.type] || 'typed ' + place;
  }});
}}"""
READ = f"""number => ({FIELDS})(document.querySelectorAll('main form')[number]).map(
  field => [field.name, field.value, field.checked])"""
SEND = """number => {
  const form = document.querySelectorAll('main form')[number];
  form.noValidate = true;
  form.requestSubmit();
}"""


def log_in(page: Page) -> None:
    page.fill("[name=username]", "王督导")
    page.fill("[name=password]", PASSWORD)
    follow(page, "main button")


def lose_session(district: District) -> None:
    """As fifteen idle minutes do; the clock stays, so that no wave ends."""
    with district.app.extensions["database"].write_session() as db:
        from sqlalchemy import text

        db.execute(text("DELETE FROM staff_session"))


@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.long), 4], ids=["every form", "every fourth"])
def test_nothing_typed_is_lost_in_any_form_when_the_session_ends(served: Served, browser: Browser, step: int) -> None:
    """Issue 11, bad input: a session that ends while a form is filled in (nothing typed is lost)."""
    district, url = served
    clerk = Clerk(district)
    clerk.start_draft()
    places = pages_of_the_office(clerk)
    found = context(browser, viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = found.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{url}/staff/login")
    log_in(page)
    tried = []
    for place in places[::step]:
        page.goto(f"{url}{place}")
        for number in page.evaluate(FORMS):
            page.evaluate(FILL, number)
            typed = page.evaluate(READ, number)
            lose_session(district)
            page.evaluate(SEND, number)
            expect(page.locator("main")).to_contain_text("填过的还在")
            follow(page, "main a.button")
            log_in(page)
            assert page.evaluate("location.pathname") == place, (place, number)
            assert page.evaluate(READ, number) == typed, (place, number)
            tried.append(place)
    assert len(tried) >= 20 // step, tried
    found.close()
