"""A roster into the database: all or nothing, after a look at what is new, changed and gone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.definition.messages import Message, message

from .models import Enrolment, School
from .roster import PopulationKey, Roster, RosterSchool
from .roster_columns import column_label

Populations = Mapping[PopulationKey, int]


FIELD_LABELS = {
    "name": message("学校名称"),
    "category": message("类别"),
    "area": message("片区"),
    "school_group": message("集团"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing about a school that would change."""

    label: Message
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RosterChange:
    """What importing a roster would do; entries are (code, name).

    ``differences`` by code; ``totals`` by audience, as (before, after), over the schools that the roster then lists,
    ``totals_kept`` after if those that the file lacks stay;
    ``renumbered`` are (name, old code, new code) of schools that seem to come back under another code.
    """

    new: tuple[tuple[str, str], ...]
    changed: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]
    unchanged: int
    differences: Mapping[str, tuple[Difference, ...]] = field(default_factory=dict)
    totals: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    totals_kept: Mapping[str, int] = field(default_factory=dict)
    renumbered: tuple[tuple[str, str, str], ...] = ()


def compare_roster(session: Session, roster: Roster) -> RosterChange:
    """A file speaks for the categories that it contains: schools of these that it lacks are gone."""
    schools_by_code = {school.code: school for school in session.scalars(select(School))}
    populations_by_school = _populations_by_school(session)
    new, unchanged = [], 0
    differences: dict[str, tuple[Difference, ...]] = {}
    for entry in roster.schools.values():
        school = schools_by_code.get(entry.code)
        if school is None:
            new.append((entry.code, entry.name))
        elif not school.in_roster or _differs(school, populations_by_school.get(school.id, {}), entry):
            differences[entry.code] = tuple(_differences(school, populations_by_school.get(school.id, {}), entry))
        else:
            unchanged += 1
    covered_categories = {entry.category for entry in roster.schools.values()}
    missing = sorted(
        (school.code, school.name)
        for school in schools_by_code.values()
        if school.in_roster and school.category in covered_categories and school.code not in roster.schools
    )
    missing_codes = {code for code, _name in missing}
    before = [
        (school.code, populations_by_school.get(school.id, {}))
        for school in schools_by_code.values()
        if school.in_roster
    ]
    others = [entry for entry in before if entry[0] not in roster.schools]
    listed = [(entry.code, entry.populations) for entry in roster.schools.values()]
    after = [*(entry for entry in others if entry[0] not in missing_codes), *listed]
    return RosterChange(
        new=tuple(new), changed=tuple((code, roster.schools[code].name) for code in differences),
        missing=tuple(missing), unchanged=unchanged, differences=differences, totals=_totals(before, after),
        totals_kept=_by_audience(key for _code, people in (*others, *listed) for key in people.items()),
        renumbered=_renumbered(new, missing),
    )  # fmt: skip


def _totals(
    before: Iterable[tuple[str, Populations]], after: Iterable[tuple[str, Populations]]
) -> dict[str, tuple[int, int]]:
    sums = [_by_audience(key for _code, populations in side for key in populations.items()) for side in (before, after)]
    return {audience: (sums[0].get(audience, 0), sums[1].get(audience, 0)) for audience in {**sums[0], **sums[1]}}


def _by_audience(counts: Iterable[tuple[PopulationKey, int]]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for (audience, *_rest), population in counts:
        totals[audience] = totals.get(audience, 0) + population
    return totals


def _renumbered(new: Sequence[tuple[str, str]], missing: Sequence[tuple[str, str]]) -> tuple[tuple[str, str, str], ...]:
    code_by_name = {name: code for code, name in missing}
    return tuple((name, code_by_name[name], code) for code, name in new if name in code_by_name)


def _differences(school: School, populations: Populations, entry: RosterSchool) -> Iterator[Difference]:
    for name, label in FIELD_LABELS.items():
        before, after = getattr(school, name), getattr(entry, name)
        if before != after:
            yield Difference(label, before or "—", after or "—")
    if not school.in_roster:
        yield Difference(message("名册"), "—", "+")
    totals = _by_audience(populations.items()), _by_audience(entry.populations.items())
    for audience in {**totals[0], **totals[1]}:
        old, current = totals[0].get(audience, 0), totals[1].get(audience, 0)
        if old != current:
            yield Difference(column_label(audience), str(old), str(current))
    if totals[0] == totals[1] and populations != entry.populations:
        yield Difference(message("年级、班级的人数"), str(len(populations)), str(len(entry.populations)))


def _populations_by_school(session: Session) -> dict[int, dict[PopulationKey, int]]:
    populations: dict[int, dict[PopulationKey, int]] = {}
    for row in session.scalars(select(Enrolment)):
        populations.setdefault(row.school_id, {})[row.audience, row.grade, row.class_name, row.sex] = row.population
    return populations


def _differs(school: School, populations: Populations, entry: RosterSchool) -> bool:
    is_same = all(getattr(school, name) == getattr(entry, name) for name in FIELD_LABELS)
    return not is_same or populations != entry.populations


def apply_roster(session: Session, roster: Roster, keep_missing: bool = False) -> RosterChange:
    """Writes the roster; waves that are open keep what they froze. A file may only add: the others then stay."""
    change = compare_roster(session, roster)
    schools_by_code = {school.code: school for school in session.scalars(select(School))}
    for code, _ in () if keep_missing else change.missing:
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
    for name in FIELD_LABELS:
        setattr(school, name, getattr(entry, name))
    school.in_roster = True
    session.execute(delete(Enrolment).where(Enrolment.school_id == school.id))
    session.add_all(
        Enrolment(school_id=school.id, audience=audience, grade=grade, class_name=class_name, sex=sex,
                  population=population)
        for (audience, grade, class_name, sex), population in entry.populations.items()
    )  # fmt: skip


def change_notes(roster: Roster, change: RosterChange) -> list[Message]:
    """What somebody should look at before importing: unused columns, schools that come back under another code."""
    unused = [
        message("工作表“{sheet}”的 {column} 列没有使用：另有更明确的一列", sheet=sheet.name, column=column)
        for sheet in roster.sheets for column in sheet.unused
    ]  # fmt: skip
    renumbered = [
        message("“{name}”原来的代码是 {old}，这里是 {new}：代码写错了吗？", name=name, old=old, new=new)
        for name, old, new in change.renumbered
    ]
    return [*roster.notes, *unused, *renumbered]
