"""Links by slug, remembered: what a link leads to never changes; the state of its wave is asked anew every second."""

import threading
import time
from dataclasses import replace
from datetime import datetime

from survey_app.definition.categories import Categories
from survey_app.foundation.db import Database
from survey_app.frame.queries import wave_ends
from survey_app.frame.wave_states import WaveEnds, ending, state_at

from .queries import OpenLink, open_link

REMEMBERED = 20_000


class LinkBook:
    """``fresh_seconds``: how long a node may not yet know that the office has closed a wave by hand.

    The planned end needs no asking, and what arrives after the seal is refused by the intake whatever is remembered.
    """

    def __init__(self, database: Database, categories: Categories, fresh_seconds: float) -> None:
        self.database = database
        self.categories = categories
        self.fresh_seconds = fresh_seconds
        self._known: dict[str, OpenLink] = {}
        self._ends: dict[int, tuple[float, WaveEnds]] = {}
        self._lock = threading.Lock()

    def find(self, slug: str, now: datetime) -> OpenLink | None:
        """The link as it is now, or None."""
        return self.database.tried_again(lambda: self._find(slug, now))

    def _find(self, slug: str, now: datetime) -> OpenLink | None:
        known = self._known.get(slug)
        if known is None:
            with self.database.reading() as session:
                known = open_link(session, slug, self.categories, now)
            if known is not None:
                self._remember(known)
            return known
        ends = self._ends_of(known.wave_id)
        state = state_at(known.opens_at, known.closes_at, ends, now)
        if state != known.state_at:
            ends_at = ending(known.closes_at, ends)
            known = replace(known, ends_at=ends_at, sealed=ends.sealed_at is not None, state_at=state)
            self._remember(known)
        return known

    def _ends_of(self, wave_id: int) -> WaveEnds:
        asked_at, ends = self._ends.get(wave_id, (0.0, None))
        if ends is None or time.monotonic() - asked_at >= self.fresh_seconds:
            with self.database.plain(writes=False) as plain:
                ends = wave_ends(plain, wave_id)
            self._ends[wave_id] = (time.monotonic(), ends)
        return ends

    def _remember(self, link: OpenLink) -> None:
        with self._lock:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[link.slug] = link
