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

from survey_app.foundation.db import Database, DatabaseUnavailable, Plain

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
        except DatabaseUnavailable as failure:
            for waiting in together:
                waiting.failure = failure
        except Exception:  # one of them is refused by the tables: each alone, so that it hurts no other
            for waiting in together:
                self._store_alone(waiting)
        finally:
            for waiting in together:
                waiting.done.set()

    def _store_alone(self, waiting: _Waiting) -> None:
        try:
            waiting.outcome = self._stored([waiting.ballot])[0]
        except Exception as failure:
            waiting.failure = failure

    def _stored(self, ballots: Sequence[Ballot]) -> list[Outcome]:
        """All in one transaction; if the connection breaks, all of it again: the submission ids make that safe."""

        def once() -> list[Outcome]:
            with self.database.plain(writes=True) as plain:
                return store_all(plain, ballots)

        return self.database.tried_again(once)

    def was_received(self, wave_id: int, school_id: int, submission_hash: bytes) -> bool:
        """Whether this submission was acknowledged before; like a repeat, the answer waits for the standby."""

        def once() -> bool:
            with self.database.plain(writes=True) as plain:
                found = was_received(plain, wave_id, school_id, submission_hash)
                if found:
                    _wait_for_standby(plain)
                return found

        return self.database.tried_again(once)


def store_all(plain: Plain, ballots: Sequence[Ballot]) -> list[Outcome]:
    """What became of each ballot, in order."""
    open_waves = {wave_id for wave_id in {ballot.wave_id for ballot in ballots} if _is_open(plain, wave_id)}
    outcomes = [_stored_if_in_time(plain, ballot, ballot.wave_id in open_waves) for ballot in ballots]
    if Outcome.REPEATED in outcomes:
        _wait_for_standby(plain)
    return outcomes


def _wait_for_standby(plain: Plain) -> None:
    """A repeat writes nothing, so without this its commit would not wait for a standby that may lack the first one."""
    if not plain.is_sqlite:
        plain.run("SELECT pg_logical_emit_message(true, 'repeat', '')")


def _is_open(plain: Plain, wave_id: int) -> bool:
    """Whether the wave is not sealed; the lock keeps a seal from beginning before this commit."""
    return plain.run(NOT_SEALED if plain.is_sqlite else NOT_SEALED + " FOR SHARE", wave_id).fetchone() is not None


def _stored_if_in_time(plain: Plain, ballot: Ballot, is_open: bool) -> Outcome:
    if not is_open:
        repeated = was_received(plain, ballot.wave_id, ballot.school_id, ballot.submission_hash)
        return Outcome.REPEATED if repeated else Outcome.TOO_LATE
    return _store_capped(plain, ballot) if ballot.capped else store(plain, ballot)


def _store_capped(plain: Plain, ballot: Ballot) -> Outcome:
    """In a savepoint: the ballot that finds the class full leaves no trace, and hurts no other."""
    plain.run("SAVEPOINT capped")
    outcome = store(plain, ballot)
    if outcome is Outcome.STORED:
        one_more = "UPDATE class_code SET used = used + 1 WHERE link_id = ? AND used < cap"
        if plain.run(one_more, ballot.link_id).rowcount == 0:
            plain.run("ROLLBACK TO SAVEPOINT capped")
            outcome = Outcome.FULL
    plain.run("RELEASE SAVEPOINT capped")
    return outcome


NOT_SEALED = "SELECT id FROM wave WHERE id = ? AND sealed_at IS NULL"
CALLED = (
    "INSERT INTO spent (wave_id, school_id, submission_hash, link_id, day, code_hash) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT DO NOTHING"
)
ANSWERED = (
    "INSERT INTO response (wave_id, school_id, id, audience, structure_hash, grade, answers, pace) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
COMMENTED = "INSERT INTO comment (wave_id, school_id, id, audience, question, text) VALUES (?, ?, ?, ?, ?, ?)"
RECEIVED = "SELECT 1 FROM spent WHERE wave_id = ? AND school_id = ? AND submission_hash = ?"


def store(plain: Plain, ballot: Ballot) -> Outcome:
    """The roll call first; only a ballot that is new there is written down."""
    place = (ballot.wave_id, ballot.school_id)
    called = plain.run(CALLED, *place, ballot.submission_hash, ballot.link_id, ballot.day.isoformat(), ballot.code_hash)
    if called.rowcount == 0:
        return Outcome.REPEATED if was_received(plain, *place, ballot.submission_hash) else Outcome.CODE_USED
    plain.run(
        ANSWERED, *place, secrets.token_bytes(16), ballot.audience, ballot.structure_hash, ballot.grade,
        ballot.answers, ballot.pace,
    )  # fmt: skip
    for question, words in ballot.comments.items():
        plain.run(COMMENTED, *place, secrets.token_bytes(16), ballot.audience, question, words)
    return Outcome.STORED


def was_received(plain: Plain, wave_id: int, school_id: int, submission_hash: bytes) -> bool:
    """Whether this submission was acknowledged before."""
    return plain.run(RECEIVED, wave_id, school_id, submission_hash).fetchone() is not None
