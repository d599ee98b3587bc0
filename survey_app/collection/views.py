"""The respondent's three addresses. A GET spends nothing; a POST is answered only after the commit."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from flask import Blueprint, Response, current_app, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from survey_app.definition.answering import Answers, encoded, read_answers
from survey_app.definition.categories import Categories, Grade
from survey_app.definition.form import form_for
from survey_app.definition.messages import Message, message
from survey_app.distribution.queries import OpenLink, open_link
from survey_app.foundation.clock import LOCAL, shown
from survey_app.foundation.db import DatabaseUnavailable
from survey_app.foundation.extensions import clock, database, keys
from survey_app.foundation.keys import keyed_hash
from survey_app.foundation.translation import LANGUAGES, _, set_language
from survey_app.frame.states import GRACE, WaveState

from .intake import Ballot, is_stored, take_in
from .pages import POLICY, Typed, View, form_page, notice_page, thanks_page
from .token import Token, issue_token, read_token

MAX_BODY = 64 * 1024
MAX_FIELDS = 300
FORM_KEY = "form"
RETRY_SECONDS = "5"

blueprint = Blueprint("collection", __name__)

Fields = Mapping[str, Sequence[str]]


@blueprint.get("/s/<slug>")
def show_form(slug: str) -> AnyResponse:
    view = _view(request.args)
    now = clock().now()
    link = _link(slug, now)
    if link is None:
        return _unknown(view)
    if link.state_at != WaveState.OPEN:
        return _not_open(link, view)
    return _page(form_page(link, view, _new_token(link, now)))


@blueprint.post("/s/<slug>")
def submit(slug: str) -> AnyResponse:
    now = clock().now()
    fields = _read_fields()
    view = _view(fields or {})
    link = _link(slug, now)
    if link is None:
        return _unknown(view)
    if fields is None:
        return _refusal(view, 413, message("提交的内容过大或格式不对，没有提交"), message("请重新扫码填写。"))
    token = read_token(keys().get(FORM_KEY), _first(fields, "_token"), link.link_id, link.structure_hash)
    if _first(fields, "_view"):
        return _other_view(link, view, fields, token, now)
    if token is not None and _too_late(link, token, now):
        return _late(link, view, token)
    if token is None:
        return _unsigned(link, view, fields, now)
    return _answer(link, view, fields, token, now)


@blueprint.get("/favicon.ico")
def favicon() -> AnyResponse:
    """Browsers ask by themselves; the answer is nothing, to be remembered."""
    return Response(status=204, headers={"Cache-Control": "public, max-age=31536000"})


@blueprint.get("/s/<slug>/thanks")
def thanks(slug: str) -> AnyResponse:
    return _page(thanks_page(slug, _view(request.args)))


def _answer(link: OpenLink, view: View, fields: Fields, token: Token, now: datetime) -> AnyResponse:
    """Read, store, answer."""
    form = form_for(link.instrument, link.audience)
    answers, problems = read_answers(form, fields, _grades(link))
    if problems:
        return _page(form_page(link, view, _first(fields, "_token"), Typed(fields, problems)), 422)
    try:
        take_in(database(), _ballot(link, answers, token, now))
    except DatabaseUnavailable:
        current_app.logger.error("the database did not take a ballot")
        notice = _("没有提交成功：现在太忙了。答案还在本页，请过几秒再按“提交”")
        page = form_page(link, view, _first(fields, "_token"), Typed(fields, notice=notice))
        return _page(page, 503, {"Retry-After": RETRY_SECONDS})
    return _thank(link, view)


def _ballot(link: OpenLink, answers: Answers, token: Token, now: datetime) -> Ballot:
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


def _other_view(link: OpenLink, view: View, fields: Fields, token: Token | None, now: datetime) -> AnyResponse:
    """Language and size are buttons of the form, so that what was typed survives without a script."""
    if link.state_at != WaveState.OPEN and (token is None or _too_late(link, token, now)):
        return _not_open(link, view)
    text = _first(fields, "_token") if token else _new_token(link, now)
    return _page(form_page(link, view, text, Typed(fields)))


def _unsigned(link: OpenLink, view: View, fields: Fields, now: datetime) -> AnyResponse:
    """A token that was not made here for this link: nothing is stored, what was typed is kept."""
    if link.state_at != WaveState.OPEN:
        return _not_open(link, view)
    notice = _("没有提交：本页无法核实。请核对学校名称和答案，再按一次“提交”")
    return _page(form_page(link, view, _new_token(link, now), Typed(fields, notice=notice)), 422)


def _too_late(link: OpenLink, token: Token, now: datetime) -> bool:
    """Opened before the end and sent within the grace after it is in time."""
    return token.issued_at > link.ends_at or now > link.ends_at + GRACE or link.sealed


def _late(link: OpenLink, view: View, token: Token) -> AnyResponse:
    """The repeat of a stored submission still gets its answer; anything else is too late."""
    with database().reading() as session:
        stored = is_stored(session, link.wave_id, link.school_id, keyed_hash(keys().get(FORM_KEY), token.submission_id))
    return _thank(link, view) if stored else _not_open(link, view)


def _link(slug: str, now: datetime) -> OpenLink | None:
    categories: Categories = current_app.extensions["categories"]
    with database().reading() as session:
        return open_link(session, slug, categories, now)


def _new_token(link: OpenLink, now: datetime) -> str:
    return issue_token(keys().get(FORM_KEY), link.link_id, link.structure_hash, now)


def _read_fields() -> Fields | None:
    """The fields of the form, or None if the body is too large, too wide or not a form."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return None
    request.max_content_length = MAX_BODY
    try:
        body = request.get_data(cache=False).decode("utf-8", "replace")
        return parse_qs(body, keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="replace")
    except (ValueError, RequestEntityTooLarge):
        return None


def _first(fields: Fields, name: str) -> str:
    return next(iter(fields.get(name, ())), "")


def _view(source: Mapping[str, Sequence[str]] | Mapping[str, str]) -> View:
    """Language and type size, from the address or from the form; the button that was pressed wins."""

    def value(name: str) -> str:
        given = source.get(f"_{name}", source.get(name, ""))
        return given if isinstance(given, str) else next(iter(given), "")

    pressed = value("view")
    wanted = pressed if pressed in LANGUAGES else value("lang")
    size = pressed if pressed in ("large", "normal") else value("size")
    view = View(wanted if wanted in LANGUAGES else "zh", "large" if size == "large" else "normal")
    set_language(view.language)
    return view


def _page(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    response = Response(text, status, headers, mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _thank(link: OpenLink, view: View) -> AnyResponse:
    return redirect(url_for("collection.thanks", slug=link.slug, lang=view.language, size=view.size), 303)


def _refusal(view: View, status: int, heading: Message, *lines: Message) -> AnyResponse:
    return _page(notice_page(view, heading, *lines), status)


def _unknown(view: View) -> AnyResponse:
    return _refusal(
        view, 404, message("没有这个问卷地址"),
        message("请重新扫描学校发的二维码，或核对网址是否输入完整。"),
    )  # fmt: skip


def _not_open(link: OpenLink, view: View) -> AnyResponse:
    school = message("学校：{school}", school=link.school_name)
    if link.state_at == WaveState.WAITING:
        return _refusal(
            view, 403, message("问卷还没有开始"), school,
            message("开始时间：{when}（北京时间）。请到时再扫码。", when=shown(link.opens_at)),
        )  # fmt: skip
    return _refusal(
        view, 410, message("问卷已经截止"), school,
        message("截止时间：{when}（北京时间）。感谢您的关注。", when=shown(link.ends_at)),
    )  # fmt: skip
