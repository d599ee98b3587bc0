"""A change that takes two people: one asks, and it waits for another."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.foundation.clock import format_local
from survey_app.foundation.errors import user_error
from survey_app.frame.models import ChangeRequest, Wave


def ask_for(
    session: Session, wave: Wave, kind: str, payload: dict[str, Any], reason: str, requested_by: str, now: datetime
) -> ChangeRequest:  # fmt: skip
    """A change that a second person must confirm. Raises :class:`UserError` while the same one waits already."""
    query = select(ChangeRequest).where(ChangeRequest.wave_id == wave.id, ChangeRequest.kind == kind)
    waiting = session.scalars(query.where(ChangeRequest.confirmed_by.is_(None)))
    if same := next((each for each in waiting if each.payload == payload), None):
        raise user_error(
            "{who} 在 {when} 已经提出，等第二个人确认", who=same.requested_by, when=format_local(same.requested_at)
        )
    request = ChangeRequest(
        wave_id=wave.id, kind=kind, reason=reason.strip() or "—", requested_by=requested_by, requested_at=now,
        payload=payload,
    )  # fmt: skip
    session.add(request)
    session.flush()
    return request
