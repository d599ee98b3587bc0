"""Whose turn it is to write, among the processes of one machine.

SQLite lets a process that finds the database busy sleep longer and longer, so that the unlucky starve. Here they ask
often, and only a moment passes between two writers.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: one process serves
    fcntl = None  # type: ignore[assignment]

TIMEOUT = 2.0  # seconds; a process that was stopped in its turn must not stop the others for ever
POLL_FAST, POLL_SLOW = 0.0004, 0.005  # about half a commit: each look wakes a thread that others then wait for


@contextmanager
def write_lock(path: Path | None) -> Iterator[None]:
    """For the length of the block no other process is in such a block with the same file.

    After some seconds, or where the file cannot be had, one is let in nevertheless: the file only orders the queue, and
    what keeps the writers apart is the lock of the database itself.
    """
    file = _open_lock_file(path)
    if file is None:
        yield
        return
    try:
        _acquire(file)
        yield
    finally:
        os.close(file)


def _open_lock_file(path: Path | None) -> int | None:
    if path is None or fcntl is None:
        return None
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return None


def _acquire(file: int) -> None:
    started = time.monotonic()
    while (elapsed := time.monotonic() - started) < TIMEOUT:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(POLL_FAST if elapsed < 0.05 else POLL_SLOW)
        except OSError:  # a file system without locks
            return
        else:
            return
