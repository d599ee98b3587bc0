"""A PostgreSQL server of the tests' own, on a free port of this machine."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import programs

OPTIONS = ("-c", "max_connections=200", "-c", "unix_socket_directories=", "-c", "listen_addresses=127.0.0.1")


@contextmanager
def server(directory: Path) -> Iterator[str | None]:
    """The URL of a new server, which stops when the block ends; None where PostgreSQL is not installed."""
    place = programs.postgres_bin()
    if place is None:
        yield None
        return
    home, port = directory / "postgres", free_port()
    home.mkdir()
    as_user = _unprivileged(directory, home)
    initdb = [f"{place}/initdb", "-D", str(home), "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"]
    subprocess.run([*as_user, *initdb], check=True, stdout=subprocess.DEVNULL, cwd="/")
    control = [f"{place}/pg_ctl", "-D", str(home), "-w", "-l", str(home / "log")]
    start = [*control, "-o", " ".join(("-p", str(port), *OPTIONS)), "start"]
    subprocess.run([*as_user, *start], check=True, stdout=subprocess.DEVNULL, cwd="/")
    try:
        yield f"postgresql+psycopg://tests@127.0.0.1:{port}/postgres"
    finally:
        stop = [*control, "-m", "immediate", "stop"]
        subprocess.run([*as_user, *stop], check=False, stdout=subprocess.DEVNULL, cwd="/")


def _unprivileged(directory: Path, home: Path) -> list[str]:
    """PostgreSQL refuses to run as root; Debian's package brings a user for it."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return []
    directory.chmod(0o755)
    shutil.chown(home, "postgres")
    return ["runuser", "-u", "postgres", "--"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
