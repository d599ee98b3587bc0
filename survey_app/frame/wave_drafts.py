"""A wave before it opens: made in steps, changed by whoever of the office comes next, or thrown away."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.definition.audiences import AUDIENCES, usual_audiences
from survey_app.definition.categories import Categories
from survey_app.definition.model import Instrument
from survey_app.foundation.errors import user_error

from .access_modes import ACCESS_MODES, AccessModeId
from .manifest import sha256_of_json
from .models import LookBack, Wave
from .queries import RosterEntry
from .waves import create_wave, instruments_for

LONGEST = timedelta(days=366)
EARLIEST_START = timedelta(days=1)  # before this moment: who types today's date at noon means today


def draft_stamp(wave: Wave) -> str:
    """What a draft is known by: a page that was shown before somebody else's change carries another one."""
    moments = [wave.opens_at.isoformat(), wave.closes_at.isoformat()]
    return sha256_of_json([wave.name, moments, wave.instrument_ids, dict(sorted(wave.access.items()))])[:16]


def check_draft(wave: Wave, stamp: str) -> None:
    """Raises :class:`UserError` if the wave is open, or is not as the page showed it."""
    if wave.opened_at is not None:
        raise user_error("批次“{name}”已经开放过了", name=wave.name)
    if stamp != draft_stamp(wave):
        raise user_error("批次“{name}”在您打开这一页之后被改过，没有保存。下面是现在的内容", name=wave.name)


def start_draft(
    session: Session, name: str, opens_at: datetime, closes_at: datetime, now: datetime, like: Wave | None = None
) -> Wave:
    """A draft with name and dates; questionnaires and ways in of another wave where one is named. Raises UserError."""
    _check_moments(opens_at, closes_at, now)
    access = dict(like.access) if like else proposed_access()
    wave = create_wave(session, " ".join(name.split()), [], opens_at, closes_at, access)
    if like is not None:
        wave.instrument_ids = list(like.instrument_ids)
    session.flush()
    return wave


def proposed_access() -> dict[str, str]:
    """Ways in that can be ranked: a class code where devices are shared, a slip for everybody else."""
    return {
        row.id: (AccessModeId.CLASS if row.shares_class_devices else AccessModeId.CODE).value
        for row in usual_audiences()
    }  # fmt: skip


def change_basics(
    session: Session, wave: Wave, name: str, opens_at: datetime, closes_at: datetime, now: datetime
) -> None:
    """Raises :class:`UserError`."""
    name = " ".join(name.split())
    if not 0 < len(name) <= 100:
        raise user_error("批次名称要有 1 到 100 个字")
    if session.scalar(select(Wave.id).where(Wave.name == name, Wave.id != wave.id)):
        raise user_error("已经有名为“{name}”的批次，请换一个名称", name=name)
    _check_moments(opens_at, closes_at, now)
    wave.name, wave.opens_at, wave.closes_at = name, opens_at, closes_at
    session.flush()


def _check_moments(opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    if closes_at <= opens_at:
        raise user_error("截止时间必须晚于开始时间")
    if opens_at < now - EARLIEST_START:
        raise user_error("开始时间已经过去，请核对年份和日期")
    if closes_at - opens_at > LONGEST:
        raise user_error("一个批次最长一年，请核对截止的年份")
    if closes_at <= now:
        raise user_error("截止时间已经过去，请核对年份和日期")


def choose_instruments(session: Session, wave: Wave, instruments: list[Instrument]) -> None:
    """Raises :class:`UserError`."""
    if not instruments:
        raise user_error("请至少选一份问卷")
    wave.instrument_ids = list(dict.fromkeys(instrument.id for instrument in instruments))
    unsaid = set(asked_audiences(instruments)) - wave.access.keys()
    wave.access = {**wave.access, **dict.fromkeys(sorted(unsaid), AccessModeId.CODE.value)}
    session.flush()


def choose_access(session: Session, wave: Wave, access: dict[str, str]) -> None:
    """Ways in by audience; audiences that are not named keep theirs. Raises :class:`UserError`."""
    for audience, mode in access.items():
        if audience not in AUDIENCES or mode not in ACCESS_MODES:
            raise user_error("请为每类对象选一种参与方式")
    wave.access = {**wave.access, **access}
    session.flush()


def delete_draft(session: Session, wave: Wave) -> None:
    """Raises :class:`UserError` for a wave that was opened: its answers are kept."""
    if wave.opened_at is not None:
        raise user_error("批次“{name}”已经开放过了，不能删除", name=wave.name)
    session.execute(delete(LookBack).where(LookBack.wave_id == wave.id))
    session.execute(delete(Wave).where(Wave.id == wave.id))


def asked_audiences(instruments: list[Instrument]) -> tuple[str, ...]:
    """The audiences that somebody lets in, in the order of every list; inspectors evaluate by login."""
    asked = {audience for instrument in instruments for audience in instrument.audiences}
    return tuple(row.id for row in AUDIENCES if row.id in asked and row.is_on_roster)


def proposed_instruments(roster: list[RosterEntry], instruments: list[Instrument]) -> list[Instrument]:
    """The questionnaires for the categories of the roster; of two for the same people, the first."""
    categories = {entry.category for entry in roster}
    chosen: list[Instrument] = []
    for instrument in instruments:
        own = [(category, audience) for category in instrument.categories for audience in instrument.audiences]
        if categories & set(instrument.categories) and not any(instruments_for(chosen, *pair) for pair in own):
            chosen.append(instrument)
    return chosen


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """Who of a category is asked with what: ``people`` on the roster, in ``schools`` schools."""

    instruments: tuple[Instrument, ...]
    schools: int
    people: int

    @property
    def is_hole(self) -> bool:
        """Whether the roster has such people and nobody asks them."""
        return self.people > 0 and not self.instruments

    @property
    def is_conflict(self) -> bool:
        return len(self.instruments) > 1


@dataclass(frozen=True, slots=True)
class CoverageMatrix:
    """``rows``: category id, number of its schools, a cell for each of ``audiences``."""

    audiences: tuple[str, ...]
    rows: tuple[tuple[str, int, tuple[MatrixCell, ...]], ...]

    def holes(self) -> int:
        return sum(cell.is_hole for _category, _schools, cells in self.rows for cell in cells)


def coverage_matrix(roster: list[RosterEntry], instruments: list[Instrument], categories: Categories) -> CoverageMatrix:
    """Category × audience: which questionnaire asks whom, and where none does."""
    named = {audience for instrument in instruments for audience in instrument.audiences}
    named |= {audience for entry in roster for audience in entry.populations}
    audiences = tuple(row.id for row in AUDIENCES if row.is_on_roster and (row.is_usual or row.id in named))
    covered = {category for instrument in instruments for category in instrument.categories}
    rows = []
    for category in categories.all:
        schools = [entry for entry in roster if entry.category == category.id]
        if schools or category.id in covered:
            cells = tuple(_cell(schools, instruments, category.id, audience) for audience in audiences)
            rows.append((category.id, len(schools), cells))
    return CoverageMatrix(audiences, tuple(rows))


def _cell(schools: list[RosterEntry], instruments: list[Instrument], category: str, audience: str) -> MatrixCell:
    counts = [sum(entry.populations.get(audience, {}).values()) for entry in schools]
    return MatrixCell(
        tuple(instruments_for(instruments, category, audience)), sum(count > 0 for count in counts), sum(counts)
    )
