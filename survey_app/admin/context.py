"""What the staff's pages show, as frozen values."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey_app.definition.categories import Categories
from survey_app.distribution.queries import ListedLink, list_links
from survey_app.foundation.clock import format_local
from survey_app.foundation.translation import language
from survey_app.frame.manifest import printable_hash
from survey_app.frame.models import Wave
from survey_app.frame.queries import frozen_schools
from survey_app.frame.wave_states import WaveState, state_of
from survey_app.reporting.disclosure.live_counts import PublishedCount
from survey_app.reporting.live_counts import LiveCounts, count_live


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
class SchoolResponses:
    code: str
    name: str
    category: str
    counts: dict[str, PublishedCount]


@dataclass(frozen=True, slots=True)
class WavePage:
    wave: WaveSummary
    schools: tuple[SchoolResponses, ...]
    audiences: dict[str, PublishedCount]
    access: dict[str, str]
    manifest_hash: str
    can_close: bool
    sealed: bool


def wave_page(session: Session, wave: Wave, categories: Categories, now: datetime) -> WavePage:
    """The state of a wave with its returns; before opening there are none."""
    summary = wave_summary(wave, now)
    counts = count_live(session, wave, categories) if wave.opened_at else LiveCounts({}, {})
    return WavePage(
        wave=summary,
        schools=_responses_by_school(session, wave, categories, counts),
        audiences=counts.by_audience(),
        access=wave.access,
        manifest_hash=printable_hash(session, wave),
        can_close=summary.state in (WaveState.OPEN, WaveState.WAITING),
        sealed=wave.sealed_at is not None,
    )


def _responses_by_school(
    session: Session, wave: Wave, categories: Categories, counts: LiveCounts
) -> tuple[SchoolResponses, ...]:
    return tuple(
        SchoolResponses(
            school.code, school.name, categories[school.category].label.in_language(language()),
            {audience: count for (school_id, audience), count in counts.by_school.items()
             if school_id == school.school_id},
        )
        for school in frozen_schools(session, wave.id)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LinkRow:
    link: ListedLink
    count: PublishedCount


def link_rows(session: Session, wave: Wave, categories: Categories, base_url: str) -> list[LinkRow]:
    counts = count_live(session, wave, categories).by_link
    return [
        LinkRow(link, counts[link.link_id])
        for link in list_links(session, wave, categories, base_url, language=language())
    ]
