"""Marks of a year: asked for, computed by a job, and the page that says how far it is."""

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.assessment.models import AssessmentYear
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.job import FAILED, enqueue, latest_job_of_kind
from survey_app.foundation.translation import language
from survey_app.reporting.year_marks import check_computable
from survey_app.web.audit import record_done

from ..job_pages import is_active, progress_page
from ..jobs import MARKS_JOB
from .scheme import year_or_404


def request_marks(year_id: int) -> None:
    """Ask for the job. Raises :class:`UserError` where there is nothing to compute yet."""
    with database().write_session() as db:
        year = year_or_404(db, year_id)
        check_computable(db, year)
        parameters = {"year_id": year.id, "language": language(), "asked_by": g.staff.username}
        enqueue(db, MARKS_JOB, parameters, g.staff.username, clock().now())
        record_done(db, year.name)


def is_computing(db: object, year: AssessmentYear) -> bool:
    return is_active(latest_job_of_kind(db, MARKS_JOB, "year_id", year.id))  # type: ignore[arg-type]


def marks_progress(year_id: int) -> AnyResponse:
    """How far the job is; where it is done, the year with its ranking."""
    with database().read_session() as db:
        name = year_or_404(db, year_id).name
        job = latest_job_of_kind(db, MARKS_JOB, "year_id", year_id)
    if job is None or not (is_active(job) or job.state == FAILED):
        return redirect(url_for("admin.assessment_year", year_id=year_id), 303)
    return progress_page("admin/assessment/marks_progress.html", job, year_id=year_id, name=name)
