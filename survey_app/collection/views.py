"""The respondent's addresses. A GET spends nothing; a POST is answered only after the commit."""

import unicodedata
from datetime import datetime, timedelta

from flask import Response, current_app, request
from werkzeug.wrappers import Response as AnyResponse

from survey_app.definition.answers import Answers, Problem, encode_answers, read_answers
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Grade
from survey_app.definition.messages import message
from survey_app.distribution.link_cache import LinkCache
from survey_app.distribution.queries import FormLink
from survey_app.foundation.clock import LOCAL_ZONE
from survey_app.foundation.db import DatabaseUnavailable
from survey_app.foundation.extensions import clock, database, keys, settings
from survey_app.foundation.keys import keyed_hash
from survey_app.foundation.translation import _
from survey_app.frame.access_modes import ACCESS_MODES
from survey_app.frame.wave_states import GRACE_PERIOD, WaveState

from .access import AccessControl, AccessDecision, CodeCheck
from .activity import FormActivityRecorder
from .context import CODE_FIELD
from .display import DisplayOptions
from .form_data import FormData, first_value, fits_form, read_address_options, read_display_options, read_form_data
from .improvements_link import improvements_address
from .notices import NoticeLink, Resend, notice_page, thanks_page
from .pages import ResubmittedForm, form_page
from .refusals import (
    CODE_PROBLEMS,
    RETRY_SECONDS,
    not_open_page,
    paused_page,
    preview_address,
    too_large_page,
    unavailable_page,
    unknown_link_page,
)
from .responses import HTML, FinishedResponse, html_response
from .submission_store import Outcome, Submission
from .submission_writer import GroupCommitWriter
from .token import Token, issue_token, read_token

FORM_KEY_NAME = "form"
TRAILING = "/.。．，,、 "  # what chat programs and hands add to an address

STAFF_PAGES, STAFF_ENDPOINT = "/staff/", "admin.home"  # of another room, which is not on every node
NOTHING_SUBMITTED = message("这一次没有提交。")


def front_page() -> AnyResponse:
    """For who types the address of the server by itself: where forms are, and where staff sign in."""
    lines = (message("填问卷请用手机扫学校发的二维码或纸条；这里没有问卷。"),)
    staff = NoticeLink(message("工作人员登录"), STAFF_PAGES) if STAFF_ENDPOINT in current_app.view_functions else None
    page = notice_page(read_address_options(request.args), message("学校满意度测评"), *lines, link=staff)
    return html_response(page)


def favicon() -> AnyResponse:
    """Browsers ask by themselves; the answer is nothing, to be remembered."""
    return Response(status=204, headers={"Cache-Control": "public, max-age=31536000"})


def health() -> AnyResponse:
    """For a load balancer: whether this node reaches a database that answers now."""
    with database().read_session() as session:
        session.connection().exec_driver_sql("SELECT 1")
    return Response("ok", mimetype="text/plain")


def show_form(slug: str) -> AnyResponse:
    now = clock().now()
    try:
        link = _link_cache().find(_clean_slug(slug), now)
    except DatabaseUnavailable:
        again = NoticeLink(message("再打开一次"), request.full_path)
        return unavailable_page(read_address_options(request.args), message("请过几秒再打开。"), again)
    if link is None:
        return unknown_link_page(read_address_options(request.args))
    display = read_address_options(request.args, link.instrument.languages)
    if link.wave_state != WaveState.OPEN and not _wants_preview(link):
        return not_open_page(link, display)
    if link.paused:
        return paused_page(link, display)
    if link.wave_state == WaveState.OPEN:
        _form_activity().record(link.wave_id, now)
    return html_response(form_page(link, display, _new_token(link, now)))


def submit(slug: str) -> AnyResponse:
    form_data = read_form_data()
    try:
        return _submit(_clean_slug(slug), form_data, clock().now())
    except DatabaseUnavailable:
        line = message("没有提交成功，您填的内容还在。请过几秒按下面的按钮。")
        display = read_display_options(form_data or {})
        return unavailable_page(display, line, resend=Resend(request.path, form_data or {}))


def _submit(slug: str, form_data: FormData | None, now: datetime) -> AnyResponse:
    link = _link_cache().find(slug, now)
    if link is None:
        return unknown_link_page(read_display_options(form_data or {}), NOTHING_SUBMITTED)
    display = read_display_options(form_data or {}, link.instrument.languages)
    if form_data is None or not fits_form(form_data, link.form):
        return too_large_page(link, display)
    token = read_token(keys().get(FORM_KEY_NAME), first_value(form_data, "_token"), link.link_id, link.structure_hash)
    if first_value(form_data, "_view"):
        return _switch_display(link, display, form_data, token, now)
    if token is None:
        return _reissue_form(link, display, form_data, now)
    if token.issued_at < link.opens_at.replace(microsecond=0):
        return _check_preview(link, display, form_data, token)
    if _is_too_late(link, token, now):
        return _answer_late(link, display, form_data, token)
    return _store_answers(link, display, form_data, token, now)


