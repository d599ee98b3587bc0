"""One's own account: another password, and where one is logged in."""

from flask import g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.accounts.login_limits import Visitor, count_attempt, forget_attempt
from survey_app.accounts.passwords import LoginsBusy, hash_new_password, verify_password
from survey_app.accounts.second_step import step_state
from survey_app.accounts.sessions import list_sessions, revoke_others
from survey_app.accounts.staff import set_password
from survey_app.foundation.clock import format_local
from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import clock, database, keys, settings
from survey_app.foundation.stored_settings import load_office
from survey_app.foundation.translation import _
from survey_app.web.audit import record_done
from survey_app.web.session import TOKEN_KEY, address_hash, known_device

from ..form_answers import refused_page, sentences

MAX_PASSWORD_FIELD = 500


def account() -> str:
    return render_template(
        "admin/people/account.html", errors={}, saved=request.args.get("saved", ""), **account_page()
    )


def change_password() -> AnyResponse:
    """The old password is asked, and counted like a login; all other logins end."""
    old, new, again = (request.form.get(name, "")[:MAX_PASSWORD_FIELD] for name in ("old", "new", "again"))
    visitor = own_visitor()
    errors = _field_errors(old, new, again, visitor)
    if errors:
        return refused_page("admin/people/account.html", errors, **account_page())
    with database().read_session() as db:
        office_name = load_office(db, settings()).name
    try:
        password_hash = hash_new_password(new, g.staff.username, (office_name,))
    except UserError as error:
        return refused_page("admin/people/account.html", {"new": sentences(error)}, **account_page())
    with database().write_session() as db:
        set_password(db, g.staff.id, password_hash)
        revoke_others(db, g.staff.id, session.get(TOKEN_KEY, ""))
        forget_attempt(db, visitor, keys().get("session"), clock().now())
        record_done(db, g.staff.username)
    return redirect(url_for("admin.account", saved="password"), 303)


def end_other_sessions() -> AnyResponse:
    with database().write_session() as db:
        ended = revoke_others(db, g.staff.id, session.get(TOKEN_KEY, ""))
        record_done(db, str(ended))
    return redirect(url_for("admin.account", saved="sessions"), 303)


def _field_errors(old: str, new: str, again: str, visitor: Visitor) -> dict[str, str]:
    if not old:
        return {"old": _("请填写现在的密码")}
    if not new:
        return {"new": _("请填写新密码")}
    if new != again:
        return {"again": _("两次填写的新密码不一样")}
    problem = password_problem(old, visitor)
    return {"old": problem} if problem else {}


def own_visitor() -> Visitor:
    return Visitor(g.staff.username, address_hash(), known_device(g.staff.username))


def password_problem(password: str, visitor: Visitor) -> str:
    """What is wrong with the own password as it was typed; each try counts as one to log in."""
    with database().write_session() as db:
        is_within_limits = count_attempt(db, visitor, keys().get("session"), clock().now())
    if not is_within_limits:
        return _("尝试次数太多，请 15 分钟后再试")
    try:
        is_right = verify_password(g.staff.password_hash, password)
    except LoginsBusy as error:
        return sentences(error)
    return "" if is_right else _("现在的密码不对")


def account_page() -> dict[str, object]:
    now = clock().now()
    with database().read_session() as db:
        step = step_state(db, g.staff.id)
        logins = list_sessions(db, g.staff.id, session.get(TOKEN_KEY, ""), now)
    return {
        "step": (format_local(step.since), step.codes_left) if step else None,
        "logins": [(format_local(login.created_at), format_local(login.seen_at), login.is_current) for login in logins],
    }
