"""A PostgreSQL server of our own, on a free port of this machine, that may be killed and started again."""

import os
import shutil
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from testing import programs
from testing.processes import LOOPBACK, HarnessFailed, children, completed, free_port, listens, wait_until

USER, DATABASE = "tests", "postgres"
START_SECONDS = 30
SERVING = """SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
             ORDER BY state = 'active' DESC NULLS LAST, query_start DESC NULLS LAST LIMIT 1"""


def prepare(directory: Path) -> Path:
    """Make the folder in which servers keep their data; PostgreSQL refuses to run as root, so it gets another owner."""
    home = directory / "postgresql"
    home.mkdir()
    if unprivileged():
        directory.chmod(0o755)
        shutil.chown(home, "postgres")
    return home


def unprivileged() -> list[str]:
    """Return what a command must begin with: Debian's package brings a user for PostgreSQL."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ["runuser", "-u", "postgres", "--"] if is_root else []


class Server:
    """One data directory and port. Its name is what another server knows it by."""

    def __init__(self, home: Path, name: str = "postgres", port: int = 0) -> None:
        self.name = name
        self.home = home / name
        self.log = home / f"{name}.log"
        self.port = port or free_port()

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://{USER}@{LOOPBACK}:{self.port}/{DATABASE}"

    @property
    def address(self) -> str:
        """What PostgreSQL's own programs and driver understand."""
        return f"host={LOOPBACK} port={self.port} user={USER} dbname={DATABASE} connect_timeout=2"

    def program(self, name: str, *arguments: str) -> str:
        """Run one of PostgreSQL's programs to its end."""
        folder = programs.postgres_bin()
        if folder is None:
            raise HarnessFailed("PostgreSQL is not installed")
        return completed([*unprivileged(), f"{folder}/{name}", *arguments], where=Path("/"))

    def create(self, settings: str = "", durable: bool = False) -> None:
        """``durable``: what is written must survive the power, so that the disk is waited for from the beginning."""
        self.program("initdb", "-D", str(self.home), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C",
                     *([] if durable else ["--no-sync"]))  # fmt: skip
        with (self.home / "postgresql.conf").open("a") as file:
            file.write(settings or "max_connections = 200\n")

    def start(self) -> None:
        """After a kill the first attempts may fail: what the dead one started still holds its memory for a moment."""
        options = (
            f"-p {self.port} -c listen_addresses={LOOPBACK} -c unix_socket_directories= -c cluster_name={self.name}"
        )
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.program("pg_ctl", "-D", str(self.home), "-w", "-t", str(START_SECONDS), "-l", str(self.log),
                             "-o", options, "start")  # fmt: skip
                return
            except HarnessFailed:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def stop(self) -> None:
        with suppress(HarnessFailed):
            self.program("pg_ctl", "-D", str(self.home), "-m", "immediate", "-t", "10", "stop")

    def run(self, statement: str, parameters: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """One statement in a connection of its own, outside a transaction."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), parameters)
            return cursor.fetchall() if cursor.description else []

    def answers(self) -> bool:
        try:
            return bool(self.run("SELECT 1"))
        except psycopg.Error:
            return False

    def kill(self, with_backends: bool = True) -> None:
        """The postmaster alone, or each of its processes as if the power went; no farewell."""
        postmaster = int((self.home / "postmaster.pid").read_text().split("\n", 1)[0])
        for number in [postmaster, *(children(postmaster) if with_backends else ())]:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        wait_until(lambda: not listens(self.port), 10, f"{self.name} is still there")

    def kill_backend(self, query: str = SERVING) -> None:
        """One that serves somebody; the postmaster then ends all others and recovers."""
        found = self.run(query)
        assert found, "nobody is served"
        with suppress(ProcessLookupError):
            os.kill(int(str(found[0][0])), signal.SIGKILL)


@contextmanager
def running(directory: Path) -> Iterator[Server | None]:
    """A new server, which stops when the block ends; None where PostgreSQL is not installed."""
    if programs.postgres_bin() is None:
        yield None
        return
    server = Server(prepare(directory))
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.stop()
