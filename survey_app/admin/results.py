"""The results of a wave: everything on one page to be printed, workbook, tables. Its pages: ``results_pages``."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import g, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from survey_app.assessment.schemes import DEFAULT_SCHEME_FILE, Scheme, read_scheme
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.job import FAILED, Job, enqueue
from survey_app.foundation.stored_settings import load_office
from survey_app.foundation.translation import _, frame_languages
from survey_app.integrity.jobs import TALLY_JOB
from survey_app.reporting.build import TalliesMissing, build_report
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
from survey_app.reporting.wave_report import WaveReport
from survey_app.reporting.xlsx.workbook import build_workbook
from survey_app.web.download import download

from .lookup import XLSX, categories, wave_or_404

REFRESH_SECONDS = 5

TableRow = dict[str, Any]
TABLES: dict[str, tuple[Callable[[WaveReport], Iterable[TableRow]], Callable[[WaveReport], tuple[str, ...]]]] = {
    "indices": (index_rows, lambda _found: INDEX_COLUMNS),
    "items": (item_rows, item_columns),
    "ranking": (ranking_rows, lambda _found: RANKING_COLUMNS),
}


def scheme() -> Scheme:
    return read_scheme(settings().assessment_dir / DEFAULT_SCHEME_FILE, categories())


def results_all(wave_id: int) -> AnyResponse | str:
    try:
        page = results_page(wave_report(wave_id))
    except TalliesMissing as missing:
        return preparing_page(wave_id, missing)
    return render_template("reporting/results.html", page=page, wave_id=wave_id, tables=tuple(TABLES))


def preparing_page(wave_id: int, missing: TalliesMissing) -> AnyResponse:
    """The wave was not counted for the scheme yet: the job is asked for, and a page says so and looks again."""
    jobs = _request_jobs(missing)
    errors = [job.error for job in jobs if job.state == FAILED]
    percent = sum(job.percent for job in jobs) // len(jobs)
    page = render_template("reporting/preparing.html", wave_id=wave_id, percent=percent, errors=errors)
    response = make_response(page, 202)
    if not errors:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


def _request_jobs(missing: TalliesMissing) -> list[Job]:
    asked_by, now, retry = g.staff.username, clock().now(), "retry" in request.args
    with database().write_session() as db:
        return [enqueue(db, TALLY_JOB, parameters, asked_by, now, retry) for parameters in missing.parameters]


def report_for_download(wave_id: int) -> WaveReport:
    """A download is refused until the wave is counted for the scheme; the job is asked for all the same."""
    try:
        return wave_report(wave_id)
    except TalliesMissing as missing:
        _request_jobs(missing)
        raise


def workbook_file(wave_id: int) -> AnyResponse:
    report = report_for_download(wave_id)
    with database().read_session() as db:
        office = load_office(db, settings())
    content = build_workbook(report, office.name, clock().now())
    return download(content, XLSX, _("{wave} 满意度结果.xlsx", wave=report.wave))


def table_file(wave_id: int, table: str) -> AnyResponse:
    report = report_for_download(wave_id)
    rows, columns = TABLES[table]
    names, tag = columns(report), request.args.get("headings", "")
    headings = column_headings(names, tag) if tag in frame_languages() else ()
    content = csv_text(rows(report), names, headings).encode()
    return download(content, "text/csv", f"{report.wave} {table}.csv")


def wave_report(wave_id: int) -> WaveReport:
    with database().read_session() as db:
        return build_report(db, wave_or_404(db, wave_id), categories(), scheme())
