"""What a one-time link leads to: choose a password, once."""

from flask import Response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.accounts.models import Staff
from survey_app.accounts.one_time_links import staff_of_link, use_link
from survey_app.accounts.passwords import hash_new_password
from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.roles import Role
from survey_app.foundation.stored_settings import Office, load_office
from survey_app.foundation.translation import _, render
from survey_app.web.audit import record_done
from survey_app.web.session import remember_device

from ..form_answers import refused_page, sentences
from .role_labels import ROLE_LABELS, ROLE_NOTES

MAX_PASSWORD_FIELD = 500
PASSWORD_CHOSEN = "password_chosen"  # noqa: S105 - what the session remembers until the login: for whom
GONE = 410


def welcome(token: str) -> AnyResponse | str:
    """Looking at the page uses nothing up: chat programs fetch addresses before anybody taps them."""
    with database().read_session() as db:
        staff, office = staff_of_link(db, token, clock().now()), load_office(db, settings())
    if staff is None:
        return _gone()
    return render_template("admin/people/welcome.html", errors={}, **_page(staff, office))


def _page(staff: Staff, office: Office) -> dict[str, object]:
    """Who invites whom to what: a link on a slip of paper says nothing of it."""
    role = Role(staff.role)
    return {"username": staff.username, "office": office, "role": render(ROLE_LABELS[role]),
            "note": render(ROLE_NOTES[role])}  # fmt: skip


def choose_password(token: str) -> AnyResponse:
    password, again = (request.form.get(name, "")[:MAX_PASSWORD_FIELD] for name in ("new", "again"))
    with database().read_session() as db:
        staff, office = staff_of_link(db, token, clock().now()), load_office(db, settings())
    if staff is None:
        return _gone()
    try:
        password_hash = hash_new_password(password, staff.username, (office.name,))
    except UserError as error:
        return refused_page("admin/people/welcome.html", {"new": sentences(error)}, **_page(staff, office))
    if password != again:
        return refused_page("admin/people/welcome.html", {"again": _("两次填写的新密码不一样")}, **_page(staff, office))
    with database().write_session() as db:
        used = use_link(db, token, password_hash, clock().now())
        if used is not None:
            record_done(db, used.username, actor=used.username)
    if used is None:
        return _gone()
    session[PASSWORD_CHOSEN] = used.username
    response = redirect(url_for("admin.login"), 303)
    remember_device(response, used.username)  # the way in while strangers use up the attempts of the account
    return response


def _gone() -> AnyResponse:
    return Response(render_template("admin/people/welcome_gone.html"), GONE, mimetype="text/html")
