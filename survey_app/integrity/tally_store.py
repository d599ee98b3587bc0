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
from survey_app.measurement.scoring import CLASSES, Scoring
from survey_app.measurement.tally import Cell, Counting, Tally, empty

from .models import StoredTally

Result = TypeVar("Result")


def count(session: Session, wave_id: int, wanted: Sequence[tuple[str, Scoring]]) -> list[Tally]:
    """The tally of each (structure hash, scoring), from one reading of the responses.

    School by school, so that memory depends on the largest school and not on the wave.
    """
    countings = [Counting(scoring) for _hash, scoring in wanted]
    kinds = [
        ((Response.audience == scoring.audience) & (Response.structure_hash == structure_hash), f"{number}/")
        for number, (structure_hash, scoring) in enumerate(wanted)
    ]
    key = (case(*kinds) + Response.grade).label("key")  # one short key: sorting by three columns takes longer
    own = (Response.wave_id == wave_id, Response.school_id == bindparam("school"))
    statement = select(key, joined(session, Response.answers)).where(*own).group_by(key)
    schools = schools_with_answers(session, wave_id) if wanted else []
    with closing(_read_ahead(schools, lambda school: session.execute(statement, {"school": school}).all())) as read:
        for school, groups in read:
            for found, text in groups:
                if found is not None:
                    number, _slash, grade = found.partition("/")
                    countings[int(number)].add(Cell(school, grade), signs_of(text))
    return [counting.done() for counting in countings]


def _read_ahead(schools: Sequence[int], read: Callable[[int], Result]) -> Generator[tuple[int, Result], None, None]:
    """Each school with what was read of it; the next one is read while this one is counted."""
    with ThreadPoolExecutor(1) as reader:
        coming = [reader.submit(read, school) for school in schools[:1]]
        for at, school in enumerate(schools):
            found = coming.pop().result()
            coming += [reader.submit(read, following) for following in schools[at + 1 : at + 2]]
            yield school, found


def schools_with_answers(session: Session, wave_id: int) -> list[int]:
    """The schools with answers, one step along the key for each: no answer is read to find them."""
    own = Response.wave_id == wave_id
    steps = select(func.min(Response.school_id).label("school")).where(own).cte("steps", recursive=True)
    following = select(func.min(Response.school_id)).where(own, Response.school_id > steps.c.school)
    steps = steps.union_all(select(following.scalar_subquery()).where(steps.c.school.is_not(None)))
    return list(session.scalars(select(steps.c.school).where(steps.c.school.is_not(None))))


def joined(session: Session, text: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[Any]:
    """All texts of a group one after the other, for :func:`signs_of`: bytes from SQLite, text from PostgreSQL."""
    if session.get_bind().dialect.name == "postgresql":
        return func.string_agg(text, "")
    return cast(func.group_concat(text, ""), LargeBinary)


def signs_of(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("ascii")


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
