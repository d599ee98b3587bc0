"""The pages of a wave while it runs: where it stands, what came in, its links."""

from flask import g, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.stored_settings import load_office
from survey_app.frame.access_modes import coded_audiences
from survey_app.frame.queries import list_waves, roster_size
from survey_app.integrity.lifecycle import close_by_hand
from survey_app.web.audit import record_done

from .context import link_rows, wave_page, wave_summary
from .lookup import categories, wave_or_404


def home() -> str:
    now = clock().now()
    with database().read_session() as db:
        summaries = [wave_summary(wave, now) for wave in list_waves(db)] if g.staff.role != "sysadmin" else []
        size = roster_size(db)
    return render_template("admin/home.html", waves=summaries, roster_size=size)


def wave(wave_id: int) -> str:
    with database().read_session() as db:
        page = wave_page(db, wave_or_404(db, wave_id), categories(), clock().now())
    return render_template("admin/wave.html", page=page)


def close_wave(wave_id: int) -> AnyResponse:
    with database().write_session() as db:
        wave = wave_or_404(db, wave_id)
        close_by_hand(db, wave, g.staff.username, clock().now())
        record_done(db, wave.name)
    return redirect(url_for("admin.wave", wave_id=wave_id), 303)


def links(wave_id: int) -> str:
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        lines = link_rows(db, wave, categories(), load_office(db, settings()).address)
        summary = wave_summary(wave, clock().now())
        coded = coded_audiences(wave.access)
    return render_template("admin/links.html", wave=summary, lines=lines, coded=coded)
