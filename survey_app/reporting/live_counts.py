"""The responses of a wave by school, audience and link, as everybody may follow them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.collection.queries import count_receipts_by_link
from survey_app.definition.categories import Categories
from survey_app.distribution.models import Link
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


def count_live(session: Session, wave: Wave, categories: Categories) -> LiveCounts:
    """Return how many responses came so far, without small groups."""
    received = count_receipts_by_link(session, wave.id)
    populations = _school_populations(session, wave, categories)
    classes = {
        (row.school_id, row.audience, row.grade, row.class_name): row.population
        for row in frozen_classes(session, wave.id)
    }
    links: dict[SchoolAudience, list[Link]] = {}
    for link in session.scalars(select(Link).where(Link.wave_id == wave.id).order_by(Link.id)):
        links.setdefault((link.school_id, link.audience), []).append(link)
    counts = LiveCounts({}, {})
    for key, own in links.items():
        people = populations.get(key, 0)
        raw = RawCount(people, sum(received.get(link.id, 0) for link in own))
        whole = counts.by_school[key] = disclose_count(key[1], raw)
        parts = [RawCount(_link_population(link, classes, people), received.get(link.id, 0)) for link in own]
        split = disclose_split(key[1], whole, parts)
        counts.by_link.update(zip((link.id for link in own), split, strict=True))
    return counts


def _link_population(link: Link, classes: dict[tuple[int, str, str, str], int], people: int) -> int:
    """The people of a class; the link of the school is for all of them."""
    if not link.class_name:
        return people
    return classes.get((link.school_id, link.audience, link.grade, link.class_name), 0)


def _school_populations(session: Session, wave: Wave, categories: Categories) -> dict[SchoolAudience, int]:
    frozen = frozen_instruments(session, wave.id, categories)
    by_grade = frozen_populations(session, wave.id)
    return {
        (school.school_id, audience): sum(
            eligible_population(
                by_grade.get((school.school_id, audience), {}), entry.instrument, categories, school.category, audience
            ).values()
        )
        for school in frozen_schools(session, wave.id)
        for entry in frozen
        if school.category in entry.instrument.categories
        for audience in entry.instrument.audiences
    }
