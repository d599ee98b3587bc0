"""How many came, as a school follows it: the numbers of an hour, the same for everybody who looks."""

from datetime import datetime

from sqlalchemy.orm import Session

from survey_app.definition.categories import Categories
from survey_app.frame.models import Wave
from survey_app.integrity.models import HourlyCount

from .disclosure.live_counts import PublishedCount
from .live_counts import count_live


def hourly_counts(
    session: Session, wave: Wave, school_id: int, categories: Categories, now: datetime
) -> tuple[dict[str, PublishedCount], datetime]:
    """Return the counts by audience and the hour they are of; the first to look in an hour makes them. Writes."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    row = session.get(HourlyCount, (wave.id, school_id), with_for_update=True)
    if row is None or row.hour != hour:
        counts = count_live(session, wave, categories, school_id).by_school
        kept = {audience: [count.population, count.received] for (_school, audience), count in counts.items()}
        row = session.merge(HourlyCount(wave_id=wave.id, school_id=school_id, hour=hour, counts=kept))
        session.flush()
    return {audience: PublishedCount(*values) for audience, values in row.counts.items()}, hour
