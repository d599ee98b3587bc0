"""Schools see their own results once two people have said so; one may take it back.

Until a wave's results are released in steps, this is the one switch of a wave.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.foundation.errors import user_error
from survey_app.frame.manifest import append_record
from survey_app.frame.models import ChangeRequest, Wave

from .second_person import ask_for

RELEASE = "release"


def request_release(session: Session, wave: Wave, reason: str, requested_by: str, now: datetime) -> ChangeRequest:
    """Ask for it, to be confirmed by a second person. Raises :class:`UserError`."""
    _check_sealed(wave)
    if wave.released_at is not None:
        raise user_error("批次“{name}”的结果已经让学校看了", name=wave.name)
    return ask_for(session, wave, RELEASE, {}, reason, requested_by, now)


def apply_release(_session: Session, wave: Wave, request: ChangeRequest) -> dict[str, Any]:
    """From now on principals and inspectors see the page of their schools."""
    _check_sealed(wave)
    wave.released_at = request.confirmed_at
    return {}


def withdraw_release(session: Session, wave: Wave, reason: str, actor: str, now: datetime) -> None:
    """Take it back: what was seen was seen. Raises :class:`UserError`."""
    if wave.released_at is None:
        raise user_error("批次“{name}”的结果还没有让学校看", name=wave.name)
    wave.released_at = None
    append_record(session, wave, "withdraw", reason, [actor], now)


def is_released_or_asked_for(session: Session, wave_id: int) -> bool:
    """Whether a leader may look at the results of a wave."""
    wave = session.get(Wave, wave_id)
    return wave is not None and (wave.released_at is not None or _is_asked_for(session, wave_id))


def _is_asked_for(session: Session, wave_id: int) -> bool:
    query = select(ChangeRequest.id).where(
        ChangeRequest.wave_id == wave_id, ChangeRequest.kind == RELEASE, ChangeRequest.confirmed_by.is_(None)
    )
    return session.scalar(query.limit(1)) is not None


def _check_sealed(wave: Wave) -> None:
    if wave.sealed_at is None:
        raise user_error("批次“{name}”还没有封存，没有结果", name=wave.name)
