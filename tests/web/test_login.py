"""The way in: attempts are counted before the check, and nobody can lock others out."""

import re
import sqlite3
import threading
from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from survey_app.accounts.login_limits import MAX_BY_ACCOUNT, MAX_BY_ADDRESS, MAX_BY_PAIR
from survey_app.foundation.clock import ManualClock
from testing.district import PASSWORD, District, csrf_in
from tests.web.conftest import audit_of, denials_of, form_token

NAME = "王督导"


@pytest.fixture
def owner(small_district: District) -> FlaskClient:
    """The owner's browser, which has logged in before and out again."""
    client = small_district.staff()
    assert client.post("/staff/logout", data=form_token(client)).status_code == 303
    return client


def log_in(client: FlaskClient, password: str, name: str = NAME, address: str = "10.0.0.1", target: str = "") -> int:
    return client.post(
        "/staff/login", data=form_token(client) | {"username": name, "password": password},
        query_string={"next": target} if target else {}, environ_overrides={"REMOTE_ADDR": address},
    ).status_code  # fmt: skip


def test_guessing_locks_for_a_quarter_of_an_hour(small_district: District, owner: FlaskClient) -> None:
    stranger = small_district.app.test_client()
    assert [log_in(stranger, "wrong password") for _ in range(MAX_BY_PAIR)] == [401] * MAX_BY_PAIR
    assert log_in(stranger, PASSWORD) == 429, "even with the right password"
    small_district.clock.advance(minutes=16)
    assert log_in(stranger, PASSWORD) == 303


def test_strangers_everywhere_cannot_lock_the_owner_out(small_district: District, owner: FlaskClient) -> None:
    stranger = small_district.app.test_client()
    statuses = [log_in(stranger, "wrong", address=f"10.1.{number}.1") for number in range(MAX_BY_ACCOUNT + 5)]
    assert statuses == [401] * MAX_BY_ACCOUNT + [429] * 5
    assert log_in(owner, PASSWORD, address="10.0.0.1") == 303


def test_a_one_time_link_lets_in_while_strangers_try_for_ever(small_district: District) -> None:
    """A new browser of somebody whose account is being guessed: the office gives a link, and it is let in."""
    office = small_district.staff()
    small_district.staff("auditor", "李审计")
    stranger, browser = small_district.app.test_client(), small_district.app.test_client()
    for number in range(MAX_BY_ACCOUNT + 1):
        log_in(stranger, "wrong", name="李审计", address=f"10.1.{number}.1")
    assert log_in(browser, PASSWORD, name="李审计", address="10.2.0.1") == 429
    person = next(entry for entry in re.findall(r"/staff/people/\d+", office.get("/staff/people?role=auditor").text))
    sheet = office.post(f"{person}/link", data=form_token(office)).text
    link = re.findall(r"(/staff/welcome/[\w-]+)", sheet)[0]
    new = "guitar-umbrella-74"
    assert browser.post(link, data=form_token(browser) | {"new": new, "again": new}).status_code == 303
    assert log_in(browser, new, name="李审计", address="10.2.0.1") == 303
    assert log_in(stranger, new, name="李审计", address="10.1.99.1") == 429, "only that browser"


def test_a_neighbour_behind_the_same_address_cannot_lock_the_owner_out(
    small_district: District, owner: FlaskClient
) -> None:
    neighbour = small_district.app.test_client()
    for number in range(MAX_BY_ADDRESS + 5):
        log_in(neighbour, "wrong", name=NAME if number % 2 else f"nobody{number}")
    assert log_in(neighbour, "wrong", name="somebody") == 429
    assert log_in(owner, PASSWORD) == 303


def test_a_browser_is_known_for_its_own_account_only(small_district: District, owner: FlaskClient) -> None:
    """Whoever has an account of his own cannot use its cookie to guess another's password."""
    small_district.staff("auditor", "李审计")
    statuses = [log_in(owner, "wrong", name="李审计") for _ in range(MAX_BY_PAIR + 1)]
    assert statuses == [401] * MAX_BY_PAIR + [429]
    assert [log_in(owner, "wrong") for _ in range(6)] == [401] * 5 + [429], "and the owner's has a limit, too"


def test_right_logins_do_not_use_up_the_address(small_district: District, owner: FlaskClient) -> None:
    """A training room: many people behind one address, each in a browser of his own."""
    for _ in range(MAX_BY_ADDRESS + 5):
        assert log_in(small_district.app.test_client(), PASSWORD) == 303


def test_an_unknown_name_and_a_wrong_password_look_the_same(small_district: District, owner: FlaskClient) -> None:
    def answer(name: str) -> str:
        client = small_district.app.test_client()
        token = form_token(client)
        page = client.post("/staff/login", data=token | {"username": name, "password": "wrong"}).text
        return page.replace(csrf_in(page), "").replace(name, "")

    assert answer(NAME) == answer("nobody")


