"""Issue 11, bad input: a session that ends while a form is filled in. Nothing typed is lost, without scripts too."""

import re
from pathlib import Path

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from survey_app.accounts.kept_forms import KEPT_FOR, MAX_BYTES, MAX_FORMS
from survey_app.foundation.settings import PROJECT
from survey_app.web.form_filler import fill_form
from survey_app.web.kept_forms import SECRET_FIELDS
from testing.console import Clerk
from testing.district import PASSWORD, District, csrf_in
from testing.page_forms import FormOnPage, FormReader, forms_of
from testing.staff_pages import pages_of_the_office

OFFICE = "/staff/office"
HOST = "http://localhost"


def filled(form: FormOnPage) -> list[tuple[str, str]]:
    return [
        (name, f'手写 {place} <&>"' if form.kinds[name] in {"text", "search", "textarea"} else value)
        for place, (name, value) in enumerate(form.sent)
    ]


def lose_session(district: District) -> None:
    with district.app.extensions["database"].write_session() as db:
        db.execute(text("DELETE FROM staff_session"))


def post(clerk: Clerk, page: str, action: str, fields: list[tuple[str, str]]) -> TestResponse:
    data: dict[str, list[str]] = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    return clerk.client.post(action or page, data=data, headers={"Referer": f"{HOST}{page}"})


def log_in(clerk: Clerk, refused: TestResponse) -> TestResponse:
    """As the button of the refusal leads on."""
    login = re.findall(r'href="(/staff/login[^"]*)"', refused.text)[-1].replace("&amp;", "&")
    token = csrf_in(clerk.client.get(login).text)
    fields = {"csrf_token": token, "username": clerk.name, "password": PASSWORD}
    answer = clerk.client.post(login, data=fields)
    assert answer.status_code == 303, answer.text[:500]
    return answer


@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.long), 5], ids=["every form", "every fifth"])
def test_every_form_comes_back_as_it_was_typed(small_district: District, step: int) -> None:
    clerk = Clerk(small_district)
    clerk.start_draft()
    small_district.forget_school()
    tried = 0
    for page in pages_of_the_office(clerk)[::step]:
        for number, form in enumerate(forms_of(clerk.open(page))):
            if SECRET_FIELDS & set(form.kinds):
                continue
            fields = filled(form)
            lose_session(small_district)
            refused = post(clerk, page, form.action, fields)
            assert refused.status_code == 401, page
            if [name for name, _value in fields] == ["csrf_token"]:
                assert "请重新填写" in refused.text, "only a file"
                log_in(clerk, refused)
                continue
            assert "填过的还在" in refused.text, page
            returned = log_in(clerk, refused).headers["Location"]
            shown = clerk.client.get(returned).text
            assert "您刚才填写的内容还在" in shown, page
            again = forms_of(shown)[number]
            kept = [(name, value) for name, value in fields if name != "csrf_token"]
            assert [tuple(entry) for entry in again.sent if entry[0] != "csrf_token"] == kept, (page, number)
            tried += 1
            with small_district.app.extensions["database"].write_session() as db:
                db.execute(text("DELETE FROM kept_form"))
    assert tried >= 15 // step


@pytest.fixture
def clerk(small_district: District) -> Clerk:
    return Clerk(small_district)


def typed_office(clerk: Clerk, page: str = OFFICE) -> tuple[list[tuple[str, str]], TestResponse]:
    form = forms_of(clerk.open(page))[0]
    fields = [(name, "0512-7 我的电话" if name == "contact" else value) for name, value in form.sent]
    lose_session(clerk.district)
    return fields, post(clerk, page, form.action, fields)


