"""The trail of what staff and commands did."""

import getpass
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import event
from sqlalchemy.orm import Session

from .models import RESULT_LENGTH, AuditEntry

DONE, NOT_FOUND = "done", "not found"
FAILED = "failed"  # an error of the program; what was begun was undone


def refused(reason: str) -> str:
    """The result of an action that the rules did not allow, with the reason in the words of the source."""
    return f"refused: {reason}"[:RESULT_LENGTH]


def add_audit_entry(
    session: Session, now: datetime, actor: str, action: str, detail: str = "", result: str = DONE
) -> None:
    """One row for one action, in the transaction of the change; after a refusal, in one of its own."""
    session.add(AuditEntry(at=now, actor=actor[:80], action=action, detail=detail, result=result))


def call_after_commit(session: Session, function: Callable[[], None]) -> None:
    """Call ``function`` when what was written in this session is safe, and never if it is undone."""
    event.listen(session, "after_commit", lambda _session: function(), once=True)


def command_actor() -> str:
    """Who runs a command: the account of the operating system."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):
        return "cli"
