"""Reading the frame: waves by name, frozen instruments, frozen schools and populations."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.definition.categories import Categories
from survey_app.definition.model import Instrument
from survey_app.definition.parse import read_instrument_text
from survey_app.foundation.db import RawTransaction
from survey_app.foundation.errors import user_error

from .models import Enrolment, School, Wave, WaveInstrument, WavePopulation, WaveSchool
from .wave_states import WaveClosure


def wave_by_name(session: Session, name: str) -> Wave:
    """Raises :class:`UserError`."""
    wave = session.scalar(select(Wave).where(Wave.name == name))
    if wave is None:
        known = ", ".join(session.scalars(select(Wave.name).order_by(Wave.opens_at))) or "—"
        raise user_error("没有名为“{name}”的批次；现有：{known}", name=name, known=known)
    return wave


def wave_by_id(session: Session, wave_id: int) -> Wave | None:
    return session.get(Wave, wave_id)


def wave_closure(transaction: RawTransaction, wave_id: int) -> WaveClosure:
    """Whether a wave was closed or sealed, for every request of a respondent."""
    query = "SELECT closed_at, sealed_at, revision FROM wave WHERE id = ?"
    closed_at, sealed_at, revision = transaction.execute(query, wave_id).fetchone() or (None, None, 0)
    return WaveClosure(_parse_utc(closed_at), _parse_utc(sealed_at), int(revision))


def _parse_utc(value: datetime | str | None) -> datetime | None:
    """As the table keeps it: SQLite as text, PostgreSQL as a timestamp, both in UTC."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if value else None


def list_waves(session: Session) -> list[Wave]:
    return list(session.scalars(select(Wave).order_by(Wave.opens_at.desc(), Wave.id.desc())))


def roster_size(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(School).where(School.in_roster)) or 0


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """A school of today's roster; ``populations`` by audience, then grade (empty where the roster has none)."""

    code: str
    name: str
    category: str
    area: str
    populations: dict[str, dict[str, int]]
    school_group: str = ""


def list_roster(session: Session) -> list[RosterEntry]:
    """The schools of today's roster, by code."""
    populations: dict[int, dict[str, dict[str, int]]] = {}
    columns = (Enrolment.school_id, Enrolment.audience, Enrolment.grade)
    groups = select(*columns, func.sum(Enrolment.population)).group_by(*columns).order_by(func.min(Enrolment.id))
    for school_id, audience, grade, population in session.execute(groups):
        populations.setdefault(school_id, {}).setdefault(audience, {})[grade] = int(population)
    schools = session.scalars(select(School).where(School.in_roster).order_by(School.code))
    return [
        RosterEntry(
            school.code, school.name, school.category, school.area, populations.get(school.id, {}), school.school_group
        )
        for school in schools
    ]


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    """A group of people on today's roster."""

    school_code: str
    school_name: str
    category: str
    audience: str
    grade: str
    class_name: str
    sex: str
    population: int


def list_enrolment(session: Session) -> list[EnrolmentRow]:
    """Every group of the schools of today's roster."""
    statement = (
        select(
            School.code, School.name, School.category, Enrolment.audience, Enrolment.grade, Enrolment.class_name,
            Enrolment.sex, Enrolment.population,
        )
        .join(School, School.id == Enrolment.school_id)
        .where(School.in_roster)
        .order_by(School.code, Enrolment.id)
    )  # fmt: skip
    return [EnrolmentRow(*row) for row in session.execute(statement)]


@dataclass(frozen=True, slots=True)
class FrozenInstrument:
    structure_hash: str
    wording_hash: str
    instrument: Instrument


@lru_cache(maxsize=64)
def read_frozen_text(document: str, categories: Categories) -> Instrument:
    """A form as it was kept; the same text is read once."""
    return read_instrument_text(document, "frozen", categories)


def frozen_instruments(session: Session, wave_id: int, categories: Categories) -> list[FrozenInstrument]:
    rows = session.scalars(
        select(WaveInstrument).where(WaveInstrument.wave_id == wave_id).order_by(WaveInstrument.instrument_id)
    )
    return [
        FrozenInstrument(row.structure_hash, row.wording_hash, read_frozen_text(row.document, categories))
        for row in rows
    ]


def frozen_schools(session: Session, wave_id: int) -> list[WaveSchool]:
    return list(session.scalars(select(WaveSchool).where(WaveSchool.wave_id == wave_id).order_by(WaveSchool.code)))


def frozen_populations(
    session: Session, wave_id: int, school_id: int | None = None
) -> dict[tuple[int, str], dict[str, int]]:
    """(school, audience) to the population of each grade; the grade is empty where the roster has none."""
    statement = (
        select(
            WavePopulation.school_id, WavePopulation.audience, WavePopulation.grade,
            func.sum(WavePopulation.population),
        )
        .where(WavePopulation.wave_id == wave_id)
        .group_by(WavePopulation.school_id, WavePopulation.audience, WavePopulation.grade)
    )  # fmt: skip
    if school_id is not None:
        statement = statement.where(WavePopulation.school_id == school_id)
    populations: dict[tuple[int, str], dict[str, int]] = {}
    for school_id, audience, grade, population in session.execute(statement):
        populations.setdefault((school_id, audience), {})[grade] = int(population)
    return populations


class FrozenClass(NamedTuple):
    """The people of one audience in a class, as the wave froze them."""

    school_id: int
    audience: str
    grade: str
    class_name: str
    population: int


def frozen_classes(session: Session, wave_id: int, school_id: int | None = None) -> list[FrozenClass]:
    """Every class of a wave, or of a school; rows and no objects, of which a district has tens of thousands."""
    columns = (getattr(WavePopulation, name) for name in FrozenClass._fields)
    statement = select(*columns).where(WavePopulation.wave_id == wave_id, WavePopulation.class_name != "")
    if school_id is not None:
        statement = statement.where(WavePopulation.school_id == school_id)
    return [FrozenClass(*row) for row in session.execute(statement)]


def frozen_group_rows(session: Session, wave_id: int, school_id: int) -> list[WavePopulation]:
    """Every frozen number of people of a school."""
    statement = select(WavePopulation).where(WavePopulation.wave_id == wave_id, WavePopulation.school_id == school_id)
    order = (WavePopulation.audience, WavePopulation.grade, WavePopulation.class_name)
    return list(session.scalars(statement.order_by(*order)))


def eligible_population(
    by_grade: dict[str, int], instrument: Instrument, categories: Categories, category: str, audience: str
) -> dict[str, int]:
    """The population of the grades that the instrument is for; everybody where the roster has no grades.

    Nobody where the category has none of these grades.
    """
    grades = categories.grades_from(category, instrument.grades_from.get(audience))
    eligible_grades = {grade.code for grade in grades}
    if not eligible_grades and categories[category].grades:
        return {}
    return {grade: population for grade, population in by_grade.items() if not grade or grade in eligible_grades}
