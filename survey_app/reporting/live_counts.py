"""The responses of a wave by school, audience and link, as everybody may follow them."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.collection.queries import count_receipts_by_link
from survey_app.definition.categories import Categories
from survey_app.distribution.models import Link
from survey_app.foundation.brief_cache import BriefCache
from survey_app.frame.models import Wave
from survey_app.frame.queries import (
    eligible_population,
    frozen_classes,
    frozen_instruments,
    frozen_populations,
    frozen_schools,
)

from .disclosure.live_counts import PublishedCount, RawCount, disclose_count, disclose_split, total_count

SchoolAudience = tuple[int, str]


@dataclass(frozen=True, slots=True)
class LiveCounts:
    """``by_school``: (school, audience) to its count, by school code. ``by_link``: the same by the link's id."""

    by_school: dict[SchoolAudience, PublishedCount]
    by_link: dict[int, PublishedCount]

    def by_audience(self) -> dict[str, PublishedCount]:
        audiences = dict.fromkeys(audience for _school, audience in self.by_school)
        return {
            name: total_count([count for (_school, audience), count in self.by_school.items() if audience == name])
            for name in audiences
        }

    def total(self) -> int:
        """All responses that are shown."""
        return total_count(list(self.by_school.values())).received or 0


class _Link(NamedTuple):
    id: int
    school_id: int
    audience: str
    grade: str
    class_name: str


_counts: BriefCache[LiveCounts] = BriefCache()


def count_live(session: Session, wave: Wave, categories: Categories, school_id: int | None = None) -> LiveCounts:
    """Return how many responses came so far, without small groups; of all schools, or of one.

    In a district where counting takes long, they are some seconds old.
    """
    if school_id is not None:
        return _count(session, wave, categories, school_id)
    key = (str(session.get_bind().url), wave.id, wave.revision, wave.sealed_at)  # type: ignore[union-attr]
    return _counts.get_or_make(key, lambda: _count(session, wave, categories))


def _count(session: Session, wave: Wave, categories: Categories, school_id: int | None = None) -> LiveCounts:
    received = count_receipts_by_link(session, wave.id, school_id)
    populations = _school_populations(session, wave, categories, school_id)
    classes = {
        (row.school_id, row.audience, row.grade, row.class_name): row.population
        for row in frozen_classes(session, wave.id, school_id)
    }
    links: dict[SchoolAudience, list[_Link]] = {}
    for link in _links(session, wave.id, school_id):
        links.setdefault((link.school_id, link.audience), []).append(link)
    counts = LiveCounts({}, {})
    for key, own in links.items():
        people = populations.get(key, 0)
        raw = RawCount(people, sum(received.get(link.id, 0) + received.get(-link.id, 0) for link in own))
        whole = counts.by_school[key] = disclose_count(key[1], raw)
        parts = [RawCount(_link_population(link, classes, people), received.get(link.id, 0)) for link in own]
        split = disclose_split(key[1], whole, parts)
        counts.by_link.update(zip((link.id for link in own), split, strict=True))
    return counts


def _links(session: Session, wave_id: int, school_id: int | None) -> list[_Link]:
    columns = (getattr(Link, name) for name in _Link._fields)
    query = select(*columns).where(Link.wave_id == wave_id).order_by(Link.id)
    if school_id is not None:
        query = query.where(Link.school_id == school_id)
    return [_Link(*row) for row in session.execute(query)]


def _link_population(link: _Link, classes: dict[tuple[int, str, str, str], int], people: int) -> int:
    """The people of a class; the link of the school is for all of them."""
    if not link.class_name:
        return people
    return classes.get((link.school_id, link.audience, link.grade, link.class_name), 0)


def _school_populations(
    session: Session, wave: Wave, categories: Categories, school_id: int | None
) -> dict[SchoolAudience, int]:
    frozen = frozen_instruments(session, wave.id, categories)
    by_grade = frozen_populations(session, wave.id, school_id)
    return {
        (school.school_id, audience): sum(
            eligible_population(
                by_grade.get((school.school_id, audience), {}), entry.instrument, categories, school.category, audience
            ).values()
        )
        for school in frozen_schools(session, wave.id)
        if school_id in (None, school.school_id)
        for entry in frozen
        if school.category in entry.instrument.categories
        for audience in entry.instrument.audiences
    }
