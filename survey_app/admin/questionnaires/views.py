"""The questionnaires: with what is asked. The library, who is covered, the form as a phone shows it, upload."""

from flask import Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.collection.pages import CONTENT_SECURITY_POLICY
from survey_app.collection.preview import SIZES, preview_page
from survey_app.definition.model import Instrument
from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import database
from survey_app.frame.acceptance import accept_findings
from survey_app.frame.instrument_uploads import (
    CheckedInstrument,
    check_catalogue,
    read_uploaded,
    save_uploaded,
    used_versions,
    yearly_instruments,
)
from survey_app.frame.look_backs import find_asked_again
from survey_app.frame.queries import list_roster
from survey_app.frame.wave_drafts import coverage_matrix
from survey_app.web.audit import record_done
from survey_app.web.download import download

from ..form_answers import refused_page, sentences, uploaded_file
from ..lookup import catalogue, categories
from .context import matrix_page, questionnaire_card, questionnaire_rows, said_reasons


def questionnaires() -> str:
    return render_template(
        "admin/questionnaires/questionnaires.html", errors={}, saved=request.args.get("saved", "")[:48], **_page()
    )


def upload_questionnaire() -> AnyResponse:
    name, content = uploaded_file("file")
    try:
        instrument = read_uploaded(catalogue(), name, content)
        with database().write_session() as db:
            is_replaced = save_uploaded(db, catalogue(), instrument, content)
            record_done(db, f"{instrument.id} {instrument.version}{' (replaced)' if is_replaced else ''}")
    except UserError as error:
        return refused_page("admin/questionnaires/questionnaires.html", {"file": sentences(error)}, saved="", **_page())
    return redirect(url_for("admin.questionnaires", saved=instrument.id), 303)


def questionnaire(instrument_id: str) -> str:
    return render_template("admin/questionnaires/questionnaire.html", errors={}, **_card(instrument_id))


def _card(instrument_id: str) -> dict[str, object]:
    checked = checked_or_404(instrument_id)
    with database().read_session() as db:
        versions = used_versions(db, instrument_id)
    return {"card": questionnaire_card(checked, versions, categories()), "sizes": SIZES}


def accept_warnings(instrument_id: str) -> AnyResponse:
    """Write the reasons that were typed beside findings into the file."""
    checked = checked_or_404(instrument_id)
    try:
        with database().write_session() as db:
            changed = accept_findings(db, catalogue(), checked, said_reasons(checked.findings, request.form))
            record_done(db, f"{checked.id}: {', '.join(changed)}")
    except UserError as error:
        values = {"typed": request.form} | _card(instrument_id)
        return refused_page("admin/questionnaires/questionnaire.html", {"": sentences(error)}, **values)
    return redirect(url_for("admin.questionnaire", instrument_id=checked.id) + "#review", 303)


def questionnaire_file(instrument_id: str) -> AnyResponse:
    checked = checked_or_404(instrument_id)
    content = (catalogue().directory / f"{checked.id}.yaml").read_bytes()
    return download(content, "application/yaml", f"{checked.id}.yaml")


def questionnaire_preview(instrument_id: str, audience: str) -> AnyResponse:
    with database().read_session() as db:
        again = find_asked_again(db, instrument_id, categories())
    instrument = again or checked_or_404(instrument_id).instrument
    if instrument is None or audience not in instrument.audiences:
        abort(404)
    return preview_answer(instrument, audience)


def preview_answer(instrument: Instrument, audience: str) -> AnyResponse:
    """The form itself, with the policy of the respondents' pages, in the language and size that the address asks."""
    tag, size = request.args.get("lang", ""), request.args.get("size", "")
    tag = tag if tag in instrument.languages else instrument.languages[0]
    page = preview_page(instrument, audience, categories(), tag, size if size in SIZES else SIZES[0])
    return Response(page, headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY}, mimetype="text/html")


def _page() -> dict[str, object]:
    checked = check_catalogue(catalogue())
    with database().read_session() as db:
        schools = list_roster(db)
    matrix = coverage_matrix(schools, yearly_instruments(catalogue()), categories())
    return {"rows": questionnaire_rows(checked, categories()), "matrix": matrix_page(matrix, categories())}


def checked_or_404(instrument_id: str) -> CheckedInstrument:
    checked = next((entry for entry in check_catalogue(catalogue()) if entry.id == instrument_id), None)
    if checked is None:
        abort(404)
    return checked
