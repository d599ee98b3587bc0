"""Before and after every staff page: who is it, may they, in which language, with which headers."""

from urllib.parse import quote

from flask import Flask, Request, Response, abort, current_app, g, redirect, render_template, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as AnyResponse

from survey_app.accounts.audit import add_audit_entry
from survey_app.accounts.models import Staff
from survey_app.accounts.sessions import authenticate_token, refresh
from survey_app.collection.pages import CONTENT_SECURITY_POLICY as FORM_POLICY
from survey_app.collection.pages import DisplayOptions, notice_page
from survey_app.definition.messages import Message, message
from survey_app.foundation.db import DatabaseUnavailable
from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.translation import HTML_LANGUAGE, LANGUAGES, language, render, set_language

from .access import ACCESS_TABLE, EVERYBODY, AccessRule

TOKEN_KEY = "login"  # noqa: S105 - the name of a field in the signed cookie
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


class StaffSessionInterface(SecureCookieSessionInterface):
    """Cookies are for staff; a respondent's request does not even look for one."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return super().open_session(app, request) if request.path.startswith("/staff") else None


def install(app: Flask) -> None:
    app.session_interface = StaffSessionInterface()
    app.before_request(authorize)
    app.after_request(add_headers)
    app.register_error_handler(UserError, show_user_error)
    app.register_error_handler(CSRFError, lambda _error: show_error(400, message("页面已过期，请返回重试")))
    app.register_error_handler(404, lambda _error: show_error(404, message("没有这个页面")))
    app.register_error_handler(405, lambda _error: show_error(405, message("没有这个页面")))
    app.register_error_handler(413, lambda _error: show_error(413, message("提交的内容过大")))
    app.register_error_handler(500, lambda _error: show_error(500, message("系统出错了，已记录。请稍后再试")))
    app.context_processor(lambda: {"html_language": HTML_LANGUAGE[language()]})


def authorize() -> AnyResponse | None:
    """Lets the request pass, sends to the login, or shows the page for things that do not exist."""
    set_language(None)
    if request.endpoint is None or not request.endpoint.startswith("admin."):
        return None
    select_language()
    rule = ACCESS_TABLE[request.endpoint]
    g.staff = None if rule.roles is EVERYBODY else current_staff()
    if rule.roles is EVERYBODY:
        return None
    if g.staff is None:
        return redirect(f"{url_for('admin.login')}?next={quote(request.path)}", 303)
    if g.staff.role not in rule.roles:
        abort(404)
    record_audit(rule)
    return None


def select_language() -> None:
    tag = session.get("language") or request.accept_languages.best_match(LANGUAGES, "zh")
    set_language(tag)


def current_staff() -> Staff | None:
    """The account behind the cookie. Pages that reload by themselves do not keep a login alive."""
    token = session.get(TOKEN_KEY)
    if not token:
        return None
    now = clock().now()
    with database().read_session() as db:
        login = authenticate_token(db, token, now)
    if login is None:
        return None
    staff, is_due = login
    if is_due and "live" not in request.args:
        with database().write_session() as db:
            refresh(db, token, now)
    return staff


def record_audit(rule: AccessRule) -> None:
    if rule.audit and request.method in rule.methods:
        with database().write_session() as db:
            add_audit_entry(db, clock().now(), g.staff.username, rule.audit, request.path)


def show_user_error(error: UserError) -> AnyResponse:
    status = 503 if isinstance(error, DatabaseUnavailable) else 409
    if status == 503:
        current_app.logger.error("the database is not available")
    return show_error(status, *error.messages)


def show_error(status: int, *messages: Message) -> AnyResponse:
    """On staff pages with the way back; respondents get a page without form and cookie."""
    if request.path.startswith("/staff"):
        page = render_template("admin/error.html", lines=[render(line) for line in messages])
        return Response(page, status, mimetype="text/html")
    page = notice_page(DisplayOptions(language=language()), *messages)
    return Response(page, status, {"Content-Security-Policy": FORM_POLICY}, mimetype="text/html")


def add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    is_staff = (request.endpoint or "").startswith("admin.")
    headers["Referrer-Policy"] = "same-origin" if is_staff else "no-referrer"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
    return response
