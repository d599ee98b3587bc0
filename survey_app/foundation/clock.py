"""Time comes from one place, so that a test or the demo can set it. Stored in UTC, shown in Asia/Shanghai."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from survey_app.definition.messages import Message, message

from .errors import user_error

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")
WEEKDAYS = (
    message("周一"), message("周二"), message("周三"), message("周四"), message("周五"), message("周六"),
    message("周日"),
)  # fmt: skip
_ISO_DATE = re.compile(r"\d{4}-?\d{2}-?\d{2}|\d{4}-?W\d{2}-?\d")


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


def local_date(moment: datetime) -> date:
    """The day it is in the district at this moment."""
    return moment.astimezone(LOCAL_ZONE).date()


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


def parse_local_end(text: str) -> datetime:
    """As :func:`parse_local`, but a date without a time means the end of that day (24:00)."""
    moment = parse_local(text)
    return moment + timedelta(days=1) if _ISO_DATE.fullmatch(text.strip()) else moment


def days_touched(begin: datetime, end: datetime) -> int:
    """Return on how many dates of the calendar there is time between them: what people call two weeks."""
    last = (end - timedelta(microseconds=1)).astimezone(LOCAL_ZONE).date()
    return max(1, (last - local_date(begin)).days + 1)


def format_deadline(moment: datetime) -> str:
    """A closing moment; midnight is written as the end of the day before: ``2026-12-15 24:00``."""
    local = moment.astimezone(LOCAL_ZONE)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return (local - timedelta(days=1)).strftime("%Y-%m-%d 24:00")
    return local.strftime("%Y-%m-%d %H:%M")


def weekday(moment: datetime) -> Message:
    return WEEKDAYS[moment.astimezone(LOCAL_ZONE).weekday()]


def deadline_weekday(moment: datetime) -> Message:
    """The weekday of the day that ends at this moment."""
    return weekday(moment - timedelta(seconds=1))
