"""From stored answers to stored tallies. One text per school and grade is read, never rows as objects."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, bindparam, func, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey_app.collection.models import Response
from survey_app.measurement.scoring import CLASSES, Scoring
from survey_app.measurement.tally import Cell, Tally, empty, tally

from .models import StoredTally


def count(session: Session, wave_id: int, structure_hash: str, scoring: Scoring) -> Tally:
    """The tally of all responses of one audience and instrument."""
    return tally(scoring, _answers(session, wave_id, structure_hash, scoring.audience))


def _answers(session: Session, wave_id: int, structure_hash: str, audience: str) -> Iterator[tuple[Cell, bytes]]:
    """School by school, so that memory depends on the largest school and not on the wave."""
    query = (
        select(Response.grade, joined(session, Response.answers))
        .where(
            Response.wave_id == wave_id, Response.school_id == bindparam("school"), Response.audience == audience,
            Response.structure_hash == structure_hash,
        )
        .group_by(Response.grade)
    )  # fmt: skip
    for school in schools_with_answers(session, wave_id):
        for grade, text in session.execute(query, {"school": school}):
            yield Cell(school, grade), text.encode("ascii")


def schools_with_answers(session: Session, wave_id: int) -> list[int]:
    """The schools with answers, one step along the key for each: no answer is read to find them."""
    own = Response.wave_id == wave_id
    steps = select(func.min(Response.school_id).label("school")).where(own).cte("steps", recursive=True)
    following = select(func.min(Response.school_id)).where(own, Response.school_id > steps.c.school)
    steps = steps.union_all(select(following.scalar_subquery()).where(steps.c.school.is_not(None)))
    return list(session.scalars(select(steps.c.school).where(steps.c.school.is_not(None))))


def joined(session: Session, text: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[str]:
    """All texts of a group one after the other."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    return func.string_agg(text, "") if is_postgresql else func.group_concat(text, "")


def keep(session: Session, wave_id: int, structure_hash: str, counted: Tally) -> None:
    sums = counted.sums[:, _stored(counted.scoring)].astype("<f8")
    rows = [
        {
            "wave_id": wave_id, "school_id": cell.school, "audience": counted.scoring.audience,
            "fingerprint": counted.scoring.fingerprint, "grade": cell.grade, "structure_hash": structure_hash,
            "sums": sums[row].tobytes(),
        }
        for row, cell in enumerate(counted.cells)
    ]  # fmt: skip
    if rows:
        session.execute(insert(StoredTally), rows)


def _stored(scoring: Scoring) -> NDArray[np.bool_]:
    """Which sums can be other than 0: most scales are far shorter than the longest one possible."""
    probe = empty(scoring, (Cell(0),))
    probe.sums[:] = 1
    for number, item in enumerate(scoring.items):
        probe.counts[0, number, len(item.codes) : CLASSES - 3] = 0
    return np.asarray(probe.sums[0] > 0)


def kept(session: Session, wave_id: int, structure_hash: str, scoring: Scoring) -> Tally:
    """The stored tally; empty if nobody answered."""
    rows = session.execute(
        select(StoredTally.school_id, StoredTally.grade, StoredTally.sums)
        .where(
            StoredTally.wave_id == wave_id, StoredTally.audience == scoring.audience,
            StoredTally.structure_hash == structure_hash, StoredTally.fingerprint == scoring.fingerprint,
        )
        .order_by(StoredTally.school_id, StoredTally.grade)
    ).all()  # fmt: skip
    found = empty(scoring, tuple(Cell(school, grade) for school, grade, _ in rows))
    if rows:
        sums = np.frombuffer(b"".join(row.sums for row in rows), dtype="<f8")
        found.sums[:, _stored(scoring)] = sums.reshape(len(rows), -1)
    return found


def is_kept(session: Session, wave_id: int, scoring: Scoring) -> bool:
    query = select(StoredTally.school_id).where(
        StoredTally.wave_id == wave_id, StoredTally.fingerprint == scoring.fingerprint
    )
    return session.scalar(query.limit(1)) is not None
