"""What the staff's pages show, as frozen values."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey_app.collection.queries import received_by_link
from survey_app.definition.categories import Categories
from survey_app.distribution.queries import ListedLink, links_of
from survey_app.foundation.clock import shown
from survey_app.foundation.translation import language
from survey_app.frame.models import Wave
from survey_app.frame.queries import asked_population, frozen_instruments, frozen_populations, frozen_schools
from survey_app.frame.wave_states import WaveState, state_of

LEAST_POPULATION = 10  # smaller groups are not followed live: who has answered would be known


@dataclass(frozen=True, slots=True)
class WaveLine:
    id: int
    name: str
    state: WaveState
    opens: str
    closes: str


def wave_line(wave: Wave, now: datetime) -> WaveLine:
    return WaveLine(wave.id, wave.name, state_of(wave, now), shown(wave.opens_at), shown(wave.closes_at))


@dataclass(frozen=True, slots=True)
class Return:
    """Ballots received of one school × audience. ``share`` is None without a roster, ``hidden`` for small groups."""

    audience: str
    population: int
    received: int
    share: float | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class SchoolReturns:
    code: str
    name: str
    category: str
    returns: tuple[Return, ...]


@dataclass(frozen=True, slots=True)
class WavePage:
    wave: WaveLine
    schools: tuple[SchoolReturns, ...]
    audiences: tuple[Return, ...]
    access: dict[str, str]
    manifest_hash: str
    can_close: bool
    sealed: bool


def wave_page(session: Session, wave: Wave, categories: Categories, now: datetime) -> WavePage:
    """The state of a wave with its returns; before opening there are none."""
    line = wave_line(wave, now)
    schools = _returns(session, wave, categories) if wave.opened_at else ()
    return WavePage(
        wave=line,
        schools=schools,
        audiences=_by_audience(schools),
        access=wave.access,
        manifest_hash=wave.manifest_hash or "",
        can_close=line.state in (WaveState.OPEN, WaveState.WAITING),
        sealed=wave.sealed_at is not None,
    )


def _returns(session: Session, wave: Wave, categories: Categories) -> tuple[SchoolReturns, ...]:
    counts = received_by_link(session, wave.id)
    received: dict[tuple[str, str], int] = {}
    for link in links_of(session, wave, categories, ""):
        key = (link.school_code, link.audience)
        received[key] = received.get(key, 0) + counts.get(link.link_id, 0)
    populations = _populations(session, wave, categories)
    return tuple(
        SchoolReturns(
            school.code, school.name, categories[school.category].label.in_language(language()),
            tuple(
                _return(audience, populations.get((school.code, audience), 0), count)
                for (code, audience), count in received.items()
                if code == school.code
            ),
        )
        for school in frozen_schools(session, wave.id)
    )  # fmt: skip


def _populations(session: Session, wave: Wave, categories: Categories) -> dict[tuple[str, str], int]:
    frozen = frozen_instruments(session, wave.id, categories)
    by_cell = frozen_populations(session, wave.id)
    found = {}
    for school in frozen_schools(session, wave.id):
        for entry in frozen:
            instrument = entry.instrument
            if school.category in instrument.categories:
                for audience in instrument.audiences:
                    by_grade = by_cell.get((school.school_id, audience), {})
                    asked = asked_population(by_grade, instrument, categories, school.category, audience)
                    found[school.code, audience] = sum(asked.values())
    return found


def _return(audience: str, population: int, received: int) -> Return:
    hidden = 0 < population < LEAST_POPULATION
    return Return(audience, population, received, received / population if population else None, hidden)


def _by_audience(schools: tuple[SchoolReturns, ...]) -> tuple[Return, ...]:
    totals: dict[str, list[int]] = {}
    for school in schools:
        for entry in school.returns:
            if not entry.hidden:
                whole = totals.setdefault(entry.audience, [0, 0])
                whole[0] += entry.population
                whole[1] += entry.received
    return tuple(_return(audience, people, count) for audience, (people, count) in totals.items())


@dataclass(frozen=True, slots=True)
class LinkLine:
    link: ListedLink
    received: int | None


def link_lines(session: Session, wave: Wave, categories: Categories, base_url: str) -> list[LinkLine]:
    counts = received_by_link(session, wave.id)
    return [
        LinkLine(link, counts.get(link.link_id, 0))
        for link in links_of(session, wave, categories, base_url, language=language())
    ]
