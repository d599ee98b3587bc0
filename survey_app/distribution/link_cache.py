"""Links by slug, remembered. The state of a wave is asked every second; a recorded change makes its links read anew."""

import threading
import time
from dataclasses import replace
from datetime import datetime

from survey_app.definition.categories import Categories
from survey_app.foundation.db import Database
from survey_app.frame.queries import wave_closure
from survey_app.frame.wave_states import WaveClosure, close_time, state_at

from .queries import FormLink, load_form_link

MAX_LINKS = 20_000


class LinkCache:
    """``max_age_seconds``: how long a node may not yet know that the office has closed a wave by hand.

    The planned end needs no asking, and what arrives after the seal is refused by the submission writer
    whatever is remembered.
    """

    def __init__(self, database: Database, categories: Categories, max_age_seconds: float) -> None:
        self.database = database
        self.categories = categories
        self.max_age_seconds = max_age_seconds
        self._links: dict[str, FormLink] = {}
        self._closures: dict[int, tuple[float, WaveClosure]] = {}
        self._lock = threading.Lock()

    def find(self, slug: str, now: datetime) -> FormLink | None:
        """The link as it is now, or None."""
        return self.database.retry_on_disconnect(lambda: self._find(slug, now))

    def _find(self, slug: str, now: datetime) -> FormLink | None:
        link = self._links.get(slug)
        if link is None:
            return self._load(slug, now)
        closure = self._closure_of(link.wave_id)
        if closure.revision != link.revision:
            return self._load(slug, now)
        state = state_at(link.opens_at, link.closes_at, closure, now)
        if state != link.wave_state:
            ends_at = close_time(link.closes_at, closure)
            link = replace(link, ends_at=ends_at, sealed=closure.sealed_at is not None, wave_state=state)
            self._store(link)
        return link

    def _load(self, slug: str, now: datetime) -> FormLink | None:
        with self.database.read_session() as session:
            link = load_form_link(session, slug, self.categories, now)
        if link is not None:
            self._store(link)
        return link

    def _closure_of(self, wave_id: int) -> WaveClosure:
        read_at, closure = self._closures.get(wave_id, (0.0, None))
        if closure is None or time.monotonic() - read_at >= self.max_age_seconds:
            with self.database.raw_transaction(writes=False) as transaction:
                closure = wave_closure(transaction, wave_id)
            self._closures[wave_id] = (time.monotonic(), closure)
        return closure

    def _store(self, link: FormLink) -> None:
        with self._lock:
            if len(self._links) >= MAX_LINKS:
                self._links.clear()
            self._links[link.slug] = link
