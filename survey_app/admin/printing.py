"""What is printed: QR codes, posters, slips."""

from flask import Response, abort, g, request
from werkzeug.wrappers import Response as AnyResponse

from survey_app.accounts.audit import record
from survey_app.distribution.access_codes import issue, wave_key_name
from survey_app.distribution.posters import Office, poster_pdf
from survey_app.distribution.qr import svg_of
from survey_app.distribution.queries import links_of
from survey_app.distribution.slips import slips_pdf
from survey_app.foundation.extensions import clock, database, keys, settings
from survey_app.foundation.translation import _, language

from .lookup import categories, download, wave_or_404


def code(wave_id: int, slug: str) -> AnyResponse:
    with database().reading() as db:
        found = links_of(db, wave_or_404(db, wave_id), categories(), settings().base_url)
    link = next((link for link in found if link.slug == slug), None)
    if link is None:
        abort(404)
    return Response(svg_of(link.url, link.url), mimetype="image/svg+xml")


def issue_codes(wave_id: int) -> AnyResponse:
    """Slips or class codes for one audience of a school; made, sent to the printer, and not kept."""
    school, audience = request.form.get("school", ""), request.form.get("audience", "")
    count = request.form.get("count", type=int, default=0)
    now = clock().now()
    with database().committed() as db:
        found = wave_or_404(db, wave_id)
        issued = issue(db, found, school, audience, count, keys().get(wave_key_name(wave_id)), now)
        quantity = sum(len(batch.codes) for batch in issued)
        record(db, now, g.staff.username, "codes.issue", f"{found.name} {school} {audience} {quantity}")
        content = slips_pdf(issued, settings().base_url, found.name)
    return download(content, "application/pdf", f"{found.name} {school} {audience}.pdf")


def posters(wave_id: int) -> AnyResponse:
    school = request.args.get("school")
    with database().reading() as db:
        found = wave_or_404(db, wave_id)
        listed = links_of(db, found, categories(), settings().base_url, school, language())
        name = found.name
    if slug := request.args.get("link"):
        listed = [link for link in listed if link.slug == slug]
    content = poster_pdf(listed, Office(settings().office, settings().contact), name)
    return download(content, "application/pdf", _("{wave} 海报.pdf", wave=name))
