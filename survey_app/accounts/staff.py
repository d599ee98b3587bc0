"""Making accounts and checking passwords."""

import re
from datetime import datetime, timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from survey_app.foundation.errors import user_error

from .models import ROLES, FailedLogin, Staff, StaffSession

MIN_PASSWORD, MAX_PASSWORD = 10, 128
FAILURES_PER_ACCOUNT, FAILURES_PER_ADDRESS = 5, 30
LOCKOUT = timedelta(minutes=15)
_USERNAME = re.compile(r"[\w.@-]{2,50}\Z")


@lru_cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


def create_staff(session: Session, username: str, password: str, role: str, now: datetime) -> Staff:
    """Raises :class:`UserError`."""
    if role not in ROLES:
        raise user_error("没有角色“{role}”；可用：{known}", role=role, known=", ".join(ROLES))
    if not _USERNAME.match(username):
        raise user_error("用户名要有 2 到 50 个字，只含字母、数字、汉字和 . @ - _")
    if session.scalar(select(Staff.id).where(Staff.username == username)):
        raise user_error("已经有用户“{username}”", username=username)
    check_password_rules(password, username)
    staff = Staff(username=username, password_hash=_hasher().hash(password), role=role, created_at=now)
    session.add(staff)
    session.flush()
    return staff


def check_password_rules(password: str, username: str) -> None:
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise user_error("密码要有 {low} 到 {high} 个字符", low=MIN_PASSWORD, high=MAX_PASSWORD)
    if username.casefold() in password.casefold() or len(set(password)) < 5:
        raise user_error("密码太容易猜：不要包含用户名，也不要重复同几个字符")


def has_staff(session: Session) -> bool:
    return (session.scalar(select(func.count()).select_from(Staff)) or 0) > 0


def list_staff(session: Session) -> list[Staff]:
    return list(session.scalars(select(Staff).order_by(Staff.username)))


def disable_staff(session: Session, username: str, now: datetime) -> Staff:
    staff = session.scalar(select(Staff).where(Staff.username == username))
    if staff is None:
        raise user_error("没有用户“{username}”", username=username)
    staff.disabled_at = staff.disabled_at or now
    session.execute(delete(StaffSession).where(StaffSession.staff_id == staff.id))
    return staff


def is_locked_out(session: Session, username: str, address_hash: str, now: datetime) -> bool:
    return (
        _count_failures(session, f"account:{username}", now) >= FAILURES_PER_ACCOUNT
        or _count_failures(session, f"address:{address_hash}", now) >= FAILURES_PER_ADDRESS
    )


def _count_failures(session: Session, subject: str, now: datetime) -> int:
    statement = select(func.count()).where(FailedLogin.subject == subject, FailedLogin.at > now - LOCKOUT)
    return session.scalar(statement) or 0


def authenticate(session: Session, username: str, password: str, address_hash: str, now: datetime) -> Staff | None:
    """The account if the password is right; a failure is counted. Takes as long for an unknown account."""
    staff = session.scalar(select(Staff).where(Staff.username == username, Staff.disabled_at.is_(None)))
    password_hash = staff.password_hash if staff else _dummy_password_hash()
    try:
        _hasher().verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        staff = None
    if staff is None:
        for subject in (f"account:{username[:60]}", f"address:{address_hash}"):
            session.add(FailedLogin(subject=subject, at=now))
        return None
    session.execute(delete(FailedLogin).where(FailedLogin.subject == f"account:{username}"))
    return staff


@lru_cache
def _dummy_password_hash() -> str:
    return _hasher().hash("nobody has this password")
