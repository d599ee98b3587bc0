"""The pages of the results explorer. Each draws one report in one way; its tables can be downloaded as they stand."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.accounts.two_people import are_in_one_hand
from survey_app.foundation.clock import format_local
from survey_app.foundation.extensions import database
from survey_app.foundation.job import latest_job_of_kind
from survey_app.foundation.paging import page_of
from survey_app.foundation.roles import RELEASED_TO, Role
from survey_app.foundation.translation import _
from survey_app.frame.models import ChangeRequest
from survey_app.integrity.change_requests import waiting_requests
from survey_app.integrity.release import RELEASE
from survey_app.reporting import labels
from survey_app.reporting.html.category_page import category_page
from survey_app.reporting.html.explorer import ExplorerPage, page_tables
from survey_app.reporting.html.overview import overview
from survey_app.reporting.html.page import method_sentences
from survey_app.reporting.html.question_page import question_page
from survey_app.reporting.html.school_page import school_page
from survey_app.reporting.html.wave_pages import change_page, quality_page
from survey_app.reporting.tabular.csv_writer import text_tables_csv
from survey_app.reporting.wave_report import WaveReport
from survey_app.reporting.xlsx.text_tables import ShownTable, text_tables_xlsx
from survey_app.web.download import download

from ..jobs import DOCUMENT_JOB
from ..lookup import XLSX, wave_or_404
from .next_steps import next_steps
from .report import TABLES, NotReady, preparing_page, school_or_404, wave_report

MAX_WORDS = 100


@dataclass(frozen=True, slots=True)
class FoundSchool:
    """A line of the search: which school, and of which category."""

    code: str
    name: str
    category: str


def results(wave_id: int) -> AnyResponse | str:
    """The overview."""
    try:
        report = wave_report(wave_id)
    except NotReady as missing:
        return preparing_page(wave_id, missing)
    release = _asked_release(wave_id) if g.staff.role in RELEASED_TO else None
    with database().read_session() as db:
        job = latest_job_of_kind(db, DOCUMENT_JOB, "wave_id", wave_id)
        document_job = job.id if job else None
        steps = next_steps(db, wave_or_404(db, wave_id)) if g.staff.role == Role.OFFICE else ()
        in_one_hand = release is not None and are_in_one_hand(db, release.requested_by, g.staff.username)
    return _render(
        "reporting/overview.html", wave_id, report, page=overview(report), tables=tuple(TABLES), release=release,
        release_when=format_local(release.requested_at) if release else "", document_job=document_job,
        release_in_one_hand=in_one_hand, steps=steps,
    )  # fmt: skip


def _asked_release(wave_id: int) -> ChangeRequest | None:
    """What a leader is asked to approve."""
    with database().read_session() as db:
        return next((waiting for waiting in waiting_requests(db, wave_id) if waiting.kind == RELEASE), None)


def results_category(wave_id: int) -> AnyResponse | str:
    return _explorer(wave_id, lambda report: category_page(report, request.args))


def results_questions(wave_id: int) -> AnyResponse | str:
    return _explorer(wave_id, lambda report: question_page(report, request.args))


def results_change(wave_id: int) -> AnyResponse | str:
    return _explorer(wave_id, lambda report: change_page(report, request.args))


def results_quality(wave_id: int) -> AnyResponse | str:
    return _explorer(wave_id, lambda report: quality_page(report, request.args))


def results_school(wave_id: int, code: str) -> AnyResponse | str:
    return _explorer(wave_id, lambda report: school_page(report, school_or_404(report, code), request.args), code)


def results_find(wave_id: int) -> AnyResponse | str:
    """The schools whose name or code has every word; the page of the school where it is only one."""
    words = request.args.get("q", "")[:MAX_WORDS].strip()
    try:
        report = wave_report(wave_id)
    except NotReady as missing:
        return preparing_page(wave_id, missing)
    found = [
        FoundSchool(school.code, school.name, labels.category(report, school.category))
        for school in report.schools
        if all(word in f"{school.code} {school.name}".lower() for word in words.lower().split())
    ]
    if words and len(found) == 1:
        return redirect(url_for("admin.results_school", wave_id=wave_id, code=found[0].code), 303)
    schools = page_of(found, request.args.get("page", ""))
    return _render("reporting/schools.html", wave_id, report, schools=schools, words=words)


def results_method(wave_id: int) -> AnyResponse | str:
    """How each figure is made; needs no figure."""
    try:
        report = wave_report(wave_id)
    except NotReady as missing:
        return preparing_page(wave_id, missing)
    return _render("reporting/method.html", wave_id, report, method_notes=method_sentences())


def _explorer(wave_id: int, draw: Callable[[WaveReport], ExplorerPage], school_code: str = "") -> AnyResponse | str:
    try:
        report = wave_report(wave_id)
    except NotReady as missing:
        return preparing_page(wave_id, missing)
    page = draw(report)
    if (format := request.args.get("format")) in PAGE_FILES:
        return _page_file(report, page, str(format))
    return _render("reporting/explorer.html", wave_id, report, page=page, school_code=school_code)


PAGE_FILES = ("csv", "xlsx")


def _page_file(report: WaveReport, page: ExplorerPage, ending: str) -> AnyResponse:
    """The tables of the page as they stand, to go on with."""
    name = _("{wave} {title}", wave=report.wave, title=page.title) + f".{ending}"
    if ending == "xlsx":
        shown = (
            ShownTable(title, table.heading_texts, [heading.numeric for heading in table.headings], table.rows)
            for title, table in page_tables(page)
        )
        return download(text_tables_xlsx(page.title, shown), XLSX, name)
    tables = ((table.heading_texts, table.rows) for _title, table in page_tables(page))
    return download(text_tables_csv(tables).encode(), "text/csv", name)


def _render(template: str, wave_id: int, report: WaveReport, **values: object) -> str:
    g.method_address = url_for("admin.results_method", wave_id=wave_id)
    counts = Counter(school.name for school in report.schools)
    links = {
        school.name: url_for("admin.results_school", wave_id=wave_id, code=school.code)
        for school in report.schools
        if counts[school.name] == 1
    }
    return render_template(template, wave=report.wave, wave_id=wave_id, school_links=links, address=_address, **values)


def _address(**words: Any) -> str:
    """This page with other words in its address."""
    return url_for(request.endpoint or "", **(request.view_args or {}), **words)
