"""Where a wave stands at a moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .models import Wave

GRACE_PERIOD = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class WaveClosure:
    """What can still change of an open wave; ``revision`` grows with every recorded change."""

    closed_at: datetime | None
    sealed_at: datetime | None
    revision: int = 0


class WaveState(StrEnum):
    DRAFT = "draft"
    WAITING = "waiting"  # opened by the office, its time has not come
    OPEN = "open"
    CLOSING = "closing"  # no new forms; forms opened before may still arrive
    CLOSED = "closed"  # nothing arrives any more; until the seal it may be reopened
    SEALED = "sealed"  # also after the clean-up, see ``integrity.lifecycle``


def close_time_of(wave: Wave) -> datetime:
    """When new forms end: the planned moment, or an earlier closing by hand."""
    return close_time(wave.closes_at, WaveClosure(wave.closed_at, wave.sealed_at))


def close_time(closes_at: datetime, closure: WaveClosure) -> datetime:
    return min(closes_at, closure.closed_at) if closure.closed_at else closes_at


def state_of(wave: Wave, now: datetime) -> WaveState:
    if wave.opened_at is None:
        return WaveState.DRAFT
    return state_at(wave.opens_at, wave.closes_at, WaveClosure(wave.closed_at, wave.sealed_at), now)


def is_released(wave: Wave) -> bool:
    """Return whether schools and leaders may see the results."""
    return wave.sealed_at is not None and wave.released_at is not None


def state_at(opens_at: datetime, closes_at: datetime, closure: WaveClosure, now: datetime) -> WaveState:
    """The state of a wave that the office has opened. What is closed stays closed, whatever the clock says."""
    if closure.sealed_at is not None:
        return WaveState.SEALED
    if closure.closed_at is not None or now >= closes_at:
        in_grace = now <= close_time(closes_at, closure) + GRACE_PERIOD
        return WaveState.CLOSING if in_grace else WaveState.CLOSED
    return WaveState.OPEN if now >= opens_at else WaveState.WAITING
