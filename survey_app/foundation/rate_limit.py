"""Token buckets that all workers of a machine share, in a small mapped file. Their own failure lets everything pass."""

import mmap
import os
import time
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

from .private_files import make_private_directory, private_opener

SLOTS = 8192
WORDS_PER_SLOT = 3  # words of eight bytes: key, tokens left, when they were counted
FILE_BYTES = SLOTS * WORDS_PER_SLOT * 8


class SharedTokenBuckets:
    """Buckets by key; a key that falls into the slot of another starts with a full bucket.

    There is no lock: a word is read and written whole, two takers in the same microsecond may share a token, and nobody
    ever waits.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self.clock = clock
        self._views: tuple[memoryview[int], memoryview[float]] | None = None

    def acquire(self, key: str, per_second: float, burst: float) -> bool:
        """Whether a token was left; true if the buckets themselves do not work."""
        try:
            return self._try_acquire(key, per_second, burst)
        except (OSError, ValueError):
            return True

    def _try_acquire(self, key: str, per_second: float, burst: float) -> bool:
        digest = blake2b(key.encode(), digest_size=12).digest()
        key_hash, offset = int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:], "big") % SLOTS * WORDS_PER_SLOT
        slot_keys, values = self._map_file()
        tokens, updated_at, now = values[offset + 1], values[offset + 2], self.clock()
        if slot_keys[offset] != key_hash:
            slot_keys[offset], tokens, updated_at = key_hash, burst, now
        tokens = min(burst, tokens + max(0.0, now - updated_at) * per_second)
        allowed = tokens >= 1
        values[offset + 1], values[offset + 2] = tokens - allowed, now
        return allowed

    def _map_file(self) -> "tuple[memoryview[int], memoryview[float]]":
        """The same words twice, as keys and as numbers."""
        if self._views is None:
            make_private_directory(self.path.parent)
            file = private_opener(str(self.path), os.O_RDWR)
            try:
                if os.fstat(file).st_size < FILE_BYTES:
                    os.ftruncate(file, FILE_BYTES)
                view = memoryview(mmap.mmap(file, FILE_BYTES))
            finally:
                os.close(file)
            self._views = (view.cast("Q"), view.cast("d"))
        return self._views
