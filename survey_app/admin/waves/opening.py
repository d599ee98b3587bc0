"""The last page before a wave opens: who would be asked, what the ways in mean, what somebody should say yes to."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.definition.model import Instrument
from survey_app.distribution.open_wave import open_wave
from survey_app.distribution.opening_check import check_opening
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.extensions import clock, database, keys, settings
from survey_app.foundation.stored_settings import load_office
from survey_app.frame.instrument_uploads import checked, valid_instruments
from survey_app.frame.look_backs import asked_roster, draft_instruments, find_look_back
from survey_app.frame.models import Wave
from survey_app.frame.queries import frozen_instruments, wave_by_id
from survey_app.frame.wave_drafts import check_draft, coverage_matrix, delete_draft, draft_stamp
from survey_app.integrity.key_check import make_wave_key
from survey_app.web.audit import record_done

from ..form_answers import refused_page, sentences, text_of
from ..lookup import catalogue, categories, draft_or_404, wave_or_404
from ..questionnaires.context import matrix_page, questionnaire_card
from .context import wave_summary
from .opening_context import OpeningPage, opening_page
from .setup import conflict_of


def setup_check(wave_id: int) -> str:
    with database().read_session() as db:
        wave = draft_or_404(db, wave_id)
        page = _opening(db, wave)
    return render_template("admin/waves/setup_check.html", wave=wave, stamp=draft_stamp(wave), page=page, errors={})


def open_draft(wave_id: int) -> AnyResponse:
    """Open what the page showed; if roster, questionnaires or draft are others by now, show the page again."""
    try:
        with database().write_session() as db:
            wave = wave_or_404(db, wave_id)
            check_draft(wave, text_of("stamp"))
            page = _opening(db, wave)
            if page.digest != text_of("seen"):
                raise user_error("名册或问卷在您打开这一页之后变了，没有开放。请再看一遍下面的内容")
            if page.doubts and "accept" not in request.form:
                raise user_error("请先核对每一条，并勾选“我已核对”")
            instruments = _instruments(db, wave)
            links = open_wave(db, wave, instruments, categories(), clock().now())
            make_wave_key(db, keys(), wave)
            record_done(db, f"{wave.name} ({len(links)})")
    except UserError as error:
        return conflict_of(error, wave_id) or _refused_check(wave_id, error)
    return redirect(url_for("admin.wave", wave_id=wave_id, opened=1), 303)


def _refused_check(wave_id: int, error: UserError) -> AnyResponse:
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        page = _opening(db, wave)
    stamp, errors = draft_stamp(wave), {"accept" if page.doubts else "": sentences(error)}
    return refused_page("admin/waves/setup_check.html", errors, wave=wave, stamp=stamp, page=page)


def _opening(db: object, wave: Wave) -> OpeningPage:
    instruments = _instruments(db, wave)
    outlook = check_opening(db, wave, instruments, categories())  # type: ignore[arg-type]
    matrix = coverage_matrix(asked_roster(db, wave), instruments, categories())  # type: ignore[arg-type]
    office = load_office(db, settings())  # type: ignore[arg-type]
    return opening_page(wave, outlook, office, instruments, matrix_page(matrix, categories()), clock().now())


def _instruments(db: object, wave: Wave) -> list[Instrument]:
    """Raises :class:`UserError` if a questionnaire of the draft is gone or faulty."""
    return draft_instruments(db, wave, catalogue(), categories())  # type: ignore[arg-type]


def delete_draft_wave(wave_id: int) -> AnyResponse:
    """A second press finds it gone, as it should be."""
    with database().write_session() as db:
        wave = wave_by_id(db, wave_id)
        if wave is None:
            record_done(db, f"#{wave_id} =")
            return redirect(url_for("admin.wave_list"), 303)
        name = wave.name
        check_draft(wave, text_of("stamp"))
        delete_draft(db, wave)
        record_done(db, name)
    return redirect(url_for("admin.wave_list"), 303)


def trial(wave_id: int) -> str:
    """Every form of the wave to be tried: nothing counts."""
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        frozen = [entry.instrument for entry in frozen_instruments(db, wave_id, categories())]
        summary = wave_summary(wave, clock().now())
        again = [] if frozen or find_look_back(db, wave) is None else _instruments(db, wave)
    chosen = frozen or again or [each for each in valid_instruments(catalogue()) if each.id in wave.instrument_ids]
    cards = [questionnaire_card(checked(each), [], categories()) for each in chosen]
    return render_template("admin/waves/trial.html", wave=summary, cards=cards)
