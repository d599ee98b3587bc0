"""Making, finding and disabling accounts."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, false, func, select, union_all, update
from sqlalchemy.orm import Session

from survey_app.foundation.errors import user_error
from survey_app.foundation.roles import Role

from .models import KeptForm, OneTimeLink, RecoveryCode, SecondStep, Staff, StaffGrant, StaffSession

OWN = (StaffSession, KeptForm, OneTimeLink, SecondStep, RecoveryCode, StaffGrant)  # goes with the account
NO_PASSWORD = ""  # of an account of which only the name is left
_USERNAME = re.compile(r"[\w.@-]{2,50}\Z")


def create_staff(session: Session, username: str, password_hash: str, role: str, now: datetime) -> Staff:
    """Make an account; the hash comes from :func:`.passwords.hash_new_password`. Raises :class:`UserError`."""
    if role not in tuple(Role):
        raise user_error("没有角色“{role}”；可用：{known}", role=role, known=", ".join(Role))
    if not _USERNAME.match(username):
        raise user_error("用户名要有 2 到 50 个字，只含字母、数字、汉字和 . @ - _")
    if session.scalar(select(Staff.id).where(Staff.username == username)):
        raise user_error("已经有用户“{username}”", username=username)
    staff = Staff(username=username, password_hash=password_hash, role=role, created_at=now)
    session.add(staff)
    session.flush()
    return staff


def has_staff(session: Session) -> bool:
    return (session.scalar(select(func.count()).select_from(Staff)) or 0) > 0


def list_staff(session: Session) -> list[Staff]:
    return list(session.scalars(select(Staff).order_by(Staff.username)))


def find_active_staff(session: Session, username: str) -> Staff | None:
    return session.scalar(select(Staff).where(Staff.username == username, Staff.disabled_at.is_(None)))


def set_password(session: Session, staff_id: int, password_hash: str) -> None:
    """The hash comes from :func:`.passwords.hash_new_password`; logins are the caller's to end."""
    session.execute(update(Staff).where(Staff.id == staff_id).values(password_hash=password_hash))


def staff_by_id(session: Session, staff_id: int) -> Staff | None:
    return session.get(Staff, staff_id)


def enable_staff(session: Session, username: str) -> Staff:
    """Let a disabled account log in again. Raises :class:`UserError`."""
    staff = session.scalar(select(Staff).where(Staff.username == username))
    if staff is None:
        raise user_error("没有用户“{username}”", username=username)
    staff.disabled_at = None
    return staff


def disable_staff(session: Session, username: str, now: datetime) -> Staff:
    staff = session.scalar(select(Staff).where(Staff.username == username))
    if staff is None:
        raise user_error("没有用户“{username}”", username=username)
    staff.disabled_at = staff.disabled_at or now
    session.execute(delete(StaffSession).where(StaffSession.staff_id == staff.id))
    return staff


def count_disabled_before(session: Session, moment: datetime) -> int:
    return session.scalar(select(func.count()).select_from(Staff).where(*_over(moment))) or 0


def delete_disabled_before(session: Session, moment: datetime) -> int:
    """Take away accounts, with all that is theirs, that were disabled before; returns how many.

    A name that the audit, an approval or a signed evaluation recorded stays there: who did something is part of what
    was done. Of an account to which a row of another room points, the bare name stays as long as that row.
    """
    over, signed = list(session.scalars(select(Staff.id).where(*_over(moment)))), union_all(*_signatures())
    for model in OWN:
        session.execute(delete(model).where(model.staff_id.in_(over)))
    session.execute(update(Staff).where(Staff.id.in_(over)).values(password_hash=NO_PASSWORD))
    session.execute(delete(Staff).where(Staff.id.in_(over), Staff.id.not_in(signed)))
    return len(over)


def _over(moment: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Staff.disabled_at < moment, Staff.password_hash != NO_PASSWORD


def _signatures() -> list[Select[Any]]:
    """Who is named by a row of another room, whichever rooms there are."""
    own = {model.__table__ for model in OWN}
    columns = (key.parent for table in Staff.metadata.tables.values() if table not in own for key in table.foreign_keys
               if key.column.table is Staff.__table__)  # fmt: skip
    return [select(Staff.id).where(false()), *(select(column).where(column.is_not(None)) for column in columns)]
