"""The office's page of inspectors' evaluations: who has evaluated what, who should, how strict each is, conflicts."""

from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.assessment.conflict_kinds import CONFLICT_KINDS
from survey_app.assessment.conflicts import declare_conflict, lift_conflict
from survey_app.assessment.evaluation_overview import evaluation_overview
from survey_app.assessment.evaluations import (
    evaluation_by_id,
    withdraw_evaluation,
)
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.translation import _, render
from survey_app.frame.instrument_uploads import evaluation_instruments
from survey_app.reporting.xlsx.text_tables import text_tables_xlsx
from survey_app.web.audit import record_done
from survey_app.web.download import download

from ..form_answers import refused_page, sentences, text_of, typed
from ..lookup import XLSX, catalogue, categories
from .evaluation_context import chosen_inspector, evaluations_page
from .evaluation_tables import EvaluationForms, evaluation_tables, meeting_tables, visit_months
from .scheme import year_or_404

TEMPLATE = "admin/assessment/evaluations.html"
CONFLICT_FIELDS = ("staff", "school", "kind", "note")


def evaluations(year_id: int) -> str:
    return render_template(TEMPLATE, errors={}, **_values(year_id))


def _values(year_id: int) -> dict[str, Any]:
    with database().read_session() as db:
        year = year_or_404(db, year_id)
        overview = evaluation_overview(db, year, clock().now())
        months = visit_months(db, year)
        pages = request.args.get("page", ""), request.args.get("people", "")
        page = evaluations_page(year_id, year.name, overview, months, *pages)
    schools = [(entry.school.code, entry.school.name) for entry in overview.schools]
    kinds = [(one.id, render(one.label)) for one in CONFLICT_KINDS]
    return {
        "page": page,
        "schools": schools,
        "kinds": kinds,
        "values": typed(*CONFLICT_FIELDS),
        "zip": zip,
        "reasons": {},
    }


def declare_for(year_id: int) -> AnyResponse:
    """The office knows of a conflict that an inspector has not declared."""
    values = typed(*CONFLICT_FIELDS)
    try:
        with database().write_session() as db:
            year, now = year_or_404(db, year_id), clock().now()
            staff = chosen_inspector(evaluation_overview(db, year, now), values["staff"])
            if staff is None:
                raise user_error("请选一位督学")
            declare_conflict(db, staff, values["school"], values["kind"], values["note"], g.staff.username, now)
            record_done(db, f"{staff.username} {values['school']} {values['kind']}")
    except UserError as error:
        return refused_page(TEMPLATE, {"staff": sentences(error)}, **_values(year_id))
    return _back(year_id)


def lift(year_id: int, conflict_id: int) -> AnyResponse:
    with database().write_session() as db:
        year_or_404(db, year_id)
        conflict = lift_conflict(db, conflict_id, g.staff.username, clock().now())
        record_done(db, f"{conflict.rater} {conflict.school_code}")
    return _back(year_id)


def withdraw_for(year_id: int, evaluation_id: int) -> AnyResponse:
    """With a reason; the inspector finds it as a draft again."""
    try:
        with database().write_session() as db:
            year_or_404(db, year_id)
            evaluation = evaluation_by_id(db, evaluation_id)
            if evaluation is None or evaluation.year_id != year_id:
                abort(404)
            withdraw_evaluation(db, evaluation, g.staff.username, text_of("reason"), clock().now())
            record_done(db, f"{evaluation.rater} {evaluation.school_code}: {text_of('reason')}")
    except UserError as error:
        reasons = {evaluation_id: text_of("reason")}
        return refused_page(TEMPLATE, {"": sentences(error)}, **_values(year_id) | {"reasons": reasons})
    return _back(year_id)


def evaluation_file(year_id: int) -> AnyResponse:
    """Everything of the year, what was withdrawn too."""
    with database().read_session() as db:
        year = year_or_404(db, year_id)
        tables, name = evaluation_tables(db, year, _forms()), year.name
    title = _("{year} 督学评价", year=name)
    return download(text_tables_xlsx(title, tables), XLSX, f"{title}.xlsx")


def meeting_file(year_id: int) -> AnyResponse:
    """The monthly meeting: visits and findings of one month."""
    month = request.args.get("month", "")
    with database().read_session() as db:
        year = year_or_404(db, year_id)
        months = visit_months(db, year)
        if not months:
            raise user_error("还没有督学到校的记录")
        chosen = month if month in months else months[0]
        tables = meeting_tables(db, year, _forms(), chosen, clock().now())
    title = _("责任督学每月例会 {month}", month=chosen)
    return download(text_tables_xlsx(title, tables), XLSX, f"{title}.xlsx")


def _forms() -> EvaluationForms:
    return EvaluationForms(categories(), evaluation_instruments(catalogue()))


def _back(year_id: int) -> AnyResponse:
    return redirect(url_for("admin.evaluations", year_id=year_id), 303)
