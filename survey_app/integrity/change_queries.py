"""Reading what was changed of a wave, and what still waits for a second person."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.frame.models import ChangeRequest


def waiting_requests(session: Session, wave_id: int) -> list[ChangeRequest]:
    """The changes that one person asked for and nobody has confirmed."""
    query = select(ChangeRequest).where(ChangeRequest.wave_id == wave_id, ChangeRequest.confirmed_by.is_(None))
    return list(session.scalars(query.order_by(ChangeRequest.id)))
