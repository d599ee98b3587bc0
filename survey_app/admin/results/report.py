"""The results of a wave: everything on one page to be printed, workbook, tables. Its pages: ``explorer``."""

import time
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from flask import Flask, abort, current_app, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.assessment.schemes import DEFAULT_SCHEME_FILE, Scheme, read_scheme
from survey_app.definition.messages import message
from survey_app.foundation import background
from survey_app.foundation.background import Background, StillRunning
from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.job import FAILED, Job, latest_job
from survey_app.foundation.roles import READERS, RESULT_READERS
from survey_app.foundation.stored_settings import load_office
from survey_app.foundation.translation import _, frame_languages, language, render, use_language
from survey_app.frame.school_history import successions
from survey_app.integrity.jobs import TALLY_JOB
from survey_app.reporting.build import TalliesMissing, build_report, require_sealed
from survey_app.reporting.count_requests import request_counts
from survey_app.reporting.html.page import results_page
from survey_app.reporting.tabular.csv_writer import csv_text
from survey_app.reporting.tabular.headings import column_headings
from survey_app.reporting.tabular.tables import (
    INDEX_COLUMNS,
    RANKING_COLUMNS,
    index_rows,
    item_columns,
    item_rows,
    ranking_rows,
)
from survey_app.reporting.wave_report import SchoolReport, WaveReport
from survey_app.reporting.xlsx.workbook import build_workbook
from survey_app.web.audit import record_done
from survey_app.web.download import download

from ..job_pages import is_active
from ..lookup import XLSX, categories, wave_or_404

REFRESH_SECONDS, SHORTEST_WAIT = 5, 0.1  # a report that is known takes a moment, too

TableRow = dict[str, Any]
TABLES: dict[str, tuple[Callable[[WaveReport], Iterable[TableRow]], Callable[[WaveReport], tuple[str, ...]]]] = {
    "indices": (index_rows, lambda _found: INDEX_COLUMNS),
    "items": (item_rows, item_columns),
    "ranking": (ranking_rows, lambda _found: RANKING_COLUMNS),
}
TABLE_TITLES = {"indices": message("指数"), "items": message("题目"), "ranking": message("排名")}

_reports: Background[WaveReport] = Background("report")
_workbooks: Background[bytes] = Background("workbook")


class ReportPreparing(UserError):
    """The report of a large district is being made; a page says so and looks again."""

    def __init__(self) -> None:
        super().__init__(message("结果正在准备，请过一会儿再看"))


NotReady = (TalliesMissing, ReportPreparing)


def scheme() -> Scheme:
    return read_scheme(settings().assessment_dir / DEFAULT_SCHEME_FILE, categories())


def results_all(wave_id: int) -> AnyResponse | str:
    try:
        page = results_page(wave_report(wave_id))
    except NotReady as missing:
        return preparing_page(wave_id, missing)
    return render_template("reporting/results.html", page=page, wave_id=wave_id, tables=tuple(TABLES))


def preparing_page(wave_id: int, missing: UserError) -> AnyResponse:
    """What is shown has to be made first: counted by a job, or drawn up. The page looks again, and asks for nothing."""
    jobs = _jobs_of(missing) if isinstance(missing, TalliesMissing) else []
    errors = [job.error for job in jobs if job is not None and job.state == FAILED]
    is_waiting = all(is_active(job) for job in jobs)
    percent = sum(job.percent for job in jobs if job is not None) // len(jobs) if jobs and is_waiting else None
    may_ask = not is_waiting and g.staff.role in RESULT_READERS
    page = render_template(
        "reporting/preparing.html", wave_id=wave_id, percent=percent, errors=errors, is_waiting=is_waiting,
        may_ask=may_ask,
    )  # fmt: skip
    response = make_response(page, 202)
    if is_waiting:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


def _jobs_of(missing: TalliesMissing) -> list[Job | None]:
    """The jobs that count what is missing; None where nobody asked for it."""
    with database().read_session() as db:
        return [latest_job(db, TALLY_JOB, parameters) for parameters in missing.parameters]


def count_results(wave_id: int) -> AnyResponse:
    """Ask for what the results lack; one that failed starts again, one that runs is the same."""
    with database().write_session() as db:
        wave = wave_or_404(db, wave_id)
        require_sealed(wave)
        request_counts(db, [(wave, None)], [scheme()], categories(), g.staff.username, clock().now())
        record_done(db, wave.name)
    return redirect(url_for("admin.results", wave_id=wave_id), 303)


def workbook_file(wave_id: int) -> AnyResponse:
    try:
        report = wave_report(wave_id)
        content = _workbook(report, wave_id)
    except NotReady as missing:
        return preparing_page(wave_id, missing)
    return download(content, XLSX, _("{wave} 满意度结果.xlsx", wave=report.wave))


def _workbook(report: WaveReport, wave_id: int) -> bytes:
    with database().read_session() as db:
        office = load_office(db, settings())
        key = (*_state_of(db, wave_id), report.scheme.sha256, language(), _reads_private())
    app, language_tag, now = application(), language(), clock().now()

    def build() -> bytes:
        with app.app_context(), use_language(language_tag):
            return build_workbook(report, office.name, now)

    try:
        return _workbooks.wait_for(key, build, _patience())
    except StillRunning:
        raise ReportPreparing from None


def _reads_private() -> bool:
    return g.staff.role in READERS


def table_file(wave_id: int, table: str) -> AnyResponse:
    report = wave_report(wave_id)
    rows, columns = TABLES[table]
    names, tag = columns(report), request.args.get("headings", "")
    headings = column_headings(names, tag) if tag in frame_languages() else ()
    content = csv_text(rows(report), names, headings).encode()
    return download(content, "text/csv", f"{report.wave} {render(TABLE_TITLES[table])}.csv")


def application() -> Flask:
    """The application itself, for a thread that outlives the request."""
    return current_app._get_current_object()  # type: ignore[attr-defined, no-any-return]


def wave_report(wave_id: int) -> WaveReport:
    """The report as this reader may have it: what stands on some forms is for the office and auditors."""
    report = report_under(wave_id, scheme())
    return report if _reads_private() else report.without_private()


def school_or_404(report: WaveReport, code: str) -> SchoolReport:
    school = next((school for school in report.schools if school.code == code), None)
    if school is None:
        abort(404)
    return school


def _state_of(db: Any, wave_id: int) -> tuple[Hashable, ...]:
    """What changes with everything that results are made of."""
    wave = wave_or_404(db, wave_id)
    return str(db.get_bind().url), wave.id, wave.revision, tuple(sorted(successions(db).items()))


def report_under(wave_id: int, chosen: Scheme, earlier_id: int | None = None) -> WaveReport:
    """The whole report; made in the background where that takes long: hundreds of schools, once a process."""
    with database().read_session() as db:
        key = _state_of(db, wave_id)
    app, language_tag = application(), language()

    def build() -> WaveReport:
        with app.app_context(), use_language(language_tag), database().read_session() as db:
            earlier = wave_or_404(db, earlier_id) if earlier_id else None
            return build_report(db, wave_or_404(db, wave_id), categories(), chosen, earlier=earlier)

    try:
        return _reports.wait_for((*key, chosen.sha256, earlier_id), build, _patience())
    except StillRunning:
        raise ReportPreparing from None


def _patience() -> float:
    """What is left of the seconds that this request may wait, for all the reports that its page needs."""
    until: float = g.setdefault("waits_until", time.monotonic() + background.PATIENCE)
    return max(SHORTEST_WAIT, until - time.monotonic())
