"""Many submissions in one commit.

Threads that arrive while a commit is under way wait for the next one and share it; each is answered only after its
commit.
"""

import threading
from dataclasses import dataclass, field

from survey_app.definition.messages import message
from survey_app.foundation.db import Database, DatabaseUnavailable

from .submission_store import Outcome, Submission, insert_batch, wait_for_standby, was_received

MAX_BATCH = 128


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
        batch: list[_PendingSubmission] = []
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
        """Every one of them has its answer afterwards; ``batch`` begins with the leader, and grows until the commit."""
        self._take_waiting(batch)
        try:
            outcomes = self.database.retry_on_disconnect(lambda: self._insert_batch(batch))
            for pending, outcome in zip(batch, outcomes, strict=True):
                pending.outcome = outcome
        except DatabaseUnavailable as failure:
            for pending in batch:
                pending.failure = failure
        except Exception:  # one of them is refused by the tables: each alone, so that it hurts no other
            for pending in batch:
                self._insert_alone(pending)

    def _take_waiting(self, batch: list[_PendingSubmission]) -> None:
        with self._lock:
            free = MAX_BATCH - len(batch)
            batch += self._queue[:free]
            del self._queue[:free]

    def _insert_batch(self, batch: list[_PendingSubmission]) -> list[Outcome]:
        """All in one transaction. Tried again if a connection breaks; the submission ids make that safe."""
        with self.database.raw_transaction(writes=True) as transaction:
            self._take_waiting(batch)  # who came while another process had its turn
            batch.sort(key=lambda pending: pending.submission.submission_hash)  # one order everywhere: no deadlocks
            return insert_batch(transaction, [pending.submission for pending in batch])

    def _insert_alone(self, pending: _PendingSubmission) -> None:
        def attempt() -> Outcome:
            with self.database.raw_transaction(writes=True) as transaction:
                return insert_batch(transaction, [pending.submission])[0]

        try:
            pending.outcome = self.database.retry_on_disconnect(attempt)
        except Exception as failure:
            pending.failure = failure

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
                    wait_for_standby(transaction)
                return received

        return self.database.retry_on_disconnect(attempt)
