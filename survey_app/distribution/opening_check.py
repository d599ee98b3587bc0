"""What opening a wave would do, before it is done: who is asked, who is not, and what the ways in mean."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Categories
from survey_app.definition.messages import Message, message
from survey_app.definition.model import Instrument
from survey_app.foundation.clock import format_local
from survey_app.frame.look_backs import asked_roster, asks_somebody_of
from survey_app.frame.models import Wave
from survey_app.frame.queries import RosterEntry, eligible_population, list_roster, list_waves
from survey_app.frame.waves import instruments_for

MAX_NAMED = 10


@dataclass(frozen=True, slots=True)
class AudienceOutlook:
    """How many schools and people of an audience would be asked; ``roster``: how many it has there in all grades."""

    schools: int
    population: int
    roster: int


@dataclass(frozen=True, slots=True)
class OpeningOutlook:
    """``doubts`` are what somebody should say yes to before the wave opens."""

    access: Mapping[str, str]
    audiences: Mapping[str, AudienceOutlook]
    doubts: tuple[Message, ...]


def check_opening(
    session: Session, wave: Wave, instruments: list[Instrument], categories: Categories
) -> OpeningOutlook:
    """The roster of today against the instruments of the wave; writes nothing."""
    check = _RosterCheck(instruments, categories)
    for entry in asked_roster(session, wave):
        check.add(entry)
    return OpeningOutlook(wave.access, check.audiences, (*check.doubts(), *overlap_doubts(session, wave)))


def added_school_doubts(
    session: Session, code: str, instruments: list[Instrument], categories: Categories
) -> list[Message]:
    """The same questions of one school that joins a wave that is open."""
    check = _RosterCheck(instruments, categories)
    for entry in list_roster(session):
        if entry.code == code:
            check.add(entry)
    return check.doubts()


class _RosterCheck:
    """Who of the schools that were added is asked, and who is not."""

    def __init__(self, instruments: list[Instrument], categories: Categories) -> None:
        self.instruments, self.categories = instruments, categories
        self.audiences: dict[str, AudienceOutlook] = {}
        self._unasked_schools: list[str] = []
        self._unasked_audiences: dict[str, list[str]] = {}
        self._ungraded: dict[str, list[str]] = {}

    def add(self, entry: RosterEntry) -> None:
        asked = [self._is_asked(entry, audience) for audience in AUDIENCES.ids()]
        if not any(asked):
            self._unasked_schools.append(_name(entry))

    def _is_asked(self, entry: RosterEntry, audience: str) -> bool:
        by_grade = entry.populations.get(audience, {})
        if not by_grade:
            return False
        matching = instruments_for(self.instruments, entry.category, audience)
        if not matching:
            self._unasked_audiences.setdefault(audience, []).append(_name(entry))
            return False
        people = sum(eligible_population(by_grade, matching[0], self.categories, entry.category, audience).values())
        if not people:
            return False
        if matching[0].grades_from.get(audience) and "" in by_grade:
            self._ungraded.setdefault(audience, []).append(_name(entry))
        before = self.audiences.get(audience, AudienceOutlook(0, 0, 0))
        self.audiences[audience] = AudienceOutlook(
            before.schools + 1, before.population + people, before.roster + sum(by_grade.values())
        )
        return True

    def doubts(self) -> list[Message]:
        return _doubts(self._unasked_schools, self._unasked_audiences, self._ungraded)


def overlap_doubts(session: Session, wave: Wave) -> Iterator[Message]:
    """Other waves that ask the same people on some of the same days."""
    for other in list_waves(session):
        ends_at = other.closed_at or other.closes_at
        is_apart = other.closes_at <= wave.opens_at or ends_at <= wave.opens_at or other.opens_at >= wave.closes_at
        if other.id == wave.id or other.opened_at is None or is_apart:
            continue
        for audience in asks_somebody_of(session, wave, other):
            yield message(
                "批次“{name}”在同一段时间开放（{opens} — {closes}），也问{audience}：同一个人会收到两份问卷",
                name=other.name, opens=format_local(other.opens_at), closes=format_local(other.closes_at),
                audience=AUDIENCES[audience].label,
            )  # fmt: skip


def _name(entry: RosterEntry) -> str:
    return f"{entry.name}（{entry.code}）"


def _doubts(schools: list[str], audiences: Mapping[str, list[str]], ungraded: Mapping[str, list[str]]) -> list[Message]:
    doubts = []
    if schools:
        doubts.append(message("{n} 所学校没有任何人会被问到：{names}", n=len(schools), names=_listed(schools)))
    doubts += [
        message("名册里有对象“{audience}”、但本批次没有问卷的学校 {n} 所：{names}",
                audience=AUDIENCES[audience].label, n=len(names), names=_listed(names))
        for audience, names in audiences.items()
    ]  # fmt: skip
    doubts += [
        message("对象“{audience}”的问卷只问部分年级，而名册没有写年级，全部人数都会算作应答人数，回收率会偏低。"
                "请重新导入按年级写人数的名册：表头写“一年级”“二年级”等，一个年级一列（{n} 所：{names}）",
                audience=AUDIENCES[audience].label, n=len(names), names=_listed(names))
        for audience, names in ungraded.items()
    ]  # fmt: skip
    return doubts


def _listed(names: list[str]) -> str:
    return "、".join(names[:MAX_NAMED]) + ("……" if len(names) > MAX_NAMED else "")
