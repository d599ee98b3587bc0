"""The ZIP for the whole district: asked for, made by a job, fetched when it is ready."""

from flask import g, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.distribution.print_files import print_directory
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.job import DONE, enqueue
from survey_app.foundation.stored_settings import load_office, require_reachable_address
from survey_app.foundation.translation import _, language
from survey_app.frame.models import Wave
from survey_app.frame.queries import frozen_schools
from survey_app.web.audit import record_done
from survey_app.web.download import file_name

from ..form_answers import text_of
from ..job_pages import progress_page
from ..jobs import PRINT_JOB
from ..lookup import categories, job_or_404, wave_or_404
from ..waves.context import wave_summary
from .context import coded_rows
from .views import CAN_PRINT

RESERVES = ("0", "5", "10")


def request_prints(wave_id: int) -> AnyResponse:
    """Codes only for schools that have none yet: nothing that was handed out becomes void."""
    with database().write_session() as db:
        wave = wave_or_404(db, wave_id)
        if wave_summary(wave, clock().now()).state not in CAN_PRINT:
            raise user_error("批次要在开放之后、封存之前才能印发")
        require_reachable_address(load_office(db, settings()).address, settings().allow_local_address)
        parameters = _parameters(db, wave)
        job = enqueue(db, PRINT_JOB, parameters, g.staff.username, clock().now())
        job_id = job.id
        schools = len(parameters["schools"])
        record_done(db, f"{wave.name} {schools} {', '.join(parameters['codes'])}")
    return redirect(url_for("admin.print_progress", wave_id=wave_id, job_id=job_id), 303)


def _parameters(db: object, wave: Wave) -> dict:  # type: ignore[type-arg]
    chosen = request.form.getlist("codes")
    reserve = text_of("reserve")
    rows = coded_rows(db, wave, categories())
    codes = {row.id: list(row.unprinted) for row in rows if row.id in chosen and row.unprinted}
    return {
        "wave_id": wave.id, "language": language(), "codes": codes, "asked_by": g.staff.username,
        "reserve": int(reserve) / 100 if reserve in RESERVES else 0.0,
        "schools": [school.code for school in frozen_schools(db, wave.id)],  # type: ignore[arg-type]
    }  # fmt: skip


def print_progress(wave_id: int, job_id: int) -> AnyResponse:
    with database().read_session() as db:
        wave, job = wave_or_404(db, wave_id), job_or_404(db, PRINT_JOB, wave_id, job_id)
        summary = wave_summary(wave, clock().now())
    is_there = job.state == DONE and (print_directory() / str((job.result or {}).get("file"))).is_file()
    return progress_page("admin/papers/prints.html", job, wave=summary, is_there=is_there)


def print_file(wave_id: int, job_id: int) -> AnyResponse:
    with database().write_session() as db:
        wave, job = wave_or_404(db, wave_id), job_or_404(db, PRINT_JOB, wave_id, job_id)
        path = print_directory() / str((job.result or {}).get("file", ""))
        if job.state != DONE or not path.is_file():
            raise user_error("这个文件已经删除（保留一天）。纸条丢失时请在学校页作废后重印")
        record_done(db, f"{wave.name} #{job_id}")
    name = file_name(_("{wave} 印发.zip", wave=wave.name))
    return send_file(path, "application/zip", as_attachment=True, download_name=name)
