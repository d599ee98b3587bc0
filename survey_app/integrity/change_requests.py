"""What two people decide: a change that one asks for is made when another confirms it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.accounts.two_people import are_in_one_hand, require_second_person
from survey_app.foundation.errors import user_error
from survey_app.frame.manifest import append_record
from survey_app.frame.models import ChangeRequest, Wave

from .changes import CORRECT, apply_correction
from .exclusions import EXCLUDE, apply_exclusion
from .release import RELEASE, apply_release

ApplyChange = Callable[[Session, Wave, ChangeRequest], dict[str, Any]]  # returns the particulars of the record
CHANGES: dict[str, ApplyChange] = {CORRECT: apply_correction, EXCLUDE: apply_exclusion, RELEASE: apply_release}


def waiting_requests(session: Session, wave_id: int) -> list[ChangeRequest]:
    """The changes that one person asked for and nobody has confirmed."""
    query = select(ChangeRequest).where(ChangeRequest.wave_id == wave_id, ChangeRequest.confirmed_by.is_(None))
    return list(session.scalars(query.order_by(ChangeRequest.id)))


def confirm_request(session: Session, request_id: int, confirmed_by: str, now: datetime) -> Wave:
    """A second person agrees, and the change is made. Raises :class:`UserError`."""
    request = session.get(ChangeRequest, request_id)
    if request is None:
        raise user_error("没有编号为 {id} 的申请", id=request_id)
    require_second_person(request.requested_by, request.confirmed_by, confirmed_by)
    wave = session.get(Wave, request.wave_id)
    assert wave is not None
    request.confirmed_by, request.confirmed_at = confirmed_by, now
    detail = CHANGES[request.kind](session, wave, request)
    if are_in_one_hand(session, request.requested_by, confirmed_by):
        detail |= {"one_hand": True}
    session.flush()
    append_record(session, wave, request.kind, request.reason, [request.requested_by, confirmed_by], now, **detail)
    return wave
