"""Long work, done outside the request: a row says what, for whom and how far; one worker does it, and it may die.

A job's function is declared by the room that owns it (:class:`JobKind`) and must be safe to start again: a worker that
is killed loses its lease, and the next one starts from the beginning. Nothing of a job is kept in memory.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, cast

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    CursorResult,
    Index,
    String,
    Text,
    delete,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.definition.categories import Categories
from survey_app.definition.messages import message

from .clock import Clock
from .db import Base, Database, UtcDateTime
from .translation import render

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 3  # a job that kills its worker each time must not do so for ever
KEPT_FOR = timedelta(days=30)

Parameters = Mapping[str, Any]
Result = Mapping[str, Any]


class Job(Base):
    """One piece of long work. ``key`` is of name and parameters; ``active_key`` the same until it is finished.

    ``lease_until``: until then its worker is believed to live. ``attempts`` counts the workers that took it, and is
    what an older worker is known by. A result that is a file is named in ``result``.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
        Index("ix_job_key", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(48))
    key: Mapped[str] = mapped_column(String(64))
    active_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    requested_by: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(8), default=WAITING)
    percent: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class JobContext:
    """What the function of a job is given. ``report_percent`` says how far it is, and raises where the job was lost."""

    database: Database
    clock: Clock
    categories: Categories
    report_percent: Callable[[int], None]


JobFunction = Callable[[JobContext, Parameters], Result]


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of work: its name in the table and ``module:function``, imported when the first such job is done."""

    name: str
    target: str


class JobRegistry:
    """All kinds of work that the application knows, declared by the rooms."""

    def __init__(self, kinds: Iterable[JobKind]) -> None:
        self._kinds: dict[str, JobKind] = {}
        for kind in kinds:
            if kind.name in self._kinds:
                raise ValueError(f"Two kinds of job are called {kind.name!r}; give one another name.")
            self._kinds[kind.name] = kind

    def names(self) -> tuple[str, ...]:
        return tuple(self._kinds)

    def function(self, name: str) -> JobFunction:
        """Raises KeyError for a kind that is not declared."""
        module, _colon, attribute = self._kinds[name].target.partition(":")
        return cast(JobFunction, getattr(import_module(module), attribute))


def job_key(name: str, parameters: Parameters) -> str:
    """Identifies what is to be done, whoever asks for it."""
    text = json.dumps([name, parameters], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def enqueue(
    session: Session, name: str, parameters: Parameters, requested_by: str, now: datetime, retry: bool = True
) -> Job:
    """Return the job that does this: one that waits or runs already, or a new one.

    Without ``retry`` a job that failed is returned as it is: a page that looks again by itself must not start it again.
    """
    key = job_key(name, parameters)
    active = select(Job).where(Job.active_key == key)
    if (job := session.scalar(active)) is not None:
        return job
    if not retry and (latest := latest_job(session, name, parameters)) is not None and latest.state == FAILED:
        return latest
    job = Job(
        name=name, key=key, active_key=key, parameters=dict(parameters), requested_by=requested_by, state=WAITING,
        percent=0, attempts=0, error="", created_at=now,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(job)
    except IntegrityError:  # somebody else asked for the same at this moment
        return session.scalars(active).one()
    return job


def latest_job(session: Session, name: str, parameters: Parameters) -> Job | None:
    """Return the job of this work that was asked for last."""
    query = select(Job).where(Job.key == job_key(name, parameters)).order_by(Job.id.desc()).limit(1)
    return session.scalar(query)


def find_job(session: Session, job_id: int) -> Job | None:
    return session.get(Job, job_id)


def latest_job_of_kind(session: Session, name: str, part: str, value: object) -> Job | None:
    """Return the job of a kind that was asked for last and has this parameter."""
    query = select(Job).where(Job.name == name).order_by(Job.id.desc())
    return next((job for job in session.scalars(query) if job.parameters.get(part) == value), None)


def claim_job(session: Session, names: Iterable[str], now: datetime, job_id: int | None = None) -> Job | None:
    """Take the oldest job that waits or whose worker is gone, or the one with this id; None if there is none.

    The caller commits at once. Two workers never get the same: the row is locked, and a locked one is passed over.
    """
    query = select(Job).where(*_is_free(names, now)).order_by(Job.id).limit(1)
    if job_id is not None:
        query = query.where(Job.id == job_id)
    job = session.scalar(query.with_for_update(skip_locked=True))
    if job is None:
        return None
    if job.attempts >= MAX_ATTEMPTS:
        error = message("工作进程中断了 {n} 次，不再重试。请告诉系统管理员", n=MAX_ATTEMPTS)
        _close(job, FAILED, now, error=render(error))
        session.flush()
        return claim_job(session, names, now, job_id)
    job.state, job.attempts, job.percent, job.lease_until = RUNNING, job.attempts + 1, 0, now + LEASE
    job.started_at = job.started_at or now
    session.flush()
    return job


def _close(job: Job, state: str, now: datetime, result: Result | None = None, error: str = "") -> None:
    job.state, job.active_key, job.lease_until, job.finished_at = state, None, None, now
    job.result, job.error = None if result is None else dict(result), error
    job.percent = 100 if state == DONE else job.percent


def renew_lease(session: Session, job_id: int, attempt: int, percent: int, now: datetime) -> bool:
    """Whether the job is still this worker's."""
    mine = (Job.id == job_id, Job.attempts == attempt, Job.state == RUNNING)
    statement = update(Job).where(*mine).values(lease_until=now + LEASE, percent=percent)
    return cast("CursorResult[Any]", session.execute(statement)).rowcount == 1


def close_job(
    session: Session, job_id: int, attempt: int, state: str, now: datetime, result: Result | None = None,
    error: str = "",
) -> bool:  # fmt: skip
    """Whether the outcome was kept; false if the job was taken over by another worker."""
    job = session.scalar(select(Job).where(Job.id == job_id).with_for_update())
    if job is None or job.attempts != attempt or job.state != RUNNING:
        return False
    _close(job, state, now, result, error)
    return True


def release_job(session: Session, job_id: int, attempt: int) -> None:
    """A worker that is stopped gives its job back; that is no failed attempt."""
    mine = (Job.id == job_id, Job.attempts == attempt, Job.state == RUNNING)
    session.execute(update(Job).where(*mine).values(state=WAITING, lease_until=None, attempts=attempt - 1))


def has_free_job(session: Session, names: Iterable[str], now: datetime) -> bool:
    """Whether a worker that knows these kinds would find something to do."""
    return session.scalar(select(Job.id).where(*_is_free(names, now)).limit(1)) is not None


def _is_free(names: Iterable[str], now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    is_lease_over = (Job.state == RUNNING) & (Job.lease_until < now)
    return Job.name.in_(list(names)), or_(Job.state == WAITING, is_lease_over)


def delete_old_jobs(session: Session, now: datetime) -> None:
    """Forgets what was finished long ago."""
    session.execute(delete(Job).where(Job.finished_at < now - KEPT_FOR))
