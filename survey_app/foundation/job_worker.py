"""The worker of :mod:`.job`: takes one job after the other, keeps its lease, and says what became of it."""

import logging
import threading
from collections.abc import Callable

from survey_app.definition.categories import Categories
from survey_app.definition.messages import message

from .clock import Clock
from .db import Database, DatabaseUnavailable
from .errors import UserError
from .job import (
    DONE,
    FAILED,
    LEASE,
    Job,
    JobContext,
    JobRegistry,
    Result,
    claim_job,
    close_job,
    release_job,
    renew_lease,
)
from .keys import KeyMissing
from .translation import render

HEARTBEAT_SECONDS = LEASE.total_seconds() / 4
PROGRESS_SECONDS = 1.0
_log = logging.getLogger(__name__)


class JobLost(Exception):
    """Another worker has this job: this one was silent for longer than its lease."""


class JobWorker:
    """Does jobs in the thread that calls it; a second thread keeps the lease and writes how far the job is."""

    def __init__(self, database: Database, clock: Clock, categories: Categories, registry: JobRegistry) -> None:
        self.database, self.clock, self.categories, self.registry = database, clock, categories, registry

    def run_all(self) -> list[tuple[str, str]]:
        """Do everything that waits; returns (name of the job, its state) of each."""
        done = []
        while (outcome := self.run_next()) is not None:
            done.append(outcome)
        return done

    def run_next(
        self, job_id: int | None = None, show_percent: Callable[[int], None] | None = None
    ) -> tuple[str, str] | None:
        """Do the next job, or the one with this id; None if there is none to be had."""
        with self.database.write_session() as session:
            job = claim_job(session, self.registry.names(), self.clock.now(), job_id)
        if job is None:
            return None
        try:
            state, result, error = self._work(job, show_percent)
        except JobLost:
            return job.name, "lost"
        except BaseException:  # stopped, or the database is away: the work is not done, and somebody else may do it
            self._give_back(job)
            raise
        with self.database.write_session() as session:
            is_kept = close_job(session, job.id, job.attempts, state, self.clock.now(), result, error)
        return job.name, state if is_kept else "lost"

    def _work(self, job: Job, show_percent: Callable[[int], None] | None) -> tuple[str, Result | None, str]:
        with _Heartbeat(self.database, self.clock, job) as heartbeat:

            def report_percent(percent: int) -> None:
                heartbeat.report(percent)
                if show_percent is not None:
                    show_percent(percent)

            context = JobContext(self.database, self.clock, self.categories, report_percent)
            try:
                return DONE, self.registry.function(job.name)(context, job.parameters), ""
            except (DatabaseUnavailable, JobLost):
                raise
            except KeyMissing:
                _log.exception("job %s (%s) lacks a key", job.id, job.name)
                return FAILED, None, render(message("服务器上缺少一把密钥。请告诉系统管理员"))
            except UserError as error:
                return FAILED, None, "\n".join(render(line) for line in error.messages)
            except Exception as error:
                _log.exception("job %s (%s) failed", job.id, job.name)
                return FAILED, None, f"{type(error).__name__}: {error}"[:500]

    def _give_back(self, job: Job) -> None:
        try:
            with self.database.write_session() as session:
                release_job(session, job.id, job.attempts)
        except DatabaseUnavailable:
            _log.warning("job %s could not be given back; its lease ends by itself", job.id)


class _Heartbeat:
    """Writes in a thread and a transaction of its own, so that the job may hold a long transaction meanwhile."""

    def __init__(self, database: Database, clock: Clock, job: Job) -> None:
        self.database, self.clock, self.job_id, self.attempt = database, clock, job.id, job.attempts
        self.percent = self._written_percent = 0
        self.is_lost = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "_Heartbeat":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def report(self, percent: int) -> None:
        if self.is_lost:
            raise JobLost
        self.percent = percent

    def _beat(self) -> None:
        silent = 0.0
        while not self._stop.wait(PROGRESS_SECONDS):
            silent += PROGRESS_SECONDS
            if self.percent != self._written_percent or silent >= HEARTBEAT_SECONDS:
                silent = 0.0
                self._renew(self.percent)

    def _renew(self, percent: int) -> None:
        try:
            with self.database.write_session() as session:
                is_mine = renew_lease(session, self.job_id, self.attempt, percent, self.clock.now())
        except DatabaseUnavailable:
            return  # busy, perhaps by this very job; the next beat tries again
        self._written_percent = percent
        self.is_lost = not is_mine
