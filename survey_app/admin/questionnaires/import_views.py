"""A questionnaire that the office has, pasted or uploaded: read, mended, reviewed, saved as a whole or not at all."""

import re
from pathlib import Path
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from survey_app.authoring.draft_check import faults_of
from survey_app.authoring.draft_yaml import write_yaml
from survey_app.authoring.gaps import fill_gaps
from survey_app.definition.messages import Message, message
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.extensions import database
from survey_app.foundation.translation import _, render
from survey_app.frame.draft_import import ONE_FORM_ONLY, ImportedDraft
from survey_app.frame.draft_readers import ReadOptions
from survey_app.frame.instrument_uploads import read_uploaded, save_uploaded
from survey_app.reporting.xlsx.questionnaire_books import questionnaire_template, workbook_with_faults
from survey_app.web.audit import record_done, record_shown
from survey_app.web.download import download

from ..form_answers import REFUSED, text_of, whole_number
from ..lookup import XLSX, catalogue, categories
from .import_context import Reading, blank_page, import_page, missing_answers
from .import_review import place_words, reviewed
from .import_source import MAX_TEXT, ImportSource, sources_of_request
from .import_typed import is_other_form, typed_of_form
from .views import preview_answer

TEMPLATE = "admin/questionnaires/questionnaire_import.html"


def import_form() -> str:
    return render_template(TEMPLATE, errors={}, **blank_page("", MultiDict(), catalogue().ids()))


def import_template() -> AnyResponse:
    """The workbook to fill in."""
    return download(questionnaire_template(), XLSX, _("问卷模板.xlsx"))


def import_questionnaire() -> AnyResponse:
    """Read what was pasted or chosen; look at it as a phone does, take it as a file, or save it."""
    reading, refused = _read_first()
    if reading is None:
        page = blank_page(request.form.get("text", "")[:MAX_TEXT], request.form, catalogue().ids())
        return _answer(render_template(TEMPLATE, errors={"text": refused}, **page), REFUSED)
    step = text_of("step")
    if refused:
        return _page(reading, {"file": refused})
    if step == "problems" and reading.draft.sheets:
        return _problems(reading)
    if step not in ("preview", "file", "save") or reading.draft.is_refused:
        return _page(reading, {})
    try:
        return _taken(step, reading)
    except UserError as error:
        return _page(reading, {"save": list(map(render, error.messages))})


def _read_first() -> tuple[Reading | None, str]:
    """The first source that can be read, and what is wrong with those before it."""
    said: list[str] = []
    for source_of in sources_of_request():
        try:
            source = source_of()
            return _reading(source, _read(source)), " ".join(said)
        except UserError as error:
            said += map(render, error.messages)
    return None, " ".join(said)


def _read(source: ImportSource) -> ImportedDraft:
    lines = tuple(
        (int(name.removeprefix("line_")), role)
        for name, role in request.form.items()
        if re.fullmatch(r"line_\d{1,5}", name) and role
    )
    previous = _file_of(text_of("previous"))
    audience, name = ("", "") if is_other_form(request.form) else (text_of("audience"), text_of("id"))
    options = ReadOptions(audience, text_of("sheet"), str(catalogue().directory), lines)
    return source.read(options, name, previous)


def _file_of(instrument_id: str) -> Path | None:
    return catalogue().directory / f"{instrument_id}.yaml" if instrument_id in catalogue().ids() else None


def _reading(source: ImportSource, draft: ImportedDraft) -> Reading:
    """The draft with what was typed beside it, and what the checker says of that."""
    number = whole_number(text_of("form"), len(draft.instruments) - 1) or 0
    if not draft.instruments:
        return Reading(source, draft, number, request.form)
    typed = typed_of_form(request.form, number, draft.form_sheets())
    content = _filled(draft.instruments[number], typed)
    return Reading(source, draft, number, typed, reviewed(draft.content, content, typed, categories()))


def _filled(instrument: dict[str, Any], typed: MultiDict[str, str]) -> dict[str, Any]:
    content = fill_gaps(instrument, {name: words.strip() for name, words in typed.items()})
    for key in ("id", "version"):
        content[key] = typed.get(key, "").strip() or content[key]
    if title := typed.get("title", "").strip():
        content["title"] = {content["languages"][0]: title} | {
            tag: words for tag, words in (content["title"] or {}).items() if tag != content["languages"][0]
        }
    content["categories"] = typed.getlist("categories") or content["categories"]
    return content


def _taken(step: str, reading: Reading) -> AnyResponse:
    """What becomes of the file: nothing is kept unless it is whole. Raises :class:`UserError`."""
    filled = reading.content
    content = write_yaml(filled).encode()
    if step == "file":
        with database().write_session() as db:
            record_shown(db, "file")
        return download(content, "application/yaml", f"{filled['id'] or 'draft'}.yaml")
    if step == "save" and reading.draft.goes_on_from_nothing:
        raise UserError(ONE_FORM_ONLY)
    if step == "save" and filled["id"] in catalogue().ids() and text_of("previous") != filled["id"]:
        raise user_error(
            "已经有编号是“{id}”的问卷。要接着它改，请在“接着哪份问卷”里选它，题号才接得上；要另存一份，请换一个编号",
            id=filled["id"],
        )
    if open_gaps := missing_answers(filled):
        raise UserError(message("还有 {n} 处没有填：", n=len(open_gaps)), *open_gaps)
    if faults := list(faults_of(filled, categories())):
        said = (_placed(reading, name, what) for name, what in faults)
        raise UserError(message("有 {n} 处不合规则：", n=len(faults)), *said)
    instrument = read_uploaded(catalogue(), _("草稿"), content)
    with database().write_session() as db:
        if step == "preview":
            record_shown(db, instrument.id)
            return preview_answer(instrument, instrument.audiences[0])
        replaced = save_uploaded(db, catalogue(), instrument, content)
        record_done(db, f"{instrument.id} {instrument.version}{' (replaced)' if replaced else ''}")
    return redirect(url_for("admin.questionnaires", saved=instrument.id), 303)


def _placed(reading: Reading, name: str, what: Message) -> Message:
    """A fault with the place in the source of the question that it is about."""
    item = next((item for item in reading.draft.content["items"] if item["id"] == name), None)
    place = place_words(item) if item else name
    return message("{place}：{what}", place=place, what=what) if place else what


def _problems(reading: Reading) -> AnyResponse:
    """The workbook with a column that says what is wrong in each row."""
    with database().write_session() as db:
        record_shown(db, "problems")
    book = workbook_with_faults(reading.draft.sheets, reading.draft.fault_messages(), reading.draft.heading_rows)
    stem = reading.source.name.rpartition(".")[0]
    return download(book, XLSX, _("{file} 问题.xlsx", file=stem))


def _page(reading: Reading, errors: dict[str, Any]) -> AnyResponse:
    if not errors and not reading.draft.is_refused:
        with database().write_session() as db:
            record_shown(db, f"{reading.draft.content['counts']['source']} lines")
    page = import_page(reading, request.form, categories(), catalogue().ids())
    status = REFUSED if errors or reading.draft.is_refused else 200
    return _answer(render_template(TEMPLATE, errors=errors, **page), status)


def _answer(page: str, status: int) -> AnyResponse:
    return Response(page, status, mimetype="text/html")
