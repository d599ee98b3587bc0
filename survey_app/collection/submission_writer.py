"""Submissions into the tables, exactly once, many in one commit.

The INSERT that can conflict comes first; nothing is looked up before. Threads that arrive while a commit is under way
wait for the next one and share it; each is answered only after its commit.
"""

import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from survey_app.definition.messages import message
from survey_app.foundation.db import Database, DatabaseUnavailable, RawTransaction

MAX_BATCH = 128


class Outcome(StrEnum):
    """What became of a submission."""

    STORED = "stored"
    REPEATED = "repeated"  # the same submission was stored before
    OTHER_CODE = "other_code"  # the same submission was stored before, with another code: this one is not used
    CODE_USED = "code_used"
    FULL = "full"  # the class has sent as many as it has people
    TOO_LATE = "too_late"  # the wave was sealed meanwhile


@dataclass(frozen=True, slots=True)
class Submission:
    """A valid answer on its way to the tables. ``capped`` counts it against the link's class code."""

    wave_id: int
    school_id: int
    link_id: int
    audience: str
    structure_hash: str
    submission_hash: bytes
    grade: str
    answers: str
    response_speed: str
    day: date
    comments: Mapping[str, str] = field(default_factory=dict)
    code_hash: bytes | None = None
    capped: bool = False
    half: str = ""


def _held_lock() -> threading.Lock:
    """A future costs two condition variables, which are felt at a thousand submissions a second."""
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class _PendingSubmission:
    """A submission, and the thread that brought it: it sleeps until it has an outcome, or has to lead."""

    submission: Submission
    outcome: Outcome | None = None
    failure: Exception | None = None
    awake: threading.Lock = field(default_factory=_held_lock)

    def result(self) -> Outcome | None:
        """What became of it; None as long as nothing did."""
        if self.failure is not None:
            raise self.failure
        return self.outcome


