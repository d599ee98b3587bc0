"""The pages of a wave while it runs: where it stands, what came in, its links."""

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.collection.code_batches import latest_batch
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.paging import page_of
from survey_app.foundation.roles import RELEASED_TO
from survey_app.foundation.stored_settings import load_office
from survey_app.foundation.translation import _
from survey_app.frame.access_modes import coded_audiences
from survey_app.frame.queries import frozen_schools, list_waves
from survey_app.integrity.lifecycle import close_by_hand
from survey_app.integrity.release import is_released_or_asked_for
from survey_app.reporting.live_counts import count_live
from survey_app.reporting.tabular.csv_writer import csv_text
from survey_app.web.audit import record_done
from survey_app.web.download import download

from ..form_answers import number_of, who_was_it
from ..lookup import categories, frozen_school_or_404, wave_or_404
from .context import count_words, counts_table, link_rows, wave_page, wave_summary
from .group_texts import reminder_text

MAX_WORDS = 100
CHANGES = tuple(f"wave.{what}" for what in ("extend", "reopen", "add-school", "amend", "pause", "resume", "confirm"))
SCHOOLS_SHOWN = 20  # below the table of categories; in English a row has two lines


def wave_list() -> str:
    now = clock().now()
    with database().read_session() as db:
        summaries = [wave_summary(wave, now) for wave in list_waves(db)]
    return render_template("admin/waves/wave_list.html", waves=page_of(summaries, request.args.get("page", "")))


def result_list() -> str:
    """The waves that have results; of a leader those that are released, or that he is asked about."""
    now = clock().now()
    with database().read_session() as db:
        summaries = [
            wave_summary(wave, now)
            for wave in list_waves(db)
            if wave.sealed_at and (g.staff.role not in RELEASED_TO or is_released_or_asked_for(db, wave.id))
        ]
    return render_template("admin/results/result_list.html", waves=page_of(summaries, request.args.get("page", "")))


def wave(wave_id: int) -> str:
    """Who answers, and where the wave stands: schools behind first, or only these where the address asks so."""
    category, is_behind = request.args.get("category", ""), "behind" in request.args
    words = request.args.get("q", "")[:MAX_WORDS].strip()
    with database().read_session() as db:
        page = wave_page(db, wave_or_404(db, wave_id), categories(), clock().now())
    schools = [row for row in page.schools if category in ("", row.category_id) and (row.is_behind or not is_behind)]
    schools = [
        row for row in schools if all(word in f"{row.code} {row.name}".lower() for word in words.lower().split())
    ]
    schools.sort(key=lambda row: not row.is_behind)
    return render_template(
        "admin/waves/wave.html", page=page, schools=page_of(schools, request.args.get("page", ""), SCHOOLS_SHOWN),
        category=category, is_behind=is_behind, words=words, opened="opened" in request.args,
    )  # fmt: skip


def wave_school(wave_id: int, code: str) -> str:
    """One school of a wave: its audiences and, where there are classes, its links."""
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        school = frozen_school_or_404(db, wave_id, code)
        summary, office = wave_summary(wave, clock().now()), load_office(db, settings())
        counts = count_live(db, wave, categories(), school.school_id)
        rows = link_rows(db, wave, categories(), office.address, code, counts)
    own = {
        audience: count for (school_id, audience), count in counts.by_school.items() if school_id == school.school_id
    }
    text = reminder_text(school.name, wave, count_words(own), office)
    return render_template("admin/waves/wave_school.html", wave=summary, rows=rows, code=code, reminder=text)


def wave_table(wave_id: int) -> AnyResponse:
    """The counts of the page as a table for Excel."""
    with database().read_session() as db:
        page = wave_page(db, wave_or_404(db, wave_id), categories(), clock().now())
    names, rows = counts_table(page)
    content = csv_text((dict(zip(names, row, strict=True)) for row in rows), names)
    return download(content.encode(), "text/csv", _("{wave} 回收.csv", wave=page.wave.name))


def close_wave(wave_id: int) -> AnyResponse:
    """What the page of figures before an early end leads to; a second click changes nothing."""
    with database().write_session() as db:
        wave = wave_or_404(db, wave_id)
        if wave.opened_at is None:
            raise user_error("批次“{name}”还没有开放，不用截止", name=wave.name)
        if wave.closed_at is None and number_of("revision") not in (wave.revision, -1):
            meanwhile = who_was_it(CHANGES, wave.name)
            raise user_error("批次“{name}”在您打开那一页之后被改过，没有截止。{who}", name=wave.name, who=meanwhile)
        close_by_hand(db, wave, g.staff.username, clock().now())
        record_done(db, wave.name)
    return redirect(url_for("admin.wave", wave_id=wave_id), 303)


def links(wave_id: int) -> str:
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        schools = page_of([school.code for school in frozen_schools(db, wave_id)], request.args.get("page", ""), 10)
        lines = link_rows(db, wave, categories(), load_office(db, settings()).address, schools.rows)
        summary = wave_summary(wave, clock().now())
        coded, latest = coded_audiences(wave.access), latest_batch(db, wave)
    return render_template(
        "admin/waves/links.html", wave=summary, lines=lines, coded=coded, schools=schools, latest_batch=latest
    )
