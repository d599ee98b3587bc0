"""The trail of what staff and commands did."""

import getpass
from datetime import datetime

from sqlalchemy.orm import Session

from .models import AuditEntry


def add_audit_entry(
    session: Session, now: datetime, actor: str, action: str, detail: str = "", result: str = "done"
) -> None:
    session.add(AuditEntry(at=now, actor=actor, action=action, detail=detail, result=result))


def command_actor() -> str:
    """Who runs a command: the account of the operating system."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):
        return "cli"
