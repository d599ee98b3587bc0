"""The assessment year in the browser: its path, scheme, imported marks, and the ranking that comes of it."""

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.assessment.disputes import DISPUTES
from survey_app.assessment.models import AssessmentYear
from survey_app.assessment.scheme_choices import scheme_choices
from survey_app.assessment.year_imports import keep_year_table, read_uploaded_table
from survey_app.assessment.years import (
    VersionChanged,
    adopt_scheme,
    create_year,
    list_computations,
    list_years,
    save_scheme,
    scheme_versions,
    wave_of,
)
from survey_app.definition.messages import message
from survey_app.definition.nodes import DefinitionError
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.text_file import decode_text
from survey_app.foundation.translation import frame_languages, language, render
from survey_app.frame.look_backs import waves_of_district_first
from survey_app.frame.models import Wave
from survey_app.frame.queries import frozen_schools, list_waves
from survey_app.reporting.tabular.csv_writer import csv_text
from survey_app.reporting.tabular.headings import column_headings
from survey_app.reporting.tabular.mark_headings import MARK_HEADINGS
from survey_app.reporting.tabular.mark_tables import AWARD_COLUMNS, MARK_COLUMNS, PROPOSAL_COLUMNS
from survey_app.reporting.tabular.year_ranking import YEAR_RANKING_COLUMNS
from survey_app.reporting.year_marks import year_scheme
from survey_app.web.audit import record_done
from survey_app.web.download import download

from ..form_answers import refused_page, sentences, typed, uploaded_file, who_was_it
from ..lookup import categories
from .context import year_line, year_page
from .marks import is_computing, request_marks
from .scheme import ACTION, year_or_404
from .trial_context import percent

TABLES = {
    "ranking": YEAR_RANKING_COLUMNS, "marks": MARK_COLUMNS, "awards": AWARD_COLUMNS, "proposals": PROPOSAL_COLUMNS,
}  # fmt: skip
TABLE_TITLES = {
    "ranking": message("年终排名"), "marks": message("逐行得分"), "awards": message("评优名单"),
    "proposals": message("提请"),
}  # fmt: skip


def assessment() -> str:
    return render_template("admin/assessment/assessment.html", **_list_values({}), errors={})


def _list_values(values: dict[str, str]) -> dict[str, object]:
    with database().read_session() as db:
        years = [year_line(db, year, clock().now()) for year in list_years(db)]
        waves = [(str(wave.id), wave.name) for wave in waves_of_district_first(db) if wave.opened_at]
    return {"years": years, "waves": waves, "values": {"name": "", "wave": "", "first": "", "earlier": ""} | values}


def create_assessment() -> AnyResponse:
    values = typed("name", "wave", "first", "earlier")
    try:
        with database().write_session() as db:
            waves = {str(wave.id): wave for wave in list_waves(db)}
            if values["wave"] not in waves:
                raise user_error("请选一个批次")
            year = create_year(
                db,
                values["name"],
                waves[values["wave"]],
                waves.get(values["earlier"]),
                g.staff.username,
                clock().now(),
                waves.get(values["first"]),
            )
            year_id = year.id
            record_done(db, year.name)
    except UserError as error:
        return refused_page("admin/assessment/assessment.html", {"name": sentences(error)}, **_list_values(values))
    return redirect(url_for("admin.assessment_year", year_id=year_id), 303)


def assessment_year(year_id: int) -> str:
    return render_template("admin/assessment/assessment_year.html", errors={}, **_values(year_id))


def _values(year_id: int) -> dict[str, object]:
    with database().read_session() as db:
        category, number = request.args.get("category", ""), request.args.get("page", "")
        year = year_or_404(db, year_id)
        choices = scheme_choices(db, year, settings().assessment_dir, categories(), language())
        return {
            "page": year_page(db, year, categories(), clock().now(), category, number), "choices": choices,
            "percent": percent, "dict": dict, "is_computing": is_computing(db, year),
            "disputes": [render(dispute.sentence) for dispute in DISPUTES],
        }  # fmt: skip


