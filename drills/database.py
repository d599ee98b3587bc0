"""Two PostgreSQL servers on this machine: a primary, and a standby for which every COMMIT waits."""

import shutil
from pathlib import Path

from survey_app.foundation.settings import PROJECT
from testing import postgres
from testing.postgres import DATABASE, START_SECONDS, USER, unprivileged
from testing.processes import LOOPBACK, wait_until

NOTES = PROJECT / "deploy" / "postgresql-notes.conf"


class Server(postgres.Server):
    """A server that can be the primary or the standby of another."""

    def copy_of(self, primary: "Server") -> None:
        """A standby made from a running primary, fed through a slot that keeps what it has not yet got."""
        self.program("pg_basebackup", "-d", self._source(primary), "-D", str(self.home), "-R", "-X", "stream",
                     "-c", "fast", "-C", "-S", self.name)  # fmt: skip

    def _source(self, primary: "Server") -> str:
        return f"host={LOOPBACK} port={primary.port} user={USER} application_name={self.name}"

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
        self.program("pg_rewind", "-D", str(self.home), "--source-server", primary.address)
        primary.run("SELECT pg_create_physical_replication_slot(%s)", (self.name,))
        with (self.home / "postgresql.auto.conf").open("a") as file:  # pg_rewind copied the other one's
            file.write(f"primary_conninfo = '{self._source(primary)}'\nprimary_slot_name = '{self.name}'\n")
        signal_file = self.home / "standby.signal"
        signal_file.touch(mode=0o600)
        if unprivileged():
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
        home = postgres.prepare(directory)
        self.first = Server(home, "node_a")
        self.second = Server(home, "node_b")

    def start(self) -> None:
        self.first.create(NOTES.read_text("utf-8"), durable=True)
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
