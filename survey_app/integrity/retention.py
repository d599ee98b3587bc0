"""What is over its term goes: announced for a month, then purged by a run, each purge whole or not at all.

A wrong clock must not take anything: what is over its term is only written down at first, and goes a month later if it
still is. Of accounts and the audit something is over its term nearly every day: what was not when that was written down
waits its own month. Of a wave, tallies, releases and documents stay; a record beside the manifest says what went, and
keeps one hash of the tallies, since nobody can count them again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from survey_app.accounts.audit import add_audit_entry, count_entries_before
from survey_app.accounts.staff import count_disabled_before, delete_disabled_before
from survey_app.collection.code_batches import used_by_batch
from survey_app.collection.models import Comment, ReceiptCount, Response, SubmissionReceipt
from survey_app.definition.categories import Categories
from survey_app.distribution.models import CodeBatch
from survey_app.foundation.db import Database
from survey_app.foundation.retention_terms import ACCOUNTS, ANSWERS, AUDIT, COMMENTS, Term, months_before
from survey_app.foundation.stored_settings import load_terms
from survey_app.frame.manifest import append_record
from survey_app.frame.models import Wave
from survey_app.frame.purge_records import purge_record, purged_waves, record_kind
from survey_app.frame.queries import list_waves
from survey_app.measurement.settings import MeasurementSettings

from .models import DueRun, PurgeNotice
from .purge_storage import delete_audit_before, delete_collected
from .shuffle_storage import lock_tables
from .tally_store import missing_tallies, tallies_digest, wave_scorings

NOTICE = timedelta(days=30)
ACTOR, ACTION = "run-due", "retention.purge"
OF_A_WAVE = (ANSWERS, COMMENTS)
NOT_OF_A_WAVE = (
    (ACCOUNTS, count_disabled_before, delete_disabled_before),
    (AUDIT, count_entries_before, delete_audit_before),
)


@dataclass(frozen=True, slots=True)
class DuePart:
    """Something that is over its term. ``before``: what began earlier than that."""

    term: Term
    months: int
    before: datetime
    wave_id: int = 0
    wave_name: str = ""


@dataclass(frozen=True, slots=True)
class PlannedPurge:
    """What goes and from when on; ``rows``: how many responses, comments, accounts or entries that are today."""

    part: DuePart
    earliest: datetime
    rows: int


def due_parts(session: Session, now: datetime) -> Iterator[DuePart]:
    terms = load_terms(session)
    for term in OF_A_WAVE:
        if (months := terms[term.key]) is not None:
            before, purged = months_before(now, months), purged_waves(session, term)
            for wave in list_waves(session):
                if wave.sealed_at is None or wave.id in purged or _begins(wave) >= before:
                    continue
                if _has_rows(session, term, wave.id):
                    yield DuePart(term, months, before, wave.id, wave.name)
    for term, count, _delete in NOT_OF_A_WAVE:
        if (months := terms[term.key]) is not None and count(session, before := months_before(now, months)):
            yield DuePart(term, months, before)


def _has_rows(session: Session, term: Term, wave_id: int) -> bool:
    """Whether anything is there to go; answers are purged with their receipts."""
    model = Response if term is ANSWERS else Comment
    return session.scalar(select(model.wave_id).where(model.wave_id == wave_id).limit(1)) is not None


def _begins(wave: Wave) -> datetime:
    assert wave.sealed_at is not None
    return max(wave.sealed_at, wave.released_at or wave.sealed_at)


def announce_due(session: Session, now: datetime) -> list[DuePart]:
    """Write down what is over its term, forget what is no longer; return what was written down long enough ago."""
    notices = {(row.kind, row.wave_id): row for row in session.scalars(select(PurgeNotice))}
    ready = []
    for part in due_parts(session, now):
        notice = notices.pop((part.term.kind, part.wave_id), None)
        if notice is None:
            session.add(PurgeNotice(kind=part.term.kind, wave_id=part.wave_id, announced_at=now))
        elif notice.announced_at > now:  # by a clock that was wrong
            notice.announced_at = now
        elif now - notice.announced_at >= NOTICE:
            announced = _as_announced(part, notice.announced_at)
            if _count(session, announced):
                ready.append(announced)
            else:  # what it was about is no longer over its term, other rows are
                notice.announced_at = now
    for notice in notices.values():
        session.delete(notice)
    return ready


def _as_announced(part: DuePart, announced_at: datetime) -> DuePart:
    """Return the part as of the day on which it was written down: what came over its term since waits its own month."""
    return replace(part, before=months_before(announced_at, part.months))


def planned_purges(session: Session, now: datetime) -> list[PlannedPurge]:
    """What the next runs will purge, in numbers."""
    since = {(row.kind, row.wave_id): row.announced_at for row in session.scalars(select(PurgeNotice))}
    plans = []
    for part in due_parts(session, now):
        announced_at = min(now, since.get((part.term.kind, part.wave_id), now))
        plans.append(PlannedPurge(part, announced_at + NOTICE, _count(session, _as_announced(part, announced_at))))
    return plans


def announced_waves(session: Session) -> list[tuple[int, Term, datetime]]:
    """Return what of which wave will go, and from when on."""
    terms = {term.kind: term for term in OF_A_WAVE}
    query = select(PurgeNotice).where(PurgeNotice.wave_id > 0).order_by(PurgeNotice.announced_at, PurgeNotice.kind)
    return [(row.wave_id, terms[row.kind], row.announced_at + NOTICE) for row in session.scalars(query)]


def _count(session: Session, part: DuePart) -> int:
    for term, count, _delete in NOT_OF_A_WAVE:
        if part.term is term:
            return count(session, part.before)
    model = Response if part.term is ANSWERS else Comment
    return session.scalar(select(func.count()).select_from(model).where(model.wave_id == part.wave_id)) or 0


def purge_due(database: Database, categories: Categories, now: datetime) -> list[tuple[str, str]]:
    """Everything that was announced long enough ago, a transaction each; returns (what, what happened)."""
    with database.write_session() as session:
        ready = announce_due(session, now)
    actions = []
    for part in ready:
        with database.write_session() as session:
            counts = _purge(session, part, categories, now)
            if counts is None:
                continue
            session.execute(
                delete(PurgeNotice).where(PurgeNotice.kind == part.term.kind, PurgeNotice.wave_id == part.wave_id)
            )
            _ask_for_scrub(session)
            rows = ", ".join(f"{name} {count}" for name, count in counts.items())
            subject = part.wave_name or part.term.kind
            add_audit_entry(session, now, ACTOR, ACTION, f"{subject}: {rows} ({part.months} months)")
        actions.append((subject, f"purged {rows}"))
    return actions


def _ask_for_scrub(session: Session) -> None:
    run = session.get(DueRun, 1)
    assert run is not None, "a run writes itself down before it does anything"
    run.scrub_due = True


def scrub_purged(database: Database) -> bool:
    """Overwrite what purges left in the files; false where a reader kept the log, so that a later run tries again."""
    with database.read_session() as session:
        run = session.get(DueRun, 1)
        if run is None or not run.scrub_due:
            return True
    if not database.scrub_free_pages():
        return False
    with database.write_session() as session:
        run = session.get(DueRun, 1)
        assert run is not None
        run.scrub_due = False
    return True


def _purge(session: Session, part: DuePart, categories: Categories, now: datetime) -> dict[str, int] | None:
    """Return how many rows went; None where another run was faster, or where something must come before."""
    for term, _count, delete_before in NOT_OF_A_WAVE:
        if part.term is term:
            return {part.term.kind: delete_before(session, part.before)}
    wave = session.get(Wave, part.wave_id, with_for_update=True)
    if wave is None or purge_record(session, part.wave_id, part.term) is not None:
        return None
    if part.term is ANSWERS and not _is_counted(session, wave, categories):
        return None
    lock_tables(session)
    if part.term is ANSWERS:
        _keep_counts(session, wave)
        counts = delete_collected(session, wave.id, "response", "submission_receipt")
    else:
        counts = delete_collected(session, wave.id, "comment", "comment_review")  # a review keeps a text, too
    reason = f"保留期限 {part.months} 个月"
    detail = {"months": part.months, "rows": counts, "tallies_sha256": tallies_digest(session, wave.id)}
    append_record(session, wave, record_kind(part.term), reason, [ACTOR], now, **detail)
    return counts


def _is_counted(session: Session, wave: Wave, categories: Categories) -> bool:
    """Whether results do not need the answers any more; after an exclusion they are counted anew first."""
    return not missing_tallies(session, wave.id, wave_scorings(session, wave, categories, MeasurementSettings(), {}))


def _keep_counts(session: Session, wave: Wave) -> None:
    """How many came over each link and with each printing: results and the page of the wave say it."""
    groups = session.execute(
        select(SubmissionReceipt.school_id, SubmissionReceipt.link_id, func.count())
        .where(SubmissionReceipt.wave_id == wave.id)
        .group_by(SubmissionReceipt.school_id, SubmissionReceipt.link_id)
    )
    rows = [
        {"wave_id": wave.id, "school_id": school, "link_id": link, "count": count} for school, link, count in groups
    ]
    if rows:
        session.execute(insert(ReceiptCount), rows)
    used = used_by_batch(session, wave)
    for batch in session.scalars(select(CodeBatch).where(CodeBatch.wave_id == wave.id)):
        batch.used = used.get(batch.id, 0)
