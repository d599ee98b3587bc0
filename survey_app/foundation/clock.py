"""Time comes from one place, so that a test or the demo can set it. Stored in UTC, shown in Asia/Shanghai."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from .errors import user_error

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class ManualClock:
    """A clock that stands still until it is moved."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def advance(self, **duration: float) -> None:
        self.at += timedelta(**duration)


def format_local(moment: datetime) -> str:
    """A moment as people here read it: ``2026-11-22 20:00``."""
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")


def parse_local(text: str) -> datetime:
    """An ISO date (midnight) or date and time in Asia/Shanghai, as UTC. Raises :class:`UserError`."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise user_error(
            "无法识别时间“{text}”。请写成 2026-11-22 或 2026-11-22T18:00（北京时间）", text=text
        ) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=LOCAL_ZONE)).astimezone(UTC)
