"""What people see when something is refused, missing or broken: a sentence, and the way back."""

from pathlib import Path

from flask import Flask, Response, current_app, g, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from survey_app.accounts.denials import DenialReason
from survey_app.collection.pages import CONTENT_SECURITY_POLICY, DisplayOptions, notice_page
from survey_app.definition.messages import Message, message
from survey_app.definition.nodes import DefinitionError
from survey_app.foundation.db import DatabaseUnavailable
from survey_app.foundation.errors import UserError
from survey_app.foundation.keys import KeyMissing
from survey_app.foundation.translation import language, render

from .audit import count_denial
from .kept_forms import keep_typed, page_before, page_of_form
from .table import route_table

RETRY_SECONDS = "5"
NO_SUCH_PAGE = message("没有这个页面")
KEPT_FOR_PAGE = message("没有做任何更改；回到原来那一页，填过的还在（留一小时）。文件和密码要重新选、重新填。")
WITH_WAY_BACK = (409, 413, 422)  # something on the page before can be done otherwise
SENTENCES = {
    400: message("请求有误，请返回重试"),
    404: NO_SUCH_PAGE,
    405: NO_SUCH_PAGE,
    413: message("提交的内容过大，没有保存。请返回上一页（填过的还在），删短或换小一点的文件再提交"),
    500: message("系统出错了，已记录。请稍后再试"),
}


def install(app: Flask) -> None:
    app.register_error_handler(UserError, show_user_error)
    app.register_error_handler(DefinitionError, show_definition_error)
    app.register_error_handler(DatabaseUnavailable, show_unavailable)
    app.register_error_handler(KeyMissing, show_unavailable)
    app.register_error_handler(CSRFError, show_csrf_error)
    app.register_error_handler(HTTPException, show_http_error)


def show_user_error(error: UserError) -> AnyResponse:
    """Where a page did not put it beside its form, the form comes back as it was filled in."""
    return show_error(409, *error.messages, *_kept_for_its_page(as_new=True))


def _kept_for_its_page(as_new: bool = False) -> list[Message]:
    """Keep what was typed; return the sentence that says so, nothing where there was nothing to keep."""
    if request.method != "POST" or g.get("staff") is None or not keep_typed(as_new):
        return []
    g.next_page = page_of_form()
    return [KEPT_FOR_PAGE]


def show_definition_error(error: DefinitionError) -> AnyResponse:
    """A scheme or another file of the server was changed and is faulty: staff read where, others only that it fails."""
    current_app.logger.error("A definition file is faulty: %s", error)
    if not route_table().is_staff_path(request.path):
        return show_error(500, SENTENCES[500])
    lines = [
        message(
            "{file} 第 {line} 行第 {column} 列：{what}", file=Path(issue.position.file).name,
            line=issue.position.line, column=issue.position.column, what=issue.message,
        )
        for issue in error.issues
    ]  # fmt: skip
    return show_error(409, message("服务器上的文件有错，改正以后再试："), *lines)


def show_unavailable(error: DatabaseUnavailable | KeyMissing) -> AnyResponse:
    """Where the database is and why it does not answer is said on the command line, never to visitors."""
    lacks = "a key of a wave" if isinstance(error, KeyMissing) else "the database"
    current_app.logger.error("%s is not available", lacks)
    if route_table().is_staff_path(request.path):
        lines = [
            message("现在不能用，请过几分钟再试"),
            message("如果一直这样，请打电话告诉系统管理员：原因写在他的首页和服务器的记录里"),
        ]
    else:
        lines = [message("现在太忙了"), message("没有提交成功。请过几秒刷新本页，或重新扫码。")]
    response = show_error(503, *lines)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response


def show_csrf_error(_error: CSRFError) -> AnyResponse:
    count_denial(DenialReason.CSRF)
    lines = [message("页面已过期，请返回重试")]
    lines += _kept_for_its_page()  # logged in anew beside it, so that the page's token is not this login's
    return show_error(400, *lines)


def show_http_error(error: HTTPException) -> AnyResponse:
    status = error.code or 500
    lines = [SENTENCES.get(status, SENTENCES[400 if status < 500 else 500])]
    if status == 404:  # a colleague has deleted it meanwhile
        lines += _kept_for_its_page(as_new=True)
    return show_error(status, *lines)


def show_error(status: int, *messages: Message) -> AnyResponse:
    """On staff pages with the way back; respondents get a page without form and cookie."""
    if route_table().is_staff_path(request.path):
        page = render_template("admin/error.html", lines=[render(line) for line in messages], status=status,
                               back=page_before() if status in WITH_WAY_BACK else "")  # fmt: skip
        return Response(page, status, mimetype="text/html")
    page = notice_page(DisplayOptions(language=language()), *messages)
    return Response(page, status, {"Content-Security-Policy": CONTENT_SECURITY_POLICY}, mimetype="text/html")