def thanks(slug: str) -> AnyResponse:
    """Needs no database: whoever is sent here was told the truth by the redirect."""
    display = read_address_options(request.args)
    try:
        link = _link_cache().find(_clean_slug(slug), clock().now())
    except DatabaseUnavailable:
        return html_response(thanks_page(None, display))
    if link is None:
        return unknown_link_page(display)
    display = read_address_options(request.args, link.instrument.languages)
    return html_response(thanks_page(link, display, improvements_address(database(), display.language)))


def _clean_slug(slug: str) -> str:
    """A slug as it may arrive: in capitals or full width, with a full stop or a slash behind it."""
    return unicodedata.normalize("NFKC", slug).lower().rstrip(TRAILING)


def _store_answers(
    link: FormLink, display: DisplayOptions, form_data: FormData, token: Token, now: datetime
) -> AnyResponse:
    """Read, store, answer."""
    answers, problems = read_answers(link.form, form_data, _allowed_grades(link))
    code, address = first_value(form_data, CODE_FIELD), request.remote_addr or ""
    is_complete = not problems and not answers.is_blank()
    access_control, submission_writer = _access_control(), _submission_writer()
    decision = access_control.check(link, code, address, is_complete)
    if code_problem := CODE_PROBLEMS.get(ACCESS_MODES[link.access].code_scope, {}).get(decision.code_check):
        problems = [Problem(CODE_FIELD, code_problem), *problems]
    if problems:
        status = 429 if decision.code_check is CodeCheck.TOO_MANY else 422
        return _form_again(link, display, ResubmittedForm(form_data, problems), status)
    if answers.is_blank():
        return _form_again(link, display, ResubmittedForm(form_data, notice=_("还没有提交：还没有回答任何题目")), 422)
    submission = _build_submission(link, answers, token, now, decision)
    try:
        if not access_control.within_rate(link):
            stored = submission_writer.was_received(link.wave_id, link.school_id, submission.submission_hash)
            return _redirect_to_thanks(link, display) if stored else _busy_page(link, display, form_data)
        outcome = submission_writer.submit(submission)
    except DatabaseUnavailable:
        current_app.logger.error("the database did not take a submission")
        return _busy_page(link, display, form_data)
    if outcome in (Outcome.STORED, Outcome.REPEATED):
        return _redirect_to_thanks(link, display)
    return _answer_refused(link, display, form_data, outcome, now)


def _answer_refused(
    link: FormLink, display: DisplayOptions, form_data: FormData, outcome: Outcome, now: datetime
) -> AnyResponse:
    """Nothing was stored; what was typed is still on the page, with what can be done about it."""
    if outcome is Outcome.TOO_LATE:
        return not_open_page(link, display, NOTHING_SUBMITTED)
    if outcome is Outcome.OTHER_CODE:
        notice = _("没有提交：这一页已经交过一份答卷。您的邀请码还没有用。请核对全部答案，再按一次“提交”")
        page = form_page(link, display, _new_token(link, now), ResubmittedForm(form_data, notice=notice))
        return html_response(page, 409)
    if outcome is Outcome.FULL:
        notice = _("没有提交：本班的答卷已经收满。请告诉老师；答案还在本页")
        return _form_again(link, display, ResubmittedForm(form_data, notice=notice), 409)
    notice = _("此邀请码已使用，这一次没有提交。如果刚才网络中断过，您的答卷很可能已经收到，不必再填")
    problems = [Problem(CODE_FIELD, message("此邀请码已使用。如果您没有填过，请把纸条交还学校换一张"))]
    return _form_again(link, display, ResubmittedForm(form_data, problems, notice), 409)


def _form_again(link: FormLink, display: DisplayOptions, resubmitted: ResubmittedForm, status: int) -> AnyResponse:
    """The same page with the same submission id: nothing was stored under it."""
    return html_response(form_page(link, display, first_value(resubmitted.form_data, "_token"), resubmitted), status)


def _build_submission(
    link: FormLink, answers: Answers, token: Token, now: datetime, decision: AccessDecision
) -> Submission:
    grade = answers.grade if AUDIENCES[link.audience].has_grades else ""
    return Submission(
        wave_id=link.wave_id,
        school_id=link.school_id,
        link_id=link.link_id,
        audience=link.audience,
        structure_hash=link.structure_hash,
        submission_hash=keyed_hash(keys().get(FORM_KEY_NAME), token.submission_id),
        grade=grade,
        answers=encode_answers(answers),
        response_speed=_response_speed(now - token.issued_at, answers.form.item_count()),
        day=now.astimezone(LOCAL_ZONE).date(),
        comments=answers.comments,
        code_hash=decision.code_hash,
        capped=decision.capped,
        half=link.half if grade else "",  # halves are of a grade: a form that asks none tells nothing by them
    )


