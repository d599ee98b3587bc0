"""Days and times as forms carry them: a date as an end means the end of that day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from survey_app.foundation.clock import LOCAL_ZONE, parse_local, parse_local_end
from survey_app.foundation.errors import UserError
from survey_app.foundation.translation import _

from ..form_answers import sentences

DEFAULT_START = "08:00"


@dataclass(frozen=True, slots=True)
class Moments:
    opens_at: datetime
    closes_at: datetime


def moments_of(opens_at: datetime | None, closes_at: datetime | None) -> dict[str, str]:
    """The fields of two moments; an end at midnight is the day before, without a time."""
    values = {"opens_on": "", "opens_time": DEFAULT_START, "closes_on": "", "closes_time": ""}
    if opens_at is not None:
        local = opens_at.astimezone(LOCAL_ZONE)
        values |= {"opens_on": f"{local:%Y-%m-%d}", "opens_time": f"{local:%H:%M}"}
    return values | (end_fields(closes_at) if closes_at is not None else {})


def end_fields(closes_at: datetime) -> dict[str, str]:
    local = closes_at.astimezone(LOCAL_ZONE)
    if (local.hour, local.minute) == (0, 0):
        return {"closes_on": f"{local - timedelta(days=1):%Y-%m-%d}", "closes_time": ""}
    return {"closes_on": f"{local:%Y-%m-%d}", "closes_time": f"{local:%H:%M}"}


def read_moments(values: dict[str, str]) -> tuple[dict[str, str], Moments | None]:
    """The moments that were typed, or what is wrong with which field."""
    errors: dict[str, str] = {}
    opens_at = closes_at = None
    if not values["opens_on"]:
        errors["opens_on"] = _("请填写开始日期")
    else:
        opens_at, problem = _read(parse_local, values["opens_on"], values["opens_time"] or DEFAULT_START)
        errors |= {"opens_on": problem} if problem else {}
    closes_at, problem = read_end(values)
    errors |= {"closes_on": problem} if problem else {}
    return errors, Moments(opens_at, closes_at) if opens_at and closes_at else None


def read_end(values: dict[str, str]) -> tuple[datetime | None, str]:
    """The end that was typed, or what is wrong with it."""
    if not values["closes_on"]:
        return None, _("请填写截止日期")
    return _read(parse_local_end, values["closes_on"], values["closes_time"])


def _read(parse, day: str, time: str) -> tuple[datetime | None, str]:  # type: ignore[no-untyped-def]
    try:
        return parse(f"{day}T{time}" if time else day), ""
    except UserError as error:
        return None, sentences(error)
    except OverflowError:
        return None, _("这个日期太远")
