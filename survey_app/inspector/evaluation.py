"""The form: filled in on a phone, kept on the server at every press of a button, complete or not."""

from collections.abc import Sequence
from datetime import date

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.assessment.evaluation_forms import evaluation_form, missing_answers
from survey_app.assessment.evaluations import DraftChanged, draft_stamp, save_draft
from survey_app.collection.context import form_context
from survey_app.definition.answers import Problem
from survey_app.foundation.clock import format_local, local_date
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.translation import _, language, language_name
from survey_app.web.audit import record_done

from .assignment import Assignment, assignment_or_404
from .phone import phone_page, remember_view, sentences, typed

FormData = dict[str, list[str]]


def evaluation(code: str) -> AnyResponse:
    """The form; of what was signed its signature, of a school that is not evaluated the reason."""
    with database().read_session() as db:
        found = assignment_or_404(db, code, clock().now())
    if found.is_signed:
        return redirect(url_for("inspector.signature", code=code), 303)
    if found.conflict is not None:
        return redirect(url_for("inspector.conflict", code=code), 303)
    answers = found.own.answers if found.own else {}
    shows_missing = request.args.get("missing") is not None
    return draft_page(found, missing_answers(evaluation_form(found.instrument), answers) if shows_missing else ())


def save_evaluation(code: str) -> AnyResponse:
    """Keep everything; then the same page again, or the one that signs. What cannot be kept is shown once more."""
    fields: FormData = {name: values for name, values in request.form.lists() if not name.startswith("_")}
    now, visited, choice = clock().now(), typed("_visited_on"), typed("_view")
    with database().read_session() as db:
        found = assignment_or_404(db, code, now)
    if not typed("_end"):  # half a page, as over a bad network: what it does not have is not taken from the draft
        return draft_page(found, (), 422, _("网页还没有到齐，这一次没有存；下面是上次存的草稿"))
    try:
        with database().write_session() as db:
            found = assignment_or_404(db, code, now)
            day, seen = _read_day(visited), typed("_seen")
            save_draft(db, g.staff, found.period, found.school, found.instrument, fields, day, now, seen)
            record_done(db, f"{found.school.code} {found.school.name}")
    except UserError as error:
        seen = error.seen if isinstance(error, DraftChanged) else typed("_seen")
        return _form_page(found, fields, visited, (), sentences(error), 422, seen)
    remember_view(choice)
    if typed("_do") != "sign":
        return redirect(url_for("inspector.evaluation", code=code), 303)
    if missing_answers(evaluation_form(found.instrument), fields):
        return redirect(url_for("inspector.evaluation", code=code, missing=""), 303)
    return redirect(url_for("inspector.signature", code=code), 303)


def draft_page(found: Assignment, problems: Sequence[Problem] = (), status: int = 200, notice: str = "") -> AnyResponse:
    """The form with what is kept of it."""
    answers = found.own.answers if found.own else {}
    return _form_page(found, answers, _visit_of(found), problems, notice, status)


def _form_page(
    found: Assignment, fields: FormData, visited: str, problems: Sequence[Problem] = (), notice: str = "",
    status: int = 200, seen: str | None = None,
) -> AnyResponse:  # fmt: skip
    page = form_context(evaluation_form(found.instrument), (), fields, problems, notice)
    return phone_page(
        "evaluation.html", status, page=page, school=found.school, period=found.period.wave.name,
        visited=visited, heading=_heading(problems, notice),
        seen=draft_stamp(found.own) if seen is None else seen,
        saved=format_local(found.own.saved_at) if found.own else "", today=local_date(clock().now()).isoformat(),
        languages=[(tag, language_name(tag)) for tag in found.instrument.languages if tag != language()],
    )  # fmt: skip


def _heading(problems: Sequence[Problem], notice: str) -> str:
    return notice or (_("已存，还不能签：还有 {n} 项没有选", n=len(problems)) if problems else "")


def _visit_of(found: Assignment) -> str:
    return (found.own.visited_on if found.own else local_date(clock().now())).isoformat()


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise user_error("到校日期请写成 2026-11-27") from None
