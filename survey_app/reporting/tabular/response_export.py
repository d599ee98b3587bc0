"""Row exports: one row a response, in random order, without what could point to a person."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.collection.models import Response
from survey_app.definition.answers import AnswerColumn, answer_columns, decode_answers
from survey_app.definition.categories import Categories
from survey_app.foundation.errors import user_error
from survey_app.frame.models import Wave
from survey_app.frame.queries import FrozenInstrument, frozen_instruments, frozen_schools
from survey_app.measurement.settings import MeasurementSettings

from ..disclosure.responses import ResponseCell, disclose_responses

BATCH_SIZE = 10_000


class ResponseExport:
    """The responses of a sealed wave as rows of text; ids are random, so their order is a shuffle."""

    def __init__(self, session: Session, wave: Wave, categories: Categories, settings: MeasurementSettings) -> None:
        if wave.sealed_at is None:
            raise user_error("批次“{name}”还没有封存，封存前不能导出答卷", name=wave.name)
        self.session = session
        self.wave = wave
        self.instruments = frozen_instruments(session, wave.id, categories)
        self.school_codes = {school.school_id: school.code for school in frozen_schools(session, wave.id)}
        self.layouts = {instrument.structure_hash: _public_columns(instrument) for instrument in self.instruments}
        self.disclosure = disclose_responses(self._count_grades(), settings)

    def columns(self) -> list[str]:
        """As ``responses import`` reads them: school, audience, background, items."""
        names: dict[str, None] = dict.fromkeys(("school_code", "audience", "grade"))
        for frozen in self.instruments:
            closed = frozen.instrument.closed_background()
            names |= dict.fromkeys(question.id for question in closed if not question.private)
        for frozen in self.instruments:
            names |= dict.fromkeys(item.id for item in frozen.instrument.scored_items())
        return list(names)

    def rows(self) -> Iterator[list[str]]:
        names = self.columns()
        query = (
            select(Response.school_id, Response.audience, Response.structure_hash, Response.grade, Response.answers)
            .where(Response.wave_id == self.wave.id)
            .order_by(Response.school_id, Response.id)
            .execution_options(yield_per=BATCH_SIZE)
        )
        for school, audience, structure, grade, answers in self.session.execute(query):
            cell = (school, audience, structure)
            if not self.disclosure.may_be_read(cell):
                continue
            published_grade = self.disclosure.published_grade(cell, grade)
            row = {"school_code": self.school_codes[school], "audience": audience, "grade": published_grade}
            row |= self._decode(structure, answers)
            yield [row.get(name, "") for name in names]

    def _decode(self, structure: str, answers: str) -> dict[str, str]:
        layout, public_names = self.layouts[structure]
        answers_by_column = decode_answers(answers, layout)
        return {name: answers_by_column[name] for name in public_names}

    def _count_grades(self) -> dict[ResponseCell, Counter[str]]:
        cells: dict[ResponseCell, Counter[str]] = {}
        query = select(Response.school_id, Response.audience, Response.structure_hash, Response.grade)
        for school, audience, structure, grade in self.session.execute(query.where(Response.wave_id == self.wave.id)):
            cells.setdefault((school, audience, structure), Counter())[grade] += 1
        return cells


def _public_columns(instrument: FrozenInstrument) -> tuple[tuple[AnswerColumn, ...], tuple[str, ...]]:
    """The shape of the answer strings, and the questions that leave the house (private ones do not)."""
    layout = answer_columns(instrument.instrument)
    private = {question.id for question in instrument.instrument.background if question.private}
    return layout, tuple(dict.fromkeys(column.question for column in layout if column.question not in private))
