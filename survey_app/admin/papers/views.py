"""What a wave needs on paper: posters, slips, class notices, texts for class groups, a blank form; by school."""

from flask import abort, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from survey_app.collection.code_batches import latest_batch
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.form import form_for
from survey_app.distribution.paper import paper_pdf
from survey_app.distribution.posters import poster_pdf
from survey_app.distribution.queries import for_shared_devices, list_links, school_grades
from survey_app.foundation.clock import format_deadline
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.job import latest_job_of_kind
from survey_app.foundation.paging import page_of
from survey_app.foundation.pdf import printable_language
from survey_app.foundation.stored_settings import is_local_address, load_office, require_reachable_address
from survey_app.foundation.translation import _, language, render
from survey_app.frame.access_modes import coded_audiences
from survey_app.frame.queries import frozen_instruments
from survey_app.frame.wave_states import WaveState, close_time_of
from survey_app.web.download import download

from ..jobs import PRINT_JOB
from ..lookup import categories, frozen_school_or_404, wave_or_404
from ..questionnaires.context import title_of
from ..waves.context import link_rows, wave_summary
from ..waves.group_texts import link_text
from .context import coded_rows, paper_rows, printed_batches

CAN_PRINT = (WaveState.WAITING, WaveState.OPEN, WaveState.CLOSING, WaveState.CLOSED)


def papers(wave_id: int) -> str:
    words = request.args.get("q", "")[:100]
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        summary, office = wave_summary(wave, clock().now()), load_office(db, settings())
        coded = coded_rows(db, wave, categories())
        rows = [row for row in paper_rows(db, wave, categories()) if words.lower() in f"{row.code} {row.name}".lower()]
        frozen = [entry.instrument for entry in frozen_instruments(db, wave_id, categories())]
        job = latest_job_of_kind(db, PRINT_JOB, "wave_id", wave_id)
    blanks = [
        (each.id, audience, title_of(each), render(AUDIENCES[audience].label))
        for each in frozen for audience in each.audiences if AUDIENCES[audience].is_on_roster
    ]  # fmt: skip
    return render_template(
        "admin/papers/papers.html", wave=summary, schools=page_of(rows, request.args.get("page", "")), words=words,
        coded=coded, blanks=blanks, job=job, can_print=summary.state in CAN_PRINT,
        is_local=is_local_address(office.address) and not settings().allow_local_address, office=office,
    )  # fmt: skip


def school_papers(wave_id: int, code: str) -> str:
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        school = frozen_school_or_404(db, wave_id, code)
        summary, office = wave_summary(wave, clock().now()), load_office(db, settings())
        rows = link_rows(db, wave, categories(), office.address, code)
        batches, latest = printed_batches(db, wave, code), latest_batch(db, wave)
    coded = [name for name in coded_audiences(wave.access) if any(row.link.audience == name for row in rows)]
    texts = [(row.link, link_text(row.link, office, wave.name)) for row in rows]
    return render_template(
        "admin/papers/school_papers.html", wave=summary, school=school, texts=texts, batches=batches, coded=coded,
        latest_batch=latest,
        can_print=summary.state in CAN_PRINT, has_shared=bool(for_shared_devices([row.link for row in rows])),
    )  # fmt: skip


def school_posters(wave_id: int, code: str) -> AnyResponse:
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        frozen_school_or_404(db, wave_id, code)
        office = load_office(db, settings())
        require_reachable_address(office.address, settings().allow_local_address)
        links = list_links(db, wave, categories(), office.address, code, printable_language(language()))
    if "shared" in request.args:
        links = for_shared_devices(links) or abort(404)
    name = _("{wave} {school} 海报.pdf", wave=wave.name, school=links[0].school_name)
    return download(poster_pdf(links, office, wave.name), "application/pdf", name)


def blank_form(wave_id: int, instrument_id: str, audience: str) -> AnyResponse:
    """A form on paper for those without a phone, in the language of the reader if the questionnaire has it."""
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        office, deadline = load_office(db, settings()), format_deadline(close_time_of(wave))
        frozen = {entry.instrument.id: entry.instrument for entry in frozen_instruments(db, wave_id, categories())}
    instrument = frozen.get(instrument_id)
    if instrument is None or audience not in instrument.audiences:
        abort(404)
    grades = school_grades({}, instrument, categories(), instrument.categories[0], audience)
    content = paper_pdf(form_for(instrument, audience), grades, office, wave.name, deadline, language())
    label = render(AUDIENCES[audience].label)
    return download(content, "application/pdf", _("{wave} {label} 空白问卷.pdf", wave=wave.name, label=label))
