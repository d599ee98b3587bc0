"""What a respondent reads instead of the form: nothing was stored, why, and what can be done."""

from flask import current_app
from werkzeug.wrappers import Response as AnyResponse

from survey_app.definition.messages import Message, message
from survey_app.distribution.queries import FormLink
from survey_app.foundation.clock import format_local
from survey_app.frame.access_modes import CodeScope
from survey_app.frame.wave_states import WaveState

from .access import CodeCheck
from .display import DisplayOptions
from .notices import NoticeLink, Resend, notice_page
from .responses import html_response

RETRY_SECONDS = "5"
BACK_TO_FORM = message("回到问卷")
CODE_PROBLEMS = {
    CodeScope.PERSON: {
        CodeCheck.MISSING: message("请填写邀请码（在学校发的纸条上）"),
        CodeCheck.BAD_CHECKSUM: message("邀请码有错字，请对照纸条核对"),
        CodeCheck.WRONG: message("这个邀请码不适用于本问卷，请核对学校和纸条"),
        CodeCheck.TOO_MANY: message("邀请码输错太多次，请几分钟后再试；正确的邀请码随时可以提交"),
    },
    CodeScope.CLASS: {
        CodeCheck.MISSING: message("请输入班级口令（问老师）"),
        CodeCheck.BAD_CHECKSUM: message("班级口令有错字，请再看一遍"),
        CodeCheck.WRONG: message("这个口令不是本班的，请问老师"),
        CodeCheck.TOO_MANY: message("班级口令输错太多次，请几分钟后再试，或者换一台设备"),
    },
}


def _error_page(
    display: DisplayOptions, status: int, heading: Message, *lines: Message, link: NoticeLink | None = None,
    forget: str = "",
) -> AnyResponse:  # fmt: skip
    return html_response(notice_page(display, heading, *lines, link=link, forget=forget), status)


def unavailable_page(
    display: DisplayOptions, line: Message, link: NoticeLink | None = None, resend: Resend | None = None
) -> AnyResponse:
    current_app.logger.error("the database is not available to respondents")
    page = notice_page(display, message("现在太忙了"), line, link=link, resend=resend)
    return html_response(page, 503, {"Retry-After": RETRY_SECONDS})


def too_large_page(link: FormLink, display: DisplayOptions) -> AnyResponse:
    lines = (message("请用浏览器的“返回”回到问卷，缩短意见后再提交。"), message("也可以重新打开问卷。"))
    back = NoticeLink(BACK_TO_FORM, display.address(f"/s/{link.slug}"))
    return _error_page(display, 413, message("没有提交：内容过大或格式不对"), *lines, link=back)


def unknown_link_page(display: DisplayOptions, *lines: Message) -> AnyResponse:
    line = message("请重新扫描学校发的二维码，或核对网址是否输入完整。")
    return _error_page(display, 404, message("没有这个问卷地址"), *lines, line)


def paused_page(link: FormLink, display: DisplayOptions) -> AnyResponse:
    """A link that the office stopped for a while: no new forms; those that are open may still be sent."""
    school = message("学校：{school}", school=link.school_name)
    return _error_page(display, 503, message("这份问卷暂停填写"), school, message("请过些时候再扫码，或询问学校。"))


def not_open_page(link: FormLink, display: DisplayOptions, *first_lines: Message) -> AnyResponse:
    school = message("学校：{school}", school=link.school_name)
    if link.wave_state == WaveState.WAITING:
        when = message("开始时间：{when}（北京时间）。请到时再扫码。", when=format_local(link.opens_at))
        preview = NoticeLink(message("先看看（试填，不计入）"), preview_address(link, display))
        return _error_page(display, 403, message("问卷还没有开始"), *first_lines, school, when, link=preview)
    when = message("截止时间：{when}（北京时间）。感谢您的关注。", when=format_local(link.ends_at))
    return _error_page(display, 410, message("问卷已经截止"), *first_lines, school, when, forget=link.slug)


def preview_address(link: FormLink, display: DisplayOptions) -> str:
    query = display.query()
    return f"/s/{link.slug}?trial=1" + (f"&{query}" if query else "")
