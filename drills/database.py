"""Two PostgreSQL servers on this machine: a primary, and a standby for which every COMMIT waits."""

import os
import shutil
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psycopg

from drills.machine import LOOPBACK, PROJECT, ExerciseFailed, children, completed, free_ports, listens, wait_until
from testing.programs import postgres_bin

USER, DATABASE = "exercise", "postgres"
NOTES = PROJECT / "deploy" / "postgresql-notes.conf"
START_SECONDS = 30


class Server:
    """One data directory and port. Its name is what the other server knows it by."""

    def __init__(self, name: str, home: Path, port: int) -> None:
        self.name = name
        self.home = home
        self.port = port
        self.log = home.parent / f"{name}.log"

    def program(self, name: str, *arguments: str) -> str:
        place = os.environ.get("POSTGRES_BIN") or postgres_bin()
        if place is None:
            raise ExerciseFailed("PostgreSQL is not installed")
        return completed([*_unprivileged(), f"{place}/{name}", *arguments], where=Path("/"))

    def create(self) -> None:
        self.program("initdb", "-D", str(self.home), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C")
        with (self.home / "postgresql.conf").open("a") as file:
            file.write(NOTES.read_text("utf-8"))

    def copy_of(self, primary: "Server") -> None:
        """A standby made from a running primary, fed through a slot that keeps what it has not yet got."""
        source = f"host={LOOPBACK} port={primary.port} user={USER} application_name={self.name}"
        self.program("pg_basebackup", "-d", source, "-D", str(self.home), "-R", "-X", "stream", "-c", "fast",
                     "-C", "-S", self.name)  # fmt: skip

    def start(self) -> None:
        options = (
            f"-p {self.port} -c listen_addresses={LOOPBACK} -c unix_socket_directories= -c cluster_name={self.name}"
        )
        self.program("pg_ctl", "-D", str(self.home), "-w", "-t", str(START_SECONDS), "-l", str(self.log),
                     "-o", options, "start")  # fmt: skip

    def stop(self) -> None:
        with suppress(ExerciseFailed):
            self.program("pg_ctl", "-D", str(self.home), "-m", "immediate", "-t", "10", "stop")

    def run(self, statement: str, parameters: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """One statement in a connection of its own, outside a transaction."""
        with psycopg.connect(self.address(), autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), parameters)
            return cursor.fetchall() if cursor.description else []

    def address(self) -> str:
        return f"host={LOOPBACK} port={self.port} user={USER} dbname={DATABASE} connect_timeout=2"

    def processes(self) -> list[int]:
        """The postmaster first, then everything that it started."""
        postmaster = int((self.home / "postmaster.pid").read_text().split("\n", 1)[0])
        return [postmaster, *children(postmaster)]

    def kill(self) -> None:
        """As if the power went: the postmaster and each of its processes, which have groups of their own."""
        for number in self.processes():
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        wait_until(lambda: not listens(self.port), 10, f"{self.name} is still there")

    def answers(self) -> bool:
        try:
            return bool(self.run("SELECT 1"))
        except psycopg.Error:
            return False

    def set(self, name: str, value: str) -> None:
        self.run(f"ALTER SYSTEM SET {name} = '{value}'")
        self.run("SELECT pg_reload_conf()")

    def promote(self) -> None:
        """The standby becomes the primary; alone, it must wait for nobody."""
        self.run("SELECT pg_promote(true, 30)")
        self.set("synchronous_standby_names", "")

    def rejoin(self, primary: "Server") -> None:
        """A former primary becomes the standby of the one that took its place: what only it had is undone."""
        primary.run("CHECKPOINT")  # without it pg_rewind may find that nothing is to be done
        self.program("pg_rewind", "-D", str(self.home), "--source-server", primary.address())
        primary.run("SELECT pg_create_physical_replication_slot(%s)", (self.name,))
        source = f"host={LOOPBACK} port={primary.port} user={USER} application_name={self.name}"
        with (self.home / "postgresql.auto.conf").open("a") as file:  # pg_rewind copied the other one's
            file.write(f"primary_conninfo = '{source}'\nprimary_slot_name = '{self.name}'\n")
        signal_file = self.home / "standby.signal"
        signal_file.touch(mode=0o600)
        if _unprivileged():
            shutil.chown(signal_file, "postgres")
        self.start()
        self.set_after_rejoin(primary)

    def set_after_rejoin(self, primary: "Server") -> None:
        """From now on the new primary waits for this one."""
        wait_until(lambda: primary.has_walsender(self), START_SECONDS, f"{self.name} does not follow")
        primary.set("synchronous_standby_names", f"ANY 1 ({self.name})")
        wait_until(lambda: primary.is_followed_by(self), START_SECONDS, f"{self.name} is not synchronous")

    def has_walsender(self, standby: "Server") -> bool:
        query = "SELECT 1 FROM pg_stat_replication WHERE application_name = %s AND state = 'streaming'"
        return bool(self.run(query, (standby.name,)))

    def is_followed_by(self, standby: "Server") -> bool:
        found = self.run("SELECT sync_state FROM pg_stat_replication WHERE application_name = %s", (standby.name,))
        return found in ([("sync",)], [("quorum",)])


class Pair:
    """``first`` begins as the primary, ``second`` as its synchronous standby."""

    def __init__(self, directory: Path) -> None:
        home = directory / "postgresql"
        home.mkdir()
        if _unprivileged():
            directory.chmod(0o755)
            shutil.chown(home, "postgres")
        one, two = free_ports(2)
        self.first = Server("node_a", home / "a", one)
        self.second = Server("node_b", home / "b", two)

    def start(self) -> None:
        self.first.create()
        self.first.start()
        self.second.copy_of(self.first)
        self.second.start()
        self.first.set("synchronous_standby_names", f"ANY 1 ({self.second.name})")
        wait_until(lambda: self.first.is_followed_by(self.second), START_SECONDS, "the standby does not follow")

    def stop(self) -> None:
        for server in (self.second, self.first):
            if server.home.exists():
                server.stop()

    def url(self) -> str:
        """Both hosts; whichever takes writes is used."""
        hosts = "&".join(f"host={LOOPBACK}:{server.port}" for server in (self.first, self.second))
        return f"postgresql+psycopg://{USER}@/{DATABASE}?{hosts}&target_session_attrs=read-write"


def _unprivileged() -> list[str]:
    """PostgreSQL refuses to run as root; Debian's package brings a user for it."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