def _response_speed(elapsed: timedelta, item_count: int) -> str:
    """1 = under one second an item, 2 = under two, 3 = slower."""
    seconds = elapsed.total_seconds() / max(item_count, 1)
    return "1" if seconds < 1 else "2" if seconds < 2 else "3"


def _allowed_grades(link: FormLink) -> tuple[Grade, ...]:
    """The grades that may be chosen: on a class link only its own."""
    if link.grade:
        return tuple(grade for grade in link.grades if grade.code == link.grade)
    return link.grades


def _busy_page(link: FormLink, display: DisplayOptions, form_data: FormData) -> AnyResponse:
    """Nothing is stored and nothing is lost: the page sends itself again, with the same submission id."""
    notice = _("没有提交成功：现在填写的人很多。答案还在本页，几秒后会自动再提交，也可以自己按“提交”")
    response = _form_again(link, display, ResubmittedForm(form_data, notice=notice, resend=True), 503)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response


def _switch_display(
    link: FormLink, display: DisplayOptions, form_data: FormData, token: Token | None, now: datetime
) -> AnyResponse:
    """Language, size and device are buttons of the form, so that what was typed survives without a script."""
    if link.wave_state not in (WaveState.OPEN, WaveState.WAITING) and (token is None or _is_too_late(link, token, now)):
        return not_open_page(link, display)
    token_text = first_value(form_data, "_token") if token else _new_token(link, now)
    return html_response(form_page(link, display, token_text, ResubmittedForm(form_data)))


def _reissue_form(link: FormLink, display: DisplayOptions, form_data: FormData, now: datetime) -> AnyResponse:
    """A token that was not made here for this link: nothing is stored, what was typed is kept."""
    if link.wave_state != WaveState.OPEN:
        return not_open_page(link, display, NOTHING_SUBMITTED)
    notice = _("没有提交：页面已过期。请核对学校名称和答案，再按一次“提交”")
    return html_response(
        form_page(link, display, _new_token(link, now), ResubmittedForm(form_data, notice=notice)), 422
    )


def _wants_preview(link: FormLink) -> bool:
    return link.wave_state == WaveState.WAITING and "trial" in request.args


def _check_preview(link: FormLink, display: DisplayOptions, form_data: FormData, token: Token) -> AnyResponse:
    """A form that was opened before the wave: checked like any other, never stored."""
    _answers, problems = read_answers(link.form, form_data, _allowed_grades(link))
    if problems:
        return _form_again(link, display, ResubmittedForm(form_data, problems), 422)
    lines = (message("试填不计入，没有保存任何内容。"), message("正式填写请在开始之后重新扫码。"))
    again = NoticeLink(message("再试填一次"), preview_address(link, display))
    return html_response(notice_page(display, message("试填完成"), *lines, link=again))


def _is_too_late(link: FormLink, token: Token, now: datetime) -> bool:
    """Opened before the end, as far as a node could know it, and sent within the grace after it is in time."""
    last_valid_issue = link.ends_at + timedelta(seconds=settings().link_cache_seconds)
    return token.issued_at > last_valid_issue or now > link.ends_at + GRACE_PERIOD or link.sealed


def _answer_late(link: FormLink, display: DisplayOptions, form_data: FormData, token: Token) -> AnyResponse:
    """The repeat of a stored submission still gets its answer; anything else is too late."""
    submission_hash = keyed_hash(keys().get(FORM_KEY_NAME), token.submission_id)
    code_hash = None if link.sealed else _access_control().code_hash(link, first_value(form_data, CODE_FIELD))
    stored = _submission_writer().was_received(link.wave_id, link.school_id, submission_hash, code_hash)
    return _redirect_to_thanks(link, display) if stored else not_open_page(link, display, NOTHING_SUBMITTED)


def _link_cache() -> LinkCache:
    link_cache: LinkCache = current_app.extensions["link_cache"]
    return link_cache


def _submission_writer() -> GroupCommitWriter:
    submission_writer: GroupCommitWriter = current_app.extensions["submission_writer"]
    return submission_writer


def _form_activity() -> FormActivityRecorder:
    form_activity: FormActivityRecorder = current_app.extensions["form_activity"]
    return form_activity


def _access_control() -> AccessControl:
    access_control: AccessControl = current_app.extensions["access_control"]
    return access_control


def _new_token(link: FormLink, now: datetime) -> str:
    return issue_token(keys().get(FORM_KEY_NAME), link.link_id, link.structure_hash, now)


def _redirect_to_thanks(link: FormLink, display: DisplayOptions) -> AnyResponse:
    address = {"Location": display.address(f"/s/{link.slug}/thanks")}
    return FinishedResponse(b"", 303, address, content_type=HTML)
