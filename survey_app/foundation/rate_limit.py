"""Token buckets and counters that all workers of a machine share, in a small file. Their own failure refuses nobody.

The file tells nothing: a slot holds a keyed hash (the key is not in the file, and each emptying brings a new salt), a
number, and a time in steps of ten seconds. It is read and written, never mapped, so that a full disk or a cut-off file
is an error that is caught here and not a signal that kills the process; whatever nonsense stands in it counts as a
full bucket.
"""

import hmac
import os
import secrets
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .private_files import make_private_directory, private_opener

SLOTS = 8192
SLOT = struct.Struct("<8sdd")  # hash of the key, tokens or count, when they were counted
HEADER = struct.Struct("<8s16sd")  # format, salt, when the file was emptied
FORMAT = b"limits-2"
FILE_BYTES = HEADER.size + SLOTS * SLOT.size
TIME_STEP = 10  # seconds
EMPTY_AFTER = 24 * 3600
LOCK_SECONDS, LOCK_PAUSE = 0.05, 0.0005


class SharedTokenBuckets:
    """Buckets by key; a key that falls into the slot of another starts with a full bucket.

    A slot is read and written by one at a time, among threads and processes. Who cannot have the lock within
    :data:`LOCK_SECONDS` goes on without it: a token may then be shared, and nobody waits for a stopped process.
    """

    def __init__(self, path: Path, secret: bytes = b"", clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self.secret = secret
        self.clock = clock

    def acquire(self, key: str, per_second: float, burst: float) -> bool:
        """Whether a token was left; true if the buckets themselves do not work."""
        try:
            with self._slot(key) as slot:
                tokens = slot.tokens(per_second, burst)
                slot.write(tokens - 1 if tokens >= 1 else tokens)
                return tokens >= 1
        except OSError:
            return True

    def has_token(self, key: str, per_second: float, burst: float) -> bool:
        """Whether :meth:`acquire` would succeed; takes nothing."""
        try:
            with self._slot(key) as slot:
                return slot.tokens(per_second, burst) >= 1
        except OSError:
            return True

    def add(self, key: str) -> None:
        """Counts one more."""
        try:
            with self._slot(key) as slot:
                slot.write(slot.count() + 1)
        except OSError:
            return

    def count(self, key: str) -> int:
        """What was counted since the file was emptied or the count was taken out."""
        try:
            with self._slot(key) as slot:
                return slot.count()
        except OSError:
            return 0

    def take_count(self, key: str) -> int:
        """The count, which is zero afterwards."""
        counted = self.count(key)
        if counted:
            try:
                with self._slot(key) as slot:
                    slot.write(0)
            except OSError:
                return 0
        return counted

    def empty_when_due(self) -> bool:
        """Empties a file older than a day, or one that is broken; true if it did."""
        try:
            with self._open() as file:
                header = _read_header(file)
                if header and 0 <= self.clock() - header[2] < EMPTY_AFTER:
                    return False
                self._empty(file)
        except OSError:
            return False
        return True

    @contextmanager
    def _open(self) -> Iterator[int]:
        make_private_directory(self.path.parent)
        file = private_opener(str(self.path), os.O_RDWR)
        try:
            _lock(file)
            yield file
        finally:
            os.close(file)

    @contextmanager
    def _slot(self, key: str) -> "Iterator[_Slot]":
        with self._open() as file:
            header = _read_header(file) or self._empty(file)
            digest = hmac.digest(self.secret, header[1] + key.encode(), "sha256")
            offset = HEADER.size + int.from_bytes(digest[8:12], "big") % SLOTS * SLOT.size
            yield _Slot(file, offset, digest[:8], self.clock() // TIME_STEP * TIME_STEP)

    def _empty(self, file: int) -> tuple[bytes, bytes, float]:
        """Writes every byte: a file with holes could not be written to once the disk is full."""
        header = (FORMAT, secrets.token_bytes(16), self.clock() // 3600 * 3600)
        os.ftruncate(file, FILE_BYTES)
        _write(file, HEADER.pack(*header) + bytes(FILE_BYTES - HEADER.size), 0)
        return header


def _lock(file: int) -> None:
    """Held until the file is closed, also by a kill. Each opening has its own, so threads exclude each other too."""
    try:
        import fcntl
    except ImportError:  # Windows: one process serves
        return
    deadline = time.monotonic() + LOCK_SECONDS
    while time.monotonic() < deadline:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(LOCK_PAUSE)
        else:
            return


def _read_header(file: int) -> tuple[bytes, bytes, float] | None:
    if os.fstat(file).st_size != FILE_BYTES:
        return None
    magic, salt, emptied_at = HEADER.unpack(os.pread(file, HEADER.size, 0))
    return (magic, salt, emptied_at) if magic == FORMAT else None


def _write(file: int, content: bytes, offset: int) -> None:
    if os.pwrite(file, content, offset) != len(content):
        raise OSError("the disk took only a part")


class _Slot:
    def __init__(self, file: int, offset: int, key_hash: bytes, now: float) -> None:
        self.file = file
        self.offset = offset
        self.key_hash = key_hash
        self.now = now

    def _read(self) -> tuple[float, float] | None:
        """The number and its time; None if the slot is another key's."""
        content = os.pread(self.file, SLOT.size, self.offset)
        if len(content) != SLOT.size:
            return None
        key_hash, number, counted_at = SLOT.unpack(content)
        return (number, counted_at) if key_hash == self.key_hash else None

    def tokens(self, per_second: float, burst: float) -> float:
        content = self._read()
        if content is None or not 0 <= content[0] <= burst:
            return burst
        number, counted_at = content
        elapsed = self.now - counted_at if counted_at <= self.now else 0.0
        return min(burst, number + elapsed * per_second)

    def count(self) -> int:
        content = self._read()
        return int(content[0]) if content and 0 <= content[0] < 2**40 else 0

    def write(self, number: float) -> None:
        _write(self.file, SLOT.pack(self.key_hash, number, self.now), self.offset)
