"""The respondent's addresses. A GET spends nothing; a POST is answered only after the commit."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import Response, current_app, request
from werkzeug.wrappers import Response as AnyResponse

from survey_app.definition.answers import Answers, Problem, encode_answers, read_answers
from survey_app.definition.categories import Grade
from survey_app.definition.messages import Message, message
from survey_app.distribution.link_cache import LinkCache
from survey_app.distribution.queries import FormLink
from survey_app.foundation.clock import LOCAL_ZONE, format_local
from survey_app.foundation.db import DatabaseUnavailable
from survey_app.foundation.extensions import clock, database, keys, settings
from survey_app.foundation.keys import keyed_hash
from survey_app.foundation.translation import _, set_language
from survey_app.frame.wave_states import GRACE_PERIOD, WaveState

from .access import AccessControl, AccessDecision, CodeCheck
from .form_data import FormData, first_value, read_display_options, read_form_data
from .pages import (
    CODE_FIELD,
    CONTENT_SECURITY_POLICY,
    DisplayOptions,
    ResubmittedForm,
    form_page,
    notice_page,
    thanks_page,
)
from .submission_writer import GroupCommitWriter, Outcome, Submission
from .token import Token, issue_token, read_token

FORM_KEY_NAME = "form"
RETRY_SECONDS = "5"

CODE_PROBLEMS = {
    CodeCheck.MISSING: message("请填写邀请码（在学校发的纸条或海报上）"),
    CodeCheck.BAD_CHECKSUM: message("邀请码有错字，请对照纸条核对"),
    CodeCheck.WRONG: message("这个邀请码不适用于本问卷，请核对学校和纸条"),
    CodeCheck.TOO_MANY: message("错误的邀请码太多次，请几分钟后再试；正确的邀请码随时可以提交"),
}
REFUSED_OUTCOMES = {
    Outcome.CODE_USED: message("此邀请码已使用，这一次没有提交"),
    Outcome.FULL: message("本班答卷已满，这一次没有提交"),
    Outcome.TOO_LATE: message("问卷已经截止，这一次没有提交"),
}


def favicon() -> AnyResponse:
    """Browsers ask by themselves; the answer is nothing, to be remembered."""
    return Response(status=204, headers={"Cache-Control": "public, max-age=31536000"})


def health() -> AnyResponse:
    """For a load balancer: whether this node reaches a database that answers now."""
    with database().read_session() as session:
        session.connection().exec_driver_sql("SELECT 1")
    return Response("ok", mimetype="text/plain")


def show_form(slug: str) -> AnyResponse:
    display = read_display_options(request.args)
    now = clock().now()
    link = _link_cache().find(slug, now)
    if link is None:
        return _unknown_link_page(display)
    if link.wave_state != WaveState.OPEN and not _wants_preview(link):
        return _not_open_page(link, display)
    return _html_response(form_page(link, display, _new_token(link, now)))


def submit(slug: str) -> AnyResponse:
    set_language(None)
    now = clock().now()
    form_data = read_form_data()
    display = read_display_options(form_data or {})
    link = _link_cache().find(slug, now)
    if link is None:
        return _unknown_link_page(display)
    if form_data is None:
        return _error_page(display, 413, message("提交的内容过大或格式不对，没有提交"), message("请重新扫码填写。"))
    token = read_token(keys().get(FORM_KEY_NAME), first_value(form_data, "_token"), link.link_id, link.structure_hash)
    if first_value(form_data, "_view"):
        return _switch_display(link, display, form_data, token, now)
    if token is None:
        return _reissue_form(link, display, form_data, now)
    if token.issued_at < link.opens_at.replace(microsecond=0):
        return _check_preview(link, display, form_data, token)
    if _is_too_late(link, token, now):
        return _answer_late(link, display, token)
    return _store_answers(link, display, form_data, token, now)


def thanks(slug: str) -> AnyResponse:
    return _html_response(thanks_page(slug, read_display_options(request.args)))


def _store_answers(
    link: FormLink, display: DisplayOptions, form_data: FormData, token: Token, now: datetime
) -> AnyResponse:
    """Read, store, answer."""
    answers, problems = read_answers(link.form, form_data, _allowed_grades(link))
    decision = _access_control().check(link, first_value(form_data, CODE_FIELD), request.remote_addr or "")
    if decision.code_check is not CodeCheck.ADMITTED:
        problems = [Problem(CODE_FIELD, CODE_PROBLEMS[decision.code_check]), *problems]
    if problems:
        status = 429 if decision.code_check is CodeCheck.TOO_MANY else 422
        return _html_response(
            form_page(link, display, first_value(form_data, "_token"), ResubmittedForm(form_data, problems)), status
        )
    submission = _build_submission(link, answers, token, now, decision)
    try:
        if not _access_control().within_rate(link):
            stored = _submission_writer().was_received(link.wave_id, link.school_id, submission.submission_hash)
            return _redirect_to_thanks(link, display) if stored else _busy_page(link, display, form_data)
        outcome = _submission_writer().submit(submission)
    except DatabaseUnavailable:
        current_app.logger.error("the database did not take a ballot")
        return _busy_page(link, display, form_data)
    if outcome in REFUSED_OUTCOMES:
        hints = [message("如果您没有填过，请把纸条交还学校换一张。")] if outcome is Outcome.CODE_USED else []
        return _error_page(display, 409, REFUSED_OUTCOMES[outcome], *hints)
    return _redirect_to_thanks(link, display)


def _build_submission(
    link: FormLink, answers: Answers, token: Token, now: datetime, decision: AccessDecision
) -> Submission:
    return Submission(
        wave_id=link.wave_id,
        school_id=link.school_id,
        link_id=link.link_id,
        audience=link.audience,
        structure_hash=link.structure_hash,
        submission_hash=keyed_hash(keys().get(FORM_KEY_NAME), token.submission_id),
        grade=answers.grade if link.audience != "teacher" else "",
        answers=encode_answers(answers),
        response_speed=_response_speed(now - token.issued_at, len(answers.form.items())),
        day=now.astimezone(LOCAL_ZONE).date(),
        comments=answers.comments,
        code_hash=decision.code_hash,
        capped=decision.capped,
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
    page = form_page(
        link, display, first_value(form_data, "_token"), ResubmittedForm(form_data, notice=notice, resend=True)
    )
    return _html_response(page, 503, {"Retry-After": RETRY_SECONDS})


def _switch_display(
    link: FormLink, display: DisplayOptions, form_data: FormData, token: Token | None, now: datetime
) -> AnyResponse:
    """Language and size are buttons of the form, so that what was typed survives without a script."""
    if link.wave_state not in (WaveState.OPEN, WaveState.WAITING) and (token is None or _is_too_late(link, token, now)):
        return _not_open_page(link, display)
    token_text = first_value(form_data, "_token") if token else _new_token(link, now)
    return _html_response(form_page(link, display, token_text, ResubmittedForm(form_data)))


def _reissue_form(link: FormLink, display: DisplayOptions, form_data: FormData, now: datetime) -> AnyResponse:
    """A token that was not made here for this link: nothing is stored, what was typed is kept."""
    if link.wave_state != WaveState.OPEN:
        return _not_open_page(link, display)
    notice = _("没有提交：本页无法核实。请核对学校名称和答案，再按一次“提交”")
    return _html_response(
        form_page(link, display, _new_token(link, now), ResubmittedForm(form_data, notice=notice)), 422
    )


def _wants_preview(link: FormLink) -> bool:
    return link.wave_state == WaveState.WAITING and "trial" in request.args


def _check_preview(link: FormLink, display: DisplayOptions, form_data: FormData, token: Token) -> AnyResponse:
    """A form that was opened before the wave: checked like any other, never stored."""
    _answers, problems = read_answers(link.form, form_data, _allowed_grades(link))
    if problems:
        return _html_response(
            form_page(link, display, first_value(form_data, "_token"), ResubmittedForm(form_data, problems)), 422
        )
    lines = (message("试填不计入，没有保存任何内容。"), message("正式填写请在开始之后重新扫码。"))
    return _html_response(notice_page(display, message("试填完成"), *lines))


def _is_too_late(link: FormLink, token: Token, now: datetime) -> bool:
    """Opened before the end, as far as a node could know it, and sent within the grace after it is in time."""
    last_valid_issue = link.ends_at + timedelta(seconds=settings().link_cache_seconds)
    return token.issued_at > last_valid_issue or now > link.ends_at + GRACE_PERIOD or link.sealed


def _answer_late(link: FormLink, display: DisplayOptions, token: Token) -> AnyResponse:
    """The repeat of a stored submission still gets its answer; anything else is too late."""
    submission_hash = keyed_hash(keys().get(FORM_KEY_NAME), token.submission_id)
    stored = _submission_writer().was_received(link.wave_id, link.school_id, submission_hash)
    return _redirect_to_thanks(link, display) if stored else _not_open_page(link, display)


def _link_cache() -> LinkCache:
    link_cache: LinkCache = current_app.extensions["link_cache"]
    return link_cache


def _submission_writer() -> GroupCommitWriter:
    submission_writer: GroupCommitWriter = current_app.extensions["submission_writer"]
    return submission_writer


def _access_control() -> AccessControl:
    access_control: AccessControl = current_app.extensions["access_control"]
    return access_control


def _new_token(link: FormLink, now: datetime) -> str:
    return issue_token(keys().get(FORM_KEY_NAME), link.link_id, link.structure_hash, now)


def _html_response(text: str | bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    response = Response(text, status, headers, mimetype="text/html")
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return response


def _redirect_to_thanks(link: FormLink, display: DisplayOptions) -> AnyResponse:
    device_query = "&device=shared" if display.shared_device else ""
    location = f"/s/{link.slug}/thanks?lang={display.language}&size={display.size}{device_query}"
    return Response(status=303, headers={"Location": location})


def _error_page(display: DisplayOptions, status: int, heading: Message, *lines: Message) -> AnyResponse:
    return _html_response(notice_page(display, heading, *lines), status)


def _unknown_link_page(display: DisplayOptions) -> AnyResponse:
    line = message("请重新扫描学校发的二维码，或核对网址是否输入完整。")
    return _error_page(display, 404, message("没有这个问卷地址"), line)


def _not_open_page(link: FormLink, display: DisplayOptions) -> AnyResponse:
    school = message("学校：{school}", school=link.school_name)
    if link.wave_state == WaveState.WAITING:
        when = message("开始时间：{when}（北京时间）。请到时再扫码。", when=format_local(link.opens_at))
        page = notice_page(display, message("问卷还没有开始"), school, when, preview_url=f"/s/{link.slug}?trial=1")
        return _html_response(page, 403)
    when = message("截止时间：{when}（北京时间）。感谢您的关注。", when=format_local(link.ends_at))
    return _error_page(display, 410, message("问卷已经截止"), school, when)
