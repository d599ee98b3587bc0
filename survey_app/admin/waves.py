"""The pages of a wave while it runs: where it stands, what came in, its links."""

from flask import g, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.foundation.extensions import clock, database, settings
from survey_app.frame.queries import roster_size, waves
from survey_app.integrity.seal import close_now

from .context import link_lines, wave_line, wave_page
from .lookup import categories, wave_or_404


def home() -> str:
    now = clock().now()
    with database().reading() as db:
        lines = [wave_line(wave, now) for wave in waves(db)] if g.staff.role != "sysadmin" else []
        size = roster_size(db)
    return render_template("admin/home.html", waves=lines, roster_size=size)


def wave(wave_id: int) -> str:
    with database().reading() as db:
        page = wave_page(db, wave_or_404(db, wave_id), categories(), clock().now())
    return render_template("admin/wave.html", page=page)


def close_wave(wave_id: int) -> AnyResponse:
    with database().committed() as db:
        close_now(db, wave_or_404(db, wave_id), categories(), clock().now(), seal_now=False)
    return redirect(url_for("admin.wave", wave_id=wave_id), 303)


def links(wave_id: int) -> str:
    with database().reading() as db:
        found = wave_or_404(db, wave_id)
        lines = link_lines(db, found, categories(), settings().base_url)
        line = wave_line(found, clock().now())
        coded = {audience: mode for audience, mode in found.access.items() if mode != "open"}
    return render_template("admin/links.html", wave=line, lines=lines, coded=coded)
