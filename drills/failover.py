"""``python -m drills.failover``: an app node dies, then the primary; nothing acknowledged may be missing.

A primary with a synchronous standby, two app nodes and nginx, all on loopback and in a temporary directory. People send
complete answers the whole time; each sends the same one again until it is acknowledged. Exit status 1 if anything that
was acknowledged is not stored on the promoted standby. The long form then brings the former primary back by pg_rewind.
"""

import argparse
import time
from functools import partial
from pathlib import Path

from drills.database import Pair
from drills.stage import Stage, Story, carried_out, promote, row, show, stage
from testing.clients import Crowd
from testing.processes import HarnessFailed

SHORT_SECONDS, SECONDS = 15.0, 60.0
PROBES, PROBE_PAUSE = 3, 0.5  # a watcher promotes after so many failures
NODE_DIES, PRIMARY_DIES = 0.25, 0.5  # shares of the time


def main(arguments: list[str] | None = None) -> int:
    return carried_out(partial(exercise, given=_arguments(arguments)))


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m drills.failover", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long answers are sent")
    parser.add_argument("--rate", type=float, default=40.0, help="answers a second, all clients together")
    parser.add_argument("--clients", type=int, default=8, help="how many send at once")
    parser.add_argument("--short", action="store_true", help=f"{SHORT_SECONDS:g} s of answers, nobody comes back")
    return parser.parse_args(arguments)


def exercise(home: Path, given: argparse.Namespace) -> list[str]:
    """What was not as it must be."""
    seconds = min(given.seconds, SHORT_SECONDS) if given.short else given.seconds
    with stage(home) as scene:
        crowd = Crowd(scene.site.port, scene.slugs, given.clients, given.rate)
        story = play(scene, crowd, seconds)
        verdict = scene.verdict(scene.pair.second, crowd.ledger)
        show(story, crowd.ledger, verdict)
        return verdict.faults() + ([] if given.short else come_back(scene, crowd))


def play(scene: Stage, crowd: Crowd, seconds: float) -> Story:
    story = Story()
    crowd.start()
    time.sleep(seconds * NODE_DIES)
    scene.site.nodes[0].service.kill()
    story.tell("app node killed", is_fault=True)
    time.sleep(seconds * (PRIMARY_DIES - NODE_DIES))
    scene.pair.first.kill()
    story.tell("primary killed", is_fault=True)
    watch_and_promote(scene.pair)
    story.tell("standby promoted")
    time.sleep(max(0.0, story.started + seconds - time.monotonic()))
    story.ended = time.monotonic()
    crowd.finish()
    return story


def watch_and_promote(pair: Pair) -> None:
    """As a watcher does it: several failed probes in a row, then promotion."""
    for _ in range(PROBES):
        if pair.first.answers():
            raise HarnessFailed("the killed primary answers")
        time.sleep(PROBE_PAUSE)
    promote(pair.second)


def come_back(scene: Stage, crowd: Crowd) -> list[str]:
    """The former primary follows the new one, and has everything too."""
    started = time.monotonic()
    former, current = scene.pair.first, scene.pair.second
    former.rejoin(current)
    verdict = scene.verdict(former, crowd.ledger)
    row("former primary is the standby after", f"{time.monotonic() - started:.2f} s")
    row("  acknowledged answers missing on it", verdict.missing)
    return [f"on the former primary: {fault}" for fault in verdict.faults()]


if __name__ == "__main__":
    raise SystemExit(main())
