"""From stored answers to stored tallies. One text per school and grade is read, never rows as objects."""

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, LargeBinary, bindparam, case, cast, func, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey_app.collection.models import Response
from survey_app.measurement.scoring import ANSWER_CLASS_COUNT, Scoring
from survey_app.measurement.tally import Tally, TallyBuilder, TallyCell, empty_tally

from .models import StoredTally

SchoolRows = TypeVar("SchoolRows")


def count_tallies(session: Session, wave_id: int, requests: Sequence[tuple[str, Scoring]]) -> list[Tally]:
    """The tally of each (structure hash, scoring), from one reading of the responses.

    School by school, so that memory depends on the largest school and not on the wave.
    """
    counters = [TallyBuilder(scoring) for _hash, scoring in requests]
    cases = [
        ((Response.audience == scoring.audience) & (Response.structure_hash == structure_hash), f"{number}/")
        for number, (structure_hash, scoring) in enumerate(requests)
    ]
    key = (case(*cases) + Response.grade).label("key")  # one short key: sorting by three columns takes longer
    filters = (Response.wave_id == wave_id, Response.school_id == bindparam("school"))
    statement = select(key, concat_texts(session, Response.answers)).where(*filters).group_by(key)
    schools = schools_with_answers(session, wave_id) if requests else []
    with closing(_prefetch(schools, lambda school: session.execute(statement, {"school": school}).all())) as prefetched:
        for school, groups in prefetched:
            for row_key, text in groups:
                if row_key is not None:
                    number, _slash, grade = row_key.partition("/")
                    counters[int(number)].add(TallyCell(school, grade), to_bytes(text))
    return [counter.build() for counter in counters]


def _prefetch(
    schools: Sequence[int], read: Callable[[int], SchoolRows]
) -> Generator[tuple[int, SchoolRows], None, None]:
    """Each school with what was read of it; the next one is read while this one is counted."""
    with ThreadPoolExecutor(1) as reader:
        pending = [reader.submit(read, school) for school in schools[:1]]
        for number, school in enumerate(schools):
            result = pending.pop().result()
            pending += [reader.submit(read, next_school) for next_school in schools[number + 1 : number + 2]]
            yield school, result


def schools_with_answers(session: Session, wave_id: int) -> list[int]:
    """The schools with answers, one step along the key for each: no answer is read to find them."""
    in_wave = Response.wave_id == wave_id
    steps = select(func.min(Response.school_id).label("school")).where(in_wave).cte("steps", recursive=True)
    next_school = select(func.min(Response.school_id)).where(in_wave, Response.school_id > steps.c.school)
    steps = steps.union_all(select(next_school.scalar_subquery()).where(steps.c.school.is_not(None)))
    return list(session.scalars(select(steps.c.school).where(steps.c.school.is_not(None))))


def concat_texts(session: Session, text: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[Any]:
    """All texts of a group one after the other, for :func:`to_bytes`: bytes from SQLite, text from PostgreSQL."""
    if session.get_bind().dialect.name == "postgresql":
        return func.string_agg(text, "")
    return cast(func.group_concat(text, ""), LargeBinary)


def to_bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("ascii")


def save_tally(session: Session, wave_id: int, structure_hash: str, tally: Tally) -> None:
    sums = tally.sums[:, _stored_columns(tally.scoring)].astype("<f8")
    rows = [
        {
            "wave_id": wave_id, "school_id": cell.school, "audience": tally.scoring.audience,
            "fingerprint": tally.scoring.fingerprint, "grade": cell.grade, "structure_hash": structure_hash,
            "sums": sums[row].tobytes(),
        }
        for row, cell in enumerate(tally.cells)
    ]  # fmt: skip
    if rows:
        session.execute(insert(StoredTally), rows)


def _stored_columns(scoring: Scoring) -> NDArray[np.bool_]:
    """Which sums can be other than 0: most scales are far shorter than the longest one possible."""
    probe = empty_tally(scoring, (TallyCell(0),))
    probe.sums[:] = 1
    for number, item in enumerate(scoring.items):
        probe.counts[0, number, len(item.codes) : ANSWER_CLASS_COUNT - 3] = 0
    return np.asarray(probe.sums[0] > 0)


def load_tally(session: Session, wave_id: int, structure_hash: str, scoring: Scoring) -> Tally:
    """The stored tally; empty if nobody answered."""
    rows = session.execute(
        select(StoredTally.school_id, StoredTally.grade, StoredTally.sums)
        .where(
            StoredTally.wave_id == wave_id, StoredTally.audience == scoring.audience,
            StoredTally.structure_hash == structure_hash, StoredTally.fingerprint == scoring.fingerprint,
        )
        .order_by(StoredTally.school_id, StoredTally.grade)
    ).all()  # fmt: skip
    tally = empty_tally(scoring, tuple(TallyCell(school, grade) for school, grade, _ in rows))
    if rows:
        sums = np.frombuffer(b"".join(row.sums for row in rows), dtype="<f8")
        tally.sums[:, _stored_columns(scoring)] = sums.reshape(len(rows), -1)
    return tally


def has_tally(session: Session, wave_id: int, scoring: Scoring) -> bool:
    query = select(StoredTally.school_id).where(
        StoredTally.wave_id == wave_id, StoredTally.fingerprint == scoring.fingerprint
    )
    return session.scalar(query.limit(1)) is not None
