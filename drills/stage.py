"""What every exercise on two databases begins with and ends with: the stage, and the table of what was seen."""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from drills.checking import Verdict, check, longest_silence
from drills.database import Pair, Server
from drills.nodes import Site
from testing.clients import Ledger
from testing.processes import HarnessFailed, wait_until


@dataclass(slots=True)
class Stage:
    """A primary with its standby, two app nodes behind nginx, an open wave."""

    pair: Pair
    site: Site
    slugs: list[str]

    def verdict(self, server: Server, ledger: Ledger) -> Verdict:
        logs = [self.pair.first.log, self.pair.second.log, self.site.error_log]
        return check(server, self.site.secrets, ledger, [*logs, *(node.log for node in self.site.nodes)])


@contextmanager
def stage(home: Path) -> Iterator[Stage]:
    """Everything is stopped when the block ends, however it ends."""
    pair = Pair(home)
    site = Site(home, pair.url())
    try:
        pair.start()
        slugs = site.open_wave()
        site.start()
        yield Stage(pair, site, slugs)
    finally:
        site.stop()
        pair.stop()


@dataclass(slots=True)
class Story:
    """What happened when, told while it happens."""

    started: float = field(default_factory=time.monotonic)
    faults: list[tuple[str, float]] = field(default_factory=list)
    ended: float = 0.0

    def tell(self, what: str, is_fault: bool = False) -> None:
        now = time.monotonic()
        if is_fault:
            self.faults.append((what, now))
        print(f"  {now - self.started:5.1f} s  {what}", flush=True)


def carried_out(exercise: Callable[[Path], list[str]]) -> int:
    """The exit status: 0 if nothing was wrong."""
    print("PostgreSQL, standby, two app nodes, nginx …", flush=True)
    with tempfile.TemporaryDirectory(prefix="exercise-") as home:
        try:
            faults = exercise(Path(home))
        except HarnessFailed as error:
            faults = [f"the exercise itself failed: {error}"]
    for fault in faults:
        print(f"!!! {fault}", file=sys.stderr)
    return 1 if faults else 0


def promote(standby: Server) -> None:
    standby.promote()
    wait_until(lambda: standby.run("SELECT pg_is_in_recovery()") == [(False,)], 30, "no writes after the promotion")


def show(story: Story, ledger: Ledger, verdict: Verdict) -> None:
    moments = list(ledger.acknowledged.values())
    ends = [moment for _what, moment in story.faults[1:]] + [story.ended]
    print()
    for (what, moment), end in zip(story.faults, ends, strict=True):
        row(f"longest silence after: {what}", f"{longest_silence(moments, moment, end):.2f} s")
    row("acknowledged", verdict.acknowledged)
    row("  of these stored after the failover", verdict.acknowledged - verdict.missing)
    row("  of these MISSING", verdict.missing)
    row("sent again after the acknowledgement", verdict.repeated)
    row("stored submissions / responses", f"{verdict.receipts} / {verdict.responses}")
    row("never acknowledged", verdict.unfinished)
    row("log lines about respondents", len(verdict.log_lines))
    setbacks = ", ".join(f"{count} × {why}" for why, count in sorted(ledger.setbacks.items()))
    row("setbacks, all sent again", setbacks or "none")


def row(name: str, value: object) -> None:
    print(f"  {name:<56} {value}")
