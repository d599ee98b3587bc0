"""Token buckets and counters that all workers of a machine share, in a small file. Their own failure refuses nobody.

The file tells nothing: a slot holds a keyed hash (the key is not in the file, and each emptying brings a new salt), a
number, and a time in steps of ten seconds. It is read and written, never mapped, so that a full disk or a cut-off file
is an error that is caught here and not a signal that kills the process; whatever nonsense stands in it counts as a
full bucket. The file stays open, because it is asked for with each submission; who finds it deleted opens the new one.
"""

import hmac
import os
import secrets
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .private_files import make_private_directory, private_opener

try:
    import fcntl
except ImportError:  # Windows: one process serves
    fcntl = None  # type: ignore[assignment]

SLOTS = 8192
SLOT = struct.Struct("<8sdd")  # hash of the key, tokens or count, when they were counted
HEADER = struct.Struct("<8s16sd")  # format, salt, when the file was emptied
FORMAT = b"limits-2"
FILE_BYTES = HEADER.size + SLOTS * SLOT.size
TIME_STEP = 10  # seconds
EMPTY_AFTER = 24 * 3600
LOCK_SECONDS, LOCK_PAUSE = 0.05, 0.0005
LEASE_SHARE, LEASE_SECONDS = 0.01, 1.0


class SharedTokenBuckets:
    """Buckets by key; a key that falls into the slot of another starts with a full bucket.

    A slot is read and written by one at a time, among threads and processes. Who cannot have the lock within
    :data:`LOCK_SECONDS` goes on without it: a token may then be shared, and nobody waits for a stopped process.
    """

    def __init__(self, path: Path, secret: bytes = b"", clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self.secret = secret
        self.clock = clock
        self._file = _LockedFile(path)
        self._leases: dict[str, _Lease] = {}

    def acquire(self, key: str, per_second: float, burst: float) -> bool:
        """Whether a token was left; true if the buckets themselves do not work.

        Of a large bucket a process takes a hundredth at a time, and for a second need not open the file again.
        """
        lease = self._leases.get(key)
        if lease is not None and lease.take(self.clock()):
            return True
        try:
            with self._slot(key) as slot:
                tokens = slot.tokens(per_second, burst)
                taken = min(int(tokens), max(1, int(burst * LEASE_SHARE)))
                slot.write(tokens - taken)
        except OSError:
            return True
        if taken > 1:
            self._leases[key] = _Lease(taken - 1, self.clock() + LEASE_SECONDS)
        return taken >= 1

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
            with self._file.locked() as file:
                header = _read_header(file)
                if header and 0 <= self.clock() - header[2] < EMPTY_AFTER:
                    return False
                self._empty(file)
        except OSError:
            return False
        return True

    @contextmanager
    def _slot(self, key: str) -> "Iterator[_Slot]":
        with self._file.locked() as file:
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


class _Lease:
    """Tokens that this process has taken and not used yet, until they lapse."""

    __slots__ = ("_ends_at", "_tokens")

    def __init__(self, tokens: int, ends_at: float) -> None:
        self._tokens = [None] * tokens  # a list: taking its last one is a single step for all threads
        self._ends_at = ends_at

    def take(self, now: float) -> bool:
        if not self._ends_at - LEASE_SECONDS <= now < self._ends_at:
            return False
        try:
            self._tokens.pop()
        except IndexError:
            return False
        return True


class _OpenFile:
    """A descriptor, closed with its last user: no other thread can be left with a number that is another file's."""

    def __init__(self, path: Path) -> None:
        make_private_directory(path.parent)
        self.number = private_opener(str(path), os.O_RDWR)
        self.process = os.getpid()

    def is_usable(self) -> bool:
        """Whether this process opened it, and it has not been deleted since."""
        return self.process == os.getpid() and os.fstat(self.number).st_nlink > 0

    def __del__(self) -> None:
        with suppress(AttributeError, OSError):  # it was never opened
            os.close(self.number)


class _LockedFile:
    """The file, opened once per process and given to one thread at a time.

    Threads wait for each other at a lock in memory, so that of each process only one asks for the file's own lock,
    which belongs to the opening: a child that was forked opens the file for itself.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._opened: _OpenFile | None = None

    @contextmanager
    def locked(self) -> Iterator[int]:
        deadline = time.monotonic() + LOCK_SECONDS
        is_first = self._lock.acquire(timeout=LOCK_SECONDS)
        try:
            opened = self._open()
            has_lock = is_first and _lock(opened.number, deadline)
            try:
                yield opened.number
            finally:
                if has_lock:
                    _unlock(opened.number)
        finally:
            if is_first:
                self._lock.release()

    def _open(self) -> _OpenFile:
        opened = self._opened
        if opened is None or not opened.is_usable():
            opened = self._opened = _OpenFile(self.path)
        return opened


def _lock(file: int, deadline: float) -> bool:
    """Whether the lock was given before the deadline; a kill gives it back."""
    while fcntl is not None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                break
            time.sleep(LOCK_PAUSE)
        else:
            return True
    return False


def _unlock(file: int) -> None:
    fcntl.flock(file, fcntl.LOCK_UN)


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