def test_it_is_of_one_account_in_one_browser_and_unreadable_on_the_server(clerk: Clerk) -> None:
    """Somebody else who logs in there sees nothing; neither does the same account elsewhere, nor who has the table."""
    _fields, refused = typed_office(clerk)
    other = Clerk(clerk.district, "李督导")
    other.client, clerk.client = clerk.client, other.client
    log_in(other, refused)
    assert "我的电话" not in other.client.get(OFFICE).text
    clerk.log_in()
    assert "我的电话" not in clerk.client.get(OFFICE).text
    with clerk.district.app.extensions["database"].read_session() as db:
        row = db.execute(text("SELECT content, page FROM kept_form")).one()
    assert "我的电话".encode() not in row.content
    clerk.client = other.client
    assert "我的电话" in clerk.client.get(log_in(clerk, refused).headers["Location"]).text


@pytest.mark.parametrize("ends_first", [False, True], ids=["logged in", "the login has ended"])
def test_who_leaves_on_purpose_leaves_nothing_on_a_shared_computer(clerk: Clerk, ends_first: bool) -> None:
    """Nothing is on the server or comes back in that browser; what the same account typed elsewhere is still there."""
    _fields, refused = typed_office(clerk)
    elsewhere = Clerk(clerk.district, "李督导")
    typed_office(elsewhere)
    log_in(clerk, refused)
    token = {"csrf_token": csrf_in(clerk.client.get("/staff/login").text)}
    if ends_first:
        lose_session(clerk.district)
    assert clerk.client.post("/staff/logout", data=token).headers["Location"] == "/staff/login"
    assert clerk.district.count("kept_form") == 1
    for next_here in (clerk, Clerk(clerk.district, "赵督导")):
        next_here.client = clerk.client
        assert next_here.log_in().client.get(OFFICE).text.count("我的电话") == 0
    assert "我的电话" in elsewhere.log_in().client.get(OFFICE).text


def test_it_comes_back_until_it_was_sent_or_an_hour_is_over(clerk: Clerk) -> None:
    fields, refused = typed_office(clerk)
    page = log_in(clerk, refused).headers["Location"]
    assert "我的电话" in clerk.client.get(page).text
    shown = clerk.client.get(page).text
    sent = [(name, csrf_in(shown) if name == "csrf_token" else value) for name, value in fields]
    assert post(clerk, page, OFFICE, sent).status_code == 303
    assert "您刚才" not in clerk.client.get(page).text
    assert clerk.district.count("kept_form") == 0
    _fields, refused = typed_office(clerk)
    clerk.district.clock.advance(seconds=KEPT_FOR.total_seconds() + 1)
    assert "您刚才" not in clerk.client.get(log_in(clerk, refused).headers["Location"]).text
    clerk.district.command("run-due")
    assert clerk.district.count("kept_form") == 0


def test_somebody_elses_change_meanwhile_is_still_noticed(clerk: Clerk) -> None:
    """What the page had seen comes back with it: the colleague who saved in between is not overwritten unasked."""
    fields, refused = typed_office(clerk)
    clerk.district.command("settings", "set", "contact=0512-9")
    shown = clerk.client.get(log_in(clerk, refused).headers["Location"]).text
    sent = [(name, csrf_in(shown) if name == "csrf_token" else value) for name, value in forms_of(shown)[0].sent]
    assert dict(sent)["contact"] == dict(fields)["contact"]
    assert "设置刚刚改过" in post(clerk, OFFICE, OFFICE, sent).text


def test_a_page_that_is_gone_shows_what_was_typed_and_sends_it_again(clerk: Clerk) -> None:
    """A step of a form without an address of its own, a wave that is no longer there: nothing has to be typed again."""
    lose_session(clerk.district)
    fields = [("csrf_token", "x"), ("name", "第二步"), ("text", "抄了半天的\n题目")]
    refused = post(clerk, "/staff/waves/99/setup/basics", "/staff/waves/99/setup/basics", fields)
    assert "填过的还在" in refused.text
    shown = clerk.client.get(log_in(clerk, refused).headers["Location"])
    if "抄了半天的" not in shown.text:
        shown = clerk.client.get("/staff/waves/99/setup/basics")
    assert "抄了半天的" in shown.text
    again = forms_of(shown.text) or [form for form in FormReader(shown.text).forms if form.action.endswith("basics")]
    assert ["text", "抄了半天的\n题目"] in again[0].sent
    assert post(clerk, OFFICE, again[0].action, [(name, value) for name, value in again[0].sent]).status_code == 404


