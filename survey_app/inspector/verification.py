"""An inspector verifies, on the spot, what a school reported: it passed, or it failed and why."""

from typing import Any

from flask import abort, g, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.assessment.conflicts import conflict_with
from survey_app.followup.case_steps import CaseState
from survey_app.followup.cases import Actor, StepWords, find_case, take_step
from survey_app.followup.ledger import case_line, history, last_reply
from survey_app.followup.models import RectificationCase
from survey_app.foundation.clock import local_date
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.extensions import clock, database
from survey_app.web.audit import record_done

from .phone import phone_page, sentences, typed

DECISIONS = ("pass", "fail")
REFUSED = 422


def verification(code: str, case_id: int) -> AnyResponse:
    return _page(code, case_id)


def verify(code: str, case_id: int) -> AnyResponse:
    """Taken as decided on what was seen: if somebody was faster, the inspector is told what was done."""
    decision, note, seen = (typed(name) for name in ("decision", "note", "seen"))
    try:
        if decision not in DECISIONS:
            raise user_error("请按“通过”或“不通过”")
        with database().write_session() as db:
            _case_or_404(db, code, case_id)
            number = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else -1
            actor = Actor(g.staff.username, g.staff.role, clock().now())
            if conflict_with(db, g.staff, code) is not None:
                raise user_error("您已声明回避这所学校，请别的督学或督导室核验")
            case = take_step(db, case_id, decision, number, StepWords(note), actor)
            record_done(db, f"#{case.id} {code} {case.subject}: {decision} → {case.state}")
    except UserError as error:
        return _page(code, case_id, REFUSED, sentences(error), note)
    return redirect(url_for("inspector.verification", code=code, case_id=case_id), 303)


def _page(code: str, case_id: int, status: int = 200, error: str = "", note: str = "") -> AnyResponse:
    with database().read_session() as db:
        case = _case_or_404(db, code, case_id)
        lines = history(db, case)
        return phone_page(
            "verification.html", status, code=code, case=case, line=case_line(case, local_date(clock().now())),
            reply=last_reply(lines), history=lines, is_reported=case.state == CaseState.REPORTED, error=error,
            note=note,
        )  # fmt: skip


def _case_or_404(db: Any, code: str, case_id: int) -> RectificationCase:
    case = find_case(db, case_id)
    if case is None or case.school_code != code or case.delivered_at is None:
        abort(404)
    return case
