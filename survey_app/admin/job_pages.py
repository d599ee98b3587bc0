"""Pages of long work: how far a job is, until it is done or failed."""

from typing import Any

from flask import make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from survey_app.foundation.job import DONE, FAILED, Job

REFRESH_SECONDS = 3


def is_active(job: Job | None) -> bool:
    """Return whether a job waits or runs."""
    return job is not None and job.state not in (DONE, FAILED)


def progress_page(template: str, job: Job | None, **values: Any) -> AnyResponse:
    """Return the page of a job, which looks again by itself while the job is not finished."""
    response = make_response(render_template(template, job=job, **values))
    if is_active(job):
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response
