"""Time that passes as on a server: ``flask run-due`` every few minutes."""

from datetime import timedelta

from survey_app.integrity.lifecycle import run_due

from .district import District

STEP = timedelta(minutes=30)
SEAL_AFTER = timedelta(days=1)


def run_steadily(district: District, duration: timedelta, seal_after: timedelta = SEAL_AFTER) -> list[tuple[str, str]]:
    """What the runs of this time did, the first of them at once."""
    found, ends = district.app.extensions, district.clock.at + duration
    actions: list[tuple[str, str]] = []
    while True:
        run = run_due(found["database"], found["keys"], found["categories"], district.clock.at, seal_after)
        actions += run.actions
        if district.clock.at >= ends:
            return actions
        district.clock.at = min(district.clock.at + STEP, ends)


def seal_by_time(district: District) -> list[tuple[str, str]]:
    """The end of the wave passes, and a day more, of which the server sleeps most: after a gap a run only notes it."""
    district.clock.advance(days=11)
    actions = run_steadily(district, STEP)
    district.clock.advance(days=1)
    return actions + run_steadily(district, 2 * STEP)
