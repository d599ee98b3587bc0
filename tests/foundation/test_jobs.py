"""Long work is a row: asked for once, done by one worker, and started again where a worker was killed."""

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from survey_app.foundation import job_worker
from survey_app.foundation.clock import ManualClock, SystemClock
from survey_app.foundation.db import Database
from survey_app.foundation.job import (
    KEPT_FOR,
    LEASE,
    MAX_ATTEMPTS,
    Job,
    JobKind,
    JobRegistry,
    claim_job,
    close_job,
    delete_old_jobs,
    enqueue,
    has_free_job,
    renew_lease,
)
from testing.jobs import worker
from testing.processes import Service

NAMES = ("write_line", "refuse", "break_down")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime.now(UTC))


def ask(database: Database, name: str, now: datetime, retry: bool = True, **parameters: Any) -> int:
    with database.write_session() as session:
        return enqueue(session, name, parameters, "王督导", now, retry).id


def job(database: Database, job_id: int) -> Job:
    with database.read_session() as session:
        found = session.get(Job, job_id)
        assert found is not None
        return found


def claim(database: Database, now: datetime, job_id: int | None = None) -> Job | None:
    with database.write_session() as session:
        return claim_job(session, NAMES, now, job_id)


def test_the_same_work_is_asked_for_once_and_again_when_it_is_finished(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    (tmp_path / "go").touch()
    first = ask(database, "write_line", clock.at, folder=str(tmp_path))
    assert ask(database, "write_line", clock.at, folder=str(tmp_path)) == first
    assert ask(database, "refuse", clock.at) != first
    assert worker(database, clock).run_all() == [("write_line", "done"), ("refuse", "failed")]
    done = job(database, first)
    assert (done.state, done.percent, done.result, done.requested_by) == ("done", 100, {"lines": 1}, "王督导")
    assert ask(database, "write_line", clock.at, folder=str(tmp_path)) != first


def test_many_ask_at_once_and_there_is_one_job(database: Database, clock: ManualClock) -> None:
    with ThreadPoolExecutor(6) as pool:
        ids = list(pool.map(lambda _n: ask(database, "refuse", clock.at, wave=1), range(12)))
    assert len(set(ids)) == 1


def test_many_workers_take_each_job_once(database: Database, clock: ManualClock) -> None:
    ids = {ask(database, "refuse", clock.at, number=number) for number in range(8)}
    with ThreadPoolExecutor(6) as pool:
        taken = [found.id for found in pool.map(lambda _n: claim(database, clock.at), range(16)) if found]
    assert sorted(taken) == sorted(ids)


def test_what_a_job_says_and_what_breaks_it_are_kept(database: Database, clock: ManualClock) -> None:
    refused, broken = ask(database, "refuse", clock.at), ask(database, "break_down", clock.at)
    worker(database, clock).run_all()
    assert job(database, refused).error == "批次还没有封存，不能计数"
    assert job(database, broken).error == "ZeroDivisionError: nobody was asked"
    assert ask(database, "refuse", clock.at, retry=False) == refused, "a page that looks again does not start it again"
    assert ask(database, "refuse", clock.at) != refused


def test_a_worker_that_is_killed_loses_its_job_to_the_next(
    database: Database, database_url: str, clock: ManualClock, tmp_path: Path
) -> None:
    """kill -9 in the middle: nothing is lost, nobody else takes it while the lease runs, then it starts again."""
    job_id = ask(database, "write_line", clock.at, folder=str(tmp_path))
    command = [sys.executable, "-m", "testing.jobs", database_url]
    child = Service.start(command, tmp_path / "worker.log", os.environ)
    try:
        wait_until(lambda: (tmp_path / "began").exists() and job(database, job_id).percent == 40)
    finally:
        child.kill()
    assert job(database, job_id).state == "running"
    assert worker(database, SystemClock()).run_next() is None, "its lease still runs"
    (tmp_path / "go").touch()
    clock.at = datetime.now(UTC) + LEASE + timedelta(seconds=1)
    assert worker(database, clock).run_all() == [("write_line", "done")]
    done = job(database, job_id)
    assert (done.attempts, done.result) == (2, {"lines": 2}), "it began twice and was finished once"


def wait_until(is_true: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_worker_that_comes_back_late_changes_nothing(database: Database, clock: ManualClock) -> None:
    job_id = ask(database, "refuse", clock.at)
    late = claim(database, clock.at)
    clock.advance(seconds=LEASE.total_seconds() + 1)
    present = claim(database, clock.at)
    assert late is not None
    assert present is not None
    with database.write_session() as session:
        assert not renew_lease(session, job_id, late.attempts, 50, clock.at)
        assert not close_job(session, job_id, late.attempts, "done", clock.at, {"from": "late"})
        assert renew_lease(session, job_id, present.attempts, 60, clock.at)
    assert (job(database, job_id).state, job(database, job_id).percent) == ("running", 60)


def test_a_job_that_kills_every_worker_ends(database: Database, clock: ManualClock) -> None:
    job_id = ask(database, "refuse", clock.at)
    for _attempt in range(MAX_ATTEMPTS):
        assert claim(database, clock.at) is not None
        clock.advance(seconds=LEASE.total_seconds() + 1)
    assert claim(database, clock.at) is None
    assert (job(database, job_id).state, job(database, job_id).active_key) == ("failed", None)
    assert "不再重试" in job(database, job_id).error


def test_a_worker_that_is_stopped_gives_its_job_back(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    class Stopped(BaseException):
        pass

    def stop(_percent: int) -> None:
        raise Stopped

    job_id = ask(database, "write_line", clock.at, folder=str(tmp_path))
    with pytest.raises(Stopped):
        worker(database, clock).run_next(job_id, stop)
    assert (job(database, job_id).state, job(database, job_id).attempts) == ("waiting", 0)


def test_finished_jobs_are_forgotten_in_time(database: Database, clock: ManualClock) -> None:
    ask(database, "refuse", clock.at)
    worker(database, clock).run_all()
    waiting = ask(database, "refuse", clock.at)
    with database.write_session() as session:
        delete_old_jobs(session, clock.at + KEPT_FOR + timedelta(days=1))
    with database.read_session() as session:
        assert [found.id for found in session.query(Job)] == [waiting]
        assert has_free_job(session, NAMES, clock.at)
        assert not has_free_job(session, ("something_else",), clock.at)


def test_two_kinds_of_job_cannot_have_one_name() -> None:
    with pytest.raises(ValueError, match="write_line"):
        JobRegistry([JobKind("write_line", "a:b"), JobKind("write_line", "a:c")])


def test_progress_is_written_while_the_job_goes_on_and_a_lost_job_stops(
    database: Database, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease is renewed beside the work; who lost it to another worker changes nothing any more."""
    monkeypatch.setattr(job_worker, "PROGRESS_SECONDS", 0.02)
    job_id = ask(database, "write_line", clock.at, folder=str(tmp_path))
    with ThreadPoolExecutor(1) as pool:
        outcome = pool.submit(worker(database, clock).run_next)
        wait_until(lambda: job(database, job_id).percent == 40)
        with database.write_session() as session:
            stolen = session.get(Job, job_id)
            assert stolen is not None
            stolen.attempts += 1
        (tmp_path / "go").touch()
        outcome.result(20)
    assert job(database, job_id).state == "running", "its new owner decides"