def _refused(year_id: int, field: str, error: UserError | DefinitionError) -> AnyResponse:
    if isinstance(error, DefinitionError):
        lines = [f"{fault.position}: {render(fault.message)}。" for fault in error.issues]
    else:
        lines = [render(line) for line in error.messages]
    if isinstance(error, VersionChanged):
        lines.append(who_was_it((ACTION,)))
    return refused_page("admin/assessment/assessment_year.html", {field: "\n".join(lines)}, **_values(year_id))


def save_year_scheme(year_id: int) -> AnyResponse:
    """A draft is replaced; after an adopted version it is the next one, and the page lists what is different."""
    name, content = uploaded_file("file")
    try:
        if not content:
            raise user_error("请选一个文件")
        text = decode_text(content, name)
        with database().write_session() as db:
            year, now = year_or_404(db, year_id), clock().now()
            seen = request.form.get("seen", "")
            version = save_scheme(db, year, text, name, categories(), g.staff.username, now, seen)
            record_done(db, f"{year.name} #{version.number} {version.sha256[:16]}")
    except (UserError, DefinitionError) as error:
        return _refused(year_id, "file", error)
    return _back(year_id)


def scheme_file(year_id: int, number: int) -> AnyResponse:
    """A version as it was saved."""
    with database().read_session() as db:
        year = year_or_404(db, year_id)
        version = next((entry for entry in scheme_versions(db, year) if entry.number == number), None)
        if version is None:
            abort(404)
        content, name = version.content.encode(), year.name
    return download(content, "application/yaml", f"{name} {number}.yaml")


def adopt_year_scheme(year_id: int) -> AnyResponse:
    try:
        with database().write_session() as db:
            year = year_or_404(db, year_id)
            version = adopt_scheme(db, year, categories(), g.staff.username, clock().now())
            record_done(db, f"{year.name} #{version.number} {version.sha256[:16]}")
    except UserError as error:
        return _refused(year_id, "", error)
    return _back(year_id)


def import_year_marks(year_id: int) -> AnyResponse:
    name, content = uploaded_file("table")
    try:
        if not content:
            raise user_error("请选一个文件")
        with database().read_session() as db:
            year = year_or_404(db, year_id)
            schools, scheme = frozen_schools(db, _wave_of(db, year).id), year_scheme(db, year, categories())
        table = read_uploaded_table(content, name, scheme, schools)  # takes its time: no answer waits for it
        with database().write_session() as db:
            year = year_or_404(db, year_id)
            keep_year_table(db, year, table, name, g.staff.username, clock().now())
            record_done(db, f"{year.name} {name} ({table.rows})")
    except UserError as error:
        return _refused(year_id, "table", error)
    return _back(year_id)


def compute_year(year_id: int) -> AnyResponse:
    try:
        request_marks(year_id)
    except UserError as error:
        return _refused(year_id, "", error)
    return redirect(url_for("admin.marks_progress", year_id=year_id), 303)


def year_table(year_id: int, table: str) -> AnyResponse:
    """A table as it was kept; nothing is computed here."""
    with database().read_session() as db:
        year = year_or_404(db, year_id)
        asked = request.args.get("computation", "")
        kept = list_computations(db, year)
        computation = (
            next((entry for entry in kept if str(entry.id) == asked), None) if asked else next(iter(kept), None)
        )
        if asked and computation is None:
            abort(404)
        if computation is None:
            raise user_error("考核年度“{name}”还没有计分：请先采用方案，等批次封存以后计分", name=year.name)
        name, rows = year.name, computation.tables[table]
    columns, tag = TABLES[table], request.args.get("headings", "")
    headings = column_headings(columns, tag, MARK_HEADINGS[table]) if tag in frame_languages() else ()
    content = csv_text(rows, columns, headings).encode()
    return download(content, "text/csv", f"{name} {render(TABLE_TITLES[table])}.csv")


def _wave_of(db: object, year: AssessmentYear) -> Wave:
    wave = wave_of(db, year)  # type: ignore[arg-type]
    if wave is None:
        abort(404)
    return wave


def _back(year_id: int) -> AnyResponse:
    return redirect(url_for("admin.assessment_year", year_id=year_id), 303)
