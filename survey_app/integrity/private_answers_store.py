"""Answers to private questions, such as whether somebody was told how to answer: counted at the seal, by school.

They stand in the same answer strings as all others. Only how many gave which answer is kept, for the office and the
auditor; no grade and nothing else is counted beside it.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from survey_app.collection.models import Response
from survey_app.collection.queries import counted
from survey_app.definition.answer_string import BLANK, NOT_SHOWN, AnswerColumn
from survey_app.definition.answers import answer_columns
from survey_app.definition.categories import Categories
from survey_app.frame.models import Wave
from survey_app.frame.queries import FrozenInstrument, frozen_instruments

from .models import StoredPrivateAnswer

ANSWERED = ""  # in place of a code: everybody who answered the question


def count_private_answers(session: Session, wave: Wave, categories: Categories) -> list[dict[str, Any]]:
    """Return one row for each school, audience, private question and answer that was given."""
    return [
        row
        for frozen in frozen_instruments(session, wave.id, categories)
        for place, column, is_first in _private_columns(frozen)
        for row in _column_rows(session, wave.id, frozen, place, column, is_first)
    ]


def save_private_answers(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(StoredPrivateAnswer), rows)


def load_private_answers(session: Session, wave_id: int) -> list[StoredPrivateAnswer]:
    query = select(StoredPrivateAnswer).where(StoredPrivateAnswer.wave_id == wave_id)
    return list(session.scalars(query.order_by(StoredPrivateAnswer.school_id, StoredPrivateAnswer.audience)))


def _private_columns(frozen: FrozenInstrument) -> Iterator[tuple[int, AnswerColumn, bool]]:
    """Place in the answer string, column, and whether it is the first of its question: one with options."""
    private = {question.id for question in frozen.instrument.background if question.private and question.options}
    seen: set[str] = set()
    for place, column in enumerate(answer_columns(frozen.instrument), start=1):
        if column.question in private:
            yield place, column, column.question not in seen
            seen.add(column.question)


def _column_rows(
    session: Session, wave_id: int, frozen: FrozenInstrument, place: int, column: AnswerColumn, is_first: bool
) -> Iterator[dict[str, Any]]:
    symbol = func.substr(Response.answers, place, 1)
    named = symbol.label("symbol")  # grouped by its name: PostgreSQL takes the same expression twice for two
    groups = session.execute(
        select(Response.school_id, Response.audience, named, func.count().label("responses"))
        .where(
            Response.wave_id == wave_id, Response.structure_hash == frozen.structure_hash,
            symbol.not_in((BLANK, NOT_SHOWN)), *counted(session, wave_id),
        )
        .group_by(Response.school_id, Response.audience, named)
    ).all()  # fmt: skip
    answered: dict[tuple[int, str], int] = {}
    for group in groups:
        key = {"wave_id": wave_id, "school_id": group.school_id, "audience": group.audience,
               "structure_hash": frozen.structure_hash, "question": column.question}  # fmt: skip
        cell = (group.school_id, group.audience)
        answered[cell] = answered.get(cell, 0) + group.responses
        if code := column.code(group.symbol):
            yield key | {"code": code, "responses": group.responses}
    for (school, audience), responses in answered.items() if is_first else ():
        yield {"wave_id": wave_id, "school_id": school, "audience": audience, "structure_hash": frozen.structure_hash,
               "question": column.question, "code": ANSWERED, "responses": responses}  # fmt: skip
