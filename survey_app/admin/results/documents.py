"""Documents of a wave as files: leader's page, district report, the report of a school, those of all as a ZIP."""

from flask import abort, g, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.distribution.print_files import print_directory
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.job import DONE, enqueue
from survey_app.foundation.roles import READERS
from survey_app.foundation.stored_settings import load_office
from survey_app.foundation.translation import _, language, render
from survey_app.frame.wave_states import is_released
from survey_app.reporting.documents.files import DOCUMENT_FORMATS, DOCUMENT_KINDS
from survey_app.reporting.documents.school_report import SchoolReports
from survey_app.reporting.documents.sources import ExtraSources
from survey_app.reporting.mark_inputs import stale_marks_of_wave
from survey_app.web.audit import record_done
from survey_app.web.download import download, file_name

from ..form_answers import refused_page
from ..job_pages import progress_page
from ..jobs import DOCUMENT_JOB
from ..lookup import categories, frozen_school_or_404, job_or_404, wave_or_404
from .report import NotReady, preparing_page, school_or_404, wave_report

REFRESH_SECONDS = 3


def district_document(wave_id: int, kind: str, form: str) -> AnyResponse:
    """The leader's page or the district report."""
    build, format_ = DOCUMENT_KINDS[kind].build, DOCUMENT_FORMATS[form]
    assert build is not None
    try:
        report = wave_report(wave_id)
    except NotReady as missing:
        return preparing_page(wave_id, missing)
    with database().read_session() as db:
        office = load_office(db, settings()).name
    name = _("{wave} {title}", wave=report.wave, title=render(DOCUMENT_KINDS[kind].label))
    return download(format_.write(build(report, office)), format_.mimetype, f"{name}.{form}")


def school_document(wave_id: int, code: str, form: str) -> AnyResponse:
    """The report of one school; the marks of the year are for those who may read them beforehand."""
    return _school_file(wave_id, code, form, with_marks=g.staff.role in READERS)


def own_document(code: str, wave_id: int, form: str) -> AnyResponse:
    """The report as the school has it, once results are released; marks are not released with them."""
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        if not is_released(wave):
            abort(404)
        frozen_school_or_404(db, wave_id, code)
    return _school_file(wave_id, code, form, with_marks=False)


def _school_file(wave_id: int, code: str, form: str, with_marks: bool) -> AnyResponse:
    format_ = DOCUMENT_FORMATS[form]
    try:
        report = wave_report(wave_id)
    except NotReady as missing:
        return preparing_page(wave_id, missing)
    school = school_or_404(report, code)
    with database().read_session() as db:
        sources = ExtraSources(db, wave_or_404(db, wave_id), report, categories(), clock().now(), with_marks=with_marks)
        document = SchoolReports(report, load_office(db, settings()).name).document(school, sources.extras(code))
    name = _("{wave} {title}", wave=report.wave, title=f"{school.name} {render(DOCUMENT_KINDS['school'].label)}")
    return download(format_.write(document), format_.mimetype, f"{name}.{form}")


def request_documents(wave_id: int) -> AnyResponse:
    """Ask for the reports of all schools; who asks while they are made is shown the same job.

    Marks that no longer hold are asked about first: a school that contests them holds this paper.
    """
    with database().write_session() as db:
        wave = wave_or_404(db, wave_id)
        if wave.sealed_at is None:
            raise user_error("批次封存以后才有结果，才能写报告")
        year_id, stale = stale_marks_of_wave(db, wave, clock().now())
        if stale and not request.form.get("as_kept"):
            values = {"wave": wave.name, "wave_id": wave.id, "year_id": year_id, "stale": stale}
            return refused_page("reporting/documents_stale.html", {}, **values)
        parameters = {"wave_id": wave.id, "revision": wave.revision, "language": language()}
        job_id = enqueue(db, DOCUMENT_JOB, parameters, g.staff.username, clock().now()).id
        record_done(db, f"{wave.name} #{job_id}")
    return redirect(url_for("admin.documents_progress", wave_id=wave_id, job_id=job_id), 303)


def documents_progress(wave_id: int, job_id: int) -> AnyResponse:
    with database().read_session() as db:
        name, job = wave_or_404(db, wave_id).name, job_or_404(db, DOCUMENT_JOB, wave_id, job_id)
    is_there = job.state == DONE and (print_directory() / str((job.result or {}).get("file"))).is_file()
    return progress_page("reporting/documents.html", job, wave=name, wave_id=wave_id, is_there=is_there)


def documents_file(wave_id: int, job_id: int) -> AnyResponse:
    with database().write_session() as db:
        name, job = wave_or_404(db, wave_id).name, job_or_404(db, DOCUMENT_JOB, wave_id, job_id)
        path = print_directory() / str((job.result or {}).get("file", ""))
        if job.state != DONE or not path.is_file():
            raise user_error("这个文件已经删除（保留一天），请再做一次")
        record_done(db, f"{name} #{job_id}")
    return send_file(path, "application/zip", as_attachment=True,
                     download_name=file_name(_("{wave} 学校报告.zip", wave=name)))  # fmt: skip
