"""``python -m benchmarks.collect``: complete submissions (form opened, answers stored) beside the bare reference.

Product and reference run interleaved, two gunicorn workers each, on this machine; medians of the rounds, and medians of
the ratios within a round. "Busiest" is the larger share of the two workers in the CPU: 0.50 is even.
``--postgresql URL`` adds the product on PostgreSQL (a migrated, empty database).
"""

import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.load import KEPT_FOR
from survey_app.foundation.clock import ManualClock
from survey_app.foundation.db import Database
from survey_app.foundation.migration import upgrade
from survey_app.foundation.settings import PROJECT
from testing.application import make_app
from testing.district import District
from testing.processes import LOOPBACK, free_port, listens, wait_until
from testing.workers import READY_SECONDS, SHIPPED, Served, start_server

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Subject:
    """One of the things compared: how it is started, and what a client sends."""

    name: str
    module: str
    environment: dict[str, str]
    path: str
    body: str
    server: str = "gunicorn"


@contextmanager
def running(subject: Subject, log: Path) -> Iterator[Served]:
    """Two workers of eight threads each. Granian is no part of the product's environment: install it to compare."""
    options: list[str] = list(SHIPPED)
    if "REFERENCE_DB" in subject.environment:
        options = ["-c", "benchmarks/bare.conf.py"]
    if subject.server == "gunicorn-sync":
        options += ["-k", "sync", "-w", "16"]
    port = free_port()
    if subject.server == "granian":
        options = ["--interface", "wsgi", "--host", LOOPBACK, "--port", str(port), "--workers", "2",
                   "--blocking-threads", "8", "--no-ws", "--log-level", "error"]  # fmt: skip
    environment = subject.environment | {"WORKERS": "2", "THREADS": "8"}
    program = ("granian",) if subject.server == "granian" else ("gunicorn",)
    server = start_server(environment, log, options, subject.module, program, port)
    try:
        wait_until(lambda: listens(port), READY_SECONDS, f"{subject.name} does not listen")
        time.sleep(1.5)  # each worker has its application loaded
        yield server
    finally:
        server.service.stop(15)


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mb(pids: list[int]) -> float:
    """Proportional set size: shared pages are counted once."""
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def measured(subject: Subject, clients: int, seconds: float, kept_for: int) -> dict[str, float]:
    with tempfile.NamedTemporaryFile() as log, running(subject, Path(log.name)) as server:
        load = [sys.executable, "-m", "benchmarks.load", "--port", str(server.port), "--path", subject.path, "--body",
                subject.body, "--clients", str(clients), "--kept-for", str(kept_for)]  # fmt: skip
        subprocess.run([*load, "--seconds", "1"], cwd=PROJECT, check=True, capture_output=True)
        pids = server.worker_pids()
        before = [cpu_seconds(pid) for pid in pids]
        done = subprocess.run([*load, "--seconds", str(seconds)], cwd=PROJECT, check=True, capture_output=True)
        found: dict[str, float] = json.loads(done.stdout)
        spent = [cpu_seconds(pid) - earlier for pid, earlier in zip(pids, before, strict=True)]
        found["cpu_ms"] = sum(spent) / max(found["sent"], 1) * 1000
        found["busiest"] = max(spent) / max(sum(spent), 1 / TICKS)
        found["memory"] = memory_mb([server.service.process.pid, *pids])
        return found


def product(name: str, url: str, home: Path) -> Subject:
    database = Database(url)
    upgrade(database)
    database.dispose()
    app = make_app(url, home, ManualClock(datetime.now(UTC) - timedelta(minutes=5)))
    district = District(app, app.extensions["clock"]).opened(access={"parent": "open"})
    link = district.link("parent")
    fields = {key: value for key, value in district.answer(link).items() if key != "_token"}
    app.extensions["database"].dispose()
    environment = {
        "DATABASE_URL": url,
        "SECRETS_DIR": str(home / "secrets"),
        "OPEN_LINK_PER_SECOND": "100000",
        "OPEN_LINK_BURST": "100000",
    }
    return Subject(name, "wsgi:app", environment, f"/s/{link.slug}", urlencode(fields))


def reference(home: Path) -> Subject:
    body = urlencode({f"Q{number}": "5" for number in range(25)})
    environment = {"REFERENCE_DB": str(home / "reference.db")}
    return Subject("bare reference", "benchmarks.reference_app:app", environment, "/form", body)


def stored(subject: Subject) -> int:
    if "REFERENCE_DB" in subject.environment:
        with closing(sqlite3.connect(subject.environment["REFERENCE_DB"])) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS answer (token BLOB PRIMARY KEY, signs TEXT) WITHOUT ROWID")
            return int(connection.execute("SELECT count(*) FROM answer").fetchone()[0])
    database = Database(subject.environment["DATABASE_URL"])
    with database.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM response").scalar() or 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, nargs="+", default=[16, 256])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--postgresql", default="")
    parser.add_argument("--servers", nargs="*", default=[], help="granian, gunicorn-sync: the product on these too")
    parser.add_argument("--kept-for", type=int, default=KEPT_FOR, help="submissions over one connection of a client")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        homes = [Path(folder) / name for name in ("reference", "sqlite", "postgresql")]
        for home in homes:
            home.mkdir()
        subjects = [reference(homes[0]), product("product, SQLite", f"sqlite:///{homes[1] / 'survey.db'}", homes[1])]
        if given.postgresql:
            subjects.append(product("product, PostgreSQL", given.postgresql, homes[2]))
        for server in given.servers:
            home = Path(folder) / server
            home.mkdir()
            other = product(f"product, SQLite, {server}", f"sqlite:///{home / 'survey.db'}", home)
            subjects.append(replace(other, server=server))
        print("| clients | | submissions/s | ratio | p99 ms | ratio | CPU ms each | ratio | busiest | errors | MB |")
        print("|---|---|---|---|---|---|---|---|---|---|---|")
        for clients in given.clients:
            table(subjects, clients, given.rounds, given.seconds, given.kept_for)


def table(subjects: list[Subject], clients: int, rounds: int, seconds: float, kept_for: int) -> None:
    runs: dict[str, list[dict[str, float]]] = {subject.name: [] for subject in subjects}
    acknowledged = {subject.name: stored(subject) for subject in subjects}
    for _ in range(rounds):
        for subject in subjects:
            runs[subject.name].append(measured(subject, clients, seconds, kept_for))
    for subject in subjects:
        assert stored(subject) - acknowledged[subject.name] >= sum(run["sent"] for run in runs[subject.name])
    for name, found in runs.items():
        print(f"| {clients} | {name} | {_cells(found, runs[subjects[0].name])} |", flush=True)


def _cells(found: list[dict[str, float]], base: list[dict[str, float]]) -> str:
    """The medians, and the ratios to the reference of the same round: the machine is another from minute to minute."""

    def middle(key: str) -> float:
        return statistics.median(run[key] for run in found)

    def ratio(key: str) -> float:
        return statistics.median(run[key] / of_base[key] for run, of_base in zip(found, base, strict=True))

    errors = sum(run["errors"] for run in found)
    return (
        f"{middle('rate'):.0f} | {ratio('rate'):.2f} | {middle('p99') * 1000:.0f} | {ratio('p99'):.2f} | "
        f"{middle('cpu_ms'):.2f} | {ratio('cpu_ms'):.2f} | {middle('busiest'):.2f} | {errors:.0f} | "
        f"{middle('memory'):.0f}"
    )


if __name__ == "__main__":
    main()
