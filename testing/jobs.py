"""Jobs for tests, and a worker process that can be killed: ``python -m testing.jobs URL``."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from survey_app.definition.categories import Categories
from survey_app.foundation.clock import Clock, SystemClock
from survey_app.foundation.db import Database
from survey_app.foundation.errors import user_error
from survey_app.foundation.job import JobContext, JobKind, JobRegistry
from survey_app.foundation.job_worker import JobWorker

NO_CATEGORIES = Categories(())


def write_line(context: JobContext, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Says that it began; goes on to the end only where the file ``go`` is there."""
    folder = Path(parameters["folder"])
    with (folder / "began").open("a") as stream:
        stream.write("began\n")
    context.report_percent(40)
    while not (folder / "go").exists():
        time.sleep(0.05)
    return {"lines": len((folder / "began").read_text().splitlines())}


def refuse(_context: JobContext, _parameters: Mapping[str, Any]) -> dict[str, Any]:
    raise user_error("批次还没有封存，不能计数")


def break_down(_context: JobContext, _parameters: Mapping[str, Any]) -> dict[str, Any]:
    raise ZeroDivisionError("nobody was asked")


KINDS = tuple(JobKind(name, f"testing.jobs:{name}") for name in ("write_line", "refuse", "break_down"))


def worker(database: Database, clock: Clock) -> JobWorker:
    return JobWorker(database, clock, NO_CATEGORIES, JobRegistry(KINDS))


if __name__ == "__main__":
    worker(Database(sys.argv[1]), SystemClock()).run_all()
