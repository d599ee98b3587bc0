"""The staff's cookies: the session, and the proof that a browser has logged in to an account before."""

import secrets
from ipaddress import IPv6Address, ip_address

from flask import Flask, Request, current_app, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

from survey_app.accounts.models import Staff
from survey_app.accounts.sessions import authenticate_token, refresh
from survey_app.accounts.staff import staff_by_id
from survey_app.foundation.extensions import clock, database, keys
from survey_app.foundation.keys import keyed_hash

TOKEN_KEY = "login"  # noqa: S105 - the name of a field in the signed cookie
ACCOUNT_KEY, FORMS_KEY = "account", "forms"  # who was logged in last, and what unlocks what he typed
FIRST_STEP_KEY, FIRST_STEP_SECONDS = "first_step", 300
DEVICE_SECONDS = 180 * 24 * 3600


class StaffSessionInterface(SecureCookieSessionInterface):
    """Cookies are for staff; a respondent's request does not even look for one."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        is_staff = app.extensions["routes"].is_staff_path(request.path)
        return super().open_session(app, request) if is_staff else None


def install(app: Flask) -> None:
    is_https = app.extensions["settings"].base_url.startswith("https://")
    app.session_interface = StaffSessionInterface()
    app.config.update(
        SECRET_KEY=app.extensions["keys"].get("session"),
        SESSION_COOKIE_NAME=_cookie_name("staff", is_https),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_https,
        WTF_CSRF_TIME_LIMIT=None,
    )


def _cookie_name(name: str, is_https: bool) -> str:
    """``__Host-``: the browser takes it from this host only, over https, so that no neighbour can set it."""
    return f"__Host-{name}" if is_https else name


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


def start_session(token: str, staff_id: int) -> None:
    """Put a new login into the cookie; of what was there before only the language and what was typed stay."""
    kept = {name: session[name] for name in ("language", FORMS_KEY) if session.get(name)}
    session.clear()
    session.update({TOKEN_KEY: token, ACCOUNT_KEY: staff_id} | kept)


def remember_first_step(staff: Staff) -> None:
    """That the password of an account was right, for the page that asks for the code; for a few minutes."""
    session[FIRST_STEP_KEY] = _first_step_signer().dumps([staff.id, _password_mark(staff)])


def first_step_account() -> Staff | None:
    """Return whose password was right a few minutes ago and has not been changed since."""
    try:
        staff_id, mark = _first_step_signer().loads(session.get(FIRST_STEP_KEY, ""), max_age=FIRST_STEP_SECONDS)
    except (BadSignature, ValueError, TypeError):
        return None
    with database().read_session() as db:
        staff = staff_by_id(db, staff_id)
    is_same = staff is not None and staff.disabled_at is None and _password_mark(staff) == mark
    return staff if is_same else None


def _password_mark(staff: Staff) -> str:
    return keyed_hash(keys().get("session"), f"password:{staff.password_hash}".encode()).hex()


def _first_step_signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keys().get("session"), salt="first step")


def address_hash() -> str:
    """A keyed hash of where the request comes from; of IPv6 the network, since each visitor owns a whole one."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        group = request.remote_addr or ""
    else:
        group = address.exploded[:19] if isinstance(address, IPv6Address) else str(address)
    return keyed_hash(keys().get("session"), group.encode()).hex()


def known_device(username: str) -> str:
    """Return the id of this browser if it has logged in to the account before, else nothing."""
    cookie = request.cookies.get(_cookie_name("device", _is_https()), "")
    try:
        account, device = _device_signer().loads(cookie, max_age=DEVICE_SECONDS)
    except (BadSignature, ValueError, TypeError):
        return ""
    return str(device) if account == _account_hash(username) else ""


def remember_device(response: AnyResponse, username: str) -> None:
    """Give the browser that has logged in a cookie, so that strangers cannot use up its attempts."""
    cookie = _device_signer().dumps([_account_hash(username), secrets.token_urlsafe(12)])
    response.set_cookie(
        _cookie_name("device", _is_https()), str(cookie), DEVICE_SECONDS, secure=_is_https(), httponly=True,
        samesite="Strict",
    )  # fmt: skip


def _device_signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keys().get("session"), salt="device")


def _account_hash(username: str) -> str:
    return keyed_hash(keys().get("session"), f"device:{username}".encode()).hex()


def _is_https() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
