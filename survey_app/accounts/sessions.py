"""Logins live on the server: idle for 15 minutes or eight hours old, they end."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from .denials import delete_old_denials
from .kept_forms import delete_old_forms
from .login_limits import delete_old_attempts
from .models import Staff, StaffSession

IDLE_TIMEOUT = timedelta(minutes=15)
MAX_AGE = timedelta(hours=8)
REFRESH_INTERVAL = timedelta(minutes=1)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def create_session(session: Session, staff: Staff, now: datetime) -> str:
    """The token for the cookie."""
    token = secrets.token_urlsafe(32)
    session.add(StaffSession(digest=_digest(token), staff_id=staff.id, created_at=now, seen_at=now))
    return token


def authenticate_token(session: Session, token: str, now: datetime) -> tuple[Staff, bool] | None:
    """Who is logged in with this token, and whether it is time to :func:`refresh` the session."""
    row = session.execute(
        select(StaffSession, Staff)
        .join(Staff, Staff.id == StaffSession.staff_id)
        .where(StaffSession.digest == _digest(token), Staff.disabled_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    login, staff = row
    if now - login.seen_at > IDLE_TIMEOUT or now - login.created_at > MAX_AGE:
        return None
    return staff, now - login.seen_at > REFRESH_INTERVAL


def refresh(session: Session, token: str, now: datetime) -> None:
    login = session.get(StaffSession, _digest(token))
    if login is not None:
        login.seen_at = now


def revoke(session: Session, token: str) -> None:
    session.execute(delete(StaffSession).where(StaffSession.digest == _digest(token)))


@dataclass(frozen=True, slots=True)
class Login:
    """One of somebody's logins; ``is_current`` is the one that asks."""

    created_at: datetime
    seen_at: datetime
    is_current: bool


def list_sessions(session: Session, staff_id: int, token: str, now: datetime) -> list[Login]:
    """Return the logins that have not ended, the one with this token among them, the latest first."""
    query = select(StaffSession).where(
        StaffSession.staff_id == staff_id,
        StaffSession.seen_at >= now - IDLE_TIMEOUT,
        StaffSession.created_at >= now - MAX_AGE,
    )
    logins = session.scalars(query.order_by(StaffSession.created_at.desc()))
    return [Login(login.created_at, login.seen_at, login.digest == _digest(token)) for login in logins]


def revoke_others(session: Session, staff_id: int, token: str) -> int:
    """End all logins of somebody but the one with this token; return how many there were."""
    others = StaffSession.staff_id == staff_id, StaffSession.digest != _digest(token)
    count = session.scalar(select(func.count()).select_from(StaffSession).where(*others)) or 0
    session.execute(delete(StaffSession).where(*others))
    return count


def delete_expired(session: Session, now: datetime) -> None:
    """Removes logins that have ended, what was typed an hour ago, attempts that count no longer, and old denials."""
    is_expired = or_(StaffSession.seen_at < now - IDLE_TIMEOUT, StaffSession.created_at < now - MAX_AGE)
    session.execute(delete(StaffSession).where(is_expired))
    delete_old_forms(session, now)
    delete_old_attempts(session, now)
    delete_old_denials(session, now)
