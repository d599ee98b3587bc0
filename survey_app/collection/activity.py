"""When a form of a wave was last opened, to the minute and for the whole wave: so that closing can spare open forms."""

import threading
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from survey_app.foundation.db import Database, DatabaseUnavailable

from .models import FormActivity

STEP = timedelta(minutes=1)
UPSERT = (
    "INSERT INTO form_activity (wave_id, opened_at) VALUES (?, ?) "
    "ON CONFLICT (wave_id) DO UPDATE SET opened_at = excluded.opened_at"
)


class FormActivityRecorder:
    """At most one short write per minute, wave and process; its failure never keeps a form from being shown."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._recorded: dict[int, datetime] = {}
        self._lock = threading.Lock()

    def record(self, wave_id: int, now: datetime) -> None:
        minute = now.replace(second=0, microsecond=0)
        if self._recorded.get(wave_id) == minute or not self._lock.acquire(blocking=False):
            return
        try:
            self._recorded[wave_id] = minute
            with self.database.raw_transaction(writes=True) as transaction:
                transaction.execute(UPSERT, wave_id, minute.replace(tzinfo=None).isoformat(" "))
        except DatabaseUnavailable:
            self._recorded.pop(wave_id, None)
        finally:
            self._lock.release()


def last_form_opened(session: Session, wave_id: int) -> datetime | None:
    """The end of the minute in which somebody last opened a form."""
    activity = session.get(FormActivity, wave_id)
    return activity.opened_at + STEP if activity else None
