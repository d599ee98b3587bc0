"""The second pass at the seal: careless-response signals as counts per school × audience, never per response.

The first reading of the answers gives how items go together, the second the signals. One text per school is held at
a time, so memory depends on the largest school. Nothing that is kept leads to a response.
"""

from collections.abc import Iterator
from dataclasses import fields

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from survey_app.collection.models import Response
from survey_app.definition.audiences import AUDIENCES
from survey_app.measurement.scoring import Scoring
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.signals import (
    SchoolResponses,
    Signals,
    count_signals,
    decode_responses,
    estimate_item_covariance,
)
from survey_app.measurement.tally import symbol_matrix

from .models import StoredSignals
from .tally_store import concat_texts, schools_with_answers, to_bytes

SIGNAL_COLUMNS = tuple(field.name for field in fields(Signals))


def save_signals(session: Session, wave_id: int, structure_hash: str, scoring: Scoring) -> None:
    """Counts and keeps the signals of one audience; inspectors sign theirs and have none. Once, within the seal."""
    if not AUDIENCES[scoring.audience].is_sample:
        return
    key = {"wave_id": wave_id, "audience": scoring.audience, "structure_hash": structure_hash}
    min_n = MeasurementSettings().audience_min_n(
        scoring.audience
    )  # the answers of a school that is not shown must not colour the others
    all_forms = _read_forms(session, wave_id, structure_hash, scoring)
    pattern = estimate_item_covariance(forms for forms in all_forms if len(forms.codes) >= min_n)
    school_signals = count_signals(scoring, _read_forms(session, wave_id, structure_hash, scoring), pattern)
    rows = [
        key | {"school_id": school} | {name: getattr(signals, name) for name in SIGNAL_COLUMNS}
        for school, signals in school_signals
    ]
    if rows:
        session.execute(insert(StoredSignals), rows)


def _read_forms(session: Session, wave_id: int, structure_hash: str, scoring: Scoring) -> Iterator[SchoolResponses]:
    """School by school; the last sign of a string is the pace."""
    query = select(concat_texts(session, Response.answers + Response.response_speed)).where(
        Response.wave_id == wave_id, Response.school_id == bindparam("school"),
        Response.audience == scoring.audience, Response.structure_hash == structure_hash,
    )  # fmt: skip
    width = scoring.answer_length + 1
    for school in schools_with_answers(session, wave_id):
        text = session.scalar(query, {"school": school})
        if text:
            yield decode_responses(scoring, school, symbol_matrix(to_bytes(text), width, width))


def load_signals(session: Session, wave_id: int) -> dict[tuple[int, str], Signals]:
    """The stored signals by school and audience."""
    table = StoredSignals.__table__
    columns = (table.c[name] for name in ("school_id", "audience", *SIGNAL_COLUMNS))
    rows = session.execute(select(*columns).where(table.c.wave_id == wave_id))
    return {(school, audience): Signals(*counts) for school, audience, *counts in rows}
