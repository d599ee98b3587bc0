"""What the staff's pages show, as frozen values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Categories
from survey_app.distribution.queries import ListedLink, list_links
from survey_app.foundation.clock import format_deadline, format_local
from survey_app.foundation.translation import _, language, render
from survey_app.frame.manifest import printable_hash
from survey_app.frame.models import Wave
from survey_app.frame.queries import frozen_schools
from survey_app.frame.wave_states import WaveState, close_time_of, state_of
from survey_app.reporting.disclosure.live_counts import PublishedCount, total_count
from survey_app.reporting.live_counts import LiveCounts, count_live

BEHIND = 0.5  # of the share of the district
HAS_BEGUN = 0.05  # before so many have answered, nobody is behind
EARLIEST_FORECAST = 0.1  # of the time: the first day says little


@dataclass(frozen=True, slots=True)
class WaveSummary:
    id: int
    name: str
    state: WaveState
    opens: str
    closes: str


def wave_summary(wave: Wave, now: datetime) -> WaveSummary:
    return WaveSummary(
        wave.id, wave.name, state_of(wave, now), format_local(wave.opens_at), format_deadline(close_time_of(wave))
    )


@dataclass(frozen=True, slots=True)
class SchoolResponses:
    """``is_behind``: some audience answers less than half as often as in the district."""

    code: str
    name: str
    category_id: str
    category: str
    counts: dict[str, PublishedCount]
    is_behind: bool


@dataclass(frozen=True, slots=True)
class WavePage:
    """``by_category``: (id, label, schools, counts by audience); ``pace``: share of the time that has passed;
    ``forecast``: the share of each audience at the end if answers keep coming as they did, in words.
    """

    wave: WaveSummary
    schools: tuple[SchoolResponses, ...]
    by_category: tuple[tuple[str, str, int, dict[str, PublishedCount]], ...]
    audiences: dict[str, PublishedCount]
    access: dict[str, str]
    manifest_hash: str
    can_close: bool
    sealed: bool
    pace: float
    forecast: dict[str, str]
    behind: int


def wave_page(session: Session, wave: Wave, categories: Categories, now: datetime) -> WavePage:
    """The state of a wave with its returns; before opening there are none."""
    summary = wave_summary(wave, now)
    counts = count_live(session, wave, categories) if wave.opened_at else LiveCounts({}, {})
    schools = _responses_by_school(session, wave, categories, counts)
    pace, audiences = _pace(wave, now), counts.by_audience()
    return WavePage(
        wave=summary,
        schools=schools,
        by_category=_by_category(schools, categories),
        audiences=audiences,
        access=wave.access,
        manifest_hash=printable_hash(session, wave),
        can_close=summary.state in (WaveState.OPEN, WaveState.WAITING),
        sealed=wave.sealed_at is not None,
        pace=pace,
        forecast=_forecast(audiences, pace) if summary.state == WaveState.OPEN else {},
        behind=sum(school.is_behind for school in schools),
    )


def _pace(wave: Wave, now: datetime) -> float:
    """How much of the time has passed; all of it where the wave ended as soon as it began."""
    span = close_time_of(wave) - wave.opens_at
    return min(1.0, max(0.0, (now - wave.opens_at) / span)) if span else 1.0


def _forecast(audiences: dict[str, PublishedCount], pace: float) -> dict[str, str]:
    """What comes of it at the pace so far; nothing on the first day, and of those who have come already."""
    if pace < EARLIEST_FORECAST:
        return {}
    return {
        name: _("照此到截止约 {share:.0%}", share=min(1.0, count.share / pace))
        for name, count in audiences.items()
        if count.share is not None and count.share < 1
    }


def _responses_by_school(
    session: Session, wave: Wave, categories: Categories, counts: LiveCounts
) -> tuple[SchoolResponses, ...]:
    behind = schools_behind(counts)
    own: dict[int, dict[str, PublishedCount]] = {}
    for (school_id, audience), count in counts.by_school.items():
        own.setdefault(school_id, {})[audience] = count
    return tuple(
        SchoolResponses(
            school.code, school.name, school.category, categories[school.category].label.in_language(language()),
            own.get(school.school_id, {}), school.school_id in behind,
        )
        for school in frozen_schools(session, wave.id)
    )  # fmt: skip


def schools_behind(counts: LiveCounts) -> set[int]:
    """Schools where the share of an audience is below half of that of the district, once the district has begun."""
    district = {audience: count.share or 0 for audience, count in counts.by_audience().items()}
    district = {audience: share if share >= HAS_BEGUN else 0 for audience, share in district.items()}
    return {
        school
        for (school, audience), count in counts.by_school.items()
        if count.share is not None and count.share < BEHIND * district[audience]
    }


def _by_category(
    schools: tuple[SchoolResponses, ...], categories: Categories
) -> tuple[tuple[str, str, int, dict[str, PublishedCount]], ...]:
    rows = []
    for category in categories.all:
        own = [school for school in schools if school.category_id == category.id]
        if own:
            audiences = dict.fromkeys(audience for school in own for audience in school.counts)
            totals = {
                name: total_count([school.counts[name] for school in own if name in school.counts])
                for name in audiences
            }
            rows.append((category.id, category.label.in_language(language()), len(own), totals))
    return tuple(rows)


def counts_table(page: WavePage) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Headings and rows of the page of counts; what is hidden there is blank here."""
    labels = [render(AUDIENCES[audience].label) for audience in page.audiences]
    people = [heading for label in labels for heading in (_("{label}收到", label=label), _("{label}应答", label=label))]
    names = (_("学校代码"), _("学校名称"), _("类别"), *people)
    rows = []
    for school in page.schools:
        cells: list[str] = []
        for audience in page.audiences:
            count = school.counts.get(audience)
            received = "" if count is None or count.received is None else str(count.received)
            cells += [received, str(count.population) if count else ""]
        rows.append((school.code, school.name, school.category, *cells))
    return names, rows


def count_words(counts: dict[str, PublishedCount]) -> list[str]:
    """How many came of each audience, in words; hidden ones are left out."""
    return [
        _("{audience} {received} / {population}（{share:.1%}）", audience=render(AUDIENCES[name].label),
          received=count.received, population=count.population, share=count.share)
        for name, count in counts.items() if count.share is not None
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class LinkRow:
    link: ListedLink
    count: PublishedCount


def link_rows(
    session: Session, wave: Wave, categories: Categories, base_url: str, school_code: str | Sequence[str] | None = None,
    counts: LiveCounts | None = None,
) -> list[LinkRow]:  # fmt: skip
    by_link = (counts or count_live(session, wave, categories)).by_link
    return [
        LinkRow(link, by_link[link.link_id])
        for link in list_links(session, wave, categories, base_url, school_code, language())
    ]
