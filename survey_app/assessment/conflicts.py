"""Declared conflicts: who does not evaluate a school. Entered by the inspector or the office, lifted by the office."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.accounts.models import Staff
from survey_app.foundation.errors import user_error
from survey_app.frame.models import School

from .conflict_kinds import CONFLICT_KINDS
from .models import DeclaredConflict

MAX_NOTE = 200


def declare_conflict(
    session: Session, staff: Staff, school_code: str, kind: str, note: str, declared_by: str, now: datetime
) -> DeclaredConflict:
    """From now on the person signs nothing about the school. Raises :class:`UserError`; a second one is the first."""
    if kind not in CONFLICT_KINDS:
        raise user_error("请选一种回避的原因")
    if len(note) > MAX_NOTE:
        raise user_error("说明最多 {n} 字", n=MAX_NOTE)
    if CONFLICT_KINDS[kind].needs_note and not note.strip():
        raise user_error("请写明原因")
    if session.scalar(select(School.id).where(School.code == school_code).limit(1)) is None:
        raise user_error("名册里没有学校“{name}”", name=school_code)
    if (known := conflict_with(session, staff, school_code)) is not None:
        return known
    conflict = DeclaredConflict(
        rater=staff.username, school_code=school_code, kind=kind, note=note.strip(), declared_by=declared_by,
        declared_at=now,
    )  # fmt: skip
    session.add(conflict)
    session.flush()
    return conflict


def lift_conflict(session: Session, conflict_id: int, lifted_by: str, now: datetime) -> DeclaredConflict:
    """It was a mistake, or is over; the row stays. Raises :class:`UserError`."""
    conflict = session.get(DeclaredConflict, conflict_id)
    if conflict is None or conflict.lifted_at is not None:
        raise user_error("没有这条回避，或者已经解除")
    conflict.lifted_by, conflict.lifted_at = lifted_by, now
    session.flush()
    return conflict


def standing_conflicts(session: Session) -> Sequence[DeclaredConflict]:
    """Those that were not lifted, by school."""
    query = select(DeclaredConflict).where(DeclaredConflict.lifted_at.is_(None))
    return list(session.scalars(query.order_by(DeclaredConflict.school_code, DeclaredConflict.id)))


def conflict_with(session: Session, staff: Staff, school_code: str) -> DeclaredConflict | None:
    """The conflict of a person with a school, if there is one."""
    return session.scalar(
        select(DeclaredConflict).where(
            DeclaredConflict.rater == staff.username, DeclaredConflict.school_code == school_code,
            DeclaredConflict.lifted_at.is_(None),
        )
    )  # fmt: skip
