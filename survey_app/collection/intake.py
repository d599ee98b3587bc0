"""Ballots into the tables, exactly once, many in one commit.

The INSERT that can conflict comes first; nothing is looked up before. Threads that arrive while a commit is under way
wait for the next one and share it; each is answered only after its commit.
"""

import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sqlalchemy import insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey_app.distribution.models import ClassCode
from survey_app.foundation.db import Database
from survey_app.frame.models import Wave

from .models import Comment, Response, Spent

MAX_TOGETHER = 128


class Outcome(StrEnum):
    """What became of a ballot."""

    STORED = "stored"
    REPEATED = "repeated"  # the same submission was stored before
    CODE_USED = "code_used"
    FULL = "full"  # the class has sent as many as it has people
    TOO_LATE = "too_late"  # the wave was sealed meanwhile


@dataclass(frozen=True, slots=True)
class Ballot:
    """A valid answer on its way to the tables. ``capped`` counts it against the link's class code."""

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
    capped: bool = False

    @property
    def place(self) -> dict[str, int]:
        return {"wave_id": self.wave_id, "school_id": self.school_id}


@dataclass(slots=True)
class _Waiting:
    ballot: Ballot
    done: threading.Event = field(default_factory=threading.Event)
    outcome: Outcome | None = None
    failure: Exception | None = None


class Intake:
    """Takes ballots of all threads of a process; between processes the database's write lock makes the queue."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._queue: list[_Waiting] = []
        self._queue_lock = threading.Lock()
        self._leading = threading.Lock()

    def take(self, ballot: Ballot) -> Outcome:
        """Returns after the commit. Raises :class:`DatabaseUnavailable`; then nothing was stored."""
        waiting = _Waiting(ballot)
        with self._queue_lock:
            self._queue.append(waiting)
        while not waiting.done.is_set():
            if self._leading.acquire(timeout=0.05):
                try:
                    if not waiting.done.is_set():
                        self._commit_waiting()
                finally:
                    self._leading.release()
        if waiting.failure is not None:
            raise waiting.failure
        assert waiting.outcome is not None
        return waiting.outcome

    def _commit_waiting(self) -> None:
        with self._queue_lock:
            together, self._queue = self._queue[:MAX_TOGETHER], self._queue[MAX_TOGETHER:]
        try:
            outcomes = self._stored([waiting.ballot for waiting in together])
            for waiting, outcome in zip(together, outcomes, strict=True):
                waiting.outcome = outcome
        except Exception as failure:
            for waiting in together:
                waiting.failure = failure
        finally:
            for waiting in together:
                waiting.done.set()

    def _stored(self, ballots: Sequence[Ballot]) -> list[Outcome]:
        """All in one transaction; if the connection breaks, all of it again: the submission ids make that safe."""

        def once() -> list[Outcome]:
            with self.database.committed() as session:
                return store_all(session, ballots)

        return self.database.tried_again(once)

    def was_received(self, wave_id: int, school_id: int, submission_hash: bytes) -> bool:
        """Whether this submission was acknowledged before; like a repeat, the answer waits for the standby."""

        def once() -> bool:
            with self.database.committed() as session:
                found = was_received(session, wave_id, school_id, submission_hash)
                if found:
                    _wait_for_standby(session)
                return found

        return self.database.tried_again(once)


def store_all(session: Session, ballots: Sequence[Ballot]) -> list[Outcome]:
    """Each ballot in a savepoint of its own, so that one that the tables refuse hurts no other."""
    open_waves = _open_waves(session, {ballot.wave_id for ballot in ballots})
    outcomes = []
    for ballot in ballots:
        if ballot.wave_id not in open_waves:
            outcomes.append(_if_new_came_too_late(session, ballot))
        elif ballot.capped:
            outcomes.append(_store_capped(session, ballot))
        else:
            outcomes.append(store(session, ballot))
    if Outcome.REPEATED in outcomes:
        _wait_for_standby(session)
    return outcomes


def _wait_for_standby(session: Session) -> None:
    """A repeat writes nothing, so without this its commit would not wait for a standby that may lack the first one."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_logical_emit_message(true, 'repeat', '')"))


def _open_waves(session: Session, wave_ids: set[int]) -> set[int]:
    """The waves that are not sealed; the lock keeps a seal from beginning before this commit."""
    query = select(Wave.id).where(Wave.id.in_(wave_ids), Wave.sealed_at.is_(None))
    return set(session.scalars(query.with_for_update(read=True)))


def _if_new_came_too_late(session: Session, ballot: Ballot) -> Outcome:
    return Outcome.REPEATED if is_stored(session, ballot) else Outcome.TOO_LATE


def _store_capped(session: Session, ballot: Ballot) -> Outcome:
    with session.begin_nested() as savepoint:
        outcome = store(session, ballot)
        if outcome is not Outcome.STORED:
            return outcome
        one_more = update(ClassCode).where(ClassCode.link_id == ballot.link_id, ClassCode.used < ClassCode.cap)
        counted = session.execute(one_more.values(used=ClassCode.used + 1).returning(ClassCode.used)).first()
        if counted is None:
            savepoint.rollback()
            return Outcome.FULL
    return Outcome.STORED


def store(session: Session, ballot: Ballot) -> Outcome:
    """The roll call first; only a ballot that is new there is written down."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    called = (
        dialect.insert(Spent)
        .values(
            **ballot.place, submission_hash=ballot.submission_hash, link_id=ballot.link_id, day=ballot.day,
            code_hash=ballot.code_hash,
        )
        .on_conflict_do_nothing()
        .returning(Spent.link_id)
    )  # fmt: skip
    if session.execute(called).first() is None:
        return Outcome.REPEATED if is_stored(session, ballot) else Outcome.CODE_USED
    session.execute(
        insert(Response).values(
            **ballot.place, id=secrets.token_bytes(16), audience=ballot.audience,
            structure_hash=ballot.structure_hash, grade=ballot.grade, answers=ballot.answers, pace=ballot.pace,
        )
    )  # fmt: skip
    for question, words in ballot.comments.items():
        session.execute(
            insert(Comment).values(
                **ballot.place, id=secrets.token_bytes(16), audience=ballot.audience, question=question, text=words
            )
        )
    return Outcome.STORED


def is_stored(session: Session, ballot: Ballot) -> bool:
    return was_received(session, ballot.wave_id, ballot.school_id, ballot.submission_hash)


def was_received(session: Session, wave_id: int, school_id: int, submission_hash: bytes) -> bool:
    """Whether this submission was acknowledged before."""
    query = select(Spent.link_id).where(
        Spent.wave_id == wave_id, Spent.school_id == school_id, Spent.submission_hash == submission_hash
    )
    return session.scalar(query) is not None
