"""Links by slug, remembered: what a link leads to never changes; the state of its wave is asked anew each time."""

import threading
from dataclasses import replace
from datetime import datetime

from survey_app.definition.categories import Categories
from survey_app.foundation.db import Database
from survey_app.frame.queries import wave_ends
from survey_app.frame.states import ending, state_at

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
        if known is None:
            with self.database.reading() as session:
                known = open_link(session, slug, self.categories, now)
            if known is not None:
                self._remember(known)
            return known
        with self.database.plain(writes=False) as plain:
            ends = wave_ends(plain, known.wave_id)
        return replace(
            known,
            ends_at=ending(known.closes_at, ends),
            sealed=ends.sealed_at is not None,
            state_at=state_at(known.opens_at, known.closes_at, ends, now),
        )

    def _remember(self, link: OpenLink) -> None:
        with self._lock:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[link.slug] = link
