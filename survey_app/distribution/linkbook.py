"""Links by slug, remembered: what a link leads to never changes; the state of its wave is asked anew each time."""

import threading
from dataclasses import replace
from datetime import datetime

from survey_app.definition.categories import Categories
from survey_app.foundation.db import Database
from survey_app.frame.queries import wave_moments
from survey_app.frame.states import ends_at, state_of

from .queries import OpenLink, open_link

REMEMBERED = 20_000


class LinkBook:
    def __init__(self, database: Database, categories: Categories) -> None:
        self.database = database
        self.categories = categories
        self._known: dict[str, OpenLink] = {}
        self._lock = threading.Lock()

    def find(self, slug: str, now: datetime) -> OpenLink | None:
        """The link as it is now, or None."""
        return self.database.tried_again(lambda: self._find(slug, now))

    def _find(self, slug: str, now: datetime) -> OpenLink | None:
        known = self._known.get(slug)
        with self.database.reading() as session:
            if known is None:
                known = open_link(session, slug, self.categories, now)
                if known is not None:
                    self._remember(known)
                return known
            wave = wave_moments(session, known.wave_id)
        if wave is None:
            return None
        return replace(known, ends_at=ends_at(wave), sealed=wave.sealed_at is not None, state_at=state_of(wave, now))

    def _remember(self, link: OpenLink) -> None:
        with self._lock:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[link.slug] = link
