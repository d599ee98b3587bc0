"""Answers to the private questions of a sealed wave, by question, for the office and the auditor."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.definition.categories import Categories
from survey_app.definition.model import BackgroundQuestion
from survey_app.frame.models import Wave
from survey_app.frame.queries import frozen_instruments
from survey_app.integrity.private_answers_store import ANSWERED, load_private_answers

from .disclosure.private_answers import PrivateAnswers, PrivateCell, PrivateQuestion, disclose_private


@dataclass(slots=True)
class _Cell:
    """What was counted of one school × audience."""

    answered: int
    counts: dict[str, int]


def load_disclosed_private_answers(session: Session, wave: Wave, categories: Categories) -> tuple[PrivateAnswers, ...]:
    """Return the private questions with their answers; questions of several instruments that are alike together."""
    questions: dict[PrivateQuestion, BackgroundQuestion] = {}
    key_of: dict[tuple[str, str], PrivateQuestion] = {}
    for frozen in frozen_instruments(session, wave.id, categories):
        for question in frozen.instrument.background:
            if question.private and question.options:
                key = (question.id, tuple(option.code for option in question.options))
                questions.setdefault(key, question)
                key_of[frozen.structure_hash, question.id] = key
    cells = _cells(session, wave, key_of)
    return tuple(
        PrivateAnswers(question, tuple(
            disclose_private(school, audience, cell.answered, cell.counts, key[1])
            for (of, school, audience), cell in cells.items() if of == key
        ))
        for key, question in questions.items()
    )  # fmt: skip


def _cells(
    session: Session, wave: Wave, key_of: dict[tuple[str, str], PrivateQuestion]
) -> dict[tuple[PrivateQuestion, int, str], _Cell]:
    cells: dict[tuple[PrivateQuestion, int, str], _Cell] = {}
    for row in load_private_answers(session, wave.id):
        key = (key_of[row.structure_hash, row.question], row.school_id, row.audience)
        cell = cells.setdefault(key, _Cell(0, {}))
        if row.code == ANSWERED:
            cell.answered += row.responses
        else:
            cell.counts[row.code] = cell.counts.get(row.code, 0) + row.responses
    return cells


__all__ = ["PrivateAnswers", "PrivateCell", "load_disclosed_private_answers"]
