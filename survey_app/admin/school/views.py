"""What a school sees of itself: its posters, how many came, and its results once they are released."""

from flask import abort, g, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.comments.queries import comments_purged, released_comments
from survey_app.distribution.posters import poster_pdf
from survey_app.distribution.queries import list_links
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.paging import page_of
from survey_app.foundation.pdf import printable_language
from survey_app.foundation.stored_settings import load_office, require_reachable_address
from survey_app.foundation.translation import _, language, render
from survey_app.reporting.html.page import method_sentences
from survey_app.reporting.html.school_page import school_page
from survey_app.web.download import download

from ..lookup import categories, frozen_school_or_404, wave_or_404
from ..papers.views import CAN_PRINT
from ..results.report import NotReady, preparing_page, school_or_404, wave_report
from ..waves.context import wave_summary
from .context import released_wave, school_card

COMMENTS_PER_PAGE = 20


def school_room(code: str) -> str:
    with database().write_session() as db:
        card = school_card(db, code, categories(), clock().now())
    if card is None:
        abort(404)
    return render_template("admin/school/school_room.html", card=card)


def own_posters(code: str, wave_id: int) -> AnyResponse:
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        school = frozen_school_or_404(db, wave_id, code)
        if wave_summary(wave, clock().now()).state not in CAN_PRINT:
            abort(404)
        office = load_office(db, settings())
        require_reachable_address(office.address, settings().allow_local_address)
        links = list_links(db, wave, categories(), office.address, code, printable_language(language()))
    name = _("{wave} {school} 海报.pdf", wave=wave.name, school=school.name)
    return download(poster_pdf(links, office, wave.name), "application/pdf", name)


def own_results(code: str, wave_id: int) -> AnyResponse | str:
    """The page of the school without what belongs to others or to the office, with the comments that were reviewed."""
    with database().read_session() as db:
        wave = released_wave(db, wave_id, code)
        office = load_office(db, settings())
        comments = page_of(released_comments(db, wave, code), request.args.get("comments", ""), COMMENTS_PER_PAGE)
        purged = comments_purged(db, wave)
    try:
        report = wave_report(wave_id)
    except NotReady as missing:
        return preparing_page(wave_id, missing)
    school = school_or_404(report, code)
    page = school_page(report, school, request.args)
    g.method_address = url_for("admin.own_method", code=code, wave_id=wave_id)
    return render_template(
        "reporting/own_school.html", wave=report.wave, wave_id=wave_id, code=code, page=page, school_links={},
        office=office, comments=comments, purged=render(purged) if purged else "",
        address=lambda **words: url_for("admin.own_results", code=code, wave_id=wave_id, **words),
    )  # fmt: skip


def own_method(code: str, wave_id: int) -> str:
    """How each figure of the school's page is made."""
    with database().read_session() as db:
        wave, school = released_wave(db, wave_id, code), frozen_school_or_404(db, wave_id, code)
    return render_template(
        "reporting/own_method.html", wave=wave.name, wave_id=wave_id, code=code, school=school.name,
        method_notes=method_sentences(),
    )  # fmt: skip
