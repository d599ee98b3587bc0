"""A questionnaire that the office has, pasted or uploaded: read, mended by line, saved as a whole or not at all."""

import re
import tempfile
from pathlib import Path
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.authoring.draft_yaml import write_yaml
from survey_app.authoring.gaps import fill_gaps
from survey_app.definition.model import Instrument
from survey_app.foundation.docx_reader import read_docx_lines
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.extensions import database
from survey_app.foundation.text_file import decode_text, read_bytes
from survey_app.foundation.translation import _, render
from survey_app.frame.draft_import import ImportedDraft, import_source
from survey_app.frame.draft_readers import MAX_BYTES, ReadOptions
from survey_app.frame.instrument_uploads import read_uploaded, save_uploaded
from survey_app.web.audit import record_done, record_shown
from survey_app.web.download import download

from .form_answers import REFUSED, sentences, text_of, uploaded_file
from .import_context import import_page
from .lookup import catalogue, categories
from .questionnaires import preview_answer

MAX_TEXT = 200_000


def import_form() -> str:
    return render_template("admin/questionnaire_import.html", errors={}, **import_page("", None, {}, categories()))


def import_questionnaire() -> AnyResponse:
    """Read what was pasted; look at it as a phone does, take it as a file, or save it."""
    step = text_of("step")
    try:
        pasted = _pasted()
        draft = _read(pasted)
    except UserError as error:
        return _page(request.form.get("text", "")[:MAX_TEXT], None, {"text": sentences(error)}, REFUSED)
    if step not in ("preview", "file", "save") or draft.is_refused:
        with database().write_session() as db:
            record_shown(db, f"{draft.content['counts']['source']} lines")
        return _page(pasted, draft, {}, REFUSED if draft.is_refused else 200)
    content = write_yaml(_filled(draft)).encode()
    try:
        return _taken(step, content)
    except UserError as error:
        return _page(pasted, draft, {"save": list(map(render, error.messages))}, REFUSED)


def _taken(step: str, content: bytes) -> AnyResponse:
    """What becomes of the file: nothing is kept unless it is whole."""
    if step == "file":
        with database().write_session() as db:
            record_shown(db, "file")
        return download(content, "application/yaml", f"{text_of('id') or 'draft'}.yaml")
    instrument = read_uploaded(catalogue(), _("草稿"), content)
    with database().write_session() as db:
        if step == "preview":
            record_shown(db, instrument.id)
            return _preview(instrument)
        replaced = save_uploaded(db, catalogue(), instrument, content)
        record_done(db, f"{instrument.id} {instrument.version}{' (replaced)' if replaced else ''}")
    return redirect(url_for("admin.questionnaires", saved=instrument.id), 303)


def _preview(instrument: Instrument) -> AnyResponse:
    return preview_answer(instrument, instrument.audiences[0])


def _pasted() -> str:
    """The text of the page, or of the file that was chosen now. Raises :class:`UserError`."""
    name, content = uploaded_file("file")
    if not content:
        pasted = request.form.get("text", "").replace("\r\n", "\n")
        if not pasted.strip():
            raise user_error("请粘贴问卷文字，或选择一个文件")
        return pasted[:MAX_TEXT]
    suffix = Path(name).suffix.lower()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"source{suffix}"
        path.write_bytes(content)
        if suffix == ".docx":
            return "\n".join(words for _number, words in read_docx_lines(path))
        if suffix in (".txt", ".md"):
            return decode_text(read_bytes(path, MAX_BYTES), name)
    raise user_error("这里读 .docx 和 .txt；{file} 请另存为其中一种，或把文字粘贴进来", file=name)


def _read(pasted: str) -> ImportedDraft:
    lines = tuple(
        (int(name.removeprefix("line_")), role)
        for name, role in request.form.items()
        if re.fullmatch(r"line_\d{1,5}", name) and role
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "source.txt"
        path.write_text(pasted, "utf-8", newline="\n")
        return import_source(
            path, ReadOptions(text_of("audience"), "", str(catalogue().directory), lines), text_of("id")
        )


def _filled(draft: ImportedDraft) -> dict[str, Any]:
    """The instrument with what was typed beside it."""
    content = fill_gaps(draft.instruments[0], {name: text_of(name) for name in request.form})
    for key in ("id", "version"):
        content[key] = text_of(key) or content[key]
    if title := text_of("title"):
        content["title"] = {content["languages"][0]: title}
    content["categories"] = request.form.getlist("categories") or content["categories"]
    return content


def _page(pasted: str, draft: ImportedDraft | None, errors: dict[str, Any], status: int) -> AnyResponse:
    page = render_template(
        "admin/questionnaire_import.html", errors=errors, **import_page(pasted, draft, request.form, categories())
    )
    return Response(page, status, mimetype="text/html")
