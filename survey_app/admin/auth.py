"""The way in for staff, and the language of their pages."""

from flask import Response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.accounts import sessions
from survey_app.accounts.audit import add_audit_entry
from survey_app.accounts.staff import authenticate, is_locked_out
from survey_app.foundation.extensions import clock, database, keys
from survey_app.foundation.keys import keyed_hash
from survey_app.foundation.translation import _, frame_languages

from .forms import LoginForm
from .guard import TOKEN_KEY


def login() -> str:
    return render_template("admin/login.html", form=LoginForm(), problem="")


def login_post() -> AnyResponse:
    form = LoginForm()
    if not form.validate_on_submit():
        return _render_login(form, _("请填写用户名和密码"), 422)
    now, username = clock().now(), (form.username.data or "").strip()
    address = keyed_hash(keys().get("session"), (request.remote_addr or "").encode()).hex()
    with database().write_session() as db:
        locked = is_locked_out(db, username, address, now)
        staff = None if locked else authenticate(db, username, form.password.data or "", address, now)
        token = sessions.create_session(db, staff, now) if staff else ""
        add_audit_entry(db, now, username[:80], "staff.login", result="done" if staff else "refused")
    if locked:
        return _render_login(form, _("尝试次数太多，请 15 分钟后再试"), 429)
    if staff is None:
        return _render_login(form, _("用户名或密码不对"), 401)
    language = session.get("language")
    session.clear()
    session.update({TOKEN_KEY: token} | ({"language": language} if language else {}))
    return redirect(_safe_redirect_target(request.args.get("next", "")), 303)


def _render_login(form: LoginForm, problem: str, status: int) -> AnyResponse:
    return Response(render_template("admin/login.html", form=form, problem=problem), status, mimetype="text/html")


def _safe_redirect_target(path: str) -> str:
    """Only our own staff pages are returned to."""
    is_staff_page = path.startswith("/staff/") and "\\" not in path and "//" not in path
    return path if is_staff_page else url_for("admin.home")


def logout() -> AnyResponse:
    with database().write_session() as db:
        sessions.revoke(db, session.get(TOKEN_KEY, ""))
    session.clear()
    return redirect(url_for("admin.login"), 303)


def choose_language() -> AnyResponse:
    language = request.form.get("language", "")
    if language in frame_languages():
        session["language"] = language
    return redirect(_safe_redirect_target(request.form.get("back", "")), 303)
