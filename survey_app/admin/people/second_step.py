"""The second step of one's own login: the QR code for the phone, the recovery codes, and the end of it."""

from flask import Response, g, redirect, render_template, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from survey_app.accounts.login_limits import forget_attempt
from survey_app.accounts.second_step import (
    end_second_step,
    new_nonce,
    secret_of,
    secret_text,
    setup_address,
    start_second_step,
    step_state,
)
from survey_app.distribution.qr import qr_svg
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database, keys, settings
from survey_app.foundation.stored_settings import load_office
from survey_app.foundation.translation import _
from survey_app.web.audit import record_done

from ..form_answers import REFUSED, refused_page, text_of
from .account import MAX_PASSWORD_FIELD, account_page, own_visitor, password_problem

SETUP_SECONDS = 3600
MAX_CODE_FIELD = 40


def second_step() -> AnyResponse:
    return _setup_page(new_nonce(), {})


def start_step() -> AnyResponse:
    """The phone is tied to the account when it has shown the right code once, and the password was right."""
    nonce = _nonce_of_page()
    visitor = own_visitor()
    if problem := password_problem(request.form.get("password", "")[:MAX_PASSWORD_FIELD], visitor):
        return _setup_page(nonce, {"password": problem})
    with database().write_session() as db:
        key, typed = keys().get("session"), text_of("code")[:MAX_CODE_FIELD]
        codes = start_second_step(db, key, g.staff.id, nonce, typed, clock().now())
        if codes is not None:
            forget_attempt(db, visitor, key, clock().now())
            record_done(db, g.staff.username)
    if codes is None:
        return _setup_page(nonce, {"code": _("动态码不对。请核对手机的时间，等它换了新的再填")})
    return _private(render_template("admin/people/recovery_codes.html", codes=codes), 200)


def end_step() -> AnyResponse:
    visitor = own_visitor()
    if problem := password_problem(request.form.get("step_password", "")[:MAX_PASSWORD_FIELD], visitor):
        return refused_page("admin/people/account.html", {"step_password": problem}, saved="", **account_page())
    with database().write_session() as db:
        if not end_second_step(db, g.staff.id):
            raise user_error("账号“{name}”没有开两步登录", name=g.staff.username)
        forget_attempt(db, visitor, keys().get("session"), clock().now())
        record_done(db, g.staff.username)
    return redirect(url_for("admin.account", saved="step"), 303)


def _setup_page(nonce: bytes, errors: dict[str, str]) -> AnyResponse:
    """The secret is on this page only, and nowhere stored; the page carries its nonce, signed, back."""
    secret = secret_of(keys().get("session"), g.staff.id, nonce)
    with database().read_session() as db:
        issuer, is_on = load_office(db, settings()).name, step_state(db, g.staff.id) is not None
    picture = qr_svg(setup_address(secret, g.staff.username, issuer or _("学校满意度测评")), _("给验证器扫的二维码"))
    text = secret_text(secret)
    page = render_template(
        "admin/people/second_step.html", errors=errors, picture=Markup(picture), is_on=is_on,  # noqa: S704 - made here
        secret=" ".join(text[start : start + 4] for start in range(0, len(text), 4)),
        setup=_signer().dumps([g.staff.id, nonce.hex()]),
    )  # fmt: skip
    return _private(page, REFUSED if errors else 200)


def _nonce_of_page() -> bytes:
    try:
        staff_id, nonce = _signer().loads(request.form.get("setup", ""), max_age=SETUP_SECONDS)
    except (BadSignature, ValueError, TypeError):
        staff_id, nonce = 0, ""
    return bytes.fromhex(nonce) if staff_id == g.staff.id else new_nonce()  # an old page is shown anew, with another


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keys().get("session"), salt="second step")


def _private(page: str, status: int) -> AnyResponse:
    response = Response(page, status, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response