def test_passwords_are_checked_outside_the_writers_transaction(
    small_district: District, owner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-M5: one burst of logins stopped all ballots for eight seconds."""
    path = small_district.app.extensions["database"].engine.url.database
    verify, checked = PasswordHasher.verify, []

    def verify_while_somebody_writes(hasher: PasswordHasher, password_hash: str, password: str) -> bool:
        with sqlite3.connect(path, timeout=0) as other:
            other.execute("BEGIN IMMEDIATE")
            other.rollback()
        other.close()
        checked.append(password)
        return bool(verify(hasher, password_hash, password))

    monkeypatch.setattr(PasswordHasher, "verify", verify_while_somebody_writes)
    assert log_in(owner, "wrong") == 401
    assert log_in(owner, PASSWORD) == 303
    assert checked == ["wrong", PASSWORD]


def test_attempts_are_counted_before_the_check(
    small_district: District, owner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-M5: 18 guesses instead of 5, because the count came after the check."""
    seen: list[int] = []
    verify = PasswordHasher.verify

    def counted() -> int:
        with small_district.app.extensions["database"].read_session() as session:
            return int(session.scalar(text("SELECT sum(count) FROM login_attempt")))

    def look(hasher: PasswordHasher, password_hash: str, password: str) -> bool:
        seen.append(counted())
        return bool(verify(hasher, password_hash, password))

    monkeypatch.setattr(PasswordHasher, "verify", look)
    before = counted()
    log_in(small_district.app.test_client(), "wrong")
    assert seen == [before + 3], "by address, by account from this address, by account"


def test_no_more_passwords_are_checked_at_once_than_leaves_room_for_the_form(
    small_district: District, owner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner: list[int] = []
    verify = PasswordHasher.verify

    def log_in_elsewhere() -> None:
        inner.append(log_in(small_district.app.test_client(), PASSWORD))

    def log_in_meanwhile(hasher: PasswordHasher, password_hash: str, password: str) -> bool:
        if not inner:
            other = threading.Thread(target=log_in_elsewhere)
            other.start()
            other.join()
        return bool(verify(hasher, password_hash, password))

    monkeypatch.setattr(PasswordHasher, "verify", log_in_meanwhile)
    assert log_in(owner, PASSWORD) == 303
    assert inner == [503, 303]


def test_a_login_changes_the_session_and_is_written_once(small_district: District, owner: FlaskClient) -> None:
    assert log_in(owner, PASSWORD) == 303
    assert audit_of(small_district, "staff.login") == [(NAME, "/staff/login", "done")] * 2
    assert denials_of(small_district) == {}


def test_a_failed_login_is_counted_for_the_account_that_was_tried(small_district: District, owner: FlaskClient) -> None:
    log_in(small_district.app.test_client(), "wrong")
    assert small_district.count(f"denial WHERE subject = 'account:{NAME}' AND reason = 'wrong password'") == 1
    log_in(small_district.app.test_client(), "a secret", name="my password by mistake")
    assert small_district.count("denial WHERE subject LIKE '%mistake%'") == 0


def test_a_login_ends_by_itself_and_a_reloading_page_does_not_keep_it(small_district: District) -> None:
    client = small_district.staff()
    for number in range(3):
        small_district.clock.advance(minutes=6)
        assert client.get("/staff/waves/1?live=1").status_code == (200 if number < 2 else 303)
    client = small_district.staff(name="李督导")
    for _ in range(41):
        small_district.clock.advance(minutes=12)
        status = client.get("/staff/").status_code
    assert status == 303, "eight hours are the limit however busy one is"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/staff//evil.example", "/staff/\\evil", "/staff/\r\nX: y", "/s/abc",
     "/staff/nothing", "/staff/logout", "/staff/waves/1\x00", "javascript:alert(1)"],
)  # fmt: skip
def test_the_next_page_is_one_of_ours(owner: FlaskClient, target: str) -> None:
    """S-Low: a line break in ``next`` was a 500 after a right login."""
    fields = form_token(owner) | {"username": NAME, "password": PASSWORD}
    response = owner.post("/staff/login", query_string={"next": target}, data=fields)
    assert (response.status_code, response.headers.get("Location")) in ((303, "/staff/"), (400, None))
    assert "\0" in target or response.status_code == 303


def test_the_page_that_was_asked_for_comes_after_the_login_with_its_filters(owner: FlaskClient) -> None:
    asked = owner.get("/staff/waves/1/posters.pdf?school=0101&link=a%20b").headers["Location"]
    fields = form_token(owner) | {"username": NAME, "password": PASSWORD}
    assert owner.post(asked, data=fields).headers["Location"] == "/staff/waves/1/posters.pdf?school=0101&link=a+b"


def test_the_cookies_belong_to_this_host_only(owner: FlaskClient) -> None:
    fields = form_token(owner) | {"username": NAME, "password": PASSWORD}
    cookies = owner.post("/staff/login", data=fields).headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-staff", "__Host-device"}
    for cookie in cookies:
        assert all(part in cookie for part in ("Secure", "HttpOnly", "Path=/", "SameSite="))
        assert "Domain" not in cookie


def test_the_login_page_tells_nothing_of_the_database(
    sqlite_app: Flask, clock: ManualClock, make_database_unreachable: Callable[[Flask], str]
) -> None:
    """S-Low: while the database was away, the login page told strangers host, port and name."""
    told = make_database_unreachable(sqlite_app)
    client = sqlite_app.test_client()
    response = client.post("/staff/login", data=form_token(client) | {"username": "a", "password": "b"})
    assert response.status_code == 503
    assert told not in response.text
    assert "5999" not in response.text
    assert "现在不能用" in response.text
