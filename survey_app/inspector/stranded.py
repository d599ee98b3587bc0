"""A draft that cannot be signed where it is: what was typed, what happened to it, and the way on."""

from typing import Any

from flask import abort, current_app, g, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.assessment.evaluation_forms import answers_in_words, instrument_for
from survey_app.assessment.stranded_drafts import StrandedDraft, carry_draft, stranded_draft
from survey_app.foundation.clock import format_local
from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.translation import language, render
from survey_app.frame.instrument_uploads import evaluation_instruments
from survey_app.web.audit import record_done

from .phone import phone_page, sentences


def draft(draft_id: int) -> AnyResponse:
    with database().read_session() as db:
        return _page(_found(db, draft_id))


def carry(draft_id: int) -> AnyResponse:
    """Into the period that is on; where it cannot be, the same page says why."""
    try:
        with database().write_session() as db:
            found = _found(db, draft_id)
            moved = carry_draft(db, g.staff, draft_id, clock().now())
            record_done(db, f"{moved.school_code} {found.school.name}: {found.wave.name} → #{moved.wave_id}")
            code = moved.school_code
    except UserError as error:
        with database().read_session() as db:
            return _page(_found(db, draft_id), sentences(error), 422)
    return redirect(url_for("inspector.evaluation", code=code), 303)


def _found(db: Any, draft_id: int) -> StrandedDraft:
    found = stranded_draft(db, g.staff, draft_id, clock().now())
    if found is None:
        abort(404)
    return found


def _page(found: StrandedDraft, error: str = "", status: int = 200) -> AnyResponse:
    form = instrument_for(evaluation_instruments(current_app.extensions["catalogue"]), found.school.category)
    return phone_page(
        "stranded.html", status, found=found, reason=render(found.reason), advice=render(found.advice), error=error,
        saved=format_local(found.draft.saved_at),
        answers=answers_in_words(form, found.draft.answers, language()) if form else (),
    )  # fmt: skip
