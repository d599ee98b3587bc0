"""A roster into the database: all or nothing, after a look at what is new, changed and gone."""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from .models import Enrolment, School
from .roster import PopulationKey, Roster, RosterSchool


@dataclass(frozen=True, slots=True)
class RosterChange:
    """What importing a roster would do; entries are (code, name)."""

    new: tuple[tuple[str, str], ...]
    changed: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]
    unchanged: int


def compare_roster(session: Session, roster: Roster) -> RosterChange:
    """A file speaks for the categories that it contains: schools of these that it lacks are gone."""
    schools_by_code = {school.code: school for school in session.scalars(select(School))}
    populations_by_school = _populations_by_school(session)
    new, changed, unchanged = [], [], 0
    for entry in roster.schools.values():
        school = schools_by_code.get(entry.code)
        if school is None:
            new.append((entry.code, entry.name))
        elif not school.in_roster or _differs(school, populations_by_school.get(school.id, {}), entry):
            changed.append((entry.code, entry.name))
        else:
            unchanged += 1
    covered_categories = {entry.category for entry in roster.schools.values()}
    missing = [
        (school.code, school.name)
        for school in schools_by_code.values()
        if school.in_roster and school.category in covered_categories and school.code not in roster.schools
    ]
    return RosterChange(tuple(new), tuple(changed), tuple(sorted(missing)), unchanged)


def _populations_by_school(session: Session) -> dict[int, dict[PopulationKey, int]]:
    populations: dict[int, dict[PopulationKey, int]] = {}
    for row in session.scalars(select(Enrolment)):
        populations.setdefault(row.school_id, {})[row.audience, row.grade, row.class_name, row.sex] = row.population
    return populations


def _differs(school: School, populations: dict[PopulationKey, int], entry: RosterSchool) -> bool:
    same_school = (school.name, school.category, school.area) == (entry.name, entry.category, entry.area)
    return not same_school or populations != entry.populations


def apply_roster(session: Session, roster: Roster) -> RosterChange:
    """Writes the roster; waves that are open keep what they froze."""
    change = compare_roster(session, roster)
    schools_by_code = {school.code: school for school in session.scalars(select(School))}
    for code, _ in change.missing:
        schools_by_code[code].in_roster = False
    codes_to_write = {code for code, _ in (*change.new, *change.changed)}
    for entry in roster.schools.values():
        if entry.code in codes_to_write:
            _write_school(session, schools_by_code.get(entry.code), entry)
    session.flush()
    return change


def _write_school(session: Session, school: School | None, entry: RosterSchool) -> None:
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
