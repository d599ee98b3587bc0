"""One server for one set of data: a second one says where the first one runs, and does not start."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from survey_app.foundation.private_files import make_private_directory

FAR_BYTE = 4096  # Windows locks a byte against reading too: one behind the text


@contextmanager
def only_instance(folder: Path) -> Iterator[Callable[[str], None]]:
    """Hold the data of a folder while the block runs; call what is yielded with the address, once it is known.

    Raises :class:`click.ClickException` if somebody else holds them. The lock ends with its process, however that ends;
    the file that stays behind locks nobody out.
    """
    make_private_directory(folder)
    path = folder / "running"
    path.touch(0o600)
    with path.open("r+", encoding="utf-8") as file:
        if not _lock(file):
            raise click.ClickException(
                f"已经在运行，不用再启动：{path.read_text('utf-8')}（要停止，在启动它的窗口里按 Ctrl+C） · "
                "it is running already at this address; to stop it, press Ctrl+C in its window"
            )

        def announce(address: str) -> None:
            file.seek(0)
            file.truncate()
            file.write(address)
            file.flush()

        yield announce


def _lock(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(FAR_BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
