"""Asks for the jobs that count what results lack, where something was done that needs it; reading asks for nothing."""

from collections.abc import Iterable
from datetime import datetime
from itertools import product
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.assessment.schemes import DEFAULT_SCHEME_FILE, Scheme, read_scheme
from survey_app.definition.categories import Categories
from survey_app.foundation.errors import UserError
from survey_app.foundation.job import Job, enqueue
from survey_app.frame.models import Wave
from survey_app.integrity.jobs import TALLY_JOB

from .build import TalliesMissing, require_counted


def request_counts(
    session: Session, waves: Iterable[tuple[Wave, Wave | None]], schemes: Iterable[Scheme], categories: Categories,
    asked_by: str, now: datetime,
) -> list[Job]:  # fmt: skip
    """Ask for what these schemes lack of waves and of those before; nothing where all is counted."""
    jobs: dict[int, Job] = {}
    for (wave, earlier), scheme in product(waves, schemes):
        try:
            require_counted(session, wave, categories, scheme, earlier)
        except TalliesMissing as missing:
            for parameters in missing.parameters:
                job = enqueue(session, TALLY_JOB, parameters, asked_by, now)
                session.flush()
                jobs[job.id] = job
    return list(jobs.values())


def request_after_change(
    session: Session, wave: Wave, schemes: Path, categories: Categories, asked_by: str, now: datetime
) -> None:  # fmt: skip
    """Ask for what results need after a seal or an exclusion; ``schemes``: the folder with the default one.

    What cannot be counted any more, the page of results says by itself.
    """
    if wave.sealed_at is None:
        return
    scheme = read_scheme(schemes / DEFAULT_SCHEME_FILE, categories)
    try:
        request_counts(session, [(wave, None)], [scheme], categories, asked_by, now)
    except UserError:
        return