def test_a_page_of_an_earlier_login_keeps_what_was_typed(clerk: Clerk) -> None:
    """Logged in anew in another tab: the token of this one is no longer right."""
    form = forms_of(clerk.open(OFFICE))[0]
    fields = [(name, "别的标签页" if name == "contact" else value) for name, value in form.sent]
    lose_session(clerk.district)
    clerk.log_in()
    refused = post(clerk, OFFICE, OFFICE, fields)
    assert refused.status_code == 400
    assert "填过的还在" in refused.text
    assert "别的标签页" in clerk.client.get(OFFICE).text
    foreign = clerk.client.post(OFFICE, data={"contact": "planted"}, headers={"Referer": "https://evil.example/"})
    assert foreign.status_code == 400
    assert "planted" not in clerk.client.get(OFFICE).text


def test_passwords_strangers_and_too_much_are_not_kept(clerk: Clerk) -> None:
    page = clerk.open("/staff/account")
    fields = [
        ("csrf_token", csrf_in(page)),
        ("old", PASSWORD),
        ("new", "another good one"),
        ("again", "another good one"),
    ]
    token = csrf_in(page)
    lose_session(clerk.district)
    assert "请重新填写" in post(clerk, "/staff/account", "/staff/account/password", fields).text
    large = [("csrf_token", token), ("contact", "字" * (MAX_BYTES // 3 + 1))]
    assert post(clerk, OFFICE, OFFICE, large).status_code in (401, 413)
    stranger = clerk.district.client.post(OFFICE, data={"contact": "x"}, headers={"Referer": f"{HOST}{OFFICE}"})
    assert "请重新填写" in stranger.text
    assert clerk.district.count("kept_form") == 0
    for number in range(MAX_FORMS + 3):
        post(clerk, OFFICE, f"{OFFICE}?n={number}", [("csrf_token", token), ("contact", "x")])
    assert clerk.district.count("kept_form") == MAX_FORMS


def test_every_password_of_a_template_is_known_as_one() -> None:
    for path in sorted((PROJECT / "survey_app/templates/admin").rglob("*.html")):
        if path.name in ("login.html", "welcome.html"):
            continue  # nobody is logged in there
        forms = re.findall(r"<form.*?</form>", path.read_text("utf-8"), flags=re.S)
        for form in forms:
            if 'type="password"' in form:
                names = set(re.findall(r'field\("(\w+)"', form))
                assert names & SECRET_FIELDS, Path(path).name


PAGE = (
    '<!DOCTYPE html><main id="main">{notice}<form method="post" action="/a"><input type="hidden" name="row" value="1">'
    '<input name="text" value="old"></form><form method="post" action="/a">'
    '<input type="hidden" name="row" value="2"><input name="text" value="{text}"><select name="s">'
    '<option value="x"{x}>X</option><option value="y"{y}>Y &amp; Z</option></select>'
    '<input type="checkbox" name="c" value="1"{c}>'
    "<textarea name='t'>\n{area}</textarea><svg><path d='M0 0'/></svg></form></main><!-- end -->"
)


def test_only_the_fields_of_the_right_form_change() -> None:
    chosen = {"x": " selected", "y": "", "c": " checked"}
    page = PAGE.format(notice="", text="&lt;b&gt;", area="before", **chosen)
    fields = [("row", "2"), ("text", 'a"b'), ("s", "y"), ("t", "\nafter</textarea>")]
    filled_in = {"text": "a&quot;b", "area": "\nafter&lt;/textarea&gt;", "x": "", "y": " selected", "c": ""}
    assert fill_form(page, "/p", "/a", fields, "<p>!</p>") == PAGE.format(notice="<p>!</p>", **filled_in)
    assert fill_form(page, "/p", "/b", fields, "") is None
    assert fill_form(page, "/p", "/a", [("gone", "1")], "") is None
