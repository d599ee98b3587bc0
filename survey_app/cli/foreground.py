"""Long work that a command needs at once: done here, with progress, unless another worker has it already."""

import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

import click

from survey_app.accounts.audit import command_actor
from survey_app.definition.messages import message
from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import clock, database, job_worker
from survey_app.foundation.job import DONE, FAILED, Job, enqueue

POLL_SECONDS = 0.5


def run_jobs_in_foreground(name: str, all_parameters: Sequence[Mapping[str, Any]], title: str) -> None:
    """Enqueues and does these jobs. Raises :class:`UserError` if one fails."""
    for parameters in all_parameters:
        with database().write_session() as session:
            job_id = enqueue(session, name, parameters, command_actor(), clock().now()).id
        with click.progressbar(length=100, label=title, file=sys.stderr) as bar:
            _finish_job(job_id, bar)


def _finish_job(job_id: int, bar: Any) -> None:
    worker = job_worker()
    while True:
        worker.run_next(job_id, lambda percent: bar.update(percent - bar.pos))
        with database().read_session() as session:
            job = session.get(Job, job_id)
        if job is None or job.state == DONE:
            bar.update(100 - bar.pos)
            return
        if job.state == FAILED:
            raise UserError(message("没有完成：{why}", why=job.error))
        bar.update(job.percent - bar.pos)  # another worker has it
        time.sleep(POLL_SECONDS)
