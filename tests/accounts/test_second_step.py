"""Codes from a phone: RFC 6238's own examples, each code once, recovery codes once, nothing secret in the tables."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from survey_app.accounts.models import Staff
from survey_app.accounts.second_step import (
    code_at,
    end_second_step,
    new_nonce,
    pass_second_step,
    secret_of,
    secret_text,
    setup_address,
    start_second_step,
    step_of_code,
    step_state,
)
from survey_app.foundation.db import Database

KEY = b"k" * 32
NOW = datetime(2026, 11, 2, 1, 0, 7, tzinfo=UTC)
RFC_SECRET = b"12345678901234567890"


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    """On both engines; the first account."""
    database = Database(database_url)
    with database.write_session() as session:
        session.add(Staff(id=1, username="王督导", password_hash="", role="office", created_at=NOW))
        session.flush()
        yield session
    database.dispose()


def current_code(nonce: bytes, now: datetime = NOW) -> str:
    return code_at(secret_of(KEY, 1, nonce), int(now.timestamp()) // 30)


def started(session: Session) -> tuple[bytes, list[str]]:
    nonce = new_nonce()
    codes = start_second_step(session, KEY, 1, nonce, current_code(nonce), NOW)
    assert codes is not None
    return nonce, codes


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924"),
        (2000000000, "69279037"), (20000000000, "65353130"),
    ],
)  # fmt: skip
def test_the_examples_of_rfc_6238(seconds: int, code: str) -> None:
    assert code_at(RFC_SECRET, seconds // 30, digits=8) == code


@pytest.mark.parametrize(("late", "is_right"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_differ_by_one_step(late: int, is_right: bool) -> None:
    shown = code_at(RFC_SECRET, int(NOW.timestamp()) // 30)
    assert (step_of_code(RFC_SECRET, shown, NOW + timedelta(seconds=late)) is not None) is is_right


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６", "000000000", "-12345"])
def test_what_is_no_code_is_not_right(typed: str) -> None:
    assert step_of_code(RFC_SECRET, typed, NOW) is None


def test_a_code_is_taken_once_and_an_older_one_never(session: Session) -> None:
    nonce, _codes = started(session)
    assert not pass_second_step(session, KEY, 1, current_code(nonce), NOW), "that of the setting up was used there"
    later = NOW + timedelta(seconds=30)
    assert pass_second_step(session, KEY, 1, current_code(nonce, later), later)
    assert not pass_second_step(session, KEY, 1, current_code(nonce, later), later)
    assert not pass_second_step(session, KEY, 1, current_code(nonce), later), "an older one, seen over a shoulder"


def test_recovery_codes_let_in_once_each(session: Session) -> None:
    _nonce, codes = started(session)
    assert len(set(codes)) == 10
    assert pass_second_step(session, KEY, 1, f" {codes[3].lower().replace('-', ' ')} ", NOW)
    assert not pass_second_step(session, KEY, 1, codes[3], NOW)
    state = step_state(session, 1)
    assert state is not None
    assert state.codes_left == 9
    assert not pass_second_step(session, KEY, 2, codes[4], NOW), "of another account"


def test_the_tables_hold_no_secret_and_a_wrong_first_code_turns_nothing_on(session: Session) -> None:
    nonce, codes = started(session)
    stored = b"".join(bytes(value) for value in session.scalars(text("SELECT digest FROM recovery_code")))
    assert codes[0].replace("-", "").encode() not in stored
    assert secret_of(KEY, 1, nonce) not in (nonce, stored)
    assert secret_of(b"other" * 6, 1, nonce) != secret_of(KEY, 1, nonce)
    assert end_second_step(session, 1)
    assert not end_second_step(session, 1)
    assert start_second_step(session, KEY, 1, nonce, "000000", NOW) is None or current_code(nonce) == "000000"
    assert step_state(session, 1) is None


def test_the_address_for_the_phone_says_whose_it_is() -> None:
    address = setup_address(RFC_SECRET, "王督导", "某区督导室: 测评")
    assert address.startswith("otpauth://totp/")
    assert f"secret={secret_text(RFC_SECRET)}" in address
    assert secret_text(RFC_SECRET) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert ":" not in address.removeprefix("otpauth:").replace(":%E7", "", 1)
