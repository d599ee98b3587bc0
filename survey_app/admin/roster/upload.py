"""A roster file from upload over preview to import, and the same workbook back with what is wrong."""

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.pdf import missing_glyphs
from survey_app.foundation.translation import _
from survey_app.frame.models import RosterUpload
from survey_app.frame.roster_import import change_notes
from survey_app.frame.roster_uploads import (
    apply_upload,
    find_upload,
    keep_upload,
    preview_upload,
    read_content,
    read_upload,
    renew_upload,
)
from survey_app.reporting.xlsx.roster_books import workbook_with_problems
from survey_app.web.audit import record_done
from survey_app.web.download import download

from ..form_answers import refused_page, sentences, text_of, uploaded_file, who_was_it
from ..lookup import XLSX, categories
from .context import preview_page

ACTION = "roster.import"


def upload_form() -> str:
    return render_template("admin/roster/roster_upload.html", errors={})


def upload_roster() -> AnyResponse:
    """What cannot be read as a roster is refused at once; faults in its cells are shown in the preview."""
    name, content = uploaded_file("file")
    by_children = "parents_by_children" in request.form
    try:
        if content:
            read_content(name, content, by_children, categories(), missing_glyphs)
        with database().write_session() as db:
            upload = keep_upload(db, name, content, by_children, g.staff.username, clock().now())
            upload_id = upload.id
            record_done(db, upload.file_name)
    except UserError as error:
        return refused_page("admin/roster/roster_upload.html", {"file": sentences(error)})
    return redirect(url_for("admin.roster_preview", upload_id=upload_id), 303)


def roster_preview(upload_id: int) -> str:
    return _preview(upload_id, {})


def _preview(upload_id: int, errors: dict[str, str]) -> str:
    with database().read_session() as db:
        upload = _upload_or_404(db, upload_id)
        preview = preview_upload(db, upload, read_upload(upload, categories(), missing_glyphs))
    page = preview_page(preview, change_notes(preview.roster, preview.change), categories())
    meanwhile = who_was_it((ACTION,)) if page.is_stale else ""
    return render_template(
        "admin/roster/roster_preview.html", page=page, upload=upload, errors=errors, meanwhile=meanwhile
    )


def roster_problems(upload_id: int) -> AnyResponse:
    with database().read_session() as db:
        upload = _upload_or_404(db, upload_id)
    book = workbook_with_problems(read_upload(upload, categories(), missing_glyphs))
    stem = upload.file_name.rpartition(".")[0] or upload.file_name
    return download(book, XLSX, _("{file} 问题.xlsx", file=stem))


def renew_preview(upload_id: int) -> AnyResponse:
    """Compare the same file with the roster as somebody else left it."""
    with database().write_session() as db:
        upload = _upload_or_404(db, upload_id)
        renew_upload(db, upload)
        record_done(db, upload.file_name)
    return redirect(url_for("admin.roster_preview", upload_id=upload_id), 303)


def apply_preview(upload_id: int) -> AnyResponse:
    with database().read_session() as db:
        upload = _upload_or_404(db, upload_id)
    roster = read_upload(upload, categories(), missing_glyphs)  # outside the transaction: a process of its own reads
    try:
        with database().write_session() as db:
            upload = _upload_or_404(db, upload_id)
            missing = text_of("missing")
            change = apply_upload(db, upload, roster, missing, clock().now())
            gone = 0 if missing == "keep" else len(change.missing)
            counts = f"+{len(change.new)} ~{len(change.changed)} -{gone}"
            record_done(db, f"{upload.file_name}: {len(roster.schools)} ({counts})")
    except UserError as error:
        page = _preview(upload_id, {"": sentences(error)})
        return AnyResponse(page, 409, mimetype="text/html")
    return redirect(url_for("admin.roster", applied=len(roster.schools)), 303)


def _upload_or_404(db: object, upload_id: int) -> RosterUpload:
    upload = find_upload(db, upload_id)  # type: ignore[arg-type]
    if upload is None:
        abort(404)
    return upload
