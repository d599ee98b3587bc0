"""A table of answers that was uploaded: kept for its dry run, imported by one click, then emptied."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.definition.categories import Categories
from survey_app.foundation.clock import local_date
from survey_app.foundation.errors import user_error
from survey_app.frame.models import Wave
from survey_app.frame.wave_states import WaveState, state_of

from .answer_table import MAX_FILE_NAME, AnswerTable
from .models import AnswerUpload
from .response_import import ImportedResponses, store_answers

KEPT_FOR = timedelta(days=1)  # the answers stand in it in the order of the sheet


def require_open(wave: Wave, now: datetime) -> None:
    """Raise :class:`UserError` if the wave takes no answers now."""
    if state_of(wave, now) != WaveState.OPEN:
        raise user_error("批次“{name}”不在开放期间，不能录入。要录入，请先延长或重新开放", name=wave.name)


def keep_answers(
    session: Session, wave: Wave, name: str, content: bytes, uploaded_by: str, now: datetime
) -> AnswerUpload:
    """Store a file that can be read; the same one sent twice is one, and old ones are forgotten.

    Raises :class:`UserError` where no answers are taken.
    """
    require_open(wave, now)
    delete_old_uploads(session, now)
    file_name = Path(name.replace("\\", "/")).name[-MAX_FILE_NAME:]
    same = select(AnswerUpload).where(
        AnswerUpload.wave_id == wave.id, AnswerUpload.content == content, AnswerUpload.file_name == file_name,
        AnswerUpload.uploaded_by == uploaded_by, AnswerUpload.applied_at.is_(None),
    )  # fmt: skip
    if (known := session.scalars(same.limit(1)).first()) is not None:
        return known
    upload = AnswerUpload(
        wave_id=wave.id, file_name=file_name, content=content,
        uploaded_by=uploaded_by, uploaded_at=now,
    )  # fmt: skip
    session.add(upload)
    session.flush()
    return upload


def delete_old_uploads(session: Session, now: datetime) -> None:
    """Forget the files that nobody imported within a day."""
    session.execute(delete(AnswerUpload).where(AnswerUpload.uploaded_at < now - KEPT_FOR))


def find_answers(session: Session, wave_id: int, upload_id: int) -> AnswerUpload | None:
    upload = session.get(AnswerUpload, upload_id)
    return upload if upload is not None and upload.wave_id == wave_id else None


def apply_answers(
    session: Session, wave: Wave, upload: AnswerUpload, table: AnswerTable, categories: Categories, now: datetime
) -> ImportedResponses:
    """Import what the dry run showed. Raises :class:`UserError` if it was done before, or if a row is at fault."""
    if upload.applied_at is not None:
        raise user_error("这份表已经导入过了，没有再导入一次")
    require_open(wave, now)
    imported = store_answers(session, wave, table, categories, local_date(now))
    upload.content, upload.applied_at = b"", now
    session.flush()
    return imported
