"""Before and after every staff page: who is it, may they, in which language, with which headers."""

from urllib.parse import quote

from flask import Flask, Request, Response, abort, current_app, g, redirect, render_template, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as AnyResponse

from survey_app.accounts.audit import record
from survey_app.accounts.models import Staff
from survey_app.accounts.sessions import current, touch
from survey_app.collection.pages import POLICY as RESPONDENT_POLICY
from survey_app.collection.pages import View, notice_page
from survey_app.definition.messages import Message, message
from survey_app.foundation.db import DatabaseUnavailable
from survey_app.foundation.errors import Refused
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.translation import HTML_LANGUAGE, LANGUAGES, language, say, set_language

from .access import ACCESS_TABLE, EVERYBODY, Access

TOKEN = "login"  # noqa: S105 - the name of a field in the signed cookie
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


class StaffSessions(SecureCookieSessionInterface):
    """Cookies are for staff; a respondent's request does not even look for one."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return super().open_session(app, request) if request.path.startswith("/staff") else None


def install(app: Flask) -> None:
    app.session_interface = StaffSessions()
    app.before_request(admit)
    app.after_request(add_headers)
    app.register_error_handler(Refused, show_refusal)
    app.register_error_handler(CSRFError, lambda _error: show_error(400, message("页面已过期，请返回重试")))
    app.register_error_handler(404, lambda _error: show_error(404, message("没有这个页面")))
    app.register_error_handler(405, lambda _error: show_error(405, message("没有这个页面")))
    app.register_error_handler(413, lambda _error: show_error(413, message("提交的内容过大")))
    app.register_error_handler(500, lambda _error: show_error(500, message("系统出错了，已记录。请稍后再试")))
    app.context_processor(lambda: {"html_language": HTML_LANGUAGE[language()]})


def admit() -> AnyResponse | None:
    """Lets the request pass, sends to the login, or shows the page for things that do not exist."""
    set_language(None)
    if request.endpoint is None or not request.endpoint.startswith("admin."):
        return None
    choose_language()
    rule = ACCESS_TABLE[request.endpoint]
    g.staff = None if rule.roles is EVERYBODY else logged_in()
    if rule.roles is EVERYBODY:
        return None
    if g.staff is None:
        return redirect(f"{url_for('admin.login')}?next={quote(request.path)}", 303)
    if g.staff.role not in rule.roles:
        abort(404)
    write_down(rule)
    return None


def choose_language() -> None:
    wanted = session.get("language") or request.accept_languages.best_match(LANGUAGES, "zh")
    set_language(wanted)


def logged_in() -> Staff | None:
    """The account behind the cookie. Pages that reload by themselves do not keep a login alive."""
    token = session.get(TOKEN)
    if not token:
        return None
    now = clock().now()
    with database().reading() as db:
        found = current(db, token, now)
    if found is None:
        return None
    staff, is_due = found
    if is_due and "live" not in request.args:
        with database().committed() as db:
            touch(db, token, now)
    return staff


def write_down(rule: Access) -> None:
    if rule.audit and request.method in rule.methods:
        with database().committed() as db:
            record(db, clock().now(), g.staff.username, rule.audit, request.path)


def show_refusal(error: Refused) -> AnyResponse:
    status = 503 if isinstance(error, DatabaseUnavailable) else 409
    if status == 503:
        current_app.logger.error("the database is not available")
    return show_error(status, *error.lines)


def show_error(status: int, *lines: Message) -> AnyResponse:
    """On staff pages with the way back; respondents get a page without form and cookie."""
    if request.path.startswith("/staff"):
        page = render_template("admin/error.html", lines=[say(line) for line in lines])
        return Response(page, status, mimetype="text/html")
    response = Response(notice_page(View(), *lines), status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = RESPONDENT_POLICY
    return response


def add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    is_staff = (request.endpoint or "").startswith("admin.")
    headers["Referrer-Policy"] = "same-origin" if is_staff else "no-referrer"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
    return response
