"""Files and folders that only their owner may read, whatever the umask: databases, keys, backups, exports, slips."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

FILE_MODE, DIRECTORY_MODE = 0o600, 0o700


def make_private_directory(path: Path) -> None:
    """Make a folder and those above it that are missing; what is there already keeps its mode."""
    if path.is_dir():
        return
    make_private_directory(path.parent)
    path.mkdir(DIRECTORY_MODE, exist_ok=True)


def make_private_file(path: Path) -> None:
    """Make an empty file, or take the rights of others from one that is there: a program can then write into it."""
    os.close(_open(path, os.O_RDWR))


def write_private_file(path: Path, content: bytes) -> None:
    """Write a file anew. What is no plain file, such as a terminal, is written as it is."""
    with os.fdopen(_open(path, os.O_WRONLY | os.O_TRUNC), "wb") as file:
        file.write(content)


def private_opener(path: str, flags: int) -> int:
    """An opener for :func:`open`."""
    return _open(Path(path), flags)


def _open(path: Path, flags: int) -> int:
    descriptor = os.open(path, flags | os.O_CREAT | getattr(os, "O_BINARY", 0), FILE_MODE)
    restrict: Callable[[int, int], None] | None = getattr(os, "fchmod", None)
    found = os.fstat(descriptor)
    if restrict and stat.S_ISREG(found.st_mode) and found.st_mode & 0o077:
        try:
            restrict(descriptor, FILE_MODE)
        except PermissionError:  # another's file that we may write: its owner decides who reads it
            return descriptor
    return descriptor
