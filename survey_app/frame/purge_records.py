"""What the records of a wave say about answers and comments that were purged: whoever reads them says so, too."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.definition.messages import Message, message
from survey_app.foundation.clock import format_local
from survey_app.foundation.errors import UserError
from survey_app.foundation.retention_terms import Term

from .models import ManifestRecord, Wave


def record_kind(term: Term) -> str:
    return f"purge-{term.kind}"


def purge_record(session: Session, wave_id: int, term: Term) -> ManifestRecord | None:
    """Return the record of the purge of this kind; None while it is all there."""
    query = select(ManifestRecord).where(ManifestRecord.wave_id == wave_id, ManifestRecord.kind == record_kind(term))
    return session.scalar(query.limit(1))


def purged_waves(session: Session, term: Term) -> set[int]:
    return set(session.scalars(select(ManifestRecord.wave_id).where(ManifestRecord.kind == record_kind(term))))


def purge_sentence(session: Session, wave: Wave, term: Term) -> Message | None:
    """Return that it was purged, under which term and when; None while it is all there."""
    record = purge_record(session, wave.id, term)
    if record is None:
        return None
    return message(
        "批次“{name}”的{what}已于 {when} 按保留期限（{months} 个月）清除；计数、公布过的结果和文件都留着",
        name=wave.name, what=term.label, when=format_local(record.recorded_at), months=record.detail["months"],
    )  # fmt: skip


def require_kept(session: Session, wave: Wave, term: Term) -> None:
    """Raises :class:`UserError` where what somebody wants to read was purged."""
    if (sentence := purge_sentence(session, wave, term)) is not None:
        raise UserError(sentence)
