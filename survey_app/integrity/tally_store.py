"""Stored tallies: made once, at the seal or in a job for a scheme with other settings, and kept with their sources."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey_app.definition.categories import Categories
from survey_app.frame.models import Wave
from survey_app.frame.queries import FrozenInstrument, frozen_instruments
from survey_app.measurement.scoring import ANSWER_CLASS_COUNT, Scoring, build_scoring
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.tally import Tally, TallyCell, empty_tally
from survey_app.measurement.tally_builder import TallyBuilder

from .answer_reader import ScoredInstrument, read_answers
from .models import StoredTally, StoredTallySet

ObserveAnswers = Callable[[int, int, bytes], None]  # number of the request, school, answer strings
ReportPercent = Callable[[int], None]
ROWS_AT_A_TIME = 200


def wave_scorings(
    session: Session,
    wave: Wave,
    categories: Categories,
    settings: MeasurementSettings,
    dimension_weights: dict[str, float],
) -> list[ScoredInstrument]:
    """For each instrument and audience of a wave: the structure hash and how it is scored."""
    return build_scorings(frozen_instruments(session, wave.id, categories), settings, dimension_weights)


def build_scorings(
    instruments: Sequence[FrozenInstrument], settings: MeasurementSettings, dimension_weights: dict[str, float]
) -> list[ScoredInstrument]:
    """As :func:`wave_scorings`, of instruments that were read before."""
    return [
        (frozen.structure_hash,
         build_scoring(frozen.instrument, audience, settings.valid_share, settings.map, dimension_weights,
                       settings.conditional_items))
        for frozen in instruments
        for audience in frozen.instrument.audiences
    ]  # fmt: skip


def count_tallies(
    session: Session,
    wave_id: int,
    requests: Sequence[ScoredInstrument],
    observe: ObserveAnswers | None = None,
    report_percent: ReportPercent | None = None,
) -> list[Tally]:
    """The tally of each request, from one reading of the responses; ``observe`` sees what is read."""
    counters = [TallyBuilder(scoring) for _hash, scoring in requests]
    with closing(read_answers(session, wave_id, requests)) as schools:
        for percent, school, texts in schools:
            for number, grade, text, _half in texts:
                counters[number].add(TallyCell(school, grade), text)
                if observe is not None:
                    observe(number, school, text)
            if report_percent is not None:
                report_percent(percent)
    return [counter.build() for counter in counters]


def count_by_half(
    session: Session, wave_id: int, requests: Sequence[ScoredInstrument], observe: ObserveAnswers
) -> list[dict[str, Tally]]:
    """As :func:`count_tallies`, apart by half of the classes ("" where there is none): only before the seal."""
    counters: list[dict[str, TallyBuilder]] = [{} for _ in requests]
    with closing(read_answers(session, wave_id, requests, with_halves=True)) as schools:
        for _percent, school, texts in schools:
            for number, grade, text, half in texts:
                by_half = counters[number]
                if half not in by_half:
                    by_half[half] = TallyBuilder(requests[number][1])
                by_half[half].add(TallyCell(school, grade), text)
                observe(number, school, text)
    return [{half: counter.build() for half, counter in by_half.items()} for by_half in counters]


def save_tally(session: Session, wave: Wave, structure_hash: str, tally: Tally, now: datetime) -> None:
    """Keeps a tally with what it was made from; an audience without answers is kept as such, with no cell."""
    scoring = tally.scoring
    session.add(
        StoredTallySet(
            wave_id=wave.id, fingerprint=scoring.fingerprint, audience=scoring.audience,
            structure_hash=structure_hash, responses=int(tally.response_counts[:, 0].sum()),
            sealed_at=wave.sealed_at, counted_at=now,
        )
    )  # fmt: skip
    session.flush()
    sums = tally.sums[:, _stored_columns(scoring)].astype("<f8")
    rows = [
        {
            "wave_id": wave.id, "school_id": cell.school, "audience": scoring.audience,
            "fingerprint": scoring.fingerprint, "grade": cell.grade, "structure_hash": structure_hash,
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
    for number, column in enumerate(scoring.follow_ups):
        probe.follow_up_counts[0, number, len(column.codes) : ANSWER_CLASS_COUNT - 3] = 0
    return np.asarray(probe.sums[0] > 0)


def load_tally(session: Session, wave_id: int, structure_hash: str, scoring: Scoring) -> Tally:
    """The stored tally; empty if nobody answered. Rows are read one by one: they are as large as the tally itself."""
    stored = (
        StoredTally.wave_id == wave_id, StoredTally.audience == scoring.audience,
        StoredTally.structure_hash == structure_hash, StoredTally.fingerprint == scoring.fingerprint,
    )  # fmt: skip
    order = (StoredTally.school_id, StoredTally.grade)
    names = session.execute(select(*order).where(*stored).order_by(*order))
    tally = empty_tally(scoring, tuple(TallyCell(school, grade) for school, grade in names))
    columns = np.flatnonzero(_stored_columns(scoring))
    rows = session.execute(
        select(StoredTally.sums).where(*stored).order_by(*order).execution_options(yield_per=ROWS_AT_A_TIME)
    )
    for number, (sums,) in enumerate(rows):
        tally.sums[number, columns] = np.frombuffer(sums, dtype="<f8")
    return tally


def missing_tallies(
    session: Session, wave_id: int, scored_instruments: Sequence[ScoredInstrument]
) -> list[ScoredInstrument]:
    """Those that were never counted for this wave; that nobody answered is known without looking at answers."""
    query = select(StoredTallySet.fingerprint).where(StoredTallySet.wave_id == wave_id)
    counted = set(session.scalars(query))
    return [(structure, scoring) for structure, scoring in scored_instruments if scoring.fingerprint not in counted]


def tallies_digest(session: Session, wave_id: int) -> str:
    """Return one SHA-256 of all stored tallies of a wave: nobody can count again what is no longer there."""
    key = (StoredTally.school_id, StoredTally.audience, StoredTally.fingerprint, StoredTally.grade)
    query = select(*key, StoredTally.structure_hash, StoredTally.sums).where(StoredTally.wave_id == wave_id)
    digest = hashlib.sha256()
    for *cell, sums in session.execute(query.order_by(*key).execution_options(yield_per=ROWS_AT_A_TIME)):
        digest.update(repr(tuple(cell)).encode())
        digest.update(hashlib.sha256(sums).digest())
    return digest.hexdigest()
