"""What the staff's pages show, as frozen values."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey_app.collection.queries import count_receipts_by_link
from survey_app.definition.categories import Categories
from survey_app.distribution.queries import ListedLink, list_links
from survey_app.foundation.clock import format_local
from survey_app.foundation.translation import language
from survey_app.frame.manifest import printable_hash
from survey_app.frame.models import Wave
from survey_app.frame.queries import eligible_population, frozen_instruments, frozen_populations, frozen_schools
from survey_app.frame.wave_states import WaveState, state_of

MIN_POPULATION = 10  # smaller groups are not followed live: who has answered would be known


@dataclass(frozen=True, slots=True)
class WaveSummary:
    id: int
    name: str
    state: WaveState
    opens: str
    closes: str


def wave_summary(wave: Wave, now: datetime) -> WaveSummary:
    return WaveSummary(
        wave.id, wave.name, state_of(wave, now), format_local(wave.opens_at), format_local(wave.closes_at)
    )


@dataclass(frozen=True, slots=True)
class ResponseCount:
    """Ballots received of one school × audience. ``share`` is None without a roster, ``is_hidden`` for small groups."""

    audience: str
    population: int
    received: int
    share: float | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class SchoolResponses:
    code: str
    name: str
    category: str
    counts: tuple[ResponseCount, ...]


@dataclass(frozen=True, slots=True)
class WavePage:
    wave: WaveSummary
    schools: tuple[SchoolResponses, ...]
    audiences: tuple[ResponseCount, ...]
    access: dict[str, str]
    manifest_hash: str
    can_close: bool
    sealed: bool


def wave_page(session: Session, wave: Wave, categories: Categories, now: datetime) -> WavePage:
    """The state of a wave with its returns; before opening there are none."""
    summary = wave_summary(wave, now)
    schools = _responses_by_school(session, wave, categories) if wave.opened_at else ()
    return WavePage(
        wave=summary,
        schools=schools,
        audiences=_sum_by_audience(schools),
        access=wave.access,
        manifest_hash=printable_hash(session, wave),
        can_close=summary.state in (WaveState.OPEN, WaveState.WAITING),
        sealed=wave.sealed_at is not None,
    )


def _responses_by_school(session: Session, wave: Wave, categories: Categories) -> tuple[SchoolResponses, ...]:
    counts = count_receipts_by_link(session, wave.id)
    received: dict[tuple[str, str], int] = {}
    for link in list_links(session, wave, categories, ""):
        key = (link.school_code, link.audience)
        received[key] = received.get(key, 0) + counts.get(link.link_id, 0)
    populations = _populations(session, wave, categories)
    return tuple(
        SchoolResponses(
            school.code, school.name, categories[school.category].label.in_language(language()),
            tuple(
                _response_count(audience, populations.get((school.code, audience), 0), count)
                for (code, audience), count in received.items()
                if code == school.code
            ),
        )
        for school in frozen_schools(session, wave.id)
    )  # fmt: skip


def _populations(session: Session, wave: Wave, categories: Categories) -> dict[tuple[str, str], int]:
    frozen = frozen_instruments(session, wave.id, categories)
    population_by_grade = frozen_populations(session, wave.id)
    populations = {}
    for school in frozen_schools(session, wave.id):
        for entry in frozen:
            instrument = entry.instrument
            if school.category in instrument.categories:
                for audience in instrument.audiences:
                    by_grade = population_by_grade.get((school.school_id, audience), {})
                    eligible = eligible_population(by_grade, instrument, categories, school.category, audience)
                    populations[school.code, audience] = sum(eligible.values())
    return populations


def _response_count(audience: str, population: int, received: int) -> ResponseCount:
    hidden = 0 < population < MIN_POPULATION
    return ResponseCount(audience, population, received, received / population if population else None, hidden)


def _sum_by_audience(schools: tuple[SchoolResponses, ...]) -> tuple[ResponseCount, ...]:
    totals: dict[str, list[int]] = {}
    for school in schools:
        for entry in school.counts:
            if not entry.hidden:
                total = totals.setdefault(entry.audience, [0, 0])
                total[0] += entry.population
                total[1] += entry.received
    return tuple(_response_count(audience, people, count) for audience, (people, count) in totals.items())


@dataclass(frozen=True, slots=True)
class LinkRow:
    link: ListedLink
    received: int | None


def link_rows(session: Session, wave: Wave, categories: Categories, base_url: str) -> list[LinkRow]:
    counts = count_receipts_by_link(session, wave.id)
    return [
        LinkRow(link, counts.get(link.link_id, 0))
        for link in list_links(session, wave, categories, base_url, language=language())
    ]
