"""A table of answers from elsewhere: uploaded, tried, its faults by row and column, imported by one click."""

from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.collection.answer_table import read_answer_content
from survey_app.collection.answer_uploads import apply_answers as apply_upload
from survey_app.collection.answer_uploads import find_answers, keep_answers
from survey_app.collection.models import AnswerUpload
from survey_app.collection.response_import import CheckedAnswers, check_answers
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Grade
from survey_app.definition.form import form_for
from survey_app.definition.model import Instrument
from survey_app.distribution.queries import school_grades
from survey_app.foundation.clock import local_date
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.paging import page_of
from survey_app.foundation.translation import _, render
from survey_app.frame.models import Wave
from survey_app.frame.queries import frozen_instruments, frozen_schools
from survey_app.reporting.xlsx.answer_book import answer_template
from survey_app.web.audit import record_done
from survey_app.web.download import download

from ..form_answers import refused_page, sentences, uploaded_file
from ..lookup import XLSX, categories, wave_or_404
from ..questionnaires.context import title_of
from ..waves.context import wave_summary

MAX_NOTES = 50


def answer_form(wave_id: int) -> str:
    return render_template("admin/paper_entry/answer_upload.html", errors={}, **_form_page(wave_id))


def _form_page(wave_id: int) -> dict[str, object]:
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        summary = wave_summary(wave, clock().now())
        frozen = [entry.instrument for entry in frozen_instruments(db, wave_id, categories())]
    templates = [
        (each.id, audience, title_of(each), render(AUDIENCES[audience].label))
        for each in frozen for audience in each.audiences if AUDIENCES[audience].is_on_roster
    ]  # fmt: skip
    return {"wave": summary, "templates": templates}


def upload_answers(wave_id: int) -> AnyResponse:
    """What is no table of answers is refused at once; faults in its cells are shown by the dry run."""
    name, content = uploaded_file("file")
    try:
        if not content:
            raise user_error("{file} 是空的", file=name) if name else user_error("请选择一个文件")
        read_answer_content(name, content)
        with database().write_session() as db:
            wave = wave_or_404(db, wave_id)
            upload = keep_answers(db, wave, name, content, g.staff.username, clock().now())
            upload_id = upload.id
            record_done(db, f"{wave.name}: {upload.file_name}")
    except UserError as error:
        return refused_page("admin/paper_entry/answer_upload.html", {"file": sentences(error)}, **_form_page(wave_id))
    return redirect(url_for("admin.answer_preview", wave_id=wave_id, upload_id=upload_id), 303)


def answer_preview(wave_id: int, upload_id: int) -> str:
    return _preview(wave_id, upload_id, {})


def _preview(wave_id: int, upload_id: int, errors: dict[str, str]) -> str:
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        upload = _upload_or_404(db, wave_id, upload_id)
        summary = wave_summary(wave, clock().now())
        names = {school.code: school.name for school in frozen_schools(db, wave_id)}
        checked = CheckedAnswers()
        try:
            if upload.applied_at is None:
                checked = _check(db, wave, upload)
        except UserError as error:
            errors = errors or {"": sentences(error)}
    groups = [
        (names[code], code, render(AUDIENCES[audience].label), count)
        for (code, audience), count in sorted(checked.groups.items())
    ]
    faults = [(fault.row, fault.column, fault.value, render(fault.reason)) for fault in checked.faults]
    return render_template(
        "admin/paper_entry/answer_preview.html", wave=summary, upload=upload, errors=errors,
        groups=page_of(groups, request.args.get("page", "")),
        count=len(checked.responses), comments=len(checked.comments), fault_count=len(faults),
        faults=page_of(faults, request.args.get("page", "")),
        notes=[render(note) for note in checked.notes[:MAX_NOTES]],
        more_notes=max(0, len(checked.notes) - MAX_NOTES),
    )  # fmt: skip


def _check(db: Any, wave: Wave, upload: AnswerUpload) -> CheckedAnswers:
    table = read_answer_content(upload.file_name, upload.content)
    return check_answers(db, wave, table, categories(), local_date(clock().now()))


def apply_answers(wave_id: int, upload_id: int) -> AnyResponse:
    with database().read_session() as db:
        upload = _upload_or_404(db, wave_id, upload_id)
    try:
        if upload.applied_at is not None:
            raise user_error("这份表已经导入过了，没有再导入一次")
        table = read_answer_content(upload.file_name, upload.content)  # outside the transaction: another process reads
        with database().write_session() as db:
            wave, upload = wave_or_404(db, wave_id), _upload_or_404(db, wave_id, upload_id)
            imported = apply_upload(db, wave, upload, table, categories(), clock().now())
            record_done(db, f"{wave.name}: {upload.file_name}: {imported.count}")
    except UserError as error:
        return AnyResponse(_preview(wave_id, upload_id, {"": sentences(error)}), 409, mimetype="text/html")
    return redirect(url_for("admin.paper_entry", wave_id=wave_id, imported=imported.count), 303)


def answer_template_file(wave_id: int, instrument_id: str, audience: str) -> AnyResponse:
    """A sheet to fill in with the answers of one audience, and one that says what the codes are."""
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        frozen = {entry.instrument.id: entry.instrument for entry in frozen_instruments(db, wave_id, categories())}
    instrument = frozen.get(instrument_id)
    if instrument is None or audience not in instrument.audiences:
        abort(404)
    grades = _asked_grades(instrument, audience)
    content = answer_template(form_for(instrument, audience), grades)
    label = render(AUDIENCES[audience].label)
    return download(content, XLSX, _("{wave} {label} 答卷模板.xlsx", wave=wave.name, label=label))


def _asked_grades(instrument: Instrument, audience: str) -> tuple[Grade, ...]:
    """The grades of all categories that the questionnaire is for: one sheet is filled in for all their schools."""
    by_code = {
        grade.code: grade
        for category in instrument.categories
        for grade in school_grades({}, instrument, categories(), category, audience)
    }
    return tuple(by_code.values())


def _upload_or_404(db: Any, wave_id: int, upload_id: int) -> AnswerUpload:
    upload = find_answers(db, wave_id, upload_id)
    if upload is None:
        abort(404)
    return upload
