"""A roster into the database: all or nothing, after a look at what is new, changed and gone."""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from .models import Enrolment, School
from .roster import Key, Roster, RosterSchool


@dataclass(frozen=True, slots=True)
class RosterChange:
    """What importing a roster would do; entries are (code, name)."""

    new: tuple[tuple[str, str], ...]
    changed: tuple[tuple[str, str], ...]
    gone: tuple[tuple[str, str], ...]
    unchanged: int


def compare(session: Session, roster: Roster) -> RosterChange:
    """A file speaks for the categories that it contains: schools of these that it lacks are gone."""
    known = {school.code: school for school in session.scalars(select(School))}
    enrolled = _enrolled(session)
    new, changed, unchanged = [], [], 0
    for entry in roster.schools.values():
        school = known.get(entry.code)
        if school is None:
            new.append((entry.code, entry.name))
        elif not school.in_roster or _differs(school, enrolled.get(school.id, {}), entry):
            changed.append((entry.code, entry.name))
        else:
            unchanged += 1
    spoken_for = {entry.category for entry in roster.schools.values()}
    gone = [
        (school.code, school.name)
        for school in known.values()
        if school.in_roster and school.category in spoken_for and school.code not in roster.schools
    ]
    return RosterChange(tuple(new), tuple(changed), tuple(sorted(gone)), unchanged)


def _enrolled(session: Session) -> dict[int, dict[Key, int]]:
    found: dict[int, dict[Key, int]] = {}
    for row in session.scalars(select(Enrolment)):
        found.setdefault(row.school_id, {})[row.audience, row.grade, row.class_name, row.sex] = row.population
    return found


def _differs(school: School, populations: dict[Key, int], entry: RosterSchool) -> bool:
    same_school = (school.name, school.category, school.area) == (entry.name, entry.category, entry.area)
    return not same_school or populations != entry.populations


def apply(session: Session, roster: Roster) -> RosterChange:
    """Writes the roster; waves that are open keep what they froze."""
    change = compare(session, roster)
    known = {school.code: school for school in session.scalars(select(School))}
    for code, _ in change.gone:
        known[code].in_roster = False
    to_write = {code for code, _ in (*change.new, *change.changed)}
    for entry in roster.schools.values():
        if entry.code in to_write:
            _write(session, known.get(entry.code), entry)
    session.flush()
    return change


def _write(session: Session, school: School | None, entry: RosterSchool) -> None:
    if school is None:
        school = School(code=entry.code, name=entry.name, category=entry.category, area=entry.area)
        session.add(school)
        session.flush()
    school.name, school.category, school.area, school.in_roster = entry.name, entry.category, entry.area, True
    session.execute(delete(Enrolment).where(Enrolment.school_id == school.id))
    session.add_all(
        Enrolment(school_id=school.id, audience=audience, grade=grade, class_name=class_name, sex=sex,
                  population=population)
        for (audience, grade, class_name, sex), population in entry.populations.items()
    )  # fmt: skip
