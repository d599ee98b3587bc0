"""How many ballots came, from the roll call alone."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.distribution.models import Link

from .models import SubmissionReceipt


def count_receipts_by_link(session: Session, wave_id: int) -> dict[int, int]:
    query = (
        select(SubmissionReceipt.link_id, func.count())
        .where(SubmissionReceipt.wave_id == wave_id)
        .group_by(SubmissionReceipt.link_id)
    )
    return {link_id: int(count) for link_id, count in session.execute(query)}


def count_receipts(session: Session, wave_id: int) -> dict[tuple[int, str], int]:
    """(school, audience) to the number of ballots."""
    by_link = count_receipts_by_link(session, wave_id)
    counts: dict[tuple[int, str], int] = {}
    for link in session.scalars(select(Link).where(Link.wave_id == wave_id)):
        key = (link.school_id, link.audience)
        counts[key] = counts.get(key, 0) + by_link.get(link.id, 0)
    return counts
