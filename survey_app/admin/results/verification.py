"""Whether a wave still is what was fixed and counted: asked for on a page, recomputed by a job."""

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.foundation.clock import format_local
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.job import enqueue, latest_job_of_kind
from survey_app.foundation.translation import language
from survey_app.web.audit import record_done

from ..job_pages import progress_page
from ..jobs import VERIFICATION_JOB
from ..lookup import wave_or_404
from ..waves.context import wave_summary


def verification(wave_id: int) -> AnyResponse:
    """The last verification of this wave, or how far the one is that runs."""
    with database().read_session() as db:
        summary = wave_summary(wave_or_404(db, wave_id), clock().now())
        job = latest_job_of_kind(db, VERIFICATION_JOB, "wave_id", wave_id)
    when = format_local(job.finished_at) if job is not None and job.finished_at else ""
    return progress_page("admin/results/verification.html", job, wave=summary, when=when)


def request_verification(wave_id: int) -> AnyResponse:
    with database().write_session() as db:
        wave = wave_or_404(db, wave_id)
        if wave.opened_at is None:
            raise user_error("批次开放以后才有清单可以核验")
        parameters = {"wave_id": wave_id, "language": language(), "asked_by": g.staff.username}
        enqueue(db, VERIFICATION_JOB, parameters, g.staff.username, clock().now())
        record_done(db, wave.name)
    return redirect(url_for("admin.verification", wave_id=wave_id), 303)
