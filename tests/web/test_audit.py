"""The audit says what happened, once, and nobody can fill the database with what was refused."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey_app.accounts.denials import MAX_ADDRESSES, OTHERS, DenialLog, DenialReason, delete_old_denials, list_denials
from survey_app.foundation.clock import ManualClock
from survey_app.foundation.db import Database
from testing import made_up_room
from testing.district import District
from tests.web.conftest import audit_of, denials_of, form_token

OFFICE = "王督导"


@pytest.fixture
def invented(small_district: District) -> District:
    small_district.app.extensions["routes"].add(*made_up_room.routes())
    return small_district


@pytest.fixture
def office(invented: District) -> FlaskClient:
    return invented.staff()


def change(client: FlaskClient, outcome: str) -> int:
    return client.post("/invented/change", data=form_token(client) | {"outcome": outcome}).status_code


def test_what_was_done_is_one_entry(invented: District, office: FlaskClient) -> None:
    """S-M13: a success left two rows."""
    assert change(office, "done") == 200
    assert audit_of(invented, "invented.change") == [(OFFICE, "a made-up thing", "done")]


def test_what_was_refused_says_why_and_not_done(invented: District, office: FlaskClient) -> None:
    """S-M13: a 409 left "done"."""
    assert change(office, "refused") == 409
    assert audit_of(invented, "invented.change") == [
        (OFFICE, "/invented/change", "refused: 批次“秋”还没有封存")
    ]  # fmt: skip


def test_what_is_not_there_is_not_found(invented: District, office: FlaskClient) -> None:
    assert change(office, "missing") == 404
    assert audit_of(invented, "invented.change") == [(OFFICE, "/invented/change", "not found")]


def test_what_broke_has_failed(invented: District, office: FlaskClient) -> None:
    with pytest.raises(ZeroDivisionError):
        change(office, "broken")
    assert audit_of(invented, "invented.change") == [(OFFICE, "/invented/change", "failed")]


def test_a_view_that_forgets_its_entry_is_caught(invented: District, office: FlaskClient) -> None:
    with pytest.raises(RuntimeError, match=r"invented\.change was done without an entry"):
        change(office, "forgotten")


def test_in_use_the_forgotten_entry_is_made_all_the_same(invented: District, office: FlaskClient) -> None:
    invented.app.testing = False
    assert change(office, "forgotten") == 200
    assert audit_of(invented, "invented.change") == [(OFFICE, "/invented/change", "done")]


def test_refused_and_missing_downloads_are_written_as_such(small_district: District) -> None:
    client = small_district.staff()
    assert client.get("/staff/waves/1/results.xlsx").status_code == 409
    assert client.get("/staff/waves/77/results.xlsx").status_code == 404
    assert client.get("/staff/waves/1/posters.pdf?school=0101").status_code == 200
    (first, second) = audit_of(small_district, "results.report")
    assert first[2].startswith("refused: ")
    assert "还没有封存" in first[2]
    assert second == (OFFICE, "/staff/waves/77/results.xlsx", "not found")
    assert audit_of(small_district, "links.posters") == [(OFFICE, "/staff/waves/1/posters.pdf?school=0101", "done")]


def test_each_action_of_the_office_is_one_entry(small_district: District) -> None:
    client = small_district.staff()
    token = form_token(client)
    assert client.post("/staff/waves/1/close", data=token).status_code == 303
    assert client.post("/staff/logout", data=token).status_code == 303
    assert audit_of(small_district, "wave.close") == [(OFFICE, "2026秋", "done")]
    assert audit_of(small_district, "staff.login") == [(OFFICE, "/staff/login", "done")]
    assert audit_of(small_district, "staff.logout") == [(OFFICE, "/staff/logout", "done")]


def test_a_form_that_is_not_filled_in_says_what_is_missing(sqlite_app: Flask, clock: ManualClock) -> None:
    district = District(sqlite_app, clock).opened(access={"parent": "code"})
    client = district.staff()
    response = client.post("/staff/waves/1/codes.pdf", data=form_token(client) | {"school": "", "count": "many"})
    assert response.status_code == 409
    assert "请填写学校代码" in response.text
    assert "张数要是 1 到 5000 的整数" in response.text
    ((_actor, _detail, result),) = audit_of(district, "codes.issue")
    assert result.startswith("refused: 请填写学校代码")


def test_nobody_who_is_not_logged_in_can_write_to_the_audit(small_district: District) -> None:
    """S-M13: anybody could fill it with failed logins, for ever."""
    client = small_district.app.test_client()
    for _ in range(40):
        fields = form_token(client) | {"username": "nobody", "password": "wrong"}
        assert client.post("/staff/login", data=fields).status_code in (401, 429)
        client.post("/staff/waves/1/close")
        client.get("/staff/waves/1/results.xlsx")
    assert small_district.count("audit_entry WHERE actor NOT LIKE 'cli%'") == 0
    counts = denials_of(small_district)
    assert counts["admin.close_wave", "no login"] == 40
    assert counts["admin.login_post", "wrong password"] == 5
    assert counts["admin.login_post", "too many attempts"] == 35
    assert small_district.count("denial") == 4, "one row for each endpoint and reason"


def test_addresses_without_number_fill_no_table(small_district: District) -> None:
    client = small_district.app.test_client()
    for number in range(MAX_ADDRESSES + 50):
        client.get("/staff/", environ_overrides={"REMOTE_ADDR": f"2001:db8:{number:x}::1"})
    assert small_district.count("denial") == MAX_ADDRESSES + 1
    assert denials_of(small_district) == {("admin.home", "no login"): MAX_ADDRESSES + 50}
    assert small_district.count(f"denial WHERE subject = '{OTHERS}'") == 1


def test_one_network_of_ipv6_is_one_address_and_no_address_is_kept(small_district: District) -> None:
    client = small_district.app.test_client()
    for number in range(20):
        client.get("/staff/", environ_overrides={"REMOTE_ADDR": f"2001:db8:1:2::{number:x}"})
    assert small_district.count("denial") == 1
    assert small_district.count("denial WHERE subject LIKE '%2001%'") == 0


@pytest.fixture
def slow_log(database_url: str) -> Iterator[DenialLog]:
    database = Database(database_url)
    yield DenialLog(database, seconds=0.3)
    database.dispose()


def rows_of(log: DenialLog) -> list[tuple[str, int]]:
    with log.database.read_session() as session:
        return [(row.subject, row.count) for row in list_denials(session)]


def test_a_flood_is_written_together_and_nothing_is_lost(slow_log: DenialLog, clock: ManualClock) -> None:
    for _ in range(500):
        slow_log.add("address:a", "admin.home", DenialReason.NO_LOGIN, clock.at)
    assert rows_of(slow_log) == [("address:a", 1)], "the first at once, the rest after a while"
    waiting = slow_log._timer
    assert isinstance(waiting, threading.Timer)
    waiting.join(5)
    assert rows_of(slow_log) == [("address:a", 500)]


def test_two_processes_add_to_the_same_row(slow_log: DenialLog, clock: ManualClock) -> None:
    other = DenialLog(slow_log.database, seconds=0)
    for log in (slow_log, other, other):
        log.add("account:王督导", "admin.wave", DenialReason.ROLE, clock.at)
    assert rows_of(slow_log) == [("account:王督导", 3)]


def test_denials_of_half_a_year_ago_are_removed(slow_log: DenialLog, clock: ManualClock) -> None:
    slow_log.add("address:a", "admin.home", DenialReason.NO_LOGIN, clock.at)
    for days, expected in ((183, 1), (10, 0)):
        clock.advance(days=days)
        with slow_log.database.write_session() as session:
            delete_old_denials(session, clock.at)
        assert len(rows_of(slow_log)) == expected


def test_denials_have_a_reader(small_district: District) -> None:
    small_district.client.post("/staff/waves/1/close")
    shown = small_district.command("staff", "denials")
    assert "admin.close_wave" in shown
    assert "127.0.0.1" not in shown, "a keyed hash and no address"
