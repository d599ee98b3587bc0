"""The respondent's addresses. A GET spends nothing; a POST is answered only after the commit."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import Blueprint, Response, current_app, request
from werkzeug.wrappers import Response as AnyResponse

from survey_app.definition.answers import Answers, Problem, encoded, read_answers
from survey_app.definition.categories import Grade
from survey_app.definition.messages import Message, message
from survey_app.distribution.link_cache import LinkBook
from survey_app.distribution.queries import OpenLink
from survey_app.foundation.clock import LOCAL, shown
from survey_app.foundation.db import DatabaseUnavailable
from survey_app.foundation.extensions import clock, database, keys, settings
from survey_app.foundation.keys import keyed_hash
from survey_app.foundation.translation import _, set_language
from survey_app.frame.wave_states import GRACE, WaveState

from .access import Admission, Door, Entry
from .form_data import Fields, first, read_fields, view_of
from .pages import CODE_FIELD, POLICY, Typed, View, form_page, notice_page, thanks_page
from .submission_writer import Ballot, Intake, Outcome
from .token import Token, issue_token, read_token

FORM_KEY = "form"
RETRY_SECONDS = "5"

blueprint = Blueprint("collection", __name__)

CODE_PROBLEMS = {
    Entry.MISSING: message("请填写邀请码（在学校发的纸条或海报上）"),
    Entry.MISTYPED: message("邀请码有错字，请对照纸条核对"),
    Entry.WRONG: message("这个邀请码不适用于本问卷，请核对学校和纸条"),
    Entry.TOO_MANY: message("错误的邀请码太多次，请几分钟后再试；正确的邀请码随时可以提交"),
}
REFUSED_OUTCOMES = {
    Outcome.CODE_USED: message("此邀请码已使用，这一次没有提交"),
    Outcome.FULL: message("本班答卷已满，这一次没有提交"),
    Outcome.TOO_LATE: message("问卷已经截止，这一次没有提交"),
}


@blueprint.errorhandler(DatabaseUnavailable)
def database_is_away(_error: DatabaseUnavailable) -> AnyResponse:
    current_app.logger.error("the database is not available to respondents")
    page = notice_page(View(), message("现在太忙了"), message("没有提交成功。请过几秒刷新本页，或重新扫码。"))
    return _page(page, 503, {"Retry-After": RETRY_SECONDS})


@blueprint.get("/favicon.ico")
def favicon() -> AnyResponse:
    """Browsers ask by themselves; the answer is nothing, to be remembered."""
    return Response(status=204, headers={"Cache-Control": "public, max-age=31536000"})


@blueprint.get("/healthz")
def health() -> AnyResponse:
    """For a load balancer: whether this node reaches a database that answers now."""
    with database().reading() as session:
        session.connection().exec_driver_sql("SELECT 1")
    return Response("ok", mimetype="text/plain")


@blueprint.get("/s/<slug>")
def show_form(slug: str) -> AnyResponse:
    view = view_of(request.args)
    now = clock().now()
    link = _links().find(slug, now)
    if link is None:
        return _unknown(view)
    if link.state_at != WaveState.OPEN and not _wants_trial(link):
        return _not_open(link, view)
    return _page(form_page(link, view, _new_token(link, now)))


@blueprint.post("/s/<slug>")
def submit(slug: str) -> AnyResponse:
    set_language(None)
    now = clock().now()
    fields = read_fields()
    view = view_of(fields or {})
    link = _links().find(slug, now)
    if link is None:
        return _unknown(view)
    if fields is None:
        return _refusal(view, 413, message("提交的内容过大或格式不对，没有提交"), message("请重新扫码填写。"))
    token = read_token(keys().get(FORM_KEY), first(fields, "_token"), link.link_id, link.structure_hash)
    if first(fields, "_view"):
        return _other_view(link, view, fields, token, now)
    if token is None:
        return _unsigned(link, view, fields, now)
    if token.issued_at < link.opens_at.replace(microsecond=0):
        return _trial_done(link, view, fields, token)
    if _too_late(link, token, now):
        return _late(link, view, token)
    return _answer(link, view, fields, token, now)


@blueprint.get("/s/<slug>/thanks")
def thanks(slug: str) -> AnyResponse:
    return _page(thanks_page(slug, view_of(request.args)))


def _answer(link: OpenLink, view: View, fields: Fields, token: Token, now: datetime) -> AnyResponse:
    """Read, store, answer."""
    answers, problems = read_answers(link.form, fields, _grades(link))
    admission = _door().admit(link, first(fields, CODE_FIELD), request.remote_addr or "")
    if admission.entry is not Entry.ADMITTED:
        problems = [Problem(CODE_FIELD, CODE_PROBLEMS[admission.entry]), *problems]
    if problems:
        status = 429 if admission.entry is Entry.TOO_MANY else 422
        return _page(form_page(link, view, first(fields, "_token"), Typed(fields, problems)), status)
    ballot = _ballot(link, answers, token, now, admission)
    try:
        if not _door().has_room(link):
            stored = _intake().was_received(link.wave_id, link.school_id, ballot.submission_hash)
            return _thank(link, view) if stored else _busy(link, view, fields)
        outcome = _intake().take(ballot)
    except DatabaseUnavailable:
        current_app.logger.error("the database did not take a ballot")
        return _busy(link, view, fields)
    if outcome in REFUSED_OUTCOMES:
        hints = [message("如果您没有填过，请把纸条交还学校换一张。")] if outcome is Outcome.CODE_USED else []
        return _refusal(view, 409, REFUSED_OUTCOMES[outcome], *hints)
    return _thank(link, view)


def _ballot(link: OpenLink, answers: Answers, token: Token, now: datetime, admission: Admission) -> Ballot:
    return Ballot(
        wave_id=link.wave_id,
        school_id=link.school_id,
        link_id=link.link_id,
        audience=link.audience,
        structure_hash=link.structure_hash,
        submission_hash=keyed_hash(keys().get(FORM_KEY), token.submission_id),
        grade=answers.grade if link.audience != "teacher" else "",
        answers=encoded(answers),
        pace=_pace(now - token.issued_at, len(answers.form.items())),
        day=now.astimezone(LOCAL).date(),
        comments=answers.comments,
        code_hash=admission.code_hash,
        capped=admission.capped,
    )


def _pace(spent: timedelta, items: int) -> str:
    """1 = under one second an item, 2 = under two, 3 = slower."""
    seconds = spent.total_seconds() / max(items, 1)
    return "1" if seconds < 1 else "2" if seconds < 2 else "3"


def _grades(link: OpenLink) -> tuple[Grade, ...]:
    """The grades that may be chosen: on a class link only its own."""
    if link.grade:
        return tuple(grade for grade in link.grades if grade.code == link.grade)
    return link.grades


def _busy(link: OpenLink, view: View, fields: Fields) -> AnyResponse:
    """Nothing is stored and nothing is lost: the page sends itself again, with the same submission id."""
    notice = _("没有提交成功：现在填写的人很多。答案还在本页，几秒后会自动再提交，也可以自己按“提交”")
    page = form_page(link, view, first(fields, "_token"), Typed(fields, notice=notice, resend=True))
    return _page(page, 503, {"Retry-After": RETRY_SECONDS})


def _other_view(link: OpenLink, view: View, fields: Fields, token: Token | None, now: datetime) -> AnyResponse:
    """Language and size are buttons of the form, so that what was typed survives without a script."""
    if link.state_at not in (WaveState.OPEN, WaveState.WAITING) and (token is None or _too_late(link, token, now)):
        return _not_open(link, view)
    text = first(fields, "_token") if token else _new_token(link, now)
    return _page(form_page(link, view, text, Typed(fields)))


def _unsigned(link: OpenLink, view: View, fields: Fields, now: datetime) -> AnyResponse:
    """A token that was not made here for this link: nothing is stored, what was typed is kept."""
    if link.state_at != WaveState.OPEN:
        return _not_open(link, view)
    notice = _("没有提交：本页无法核实。请核对学校名称和答案，再按一次“提交”")
    return _page(form_page(link, view, _new_token(link, now), Typed(fields, notice=notice)), 422)


def _wants_trial(link: OpenLink) -> bool:
    return link.state_at == WaveState.WAITING and "trial" in request.args


def _trial_done(link: OpenLink, view: View, fields: Fields, token: Token) -> AnyResponse:
    """A form that was opened before the wave: checked like any other, never stored."""
    _answers, problems = read_answers(link.form, fields, _grades(link))
    if problems:
        return _page(form_page(link, view, first(fields, "_token"), Typed(fields, problems)), 422)
    lines = (message("试填不计入，没有保存任何内容。"), message("正式填写请在开始之后重新扫码。"))
    return _page(notice_page(view, message("试填完成"), *lines))


def _too_late(link: OpenLink, token: Token, now: datetime) -> bool:
    """Opened before the end, as far as a node could know it, and sent within the grace after it is in time."""
    known_by = link.ends_at + timedelta(seconds=settings().state_seconds)
    return token.issued_at > known_by or now > link.ends_at + GRACE or link.sealed


def _late(link: OpenLink, view: View, token: Token) -> AnyResponse:
    """The repeat of a stored submission still gets its answer; anything else is too late."""
    submission_hash = keyed_hash(keys().get(FORM_KEY), token.submission_id)
    stored = _intake().was_received(link.wave_id, link.school_id, submission_hash)
    return _thank(link, view) if stored else _not_open(link, view)


def _links() -> LinkBook:
    found: LinkBook = current_app.extensions["linkbook"]
    return found


def _intake() -> Intake:
    found: Intake = current_app.extensions["intake"]
    return found


def _door() -> Door:
    found: Door = current_app.extensions["door"]
    return found


def _new_token(link: OpenLink, now: datetime) -> str:
    return issue_token(keys().get(FORM_KEY), link.link_id, link.structure_hash, now)


def _page(text: str | bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    response = Response(text, status, headers, mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _thank(link: OpenLink, view: View) -> AnyResponse:
    device = "&device=shared" if view.shared else ""
    place = f"/s/{link.slug}/thanks?lang={view.language}&size={view.size}{device}"
    return Response(status=303, headers={"Location": place})


def _refusal(view: View, status: int, heading: Message, *lines: Message) -> AnyResponse:
    return _page(notice_page(view, heading, *lines), status)


def _unknown(view: View) -> AnyResponse:
    line = message("请重新扫描学校发的二维码，或核对网址是否输入完整。")
    return _refusal(view, 404, message("没有这个问卷地址"), line)


def _not_open(link: OpenLink, view: View) -> AnyResponse:
    school = message("学校：{school}", school=link.school_name)
    if link.state_at == WaveState.WAITING:
        when = message("开始时间：{when}（北京时间）。请到时再扫码。", when=shown(link.opens_at))
        page = notice_page(view, message("问卷还没有开始"), school, when, trial=f"/s/{link.slug}?trial=1")
        return _page(page, 403)
    when = message("截止时间：{when}（北京时间）。感谢您的关注。", when=shown(link.ends_at))
    return _refusal(view, 410, message("问卷已经截止"), school, when)
