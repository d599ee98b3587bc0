"""Logins live on the server: idle for 15 minutes or eight hours old, they end."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from .models import FailedLogin, Staff, StaffSession
from .staff import LOCKOUT

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=8)
WRITE_EVERY = timedelta(minutes=1)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def begin(session: Session, staff: Staff, now: datetime) -> str:
    """The token for the cookie."""
    token = secrets.token_urlsafe(32)
    session.add(StaffSession(digest=_digest(token), staff_id=staff.id, created_at=now, seen_at=now))
    return token


def current(session: Session, token: str, now: datetime) -> tuple[Staff, bool] | None:
    """Who is logged in with this token, and whether it is time to :func:`touch` the session."""
    row = session.execute(
        select(StaffSession, Staff)
        .join(Staff, Staff.id == StaffSession.staff_id)
        .where(StaffSession.digest == _digest(token), Staff.disabled_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    login, staff = row
    if now - login.seen_at > IDLE or now - login.created_at > ABSOLUTE:
        return None
    return staff, now - login.seen_at > WRITE_EVERY


def touch(session: Session, token: str, now: datetime) -> None:
    login = session.get(StaffSession, _digest(token))
    if login is not None:
        login.seen_at = now


def end(session: Session, token: str) -> None:
    session.execute(delete(StaffSession).where(StaffSession.digest == _digest(token)))


def clean_up(session: Session, now: datetime) -> None:
    """Removes logins that have ended and failures that no longer count."""
    over = or_(StaffSession.seen_at < now - IDLE, StaffSession.created_at < now - ABSOLUTE)
    session.execute(delete(StaffSession).where(over))
    session.execute(delete(FailedLogin).where(FailedLogin.at < now - LOCKOUT))
