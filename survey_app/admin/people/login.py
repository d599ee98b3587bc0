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
from survey_app.accounts.second_step import pass_second_step, step_state
from survey_app.accounts.staff import find_active_staff
from survey_app.foundation.extensions import clock, database, keys, settings
from survey_app.foundation.roles import Role
from survey_app.foundation.stored_settings import lacks_office
from survey_app.foundation.translation import _
from survey_app.web.audit import count_denial, record_done, record_shown
from survey_app.web.kept_forms import forget_typed, page_to_return
from survey_app.web.session import (
    TOKEN_KEY,
    address_hash,
    first_step_account,
    known_device,
    remember_device,
    remember_first_step,
    start_session,
)
from survey_app.web.table import route_table

from ..forms import LanguageForm, LoginForm
from .welcome import PASSWORD_CHOSEN

MAX_CODE_FIELD = 40
ATTEMPTS_BURST, ATTEMPTS_PER_SECOND = 60.0, 1.0  # of one address, before the database is asked


def login() -> str:
    form = LoginForm()
    if username := session.pop(PASSWORD_CHOSEN, ""):
        form.username.data = username
    return render_template("admin/people/login.html", form=form, problem="", has_chosen=bool(username))


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
            return _ask_code(staff) if _has_second_step(staff) else _log_in(staff, visitor, steps=1)
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


def _has_second_step(staff: Staff) -> bool:
    with database().read_session() as db:
        return step_state(db, staff.id) is not None


def _ask_code(staff: Staff) -> AnyResponse:
    """The password was right; nobody is logged in before the code is."""
    with database().write_session() as db:
        record_shown(db, "first step", actor=staff.username)
    remember_first_step(staff)
    return redirect(url_for("admin.login_code", next=request.args.get("next")), 303)


def login_code() -> AnyResponse | str:
    if first_step_account() is None:
        return redirect(url_for("admin.login", next=request.args.get("next")), 303)
    return render_template("admin/people/login_code.html", problem="")


def login_code_post() -> AnyResponse:
    """Count the attempt as one at the password is counted; a code that was right is never taken again."""
    staff = first_step_account()
    if staff is None:
        return _render_login(LoginForm(), _("时间过了，请重新填写密码"), 401)
    visitor = Visitor(staff.username, address_hash(), known_device(staff.username))
    typed = request.form.get("code", "")[:MAX_CODE_FIELD]
    if not _count_attempt(visitor):
        count_denial(DenialReason.TOO_MANY, staff.username)
        return _render_code(_("尝试次数太多，请 15 分钟后再试"), 429)
    with database().write_session() as db:
        is_right = pass_second_step(db, keys().get("session"), staff.id, typed, clock().now())
    if is_right:
        return _log_in(staff, visitor, steps=2)
    count_denial(DenialReason.WRONG_CODE, staff.username)
    return _render_code(_("动态码不对，或者已经用过。请等手机上换了新的再填"), 401)


def _render_code(problem: str, status: int) -> AnyResponse:
    return Response(render_template("admin/people/login_code.html", problem=problem), status, mimetype="text/html")


def _log_in(staff: Staff, visitor: Visitor, steps: int) -> AnyResponse:
    """``steps``: how many attempts were counted on the way, all of them right."""
    now = clock().now()
    with database().write_session() as db:
        token = sessions.create_session(db, staff, now)
        for _step in range(steps):
            forget_attempt(db, visitor, keys().get("session"), now)
        record_done(db, actor=staff.username)
    start_session(token, staff.id)
    response = redirect(_first_page(staff), 303)
    remember_device(response, staff.username)
    return response


def _first_page(staff: Staff) -> str:
    """Where the person wanted to go; in a new installation the office is asked who it is first."""
    target = _safe_redirect_target(page_to_return() or request.args.get("next", ""))
    if staff.role != Role.OFFICE or target != url_for("admin.home"):
        return target
    with database().read_session() as db:
        return url_for("admin.office", first=1) if lacks_office(db, settings()) else target


def _render_login(form: LoginForm, problem: str, status: int) -> AnyResponse:
    return Response(
        render_template("admin/people/login.html", form=form, problem=problem), status, mimetype="text/html"
    )


def _safe_redirect_target(target: str) -> str:
    """Only pages of our own are returned to: those of the route table that a browser may fetch.

    A form that was refused stands at the address to which it was sent; its page is one step above.
    """
    path, _mark, query = target.partition("?")
    if not path.isprintable() or "//" in path or not route_table().is_staff_path(path):
        return url_for("admin.home")
    if not _can_be_fetched(path):
        path, query = path.rpartition("/")[0], ""
    if not _can_be_fetched(path):
        return url_for("admin.home")
    return quote(path) + (f"?{urlencode(parse_qsl(query))}" if query else "")


def _can_be_fetched(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(path, "GET")
    except (HTTPException, RequestRedirect):
        return False
    return route_table().is_staff_path(path)


def logout() -> AnyResponse:
    with database().write_session() as db:
        sessions.revoke(db, session.get(TOKEN_KEY, ""))
        forget_typed(db)
        record_done(db)
    session.clear()
    return redirect(url_for("admin.login"), 303)


def choose_language() -> AnyResponse:
    form = LanguageForm()
    if form.validate():
        session["language"] = form.language.data
    return redirect(_safe_redirect_target(form.back.data or ""), 303)
