"""What is printed: QR codes, posters, slips."""

from flask import Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from survey_app.collection.code_batches import BatchSummary, count_from_roster, list_batches
from survey_app.definition.audiences import AUDIENCES
from survey_app.distribution.access_codes import create_codes, wave_key_name
from survey_app.distribution.posters import poster_pdf
from survey_app.distribution.qr import qr_png, qr_svg
from survey_app.distribution.queries import is_link_of, list_links
from survey_app.distribution.slips import slips_pdf
from survey_app.foundation.clock import format_local
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database, keys, settings
from survey_app.foundation.pdf import printable_language
from survey_app.foundation.stored_settings import Office, load_office, require_reachable_address
from survey_app.foundation.translation import _, language, render
from survey_app.frame.wave_states import close_time_of
from survey_app.web.audit import record_done
from survey_app.web.download import download

from ..form_answers import number_of
from ..forms import ISSUE_CODES_PROBLEMS, IssueCodesForm, check_form
from ..lookup import categories, wave_or_404
from ..waves.context import wave_summary
from .views import CAN_PRINT


def code(wave_id: int, slug: str) -> AnyResponse:
    with database().read_session() as db:
        if not is_link_of(db, wave_or_404(db, wave_id), slug):
            abort(404)
        url = f"{load_office(db, settings()).address}/s/{slug}"
    return Response(qr_svg(url, url), mimetype="image/svg+xml")


def code_picture(wave_id: int, slug: str) -> AnyResponse:
    """The code for a message or a document, under a name that says whose it is."""
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        if not is_link_of(db, wave, slug):
            abort(404)
        office = _check_address(load_office(db, settings()))
        links = list_links(db, wave, categories(), office.address, None, language())
        link = next(link for link in links if link.slug == slug)
    label = render(AUDIENCES[link.audience].label)
    names = (wave.name, link.school_name, link.class_label, label, _("二维码"))
    return download(qr_png(link.url), "image/png", " ".join(filter(None, names)) + ".png")


def issue_codes(wave_id: int) -> AnyResponse:
    """Slips or class codes for one audience of a school; made, sent to the printer, and not kept."""
    form = IssueCodesForm()
    check_form(form, ISSUE_CODES_PROBLEMS)
    school, audience = (form.school.data or "").strip(), form.audience.data or ""
    now = clock().now()
    with database().write_session() as db:
        wave = wave_or_404(db, wave_id)
        if wave_summary(wave, now).state not in CAN_PRINT:
            raise user_error("批次要在开放之后、封存之前才能印发")
        office = _check_address(load_office(db, settings()))
        before = list_batches(db, wave, school, audience)
        _refuse_silent_void(before, form.again.data, form.count.data)
        _refuse_second_press(before, number_of("seen"))
        key, top_up = keys().read(wave_key_name(wave_id)), form.again.data == "top_up"
        count = form.count.data or count_from_roster(db, wave, school, audience, 0.0, categories())
        batches = create_codes(db, wave, school, audience, count, key, now, categories(), language(), top_up)
        quantity = sum(len(batch.codes) for batch in batches)
        record_done(db, f"{wave.name} {school} {audience} {quantity}")
        content = slips_pdf(batches, office, wave.name, close_time_of(wave))
    names = {"wave": wave.name, "school": batches[0].school_name, "audience": render(AUDIENCES[audience].label)}
    return download(content, "application/pdf", _("{wave} {school} {audience} 邀请单.pdf", **names))


def _refuse_silent_void(batches: list[BatchSummary], again: str | None, count: int | None) -> None:
    """Nobody prints a whole roster's slips a second time, or makes those that were handed out void, by a field left."""
    live = [batch for batch in batches if batch.voided_at is None]
    if live and not again:
        raise user_error(
            "这所学校这类对象已经印发 {printed} 张，其中 {used} 张已用。请退回，选择追加，或者作废换成新的一批",
            printed=sum(batch.printed for batch in live), used=sum(batch.used for batch in live),
        )  # fmt: skip
    if live and again == "top_up" and not count:
        raise user_error("补印要写张数：这所学校已经印发 {printed} 张", printed=sum(batch.printed for batch in live))


def _refuse_second_press(batches: list[BatchSummary], seen: int) -> None:
    """``seen``: the last printing that the page knew of; nothing where it did not say."""
    later = [batch for batch in batches if seen >= 0 and batch.batch_id > seen]
    if later:
        raise user_error(
            "这所学校这类对象在您打开这一页以后已经印发了 {printed} 张（{when}）；没有再印。要再印，请回到那一页"
            "再按一次",
            printed=sum(batch.printed for batch in later), when=format_local(later[-1].issued_at),
        )  # fmt: skip


def posters(wave_id: int) -> AnyResponse:
    school = request.args.get("school")
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        if not school:
            raise user_error("请按学校打印海报；全区的在“材料”里一次打印成 ZIP")
        office = _check_address(load_office(db, settings()))
        links = list_links(db, wave, categories(), office.address, school, printable_language(language()))
        name = wave.name
    if slug := request.args.get("link"):
        links = [link for link in links if link.slug == slug]
    content = poster_pdf(links, office, name)
    school_name = links[0].school_name if links else school
    return download(content, "application/pdf", _("{wave} {school} 海报.pdf", wave=name, school=school_name))


def _check_address(office: Office) -> Office:
    require_reachable_address(office.address, settings().allow_local_address)
    return office
