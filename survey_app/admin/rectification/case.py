"""The page of a case: its history, the next step, its letter and the files of its replies."""

from datetime import date
from typing import Any

from flask import Response, abort, g, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.followup.attachment_folder import attachment_folder
from survey_app.followup.attachments import read_attachment
from survey_app.followup.case_steps import STEPS
from survey_app.followup.cases import StepWords, find_case, list_attachments, take_step
from survey_app.followup.letters import notice_letter
from survey_app.followup.models import RectificationCase
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.stored_settings import load_office
from survey_app.foundation.translation import _
from survey_app.reporting.documents.files import DOCUMENT_FORMATS
from survey_app.reporting.documents.official_letter import LETTER_WRITERS
from survey_app.web.audit import record_done
from survey_app.web.download import download

from ..form_answers import REFUSED, sentences, typed
from ..lookup import categories
from .context import case_page
from .form import actor, number_seen
from .look_back_context import look_back_status

STEP_FIELDS = ("note", "deadline", "document", "begins", "ends")


def rectification_case(case_id: int) -> str:
    return _page(case_id, {}, {})


def _page(case_id: int, errors: dict[str, str], values: dict[str, str], step_id: str = "") -> str:
    with database().read_session() as db:
        case = case_or_404(db, case_id)
        page = case_page(db, case, g.staff, clock().now())
        status = look_back_status(db, case, categories(), clock().now(), g.staff.role)
    return render_template(
        "admin/rectification/case.html", page=page, status=status, errors=errors, values=values, tried=step_id,
        can_edit=g.staff.role == "office" and page.line.state == "proposed",
    )  # fmt: skip


def move_case(case_id: int, step_id: str) -> AnyResponse:
    """One step; where it is refused the page says why, and what was typed is still there."""
    if step_id not in STEPS:
        abort(404)
    values = typed(*STEP_FIELDS)
    try:
        words = StepWords(
            values["note"], _day(values["deadline"]), values["document"], _days(values["begins"], values["ends"])
        )
        with database().write_session() as db:
            case_or_404(db, case_id)
            case = take_step(db, case_id, step_id, number_seen(), words, actor())
            record_done(db, f"#{case.id} {case.school_code} {case.subject}: {step_id} → {case.state}")
    except UserError as error:
        page = _page(case_id, {"": sentences(error)}, values, step_id)
        return Response(page, REFUSED, mimetype="text/html")
    return redirect(url_for("admin.rectification_case", case_id=case_id), 303)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise user_error("日期“{text}”请写成 2026-12-31 的样子", text=text) from error


def _days(begins: str, ends: str) -> tuple[date, date] | None:
    first, last = _day(begins), _day(ends)
    return (first, last) if first and last else None


def case_letter(case_id: int, form: str) -> AnyResponse:
    """The letter as it was sent; before that as it would be."""
    with database().read_session() as db:
        return letter_file(db, case_or_404(db, case_id), form)


def case_file(case_id: int, file_id: int) -> AnyResponse:
    with database().read_session() as db:
        return attachment_file(db, case_or_404(db, case_id), file_id, with_draft=False)


def letter_file(db: Any, case: RectificationCase, form: str) -> AnyResponse:
    letter = notice_letter(db, case, load_office(db, settings()).name, clock().now())
    name = _("{document} {school}.{form}", document=case.document or _("草稿"), school=case.school_name, form=form)
    return download(LETTER_WRITERS[form](letter), DOCUMENT_FORMATS[form].mimetype, name)


def attachment_file(db: Any, case: RectificationCase, file_id: int, with_draft: bool) -> AnyResponse:
    """A file of a reply, always to be saved and never to be opened in the page; drafts are for the school alone."""
    attachment = next((entry for entry in list_attachments(db, case) if entry.id == file_id), None)
    if attachment is None or (attachment.step is None and not with_draft):
        abort(404)
    content = read_attachment(attachment_folder(db, settings().secrets_dir), attachment)
    return download(content, attachment.mimetype, attachment.name)


def case_or_404(db: Any, case_id: int, code: str = "") -> RectificationCase:
    """A case; with ``code`` only one that was sent to this school."""
    case = find_case(db, case_id)
    if case is None or (code and (case.school_code != code or case.delivered_at is None)):
        abort(404)
    return case
