"""One ballot into the tables, exactly once: the INSERT that can conflict comes first, nothing is looked up before."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import insert, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey_app.foundation.db import Database

from .models import Comment, Response, Spent


@dataclass(frozen=True, slots=True)
class Ballot:
    """A valid answer on its way to the tables."""

    wave_id: int
    school_id: int
    link_id: int
    audience: str
    structure_hash: str
    submission_hash: bytes
    grade: str
    answers: str
    pace: str
    day: date
    comments: Mapping[str, str] = field(default_factory=dict)
    code_hash: bytes | None = None


def take_in(database: Database, ballot: Ballot) -> bool:
    """Whether the ballot is new; a repeated one changes nothing. Raises :class:`DatabaseUnavailable`."""
    with database.committed() as session:
        return store(session, ballot)


def store(session: Session, ballot: Ballot) -> bool:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    roll_call = (
        dialect.insert(Spent)
        .values(
            wave_id=ballot.wave_id, school_id=ballot.school_id, submission_hash=ballot.submission_hash,
            link_id=ballot.link_id, day=ballot.day, code_hash=ballot.code_hash,
        )
        .on_conflict_do_nothing()
        .returning(literal_column("1"))
    )  # fmt: skip
    if session.execute(roll_call).first() is None:
        return False
    place = {"wave_id": ballot.wave_id, "school_id": ballot.school_id, "audience": ballot.audience}
    session.execute(
        insert(Response).values(
            **place, id=secrets.token_bytes(16), structure_hash=ballot.structure_hash, grade=ballot.grade,
            answers=ballot.answers, pace=ballot.pace,
        )
    )  # fmt: skip
    for question, text in ballot.comments.items():
        session.execute(insert(Comment).values(**place, id=secrets.token_bytes(16), question=question, text=text))
    return True


def is_stored(session: Session, wave_id: int, school_id: int, submission_hash: bytes) -> bool:
    """Whether this submission was acknowledged before; asked only where no new ballot can be taken any more."""
    query = select(Spent.link_id).where(
        Spent.wave_id == wave_id, Spent.school_id == school_id, Spent.submission_hash == submission_hash
    )
    return session.scalar(query) is not None
