"""How many ballots came, from the roll call alone."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.distribution.models import Link

from .models import Spent


def received_by_link(session: Session, wave_id: int) -> dict[int, int]:
    counted = select(Spent.link_id, func.count()).where(Spent.wave_id == wave_id).group_by(Spent.link_id)
    return {link_id: int(count) for link_id, count in session.execute(counted)}


def received(session: Session, wave_id: int) -> dict[tuple[int, str], int]:
    """(school, audience) to the number of ballots."""
    by_link = received_by_link(session, wave_id)
    found: dict[tuple[int, str], int] = {}
    for link in session.scalars(select(Link).where(Link.wave_id == wave_id)):
        key = (link.school_id, link.audience)
        found[key] = found.get(key, 0) + by_link.get(link.id, 0)
    return found
