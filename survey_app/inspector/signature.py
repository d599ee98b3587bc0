"""What an evaluation amounts to, before it is signed and after; and taking it back with a reason."""

from flask import abort, g, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.assessment.evaluation_forms import EvaluationScore, evaluation_form, missing_answers, score_of
from survey_app.assessment.evaluations import NotComplete, sign_evaluation, withdraw_evaluation, withdrawn_evaluations
from survey_app.foundation.clock import format_local
from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.translation import language
from survey_app.web.audit import record_done

from .assignment import Assignment, assignment_or_404
from .evaluation import draft_page
from .phone import phone_page, sentences, typed


def signature(code: str) -> AnyResponse:
    with database().read_session() as db:
        found = assignment_or_404(db, code, clock().now())
    if found.own is None or (
        not found.is_signed and missing_answers(evaluation_form(found.instrument), found.own.answers)
    ):
        return redirect(url_for("inspector.evaluation", code=code, missing=""), 303)
    return _page(found)


def sign(code: str) -> AnyResponse:
    now = clock().now()
    with database().read_session() as db:
        found = assignment_or_404(db, code, now)
    try:
        with database().write_session() as db:
            found = assignment_or_404(db, code, now)
            signed = sign_evaluation(db, g.staff, found.period, found.school, found.instrument, now)
            record_done(db, f"{found.school.code} {found.school.name} {signed.score:.2f}")
    except NotComplete as error:
        return draft_page(found, error.problems, 422)
    except UserError as error:
        return _page(found, sentences(error), 422) if found.own else draft_page(found, (), 422, sentences(error))
    return redirect(url_for("inspector.own_schools"), 303)


def withdraw(code: str) -> AnyResponse:
    """A draft with the same answers takes its place; what was signed stays in the history."""
    now = clock().now()
    with database().read_session() as db:
        found = assignment_or_404(db, code, now)
    try:
        with database().write_session() as db:
            found = assignment_or_404(db, code, now)
            if found.own is None:
                abort(404)
            withdraw_evaluation(db, found.own, g.staff.username, typed("reason"), now)
            record_done(db, f"{found.school.code} {found.school.name}: {typed('reason')}")
    except UserError as error:
        return _page(found, sentences(error), 422)
    return redirect(url_for("inspector.evaluation", code=code), 303)


def _page(found: Assignment, error: str = "", status: int = 200) -> AnyResponse:
    assert found.own is not None
    with database().read_session() as db:
        before = withdrawn_evaluations(db, g.staff, found.period, found.school.code)
    score = score_of(found.instrument, found.own.answers)
    if found.own.score is not None:
        score = EvaluationScore(found.own.score, score.dimensions)
    labels = {one.id: one.label.in_language(language()) for one in found.instrument.dimensions}
    history = [
        (one.score, format_local(one.signed_at), format_local(one.withdrawn_at), one.withdrawn_by, one.withdrawn_for)
        for one in before
        if one.signed_at and one.withdrawn_at
    ]
    return phone_page(
        "signature.html", status, school=found.school, own=found.own, score=score, labels=labels, history=history,
        signed=format_local(found.own.signed_at) if found.own.signed_at else "", error=error, reason=typed("reason"),
        has_conflict=found.conflict is not None,
    )  # fmt: skip
