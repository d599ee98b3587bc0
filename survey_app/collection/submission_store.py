"""Submissions into the tables, exactly once.

The INSERT that can conflict comes first; nothing is looked up before.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from survey_app.foundation.db import RawTransaction

RECEIPT_COLUMNS = "wave_id, school_id, submission_hash, link_id, day, code_hash"
RESPONSE_COLUMNS = "wave_id, school_id, id, audience, structure_hash, grade, answers, response_speed, half"
COMMENT_COLUMNS = "wave_id, school_id, id, audience, question, text"
SELECT_UNSEALED_WAVE = "SELECT id FROM wave WHERE id = ? AND sealed_at IS NULL"
SELECT_RECEIPT = "SELECT code_hash FROM submission_receipt WHERE wave_id = ? AND school_id = ? AND submission_hash = ?"
ID_BYTES = 16


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
        wait_for_standby(transaction)
    return outcomes


def _insert_if_all_new(transaction: RawTransaction, submissions: Sequence[Submission]) -> bool:
    """Whether all are of the common kind and stored: uncapped, never called before, in an open wave.

    The wave is looked at after the receipts: from its first row on, no seal can begin before this commit.
    """
    if any(submission.capped for submission in submissions):
        return False
    if _insert_receipts(transaction, submissions) < len(submissions):
        return False
    wave_ids = {submission.wave_id for submission in submissions}
    if not all(_is_open(transaction, wave_id, lock=False) for wave_id in wave_ids):
        return False
    _insert_responses(transaction, submissions)
    return True


def wait_for_standby(transaction: RawTransaction) -> None:
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


def insert_submission(transaction: RawTransaction, submission: Submission) -> Outcome:
    """The receipt first; only a submission that is new there is written down."""
    if _insert_receipts(transaction, [submission]) == 0:
        return _earlier_outcome(transaction, submission) or Outcome.CODE_USED
    _insert_responses(transaction, [submission])
    return Outcome.STORED


def _earlier_outcome(transaction: RawTransaction, submission: Submission) -> Outcome | None:
    """What was answered to this submission id before, or None. Nothing that could compare the answers is kept."""
    key = (submission.wave_id, submission.school_id, submission.submission_hash)
    if was_received(transaction, *key, submission.code_hash):
        return Outcome.REPEATED
    return Outcome.OTHER_CODE if was_received(transaction, *key) else None


def _insert_receipts(transaction: RawTransaction, submissions: Sequence[Submission]) -> int:
    """How many of them are new, and have not used their code before."""
    rows = [
        (
            submission.wave_id,
            submission.school_id,
            submission.submission_hash,
            submission.link_id,
            submission.day.isoformat(),
            submission.code_hash,
        )
        for submission in submissions
    ]
    return transaction.insert("submission_receipt", RECEIPT_COLUMNS, rows, "ON CONFLICT DO NOTHING")


def _insert_responses(transaction: RawTransaction, submissions: Sequence[Submission]) -> None:
    responses = [
        (
            submission.wave_id,
            submission.school_id,
            response_id,
            submission.audience,
            submission.structure_hash,
            submission.grade,
            submission.answers,
            submission.response_speed,
            submission.half,
        )
        for submission, response_id in zip(submissions, _new_ids(len(submissions)), strict=True)
    ]
    transaction.insert("response", RESPONSE_COLUMNS, responses)
    comments = [
        (submission.wave_id, submission.school_id, secrets.token_bytes(ID_BYTES), submission.audience, question, text)
        for submission in submissions
        for question, text in submission.comments.items()
    ]
    if comments:
        transaction.insert("comment", COMMENT_COLUMNS, comments)


def _new_ids(count: int) -> list[bytes]:
    """Random ids, drawn at once: the others wait for this transaction."""
    drawn = secrets.token_bytes(ID_BYTES * count)
    return [drawn[start : start + ID_BYTES] for start in range(0, len(drawn), ID_BYTES)]


def was_received(
    transaction: RawTransaction, wave_id: int, school_id: int, submission_hash: bytes, code_hash: bytes | None = None
) -> bool:
    """Whether this submission was acknowledged before, and, where a ``code_hash`` is given, with this code."""
    receipt = transaction.execute(SELECT_RECEIPT, wave_id, school_id, submission_hash).fetchone()
    return receipt is not None and (code_hash is None or receipt[0] is None or bytes(receipt[0]) == code_hash)
