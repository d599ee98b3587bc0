"""The second pass at the seal: careless-response signals as counts per school × audience, never per response.

The first reading of the answers gives how items go together, the second the signals. One text per school is held at
a time, so memory depends on the largest school. Nothing that is kept leads to a response.
"""

from collections.abc import Iterator
from dataclasses import fields

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from survey_app.collection.models import Response
from survey_app.measurement.scoring import Scoring
from survey_app.measurement.settings import Method
from survey_app.measurement.signals import Forms, Signals, forms_of, pattern_of, signals_of
from survey_app.measurement.tally import answer_matrix

from .models import StoredSignals
from .tally_store import joined, schools_with_answers, signs_of

COUNTS = tuple(field.name for field in fields(Signals))


def keep_signals(session: Session, wave_id: int, structure_hash: str, scoring: Scoring) -> None:
    """Counts and keeps the signals of one audience; inspectors sign theirs and have none. Once, within the seal."""
    if scoring.audience == "inspector":
        return
    own = {"wave_id": wave_id, "audience": scoring.audience, "structure_hash": structure_hash}
    least = Method().least_n(scoring.audience)  # the answers of a school that is not shown must not colour the others
    every = _forms(session, wave_id, structure_hash, scoring)
    pattern = pattern_of(forms for forms in every if len(forms.codes) >= least)
    found = signals_of(scoring, _forms(session, wave_id, structure_hash, scoring), pattern)
    rows = [own | {"school_id": school} | {name: getattr(each, name) for name in COUNTS} for school, each in found]
    if rows:
        session.execute(insert(StoredSignals), rows)


def _forms(session: Session, wave_id: int, structure_hash: str, scoring: Scoring) -> Iterator[Forms]:
    """School by school; the last sign of a string is the pace."""
    query = select(joined(session, Response.answers + Response.pace)).where(
        Response.wave_id == wave_id, Response.school_id == bindparam("school"),
        Response.audience == scoring.audience, Response.structure_hash == structure_hash,
    )  # fmt: skip
    width = scoring.width + 1
    for school in schools_with_answers(session, wave_id):
        text = session.scalar(query, {"school": school})
        if text:
            yield forms_of(scoring, school, answer_matrix(signs_of(text), width, width))


def kept_signals(session: Session, wave_id: int) -> dict[tuple[int, str], Signals]:
    """The stored signals by school and audience."""
    table = StoredSignals.__table__
    wanted = (table.c[name] for name in ("school_id", "audience", *COUNTS))
    rows = session.execute(select(*wanted).where(table.c.wave_id == wave_id))
    return {(school, audience): Signals(*counts) for school, audience, *counts in rows}
