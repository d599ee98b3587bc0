"""The way in for staff, and the language of their pages."""

from urllib.parse import parse_qsl, quote, urlencode

from flask import Response, current_app, redirect, render_template, request, session, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as AnyResponse

from survey_app.accounts import sessions
from survey_app.accounts.denials import DenialReason
from survey_app.accounts.login_limits import Visitor, count_attempt, forget_attempt
from survey_app.accounts.models import Staff
from survey_app.accounts.passwords import LoginsBusy, verify_password
from survey_app.accounts.staff import find_active_staff
from survey_app.foundation.extensions import clock, database, keys
from survey_app.foundation.translation import _
from survey_app.web.audit import count_denial, record_done
from survey_app.web.session import TOKEN_KEY, address_hash, known_device, remember_device, start_session
from survey_app.web.table import route_table

from .forms import LanguageForm, LoginForm

ATTEMPTS_BURST, ATTEMPTS_PER_SECOND = 60.0, 1.0  # of one address, before the database is asked


def login() -> str:
    return render_template("admin/login.html", form=LoginForm(), problem="")


def login_post() -> AnyResponse:
    """Count the attempt, then check the password outside every transaction, then begin the session."""
    form = LoginForm()
    username = (form.username.data or "").strip()
    if not form.validate():
        return _render_login(form, _("请填写用户名和密码"), 422)
    visitor = Visitor(username, address_hash(), known_device(username))
    staff = None
    if is_within_limits := _count_attempt(visitor):
        with database().read_session() as db:
            staff = find_active_staff(db, username)
        try:
            is_right = verify_password(staff.password_hash if staff else None, form.password.data or "")
        except LoginsBusy as error:
            return _render_login(form, " ".join(_(line.template) for line in error.messages), 503)
        if staff and is_right:
            return _log_in(staff, visitor)
    count_denial(
        DenialReason.WRONG_PASSWORD if is_within_limits else DenialReason.TOO_MANY, staff.username if staff else ""
    )
    if is_within_limits:
        return _render_login(form, _("用户名或密码不对"), 401)
    return _render_login(form, _("尝试次数太多，请 15 分钟后再试"), 429)


def _count_attempt(visitor: Visitor) -> bool:
    """Whether the visitor may try. A flood from one address is stopped before it reaches the database."""
    buckets = current_app.extensions["buckets"]
    if not visitor.device and not buckets.acquire(f"login:{visitor.address_hash}", ATTEMPTS_PER_SECOND, ATTEMPTS_BURST):
        return False
    with database().write_session() as db:
        return count_attempt(db, visitor, keys().get("session"), clock().now())


def _log_in(staff: Staff, visitor: Visitor) -> AnyResponse:
    now = clock().now()
    with database().write_session() as db:
        token = sessions.create_session(db, staff, now)
        forget_attempt(db, visitor, keys().get("session"), now)
        record_done(db, actor=staff.username)
    start_session(token)
    response = redirect(_safe_redirect_target(request.args.get("next", "")), 303)
    remember_device(response, staff.username)
    return response


def _render_login(form: LoginForm, problem: str, status: int) -> AnyResponse:
    return Response(render_template("admin/login.html", form=form, problem=problem), status, mimetype="text/html")


def _safe_redirect_target(target: str) -> str:
    """Only pages of our own are returned to: those of the route table that a browser may fetch."""
    path, _mark, query = target.partition("?")
    try:
        endpoint, _values = current_app.url_map.bind("").match(path, "GET")
    except (HTTPException, RequestRedirect):
        endpoint = ""
    if not path.isprintable() or "//" in path or not route_table().is_staff_path(path) or not endpoint:
        return url_for("admin.home")
    return quote(path) + (f"?{urlencode(parse_qsl(query))}" if query else "")


def logout() -> AnyResponse:
    with database().write_session() as db:
        sessions.revoke(db, session.get(TOKEN_KEY, ""))
        record_done(db)
    session.clear()
    return redirect(url_for("admin.login"), 303)


def choose_language() -> AnyResponse:
    form = LanguageForm()
    if form.validate():
        session["language"] = form.language.data
    return redirect(_safe_redirect_target(form.back.data or ""), 303)
