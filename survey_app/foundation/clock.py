"""Time comes from one place, so that a test or the demo can set it. Stored in UTC, shown in Asia/Shanghai."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from .errors import refused

LOCAL = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class SetClock:
    """A clock that stands still until it is moved."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def move(self, **step: float) -> None:
        self.at += timedelta(**step)


def shown(moment: datetime) -> str:
    """A moment as people here read it: ``2026-11-22 20:00``."""
    return moment.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")


def read_moment(text: str) -> datetime:
    """An ISO date (midnight) or date and time in Asia/Shanghai, as UTC. Raises :class:`Refused`."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise refused("无法识别时间“{text}”。请写成 2026-11-22 或 2026-11-22T18:00（北京时间）", text=text) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)).astimezone(UTC)
