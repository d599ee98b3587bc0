"""What a school is asked to rectify: its notices, the letter, a reply with files, kept as a draft until it is sent."""

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.followup.attachment_folder import attachment_folder
from survey_app.followup.attachments import (
    ATTACHMENT_KINDS,
    add_attachment,
    remove_attachment,
)
from survey_app.followup.case_steps import possible_steps
from survey_app.followup.cases import StepWords, cases_of_schools, draft_attachments, save_reply, take_step
from survey_app.followup.ledger import case_line, history
from survey_app.followup.upload_limits import MAX_FILES, MAX_SIZE
from survey_app.foundation.clock import local_date
from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.paging import page_of
from survey_app.web.audit import record_done

from ..form_answers import REFUSED, number_of, sentences, storable_name, text_of
from ..lookup import categories
from ..rectification.case import attachment_file, case_or_404, letter_file
from ..rectification.form import actor, number_seen
from ..rectification.look_back_context import look_back_status

SAVE, SEND, ACCEPT = "save", "report", "accept"


def school_notices(code: str) -> str:
    today = local_date(clock().now())
    with database().read_session() as db:
        page = page_of(cases_of_schools(db, [code]), request.args.get("page", ""))
        lines = [case_line(case, today) for case in page.rows]
    return render_template("admin/school/notices.html", code=code, lines=lines, page=page)


def school_notice(code: str, case_id: int) -> str:
    return _page(code, case_id, "", None)


def _page(code: str, case_id: int, error: str, reply: str | None) -> str:
    """``reply``: what was typed and not kept."""
    with database().read_session() as db:
        case = case_or_404(db, case_id, code)
        status = look_back_status(db, case, categories(), clock().now(), g.staff.role)
        steps = {step.id for step in possible_steps(case.state, g.staff.role, case.severity)}
        return render_template(
            "admin/school/notice.html", code=code, case=case, line=case_line(case, local_date(clock().now())),
            history=history(db, case, of_school=True), status=status, files=draft_attachments(db, case), steps=steps,
            can_reply=g.staff.role == "principal" and SEND in steps, error=error,
            reply=case.reply if reply is None else reply, most=MAX_FILES, size=MAX_SIZE // 1024**2,
            endings=",".join(ending for kind in ATTACHMENT_KINDS for ending in kind.endings),
            saved=request.args.get("saved", ""),
        )  # fmt: skip


def keep_reply(code: str, case_id: int) -> AnyResponse:
    """The draft with its new files; with ``do=report`` it is sent, with ``do=accept`` only the receipt is confirmed.

    A file that is refused takes nothing away of what was typed or of the other files; the reply is then not sent.
    """
    do, reply = request.form.get("do", SAVE), text_of("reply")
    try:
        names, refused = _keep_files(code, case_id)
        with database().write_session() as db:
            case = case_or_404(db, case_id, code)
            save_reply(db, case_id, _drafts_seen(), reply, actor())
            if do in (SEND, ACCEPT) and refused is None:
                words = StepWords(reply if do == SEND else "")
                take_step(db, case_id, do, number_seen(), words, actor())
            record_done(db, " ".join((f"#{case.id} {code} {case.subject} → {case.state}", *names)))
        if refused is not None:
            raise refused
    except UserError as error:
        return Response(_page(code, case_id, sentences(error), reply), REFUSED, mimetype="text/html")
    return redirect(url_for("admin.school_notice", code=code, case_id=case_id, saved=do), 303)


def _drafts_seen() -> int:
    return number_of("drafts")


def _keep_files(code: str, case_id: int) -> tuple[list[str], UserError | None]:
    """Each in a transaction of its own, so that the first is kept where the second is refused."""
    names, refused = list[str](), list[UserError]()
    for file in request.files.getlist("files"):
        if not file.filename:
            continue
        with file.stream:
            name, content = storable_name(file.filename), file.read()
        try:
            with database().write_session() as db:
                folder = attachment_folder(db, settings().secrets_dir)
                add_attachment(db, folder, case_or_404(db, case_id, code).id, name, content, actor())
            names.append(f"+{name}")
        except UserError as error:
            refused.append(error)
    return names, UserError(*(line for error in refused for line in error.messages)) if refused else None


def take_file_away(code: str, case_id: int, file_id: int) -> AnyResponse:
    try:
        with database().write_session() as db:
            case_or_404(db, case_id, code)
            attachment = remove_attachment(db, case_id, file_id)
            record_done(db, f"#{case_id} {code} -{attachment.name}")
    except UserError as error:
        return Response(_page(code, case_id, sentences(error), None), REFUSED, mimetype="text/html")
    return redirect(url_for("admin.school_notice", code=code, case_id=case_id), 303)


def own_letter(code: str, case_id: int, form: str) -> AnyResponse:
    with database().read_session() as db:
        return letter_file(db, case_or_404(db, case_id, code), form)


def own_file(code: str, case_id: int, file_id: int) -> AnyResponse:
    with database().read_session() as db:
        case = case_or_404(db, case_id, code)
        return attachment_file(db, case, file_id, with_draft=g.staff.role == "principal")
