"""Requests that were refused, counted by hour so that nobody can fill the database with them.

One row an hour for each subject, endpoint and reason. Accounts and endpoints are few; of addresses at most
``MAX_ADDRESSES`` an hour have rows of their own, the rest are counted together. A process writes the first denial at
once and later ones together, at most every ``seconds``, so that a flood costs no more writes than a trickle.
"""

import threading
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from time import monotonic

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from survey_app.foundation.db import Database, DatabaseUnavailable

from .models import Denial

MAX_ADDRESSES = 200
ADDRESS, OTHERS = "address:", "address:others"
RETENTION = timedelta(days=190)

Key = tuple[datetime, str, str, str]  # hour, subject, endpoint, reason


class DenialReason(StrEnum):
    NO_LOGIN = "no login"
    ROLE = "role"
    SCOPE = "scope"
    CSRF = "csrf"
    CROSS_SITE = "cross site"
    WRONG_PASSWORD = "wrong password"  # noqa: S105 - a reason
    WRONG_CODE = "wrong code"
    TOO_MANY = "too many attempts"


class DenialLog:
    """The denials of this process that are not yet written."""

    def __init__(self, database: Database, seconds: float) -> None:
        self.database = database
        self.seconds = seconds
        self._lock = threading.Lock()
        self._pending: Counter[Key] = Counter()
        self._next_write = 0.0
        self._timer: threading.Timer | None = None

    def add(self, subject: str, endpoint: str, reason: DenialReason, now: datetime) -> None:
        hour = now.replace(minute=0, second=0, microsecond=0)
        key = (hour, subject, endpoint, str(reason))
        with self._lock:
            is_new_address = subject.startswith(ADDRESS) and key not in self._pending
            if is_new_address and len(self._pending) >= MAX_ADDRESSES:
                key = (hour, OTHERS, endpoint, str(reason))
            self._pending[key] += 1
            is_due = monotonic() >= self._next_write
            if not is_due and self._timer is None:
                self._timer = threading.Timer(self._next_write - monotonic(), self.write)
                self._timer.daemon = True
                self._timer.start()
        if is_due:
            self.write()

    def write(self) -> None:
        """Write what is pending. While the database is away it stays pending: a visitor must not wait for it."""
        with self._lock:
            counts, self._pending, self._timer = self._pending, Counter(), None
            self._next_write = monotonic() + self.seconds
        try:
            with self.database.write_session() as session:
                add_denials(session, counts)
        except DatabaseUnavailable:
            with self._lock:
                self._pending.update(counts)


def add_denials(session: Session, counts: Mapping[Key, int]) -> None:
    """Add counts to the rows of their hours."""
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    known: dict[datetime, set[str]] = {}
    merged: Counter[Key] = Counter()
    for (hour, subject, endpoint, reason), count in counts.items():
        if subject.startswith(ADDRESS):
            if hour not in known:
                known[hour] = _addresses(session, hour)
            subject = _subject_with_room(known[hour], subject)
        merged[hour, subject, endpoint, reason] += count
    for key in sorted(merged):  # in one order, so that two processes cannot wait for each other
        values = dict(zip(("hour", "subject", "endpoint", "reason"), key, strict=True))
        statement = insert(Denial).values(**values, count=merged[key])
        session.execute(
            statement.on_conflict_do_update(
                index_elements=list(values), set_={"count": Denial.count + statement.excluded["count"]}
            )
        )


def _addresses(session: Session, hour: datetime) -> set[str]:
    rows = session.scalars(select(Denial.subject).where(Denial.hour == hour, Denial.subject.startswith(ADDRESS)))
    return set(rows)


def _subject_with_room(known: set[str], subject: str) -> str:
    if subject in known:
        return subject
    if len(known) >= MAX_ADDRESSES:
        return OTHERS
    known.add(subject)
    return subject


def list_denials(session: Session) -> list[Denial]:
    return list(session.scalars(select(Denial).order_by(Denial.hour, Denial.subject, Denial.endpoint, Denial.reason)))


def delete_old_denials(session: Session, now: datetime) -> None:
    session.execute(delete(Denial).where(Denial.hour < now - RETENTION))
