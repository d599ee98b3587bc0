"""A link that lets somebody choose a password once: for a new account, or when a password is forgotten."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from .models import OneTimeLink, Staff, StaffSession

LINK_AGE = timedelta(days=7)


def create_link(session: Session, staff: Staff, created_by: str, now: datetime) -> str:
    """Return the token of the link; the one before it is void. Only its digest is kept."""
    session.execute(delete(OneTimeLink).where(OneTimeLink.staff_id == staff.id))
    token = secrets.token_urlsafe(24)
    session.add(
        OneTimeLink(
            digest=_digest(token), staff_id=staff.id, created_by=created_by, created_at=now, expires_at=now + LINK_AGE
        )
    )
    return token


def staff_of_link(session: Session, token: str, now: datetime) -> Staff | None:
    """Return whose link it is; None if it was used, replaced or is too old, or the account is disabled."""
    return session.scalar(
        select(Staff)
        .join(OneTimeLink, OneTimeLink.staff_id == Staff.id)
        .where(OneTimeLink.digest == _digest(token), OneTimeLink.expires_at > now, Staff.disabled_at.is_(None))
    )


def use_link(session: Session, token: str, password_hash: str, now: datetime) -> Staff | None:
    """Set the password and void the link; of two at once one is told None. All logins of the account end."""
    staff = staff_of_link(session, token, now)
    used = session.scalars(  # the row that is gone tells the second of two
        delete(OneTimeLink).where(OneTimeLink.digest == _digest(token)).returning(OneTimeLink.created_by)
    ).all()
    if staff is None or not used:
        return None
    staff.password_hash, staff.password_from = password_hash, used[0]
    session.execute(delete(StaffSession).where(StaffSession.staff_id == staff.id))
    return staff


def waiting_links(session: Session, now: datetime) -> dict[int, datetime]:
    """Return until when each account's link can be used."""
    rows = session.execute(select(OneTimeLink.staff_id, OneTimeLink.expires_at).where(OneTimeLink.expires_at > now))
    return {row.staff_id: row.expires_at for row in rows}


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
