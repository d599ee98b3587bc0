"""Attempts at the same moment get different numbers, on both engines."""

from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from survey_app.accounts.login_limits import MAX_BY_PAIR, Visitor, count_attempt, delete_old_attempts
from survey_app.foundation.clock import ManualClock

KEY = b"k" * 32


def test_attempts_at_the_same_moment_do_not_pass_the_limit(app: Flask, clock: ManualClock) -> None:
    """S-M5: on PostgreSQL 18 guesses instead of 5 on an account, 44 instead of 30 from an address."""
    database = app.extensions["database"]

    def attempt(_number: int) -> bool:
        with database.write_session() as session:
            return count_attempt(session, Visitor("wang", "address"), KEY, clock.at)

    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(attempt, range(40)))
    assert sum(allowed) == MAX_BY_PAIR


def test_old_attempts_are_removed(app: Flask, clock: ManualClock) -> None:
    database = app.extensions["database"]
    for minutes, allowed in ((0, True), (31, True)):
        clock.advance(minutes=minutes)
        with database.write_session() as session:
            delete_old_attempts(session, clock.at)
            assert count_attempt(session, Visitor("wang", "address"), KEY, clock.at) is allowed
    with database.read_session() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM login_attempt").scalar() == 3
