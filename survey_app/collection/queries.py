"""How many submissions came, from their receipts alone."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from .models import SubmissionReceipt


def count_receipts_by_link(session: Session, wave_id: int) -> dict[int, int]:
    query = (
        select(SubmissionReceipt.link_id, func.count())
        .where(SubmissionReceipt.wave_id == wave_id)
        .group_by(SubmissionReceipt.link_id)
    )
    return {link_id: int(count) for link_id, count in session.execute(query)}
