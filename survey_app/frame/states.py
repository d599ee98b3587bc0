"""Where a wave stands at a moment."""

from datetime import datetime, timedelta
from enum import StrEnum

from .models import Wave

GRACE = timedelta(minutes=10)


class WaveState(StrEnum):
    DRAFT = "draft"
    WAITING = "waiting"  # opened by the office, its time has not come
    OPEN = "open"
    CLOSING = "closing"  # no new forms; forms opened before may still arrive
    SEALED = "sealed"


def ends_at(wave: Wave) -> datetime:
    """When new forms end: the planned moment, or an earlier closing by hand."""
    return min(wave.closes_at, wave.closed_at) if wave.closed_at else wave.closes_at


def state_of(wave: Wave, now: datetime) -> WaveState:
    """What is closed stays closed: ``closed_at`` and ``sealed_at`` win over the clock."""
    if wave.sealed_at is not None:
        return WaveState.SEALED
    if wave.opened_at is None:
        return WaveState.DRAFT
    if wave.closed_at is not None or now >= wave.closes_at:
        return WaveState.CLOSING
    return WaveState.OPEN if now >= wave.opens_at else WaveState.WAITING


def may_be_sealed(wave: Wave, now: datetime) -> bool:
    return wave.sealed_at is None and wave.closed_at is not None and now >= wave.closed_at + GRACE
