"""The second reading at the seal: careless-response signals as counts per school × audience, never per response.

How items go together is known from the first reading, that of the tallies (:class:`ItemPatterns` listens to it). One
text per school is held at a time, so memory depends on the largest school. Nothing that is kept leads to a response.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import fields
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey_app.definition.audiences import AUDIENCES
from survey_app.measurement.form_groups import FormSumsBuilder
from survey_app.measurement.scoring import Scoring
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.signals import (
    ItemCovariance,
    ItemPatternBuilder,
    SchoolResponses,
    Signals,
    count_signals,
    decode_responses,
)
from survey_app.measurement.tally_builder import CHUNK_ROWS, symbol_matrix

from .answer_reader import AnswerText, ScoredInstrument, read_answers
from .form_sums_store import save_form_sums
from .models import StoredSignals

SIGNAL_COLUMNS = tuple(field.name for field in fields(Signals))


class ItemPatterns:
    """How answers go together, one pattern a request, built while tallies are counted."""

    def __init__(self, requests: Sequence[ScoredInstrument]) -> None:
        self.requests = requests
        limits = (MeasurementSettings().audience_min_n(scoring.audience) for _structure, scoring in requests)
        self._builders = [ItemPatternBuilder(min_n) for min_n in limits]

    def observe(self, request: int, school: int, text: bytes) -> None:
        """What :func:`~.tally_store.count_tallies` calls for each text that it reads."""
        scoring = self.requests[request][1]
        if not AUDIENCES[scoring.audience].is_sample:
            return
        symbols = symbol_matrix(text, scoring.answer_length, len(scoring.items))
        for start in range(0, len(symbols), CHUNK_ROWS):
            self._builders[request].add_symbols(scoring, school, symbols[start : start + CHUNK_ROWS])

    def build(self) -> list[ItemCovariance | None]:
        return [builder.build() for builder in self._builders]


def save_signals(session: Session, wave_id: int, patterns: ItemPatterns) -> None:
    """Counts and keeps the signals of all audiences, and the sums over forms. Once, within the seal."""
    form_sums = [FormSumsBuilder(scoring) for _structure, scoring in patterns.requests]
    store_signals(session, signal_rows(session, wave_id, patterns, form_sums))
    for (structure_hash, _scoring), builder in zip(patterns.requests, form_sums, strict=True):
        save_form_sums(session, wave_id, structure_hash, builder)


def store_signals(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(StoredSignals), rows)


def has_signals(session: Session, wave_id: int) -> bool:
    """Whether the signals of a sealed wave are there; they go when responses are excluded."""
    return bool(session.scalar(select(select(StoredSignals).where(StoredSignals.wave_id == wave_id).exists())))


def signal_rows(
    session: Session, wave_id: int, patterns: ItemPatterns, form_sums: Sequence[FormSumsBuilder] | None = None
) -> list[dict[str, Any]]:
    """Count the signals of all audiences, one row a school; inspectors sign theirs and have none.

    ``form_sums``: one a request, to be told of the same forms.
    """
    requests = patterns.requests
    builders: Sequence[FormSumsBuilder | None] = form_sums or [None] * len(requests)
    batches = [
        _SignalBatch(scoring, structure, pattern, builder)
        for (structure, scoring), pattern, builder in zip(requests, patterns.build(), builders, strict=True)
    ]
    with closing(read_answers(session, wave_id, requests, with_speed=True)) as schools:
        for _percent, school, texts in schools:
            for request, batch in enumerate(batches):
                school_texts = [text for text in texts if text.request == request]
                if school_texts and AUDIENCES[batch.scoring.audience].is_sample:
                    batch.add(school, school_texts)
    return [{"wave_id": wave_id} | row for batch in batches for row in batch.finish()]


class _SignalBatch:
    """The schools of one audience that are counted together: small ones are many."""

    def __init__(
        self, scoring: Scoring, structure_hash: str, pattern: ItemCovariance | None, form_sums: FormSumsBuilder | None
    ) -> None:
        self.scoring, self.structure_hash, self.pattern, self.form_sums = scoring, structure_hash, pattern, form_sums
        self._schools: list[SchoolResponses] = []
        self._rows: list[dict[str, Any]] = []

    def add(self, school: int, texts: Sequence[AnswerText]) -> None:
        """Adds a whole school; the last symbol of each string is the response speed."""
        width = self.scoring.answer_length + 1
        symbols = symbol_matrix(b"".join(text.text for text in texts), width, width)
        grades = [] if self.form_sums is None else [(text.grade, len(text.text) // width) for text in texts]
        self._schools.append(decode_responses(self.scoring, school, symbols, grades))
        if sum(len(responses.codes) for responses in self._schools) >= CHUNK_ROWS:
            self._count()

    def finish(self) -> list[dict[str, Any]]:
        """Return the rows to be stored, one a school."""
        self._count()
        return self._rows

    def _count(self) -> None:
        key = {"audience": self.scoring.audience, "structure_hash": self.structure_hash}
        observe = None if self.form_sums is None else self.form_sums.add
        for school, signals in count_signals(self.scoring, self._schools, self.pattern, observe):
            counts = {name: getattr(signals, name) for name in SIGNAL_COLUMNS}
            self._rows.append(key | {"school_id": school} | counts)
        self._schools = []


def load_signals(session: Session, wave_id: int) -> dict[tuple[int, str], Signals]:
    """The stored signals by school and audience."""
    table = StoredSignals.__table__
    columns = (table.c[name] for name in ("school_id", "audience", *SIGNAL_COLUMNS))
    rows = session.execute(select(*columns).where(table.c.wave_id == wave_id))
    return {(school, audience): Signals(*counts) for school, audience, *counts in rows}
