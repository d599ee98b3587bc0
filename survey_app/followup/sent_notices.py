"""Whether the letter of a case went out: asked at the door, where no statistics are loaded."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from .models import RectificationCase


def is_sent(session: Session, case_id: int) -> bool:
    query = select(RectificationCase.id).where(
        RectificationCase.id == case_id, RectificationCase.delivered_at.is_not(None)
    )
    return session.scalar(query) is not None
