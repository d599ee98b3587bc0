"""What takes long is shown a little old: a value is kept for some times as long as making it took.

So a page that everybody reloads costs the server a fixed share of its time, whatever the size of the district; what is
made quickly is made anew each time.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

MIN_SECONDS = 0.1  # what is made faster is not kept
KEPT_FACTOR = 20.0  # at most a twentieth of the time goes into making it
MAX_ENTRIES = 64
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class _Entry(Generic[Value]):
    value: Value
    until: float


class BriefCache(Generic[Value]):
    """Values by key, of one process."""

    def __init__(self) -> None:
        self._entries: dict[Hashable, _Entry[Value]] = {}
        self._lock = Lock()

    def get_or_make(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return the value of this key; ``make`` is called where there is none, or it is too old."""
        began = time.monotonic()
        with self._lock:
            entry = self._entries.get(key)
        if entry is not None and began < entry.until:
            return entry.value
        value = make()
        now = time.monotonic()
        with self._lock:
            self._entries.pop(key, None)
            if now - began >= MIN_SECONDS:
                self._entries[key] = _Entry(value, now + KEPT_FACTOR * (now - began))
            while len(self._entries) > MAX_ENTRIES:
                del self._entries[next(iter(self._entries))]
        return value
