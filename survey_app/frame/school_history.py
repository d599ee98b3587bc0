"""What became of a school: the waves it took part in, what it was called then, its corrections, who came after it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.foundation.errors import user_error

from .models import ManifestRecord, School, Wave, WavePopulation, WaveSchool


@dataclass(frozen=True, slots=True)
class WaveSeen:
    """A school as a wave froze it; ``people`` by audience."""

    wave_id: int
    wave: str
    opened_at: datetime
    code: str
    name: str
    category: str
    area: str
    people: dict[str, int]


@dataclass(frozen=True, slots=True)
class SchoolHistory:
    """Waves and records with the latest first; a record stands with the name of its wave."""

    waves: tuple[WaveSeen, ...]
    records: tuple[tuple[str, ManifestRecord], ...]
    successor: School | None
    predecessors: tuple[School, ...]


def find_school(session: Session, code: str) -> School | None:
    """Return a school, also one that the roster no longer lists."""
    return session.scalar(select(School).where(School.code == code))


def former_schools(session: Session) -> list[School]:
    """Return the schools that the roster no longer lists, by code."""
    return list(session.scalars(select(School).where(School.in_roster.is_(False)).order_by(School.code)))


def school_history(session: Session, school: School) -> SchoolHistory:
    rows = session.execute(
        select(Wave, WaveSchool)
        .join(WaveSchool, WaveSchool.wave_id == Wave.id)
        .where(WaveSchool.school_id == school.id, Wave.opened_at.is_not(None))
        .order_by(Wave.opens_at.desc())
    ).all()
    people = _people_by_wave(session, school.id)
    waves = tuple(
        WaveSeen(
            wave.id, wave.name, wave.opens_at, then.code, then.name, then.category, then.area, people.get(wave.id, {})
        )
        for wave, then in rows
    )
    codes = {then.code for _wave, then in rows} | {school.code}
    records = session.execute(
        select(Wave.name, ManifestRecord)
        .join(Wave, Wave.id == ManifestRecord.wave_id)
        .where(Wave.id.in_([wave.wave_id for wave in waves]))
        .order_by(ManifestRecord.recorded_at.desc())
    )
    return SchoolHistory(
        waves,
        tuple((name, record) for name, record in records if record.detail.get("school") in codes),
        session.get(School, school.successor_id) if school.successor_id else None,
        tuple(session.scalars(select(School).where(School.successor_id == school.id).order_by(School.code))),
    )


def successions(session: Session) -> dict[int, int]:
    """Return the schools that go on under another code or in another school, with the school after each."""
    found = session.execute(select(School.id, School.successor_id).where(School.successor_id.is_not(None)))
    return {school: after for school, after in found if after is not None}


def origins(earlier: Iterable[int], later: Iterable[int], after: Mapping[int, int]) -> dict[int, tuple[int, ...]]:
    """Return for the schools of a later wave those of an earlier one that they are or come from.

    ``after``: what :func:`successions` tells. A school that still takes part is itself, whatever comes after it.
    """
    present = set(later)
    found: dict[int, tuple[int, ...]] = {}
    for school in earlier:
        now: int | None = school
        while now is not None and now not in present:
            now = after.get(now)
        if now is not None:
            found[now] = (*found.get(now, ()), school)
    return found


def _people_by_wave(session: Session, school_id: int) -> dict[int, dict[str, int]]:
    columns = (WavePopulation.wave_id, WavePopulation.audience)
    query = select(*columns, func.sum(WavePopulation.population)).where(WavePopulation.school_id == school_id)
    people: dict[int, dict[str, int]] = {}
    for wave_id, audience, population in session.execute(query.group_by(*columns)):
        people.setdefault(wave_id, {})[audience] = int(population)
    return people


def set_successor(session: Session, school: School, code: str) -> None:
    """Note the school into which this one was merged, or under whose code it goes on; an empty code takes it back.

    Raises :class:`UserError` if there is no such school, or if it would come after itself.
    """
    if not code:
        school.successor_id = None
        return
    successor = find_school(session, code)
    if successor is None:
        raise user_error("名册里没有学校代码“{code}”", code=code)
    following: School | None = successor
    while following is not None:
        if following.id == school.id:
            raise user_error("“{name}”不能并入自己，也不能并入由它而来的学校", name=school.name)
        following = session.get(School, following.successor_id) if following.successor_id else None
    school.successor_id = successor.id
    session.flush()
