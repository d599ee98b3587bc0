"""Token buckets that all workers of a machine share, in a small mapped file. Their own failure lets everything pass."""

import mmap
import os
import time
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

SLOTS = 8192
WIDTH = 3  # words of eight bytes: key, tokens left, when they were counted
BYTES = SLOTS * WIDTH * 8


class SharedBuckets:
    """Buckets by key; a key that falls into the slot of another starts with a full bucket.

    There is no lock: a word is read and written whole, two takers in the same microsecond may share a token, and nobody
    ever waits.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self.clock = clock
        self._words: tuple[memoryview[int], memoryview[float]] | None = None

    def take(self, key: str, per_second: float, burst: float) -> bool:
        """Whether a token was left; true if the buckets themselves do not work."""
        try:
            return self._take(key, per_second, burst)
        except (OSError, ValueError):
            return True

    def _take(self, key: str, per_second: float, burst: float) -> bool:
        digest = blake2b(key.encode(), digest_size=12).digest()
        mine, at = int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:], "big") % SLOTS * WIDTH
        owners, numbers = self._mapped()
        tokens, counted_at, now = numbers[at + 1], numbers[at + 2], self.clock()
        if owners[at] != mine:
            owners[at], tokens, counted_at = mine, burst, now
        tokens = min(burst, tokens + max(0.0, now - counted_at) * per_second)
        allowed = tokens >= 1
        numbers[at + 1], numbers[at + 2] = tokens - allowed, now
        return allowed

    def _mapped(self) -> "tuple[memoryview[int], memoryview[float]]":
        """The same words twice, as keys and as numbers."""
        if self._words is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                if os.fstat(file).st_size < BYTES:
                    os.ftruncate(file, BYTES)
                view = memoryview(mmap.mmap(file, BYTES))
            finally:
                os.close(file)
            self._words = (view.cast("Q"), view.cast("d"))
        return self._words
