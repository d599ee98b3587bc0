"""The trail of what staff and commands did."""

import getpass
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from .models import RESULT_LENGTH, AuditEntry

DONE, NOT_FOUND = "done", "not found"
SHOWN = "shown"  # what an action would do was looked at; nothing was done
FAILED = "failed"  # an error of the program; what was begun was undone


def refused(reason: str) -> str:
    """The result of an action that the rules did not allow, with the reason in the words of the source."""
    return f"refused: {reason}"[:RESULT_LENGTH]


_stored_actions: ContextVar[list[str] | None] = ContextVar("stored_actions", default=None)


def add_audit_entry(
    session: Session, now: datetime, actor: str, action: str, detail: str = "", result: str = DONE
) -> None:
    """One row for one action, in the transaction of the change; after a refusal, in one of its own."""
    session.add(AuditEntry(at=now, actor=actor[:80], action=action, detail=detail, result=result))
    stored = _stored_actions.get()
    if stored is not None:
        event.listen(session, "after_commit", lambda _session: stored.append(action), once=True)


def latest_entry(session: Session, actions: Sequence[str], subject: str = "") -> AuditEntry | None:
    """Return who did one of these last, with something whose detail begins with ``subject``."""
    query = select(AuditEntry).where(AuditEntry.action.in_(actions), AuditEntry.result == DONE)
    if subject:
        query = query.where(AuditEntry.detail.startswith(subject, autoescape=True))
    return session.scalar(query.order_by(AuditEntry.id.desc()).limit(1))


def count_entries(session: Session, action: str, subject: str, since: datetime, actor: str = "") -> int:
    """Return how often an action was done since a moment with something whose detail begins with ``subject``."""
    query = select(func.count()).select_from(AuditEntry).where(
        AuditEntry.action == action, AuditEntry.result == DONE, AuditEntry.at >= since,
        AuditEntry.detail.startswith(subject, autoescape=True),
    )  # fmt: skip
    return session.scalar(query.where(AuditEntry.actor == actor) if actor else query) or 0


def count_entries_before(session: Session, moment: datetime) -> int:
    return session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.at < moment)) or 0


@contextmanager
def watch_audit() -> Iterator[list[str]]:
    """Collect the actions whose entries are safe, that is committed, in the block."""
    stored: list[str] = []
    token = _stored_actions.set(stored)
    try:
        yield stored
    finally:
        _stored_actions.reset(token)


def command_actor() -> str:
    """Who runs a command: the account of the operating system."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):
        return "cli"
