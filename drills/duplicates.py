"""``python -m drills.duplicates``: a repeated answer must wait for the standby like a new one.

The standby is away, so COMMIT waits. The primary crashes and restarts in place: what waited is stored on it, and only
there. People send the same answers again, the INSERT finds them stored, nothing is written, so nothing would wait: an
acknowledgement now is a promise that the primary alone keeps. Then the primary is lost and the standby takes over.
Exit status 1 if anything that was acknowledged is missing there.
"""

import argparse
import time
from functools import partial
from pathlib import Path

from drills.database import Server
from drills.stage import Story, carried_out, promote, row, show, stage
from testing.clients import Crowd
from testing.processes import wait_until

CLIENTS, RATE = 8, 16.0
CALM, HANGING, REPEATING, AFTERWARDS = 2.0, 3.0, 5.0, 4.0  # s


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m drills.duplicates", description=__doc__)
    parser.parse_args(arguments)
    return carried_out(partial(exercise))


def exercise(home: Path) -> list[str]:
    with stage(home) as scene:
        primary, standby = scene.pair.first, scene.pair.second
        crowd = Crowd(scene.site.port, scene.slugs, CLIENTS, RATE)
        story = Story()
        crowd.start()
        time.sleep(CALM)
        standby.kill()
        story.tell("standby gone: COMMIT waits", is_fault=True)
        time.sleep(HANGING)
        before = len(crowd.ledger.acknowledged)
        crash_in_place(primary)
        story.tell("primary crashed and came back in place", is_fault=True)
        time.sleep(REPEATING)
        early = len(crowd.ledger.acknowledged) - before
        primary.kill()
        story.tell("primary lost", is_fault=True)
        standby.start()
        promote(standby)
        story.tell("standby promoted")
        time.sleep(AFTERWARDS)
        story.ended = time.monotonic()
        crowd.finish()
        verdict = scene.verdict(standby, crowd.ledger)
        show(story, crowd.ledger, verdict)
        row("acknowledged while nobody copied", early)
        return verdict.faults()


def crash_in_place(primary: Server) -> None:
    """One killed backend makes the postmaster end all of them, recover, and go on."""
    primary.kill_backend("SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' LIMIT 1")
    time.sleep(0.5)
    wait_until(primary.answers, 20, "the primary does not come back")


if __name__ == "__main__":
    raise SystemExit(main())
