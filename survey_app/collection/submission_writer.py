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


class _Waiting:
    """A ballot and the thread that brought it, which sleeps until it is told what became of it, or has to lead."""

    __slots__ = ("_asleep", "ballot", "failure", "outcome")

    def __init__(self, ballot: Ballot) -> None:
        self.ballot = ballot
        self.outcome: Outcome | None = None
        self.failure: Exception | None = None
        self._asleep = threading.Lock()
        self._asleep.acquire()

    def sleep(self) -> None:
        self._asleep.acquire()

    def wake(self) -> None:
        self._asleep.release()

    def result(self) -> Outcome | None:
        if self.failure is not None:
            raise self.failure
        return self.outcome


class Intake:
    """Takes ballots of all threads of a process; processes take turns (:mod:`~survey_app.foundation.write_lock`).

    One thread at a time leads: it commits all that wait, wakes them, and wakes the first of those who came meanwhile to
    lead next. Nobody polls.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._queue: list[_Waiting] = []
        self._lock = threading.Lock()
        self._led = False

    def take(self, ballot: Ballot) -> Outcome:
        """Returns after the commit. Raises :class:`DatabaseUnavailable`; then nothing was stored."""
        mine = _Waiting(ballot)
        with self._lock:
            self._queue.append(mine)
            leads, self._led = not self._led, True
        if not leads:
            mine.sleep()
        outcome = mine.result()
        if outcome is None:
            self._lead(mine)
            outcome = mine.result()
        assert outcome is not None
        return outcome

    def _lead(self, leader: _Waiting) -> None:
        with self._lock:
            together, self._queue = self._queue[:MAX_TOGETHER], self._queue[MAX_TOGETHER:]
        try:
            self._settle(together)
        finally:
            with self._lock:
                follower = self._queue[0] if self._queue else None
                self._led = follower is not None
            for waiting in together:
                if waiting is not leader:
                    waiting.wake()
            if follower is not None:
                follower.wake()

    def _settle(self, together: list[_Waiting]) -> None:
        """Every one of them has an outcome or a failure afterwards."""
        together.sort(key=lambda waiting: waiting.ballot.submission_hash)  # one order everywhere: no deadlocks
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
    """What became of each ballot, in order. Begins the transaction anew if one of them needs a closer look."""
    if _all_new(plain, ballots):
        return [Outcome.STORED] * len(ballots)
    plain.begin_anew()
    open_waves = {wave_id for wave_id in {ballot.wave_id for ballot in ballots} if _is_open(plain, wave_id, lock=True)}
    outcomes = [_stored_if_in_time(plain, ballot, ballot.wave_id in open_waves) for ballot in ballots]
    if Outcome.REPEATED in outcomes:
        _wait_for_standby(plain)
    return outcomes


def _all_new(plain: Plain, ballots: Sequence[Ballot]) -> bool:
    """Whether all are of the common kind and stored: uncapped, never called before, in an open wave.

    The wave is looked at after the roll call: from its first row on, no seal can begin before this commit.
    """
    return (
        not any(ballot.capped for ballot in ballots)
        and plain.run_all(CALLED, [_roll_call(ballot) for ballot in ballots]) == len(ballots)
        and all(_is_open(plain, wave_id, lock=False) for wave_id in {ballot.wave_id for ballot in ballots})
        and _write_down(plain, ballots)
    )


def _wait_for_standby(plain: Plain) -> None:
    """A repeat writes nothing, so without this its commit would not wait for a standby that may lack the first one."""
    if not plain.is_sqlite:
        plain.run("SELECT pg_logical_emit_message(true, 'repeat', '')")


def _is_open(plain: Plain, wave_id: int, lock: bool) -> bool:
    """Whether the wave is not sealed; with ``lock`` no seal can begin before this commit."""
    statement = NOT_SEALED + " FOR SHARE" if lock and not plain.is_sqlite else NOT_SEALED
    return plain.run(statement, wave_id).fetchone() is not None


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
    if plain.run(CALLED, *_roll_call(ballot)).rowcount == 0:
        repeated = was_received(plain, ballot.wave_id, ballot.school_id, ballot.submission_hash)
        return Outcome.REPEATED if repeated else Outcome.CODE_USED
    _write_down(plain, [ballot])
    return Outcome.STORED


def _roll_call(ballot: Ballot) -> tuple[object, ...]:
    return (
        ballot.wave_id, ballot.school_id, ballot.submission_hash, ballot.link_id, ballot.day.isoformat(),
        ballot.code_hash,
    )  # fmt: skip


def _write_down(plain: Plain, ballots: Sequence[Ballot]) -> bool:
    plain.run_all(ANSWERED, [
        (ballot.wave_id, ballot.school_id, secrets.token_bytes(16), ballot.audience, ballot.structure_hash,
         ballot.grade, ballot.answers, ballot.pace)
        for ballot in ballots
    ])  # fmt: skip
    comments = [
        (ballot.wave_id, ballot.school_id, secrets.token_bytes(16), ballot.audience, question, words)
        for ballot in ballots
        for question, words in ballot.comments.items()
    ]
    if comments:
        plain.run_all(COMMENTED, comments)
    return True


def was_received(plain: Plain, wave_id: int, school_id: int, submission_hash: bytes) -> bool:
    """Whether this submission was acknowledged before."""
    return plain.run(RECEIVED, wave_id, school_id, submission_hash).fetchone() is not None
