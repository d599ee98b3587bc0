"""A school that somebody does not evaluate: declared by the person, here; lifted by the office."""

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.assessment.conflict_kinds import CONFLICT_KINDS
from survey_app.assessment.conflicts import declare_conflict
from survey_app.foundation.clock import format_local
from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.translation import render
from survey_app.web.audit import record_done

from .assignment import Assignment, assignment_or_404
from .phone import phone_page, sentences, typed


def conflict(code: str) -> AnyResponse:
    with database().read_session() as db:
        found = assignment_or_404(db, code, clock().now())
    return _page(found)


def declare(code: str) -> AnyResponse:
    now = clock().now()
    with database().read_session() as db:
        found = assignment_or_404(db, code, now)
    try:
        with database().write_session() as db:
            declare_conflict(db, g.staff, code, typed("kind"), request.form.get("note", ""), g.staff.username, now)
            record_done(db, f"{found.school.code} {found.school.name} {typed('kind')}")
    except UserError as error:
        return _page(found, sentences(error), 422)
    return redirect(url_for("inspector.own_schools"), 303)


def _page(found: Assignment, error: str = "", status: int = 200) -> AnyResponse:
    declared = found.conflict
    return phone_page(
        "conflict.html", status, school=found.school, kinds=[(one.id, render(one.label)) for one in CONFLICT_KINDS],
        declared=declared, label=render(CONFLICT_KINDS[declared.kind].label) if declared else "",
        at=format_local(declared.declared_at) if declared else "", error=error, chosen=typed("kind"),
        note=typed("note"),
    )  # fmt: skip
