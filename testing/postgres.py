"""A PostgreSQL server of the tests' own, on a free port of this machine."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from testing import programs

OPTIONS = ("-c", "max_connections=200", "-c", "unix_socket_directories=", "-c", "listen_addresses=127.0.0.1")
START_SECONDS = 30
SERVING = """SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
             ORDER BY state = 'active' DESC NULLS LAST, query_start DESC NULLS LAST LIMIT 1"""


class Server:
    """One data directory and port. It may be killed and started again."""

    def __init__(self, place: str, directory: Path) -> None:
        self.place = place
        self.home = directory / "postgres"
        self.port = free_port()
        self.home.mkdir()
        self._as_user = _unprivileged(directory, self.home)

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://tests@127.0.0.1:{self.port}/postgres"

    def create(self) -> None:
        self._run("initdb", "-D", str(self.home), "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-sync",
                  "--locale=C")  # fmt: skip

    def start(self) -> None:
        """After a kill the first attempts may fail: what the dead one started still holds its memory for a moment."""
        options = " ".join(("-p", str(self.port), *OPTIONS))
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._run("pg_ctl", "-D", str(self.home), "-w", "-l", str(self.home / "log"), "-o", options, "start")
                return
            except subprocess.CalledProcessError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def stop(self) -> None:
        with suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "-D", str(self.home), "-m", "immediate", "stop")

    def kill(self, with_backends: bool) -> None:
        """The postmaster alone, or everything at once as if the power went; no farewell."""
        postmaster = int((self.home / "postmaster.pid").read_text().split("\n", 1)[0])
        listed = subprocess.run(["pgrep", "-P", str(postmaster)], capture_output=True, text=True, check=False)
        for number in [postmaster, *map(int, listed.stdout.split() if with_backends else ())]:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)

    def kill_backend(self) -> None:
        """One that serves somebody; the postmaster then ends all others and recovers."""
        with psycopg.connect(self.url.replace("+psycopg", "")) as connection:
            found = connection.execute(SERVING).fetchone()
        assert found, "nobody is served"
        with suppress(ProcessLookupError):
            os.kill(found[0], signal.SIGKILL)

    def _run(self, name: str, *arguments: str) -> None:
        command = [*self._as_user, f"{self.place}/{name}", *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


@contextmanager
def running(directory: Path) -> Iterator[Server | None]:
    """A new server, which stops when the block ends; None where PostgreSQL is not installed."""
    place = programs.postgres_bin()
    if place is None:
        yield None
        return
    found = Server(place, directory)
    try:
        found.create()
        found.start()
        yield found
    finally:
        found.stop()


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
