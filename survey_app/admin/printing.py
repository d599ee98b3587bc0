"""What is printed: QR codes, posters, slips."""

from flask import Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from survey_app.distribution.access_codes import create_codes, wave_key_name
from survey_app.distribution.posters import Office, poster_pdf
from survey_app.distribution.qr import qr_svg
from survey_app.distribution.queries import list_links
from survey_app.distribution.slips import slips_pdf
from survey_app.foundation.extensions import clock, database, keys, settings
from survey_app.foundation.translation import _, language
from survey_app.web.audit import record_done
from survey_app.web.download import download

from .forms import ISSUE_CODES_PROBLEMS, IssueCodesForm, check_form
from .lookup import categories, wave_or_404


def code(wave_id: int, slug: str) -> AnyResponse:
    with database().read_session() as db:
        links = list_links(db, wave_or_404(db, wave_id), categories(), settings().base_url)
    link = next((link for link in links if link.slug == slug), None)
    if link is None:
        abort(404)
    return Response(qr_svg(link.url, link.url), mimetype="image/svg+xml")


def issue_codes(wave_id: int) -> AnyResponse:
    """Slips or class codes for one audience of a school; made, sent to the printer, and not kept."""
    form = IssueCodesForm()
    check_form(form, ISSUE_CODES_PROBLEMS)
    school, audience, count = (form.school.data or "").strip(), form.audience.data or "", form.count.data or 0
    now = clock().now()
    with database().write_session() as db:
        wave = wave_or_404(db, wave_id)
        batches = create_codes(db, wave, school, audience, count, keys().get(wave_key_name(wave_id)), now)
        quantity = sum(len(batch.codes) for batch in batches)
        record_done(db, f"{wave.name} {school} {audience} {quantity}")
        content = slips_pdf(batches, settings().base_url, wave.name)
    return download(content, "application/pdf", f"{wave.name} {school} {audience}.pdf")


def posters(wave_id: int) -> AnyResponse:
    school = request.args.get("school")
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        links = list_links(db, wave, categories(), settings().base_url, school, language())
        name = wave.name
    if slug := request.args.get("link"):
        links = [link for link in links if link.slug == slug]
    content = poster_pdf(links, Office(settings().office_name, settings().office_contact), name)
    return download(content, "application/pdf", _("{wave} 海报.pdf", wave=name))
