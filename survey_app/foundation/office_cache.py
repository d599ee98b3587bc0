"""Who asks, remembered for the pages of respondents: they say it on every form, and most read nothing else."""

import time
from contextlib import suppress

from .db import Database, DatabaseUnavailable
from .settings import Settings
from .stored_settings import Office, load_office


class OfficeCache:
    """``max_age_seconds``: how long a node may still name whom the office has just replaced in its settings."""

    def __init__(self, database: Database, settings: Settings, max_age_seconds: float) -> None:
        self._database, self._settings, self._max_age_seconds = database, settings, max_age_seconds
        self._office = Office(settings.office_name, settings.office_contact, settings.base_url)
        self._read_at: float | None = None

    def find(self) -> Office:
        """Return what the office stored; while the database does not answer, what was known last."""
        now = time.monotonic()
        if self._database.is_absent:
            return self._office  # a form that is only looked at
        if self._read_at is None or now - self._read_at >= self._max_age_seconds:
            self._read_at = now  # whatever comes of it: a database that is away is not asked for every page
            with suppress(DatabaseUnavailable):
                self._office = self._database.retry_on_disconnect(self._load)
        return self._office

    def _load(self) -> Office:
        with self._database.read_session() as session:
            return load_office(session, self._settings)
