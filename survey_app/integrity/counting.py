"""From stored answers to stored tallies. One text per school and grade is read, never rows as objects."""

from collections.abc import Iterator

import numpy as np
from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.orm import Session

from survey_app.collection.models import Response
from survey_app.measurement.scoring import Scoring
from survey_app.measurement.tally import Cell, Tally, empty, tally

from .models import StoredTally


def count(session: Session, wave_id: int, structure_hash: str, scoring: Scoring) -> Tally:
    """The tally of all responses of one audience and instrument."""
    return tally(scoring, _answers(session, wave_id, structure_hash, scoring.audience))


def _answers(session: Session, wave_id: int, structure_hash: str, audience: str) -> Iterator[tuple[Cell, bytes]]:
    """School by school, so that memory depends on the largest school and not on the wave."""
    mine = (Response.wave_id == wave_id, Response.structure_hash == structure_hash, Response.audience == audience)
    for school in session.scalars(
        select(Response.school_id).where(*mine).distinct().order_by(Response.school_id)
    ).all():
        joined = (
            select(Response.grade, _concatenated(session))
            .where(*mine, Response.school_id == school)
            .group_by(Response.grade)
        )
        for grade, text in session.execute(joined):
            yield Cell(school, grade), text.encode("ascii")


def _concatenated(session: Session) -> ColumnElement[str]:
    if session.get_bind().dialect.name == "postgresql":
        return func.string_agg(Response.answers, "")
    return func.group_concat(Response.answers, "")


def keep(session: Session, wave_id: int, structure_hash: str, counted: Tally) -> None:
    rows = [
        {
            "wave_id": wave_id, "school_id": cell.school, "audience": counted.scoring.audience,
            "fingerprint": counted.scoring.fingerprint, "grade": cell.grade, "structure_hash": structure_hash,
            "sums": _packed(counted, row),
        }
        for row, cell in enumerate(counted.cells)
    ]  # fmt: skip
    if rows:
        session.execute(insert(StoredTally), rows)


def _packed(counted: Tally, row: int) -> bytes:
    parts = (counted.head[row], counted.counts[row].ravel(), counted.moments[row].ravel())
    return np.concatenate(parts).astype("<f8").tobytes()


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
        sums = np.frombuffer(b"".join(row.sums for row in rows), dtype="<f8").reshape(len(rows), -1)
        split = found.head.shape[1] + found.counts[0].size
        found.head[:] = sums[:, : found.head.shape[1]]
        found.counts[:] = sums[:, found.head.shape[1] : split].reshape(found.counts.shape)
        found.moments[:] = sums[:, split:].reshape(found.moments.shape)
    return found


def is_kept(session: Session, wave_id: int, scoring: Scoring) -> bool:
    query = select(StoredTally.school_id).where(
        StoredTally.wave_id == wave_id, StoredTally.fingerprint == scoring.fingerprint
    )
    return session.scalar(query.limit(1)) is not None