class GroupCommitWriter:
    """Takes submissions of all threads of a process; processes take turns (:mod:`~survey_app.foundation.write_lock`).

    One thread at a time leads: it commits all that wait, wakes them, and wakes the first of those who came meanwhile to
    lead next. Nobody polls.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._queue: list[_PendingSubmission] = []
        self._lock = threading.Lock()
        self._has_leader = False

    def submit(self, submission: Submission) -> Outcome:
        """Returns after the commit. Raises :class:`DatabaseUnavailable`; then nothing was stored."""
        pending = _PendingSubmission(submission)
        with self._lock:
            self._queue.append(pending)
            is_leader, self._has_leader = not self._has_leader, True
        if not is_leader:
            pending.awake.acquire()
        outcome = pending.result()
        if outcome is None:
            self._commit_batch(pending)
            outcome = pending.result()
        assert outcome is not None
        return outcome

    def _commit_batch(self, leader: _PendingSubmission) -> None:
        with self._lock:
            batch, self._queue = self._queue[:MAX_BATCH], self._queue[MAX_BATCH:]
        try:
            self._resolve_batch(batch)
        finally:
            with self._lock:
                next_leader = self._queue[0] if self._queue else None
                self._has_leader = next_leader is not None
            for pending in batch:
                if pending.outcome is None and pending.failure is None:  # the leader was stopped
                    pending.failure = DatabaseUnavailable(message("没有提交成功"))
                if pending is not leader:
                    pending.awake.release()
            if next_leader is not None:
                next_leader.awake.release()

    def _resolve_batch(self, batch: list[_PendingSubmission]) -> None:
        """Every one of them has its answer afterwards."""
        batch.sort(key=lambda pending: pending.submission.submission_hash)  # one order everywhere: no deadlocks
        try:
            outcomes = self._insert_with_retry([pending.submission for pending in batch])
            for pending, outcome in zip(batch, outcomes, strict=True):
                pending.outcome = outcome
        except DatabaseUnavailable as failure:
            for pending in batch:
                pending.failure = failure
        except Exception:  # one of them is refused by the tables: each alone, so that it hurts no other
            for pending in batch:
                self._insert_alone(pending)

    def _insert_alone(self, pending: _PendingSubmission) -> None:
        try:
            pending.outcome = self._insert_with_retry([pending.submission])[0]
        except Exception as failure:
            pending.failure = failure

    def _insert_with_retry(self, submissions: Sequence[Submission]) -> list[Outcome]:
        """All in one transaction; if the connection breaks, all of it again: the submission ids make that safe."""

        def attempt() -> list[Outcome]:
            with self.database.raw_transaction(writes=True) as transaction:
                return insert_batch(transaction, submissions)

        return self.database.retry_on_disconnect(attempt)

    def was_received(
        self, wave_id: int, school_id: int, submission_hash: bytes, code_hash: bytes | None = None
    ) -> bool:
        """Whether this submission was acknowledged before; like a repeat, the answer waits for the standby.

        With a ``code_hash`` only if it came with this code.
        """

        def attempt() -> bool:
            with self.database.raw_transaction(writes=True) as transaction:
                received = was_received(transaction, wave_id, school_id, submission_hash, code_hash)
                if received:
                    _wait_for_standby(transaction)
                return received

        return self.database.retry_on_disconnect(attempt)


def insert_batch(transaction: RawTransaction, submissions: Sequence[Submission]) -> list[Outcome]:
    """What became of each submission, in order. Begins the transaction anew if one of them needs a closer look."""
    if _insert_if_all_new(transaction, submissions):
        return [Outcome.STORED] * len(submissions)
    transaction.restart()
    open_waves = {
        wave_id
        for wave_id in {submission.wave_id for submission in submissions}
        if _is_open(transaction, wave_id, lock=True)
    }
    outcomes = [
        _insert_if_open(transaction, submission, submission.wave_id in open_waves) for submission in submissions
    ]
    if Outcome.REPEATED in outcomes:
        _wait_for_standby(transaction)
    return outcomes


def _insert_if_all_new(transaction: RawTransaction, submissions: Sequence[Submission]) -> bool:
    """Whether all are of the common kind and stored: uncapped, never called before, in an open wave.

    The wave is looked at after the receipts: from its first row on, no seal can begin before this commit.
    """
    return (
        not any(submission.capped for submission in submissions)
        and transaction.execute_many(INSERT_RECEIPT, [_receipt_values(submission) for submission in submissions])
        == len(submissions)
        and all(
            _is_open(transaction, wave_id, lock=False) for wave_id in {submission.wave_id for submission in submissions}
        )
        and _insert_responses(transaction, submissions)
    )


def _wait_for_standby(transaction: RawTransaction) -> None:
    """A repeat writes nothing, so without this its commit would not wait for a standby that may lack the first one."""
    if not transaction.is_sqlite:
        transaction.execute("SELECT pg_logical_emit_message(true, 'repeat', '')")


def _is_open(transaction: RawTransaction, wave_id: int, lock: bool) -> bool:
    """Whether the wave is not sealed; with ``lock`` no seal can begin before this commit."""
    statement = SELECT_UNSEALED_WAVE + " FOR SHARE" if lock and not transaction.is_sqlite else SELECT_UNSEALED_WAVE
    return transaction.execute(statement, wave_id).fetchone() is not None


def _insert_if_open(transaction: RawTransaction, submission: Submission, is_open: bool) -> Outcome:
    if not is_open:
        return _earlier_outcome(transaction, submission) or Outcome.TOO_LATE
    return _insert_capped(transaction, submission) if submission.capped else insert_submission(transaction, submission)


def _insert_capped(transaction: RawTransaction, submission: Submission) -> Outcome:
    """In a savepoint: the submission that finds the class full leaves no trace, and hurts no other."""
    transaction.execute("SAVEPOINT capped")
    outcome = insert_submission(transaction, submission)
    if outcome is Outcome.STORED:
        increment = "UPDATE class_code SET used = used + 1 WHERE link_id = ? AND used < cap"
        if transaction.execute(increment, submission.link_id).rowcount == 0:
            transaction.execute("ROLLBACK TO SAVEPOINT capped")
            outcome = Outcome.FULL
    transaction.execute("RELEASE SAVEPOINT capped")
    return outcome


SELECT_UNSEALED_WAVE = "SELECT id FROM wave WHERE id = ? AND sealed_at IS NULL"
INSERT_RECEIPT = (
    "INSERT INTO submission_receipt (wave_id, school_id, submission_hash, link_id, day, code_hash) "
    "VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT DO NOTHING"
)
INSERT_RESPONSE = (
    "INSERT INTO response (wave_id, school_id, id, audience, structure_hash, grade, answers, response_speed, half) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
INSERT_COMMENT = "INSERT INTO comment (wave_id, school_id, id, audience, question, text) VALUES (?, ?, ?, ?, ?, ?)"
SELECT_RECEIPT = "SELECT code_hash FROM submission_receipt WHERE wave_id = ? AND school_id = ? AND submission_hash = ?"


def insert_submission(transaction: RawTransaction, submission: Submission) -> Outcome:
    """The receipt first; only a submission that is new there is written down."""
    if transaction.execute(INSERT_RECEIPT, *_receipt_values(submission)).rowcount == 0:
        return _earlier_outcome(transaction, submission) or Outcome.CODE_USED
    _insert_responses(transaction, [submission])
    return Outcome.STORED


def _earlier_outcome(transaction: RawTransaction, submission: Submission) -> Outcome | None:
    """What was answered to this submission id before, or None. Nothing that could compare the answers is kept."""
    key = (submission.wave_id, submission.school_id, submission.submission_hash)
    if was_received(transaction, *key, submission.code_hash):
        return Outcome.REPEATED
    return Outcome.OTHER_CODE if was_received(transaction, *key) else None


def _receipt_values(submission: Submission) -> tuple[object, ...]:
    return (
        submission.wave_id,
        submission.school_id,
        submission.submission_hash,
        submission.link_id,
        submission.day.isoformat(),
        submission.code_hash,
    )


def _insert_responses(transaction: RawTransaction, submissions: Sequence[Submission]) -> bool:
    transaction.execute_many(
        INSERT_RESPONSE,
        [
            (
                submission.wave_id,
                submission.school_id,
                secrets.token_bytes(16),
                submission.audience,
                submission.structure_hash,
                submission.grade,
                submission.answers,
                submission.response_speed,
                submission.half,
            )
            for submission in submissions
        ],
    )
    comments = [
        (submission.wave_id, submission.school_id, secrets.token_bytes(16), submission.audience, question, text)
        for submission in submissions
        for question, text in submission.comments.items()
    ]
    if comments:
        transaction.execute_many(INSERT_COMMENT, comments)
    return True


def was_received(
    transaction: RawTransaction, wave_id: int, school_id: int, submission_hash: bytes, code_hash: bytes | None = None
) -> bool:
    """Whether this submission was acknowledged before, and, where a ``code_hash`` is given, with this code."""
    receipt = transaction.execute(SELECT_RECEIPT, wave_id, school_id, submission_hash).fetchone()
    return receipt is not None and (code_hash is None or receipt[0] is None or bytes(receipt[0]) == code_hash)
