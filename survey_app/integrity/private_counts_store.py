"""Answers to private questions as counts per school × audience, made at the seal from its first reading.

What a school never sees ("did anybody tell you how to answer") is of use to the office only as a number of answers.
Of fewer answers than are shown nothing is kept, no grade, no half and no other answer stands beside a count.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey_app.definition.answer_string import POSITIONS, AnswerColumn
from survey_app.definition.answers import answer_columns
from survey_app.definition.kinds import answered_questions
from survey_app.frame.queries import FrozenInstrument
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.statistics.arrays import IntArray
from survey_app.measurement.tally_builder import symbol_matrix

from .answer_reader import ScoredInstrument
from .models import StoredPrivateCount

PrivateCounts = Mapping[str, Mapping[str, int]]  # question to option code to how many chose it
_SYMBOL_COUNT = 256


class PrivateAnswers:
    """How often each option of the private questions was chosen, counted while tallies are."""

    def __init__(self, requests: Sequence[ScoredInstrument], instruments: Sequence[FrozenInstrument]) -> None:
        self.requests = requests
        places = {frozen.structure_hash: _private_places(frozen) for frozen in instruments}
        self._places = [places[structure] for structure, _scoring in requests]
        self._counts: dict[tuple[int, int, int], IntArray] = {}  # request, school, place in the answer string

    def observe(self, request: int, school: int, text: bytes) -> None:
        """What :func:`~.tally_store.count_by_half` calls for each text that it reads."""
        width = self.requests[request][1].answer_length
        for place in self._places[request]:
            found = np.bincount(symbol_matrix(text, width, width)[:, place], minlength=_SYMBOL_COUNT)
            key = (request, school, place)
            self._counts[key] = self._counts[key] + found if key in self._counts else found

    def save(self, session: Session, wave_id: int) -> None:
        """Keep the counts of questions that enough persons of a school × audience answered."""
        rows = []
        for (request, school, place), counts in self._counts.items():
            structure, scoring = self.requests[request]
            column = self._places[request][place]
            by_code = {code: int(counts[ord(POSITIONS[at])]) for at, code in enumerate(column.codes)}
            if sum(by_code.values()) < MeasurementSettings().audience_min_n(scoring.audience):
                continue
            key = {"wave_id": wave_id, "school_id": school, "audience": scoring.audience, "structure_hash": structure}
            rows += [key | {"question": column.question, "option": code, "persons": n} for code, n in by_code.items()]
        if rows:
            session.execute(insert(StoredPrivateCount), rows)


def _private_places(frozen: FrozenInstrument) -> dict[int, AnswerColumn]:
    """Where the private questions with one answer stand in the answer string."""
    private = {question.id for question in answered_questions(frozen.instrument) if question.private}
    columns = enumerate(answer_columns(frozen.instrument))
    return {place: column for place, column in columns if column.question in private and not column.option}


def load_private_counts(session: Session, wave_id: int) -> dict[tuple[int, str], PrivateCounts]:
    """The stored counts by school and audience."""
    result: dict[tuple[int, str], dict[str, dict[str, int]]] = {}
    for row in session.scalars(select(StoredPrivateCount).where(StoredPrivateCount.wave_id == wave_id)):
        by_question = result.setdefault((row.school_id, row.audience), {})
        by_question.setdefault(row.question, {})[row.option] = row.persons
    return dict(result)
