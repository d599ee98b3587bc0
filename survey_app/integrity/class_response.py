"""How many of each class answered, from the roll call and the receipts; no answer is read for it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.collection.queries import count_receipts_by_link
from survey_app.distribution.models import Link
from survey_app.frame.queries import frozen_classes

ClassCounts = tuple[tuple[int, int], ...]  # persons on the roster and ballots through the link, one pair a class


def load_class_counts(session: Session, wave_id: int) -> dict[tuple[int, str], ClassCounts]:
    """Return the classes of each school and audience; classes from which nothing came have 0."""
    received = count_receipts_by_link(session, wave_id)
    links = select(Link.id, Link.school_id, Link.audience, Link.grade, Link.class_name).where(
        Link.wave_id == wave_id, Link.class_name != ""
    )
    ballots: dict[tuple[int, str, str, str], int] = {}
    for link_id, school, audience, grade, class_name in session.execute(links):
        key = (school, audience, grade, class_name)
        ballots[key] = ballots.get(key, 0) + received.get(link_id, 0)
    persons: dict[tuple[int, str, str, str], int] = {}
    for row in frozen_classes(session, wave_id):
        key = (row.school_id, row.audience, row.grade, row.class_name)
        persons[key] = persons.get(key, 0) + row.population
    result: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for key, count in sorted(ballots.items()):  # classes that were not asked have no link
        school, audience, _grade, _name = key
        result.setdefault((school, audience), []).append((persons.get(key, 0), count))
    return {key: tuple(classes) for key, classes in result.items()}
