"""Token buckets that all workers of a machine share, in a small mapped file. Their own failure lets everything pass."""

import mmap
import os
import struct
import time
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

SLOTS = 8192
_SLOT = struct.Struct("<8sdd")  # key, tokens left, when they were counted


class SharedBuckets:
    """Buckets by key; a key that falls into the slot of another starts with a full bucket."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self.clock = clock
        self._file: int | None = None
        self._map: mmap.mmap | None = None

    def take(self, key: str, per_second: float, burst: float) -> bool:
        """Whether a token was left; true if the buckets themselves do not work."""
        try:
            return self._take(key, per_second, burst)
        except (OSError, ValueError):
            return True

    def _take(self, key: str, per_second: float, burst: float) -> bool:
        digest = blake2b(key.encode(), digest_size=12).digest()
        offset = int.from_bytes(digest[8:], "big") % SLOTS * _SLOT.size
        mapped, now = self._mapped(), self.clock()
        with _locked(self._file):
            owner, tokens, counted_at = _SLOT.unpack_from(mapped, offset)
            if owner != digest[:8]:
                tokens, counted_at = burst, now
            tokens = min(burst, tokens + max(0.0, now - counted_at) * per_second)
            allowed = bool(tokens >= 1)
            _SLOT.pack_into(mapped, offset, digest[:8], tokens - allowed, now)
        return allowed

    def _mapped(self) -> mmap.mmap:
        if self._map is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            if os.fstat(self._file).st_size < SLOTS * _SLOT.size:
                os.ftruncate(self._file, SLOTS * _SLOT.size)
            self._map = mmap.mmap(self._file, SLOTS * _SLOT.size)
        return self._map


class _locked:
    """An exclusive lock between processes, where the system has one."""

    def __init__(self, file: int | None) -> None:
        self.file = file

    def __enter__(self) -> None:
        self._flock("LOCK_EX")

    def __exit__(self, *_error: object) -> None:
        self._flock("LOCK_UN")

    def _flock(self, operation: str) -> None:
        try:
            import fcntl
        except ImportError:  # Windows: one process serves
            return
        if self.file is not None:
            fcntl.flock(self.file, getattr(fcntl, operation))
