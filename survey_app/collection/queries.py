"""How many submissions came, from their receipts alone; and which responses are counted."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from .models import ExcludedResponse, ReceiptCount, Response, SubmissionReceipt


def off_class_id(link_id: int, class_name: str) -> int:
    """Return what the receipt of an answer that came over no link says, of a school whose link may be one of a class.

    A class's link stands for its school and audience only: its number below zero belongs to no class.
    """
    return -link_id if class_name else link_id


def count_receipts_by_link(session: Session, wave_id: int, school_id: int | None = None) -> dict[int, int]:
    """Return how many submissions came over each link of a wave, or of one school; under numbers below zero what came
    on paper or from a table (:func:`off_class_id`).

    Counted along the index of receipts, by school and link: sorted by link alone, a million take fifty megabytes.
    """
    query = (
        select(SubmissionReceipt.link_id, func.count())
        .where(SubmissionReceipt.wave_id == wave_id)
        .group_by(SubmissionReceipt.school_id, SubmissionReceipt.link_id)
    )
    kept = select(ReceiptCount.link_id, ReceiptCount.count).where(ReceiptCount.wave_id == wave_id)
    if school_id is not None:
        query = query.where(SubmissionReceipt.school_id == school_id)
        kept = kept.where(ReceiptCount.school_id == school_id)
    counts = {link_id: int(count) for link_id, count in session.execute(query)}
    return counts or dict(iter(session.execute(kept)))  # of receipts that were purged


def counted(session: Session, wave_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return what leaves out responses that two people excluded; nothing to ask where there are none."""
    excluded = select(ExcludedResponse.response_id).where(
        ExcludedResponse.wave_id == wave_id, ExcludedResponse.school_id == Response.school_id
    )
    has_some = session.scalar(select(select(ExcludedResponse).where(ExcludedResponse.wave_id == wave_id).exists()))
    return (Response.id.not_in(excluded),) if has_some else ()
