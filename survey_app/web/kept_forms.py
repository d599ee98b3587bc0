"""A login that ends while a form is filled in: what was typed is kept, and given back after the login.

Without scripts, too, and for every form of the staff, since it is done before and after the views. What is given back
is only filled in again: nobody but the person sends it.
"""

import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from flask import Flask, g, render_template, request, session
from flask_wtf.csrf import validate_csrf
from werkzeug.wrappers import Response as AnyResponse
from wtforms.validators import ValidationError

from survey_app.accounts.kept_forms import (
    Fields,
    TypedForm,
    forget_form,
    forget_forms_of_browser,
    keep_form,
    new_key,
    typed_form,
)
from survey_app.foundation.clock import format_local
from survey_app.foundation.extensions import clock, database

from .form_filler import fill_form
from .session import ACCOUNT_KEY, FORMS_KEY
from .table import route_table

SECRET_FIELDS = frozenset({"password", "old", "new", "step_password"})
_SEEN = re.compile(r"_?seen\b|seen_|stamp$|revision$|drafts$|confirmed$")
TOKEN = "csrf_token"  # noqa: S105 - the name of a field


def install(app: Flask) -> None:
    app.after_request(give_back)


def page_of_form() -> str:
    """Where the form stood that was sent: the browser says it, on staff pages and to ourselves only."""
    referrer = urlsplit(request.referrer or "")
    return _address(unquote(referrer.path), referrer.query) if _comes_from_us() else request.path


def page_before() -> str:
    """The staff page whose link or form led to this request; empty where it was none, or this very address."""
    page = page_of_form()
    return page if _comes_from_us() and page != _this_address() else ""


def _address(path: str, query: str) -> str:
    """One page under one name, however its words were escaped."""
    words = urlencode(parse_qsl(query))
    return f"{path}?{words}" if words else path


def _this_address() -> str:
    return _address(request.path, request.query_string.decode("latin-1"))


def _comes_from_us() -> bool:
    referrer = urlsplit(request.referrer or "")
    return referrer.netloc == request.host and route_table().is_staff_path(referrer.path)


def keep_typed(as_new: bool = False) -> bool:
    """Whether the fields of this request, which is refused, will be there when its page is opened again.

    They are kept for the account whose cookie this browser still has, from a page of ours that was made for it.
    ``as_new``: without what the page had seen, since whoever sent it is told now what has changed since.
    """
    staff_id, fields = session.get(ACCOUNT_KEY), _typed_fields()
    if as_new:
        fields = [(name, value) for name, value in fields if not _SEEN.match(name)]
    if staff_id is None or not fields or not (_comes_from_us() or _has_own_token()):
        return False
    key = session.get(FORMS_KEY) or new_key()
    with database().write_session() as db:
        is_kept = keep_form(db, staff_id, key, page_of_form(), _this_address(), fields, clock().now())
    if is_kept:
        session[FORMS_KEY] = key
    return is_kept


def _typed_fields() -> Fields:
    """Nothing of a form with a password: none is ever kept, and the rest of such a form is nothing to type again."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != TOKEN]
    return [] if SECRET_FIELDS & {name for name, _value in fields} else fields


def _has_own_token() -> bool:
    try:
        validate_csrf(request.form.get(TOKEN))
    except ValidationError:
        return False
    return True


def page_to_return() -> str:
    """Return the page on which the account that has just logged in typed something; nothing where it did not."""
    key, staff_id = session.get(FORMS_KEY), session.get(ACCOUNT_KEY)
    if not key or staff_id is None:
        return ""
    with database().read_session() as db:
        typed = typed_form(db, staff_id, key, clock().now())
    return typed.page if typed else ""


def forget_typed(db: Any) -> None:
    """Somebody leaves this browser on purpose: what was typed in it is nobody's any more, nor is its key."""
    if key := session.pop(FORMS_KEY, ""):
        forget_forms_of_browser(db, key)


def give_back(response: AnyResponse) -> AnyResponse:
    """The page of a form comes back with what was typed, until the form was sent or the hour is over."""
    if g.get("staff") is None or not (key := session.get(FORMS_KEY)):
        return response
    if request.method == "POST":
        if response.status_code < 400:
            with database().write_session() as db:
                forget_form(db, g.staff.id, _this_address())
        return response
    if "live" in request.args or response.mimetype != "text/html":
        return response
    with database().read_session() as db:
        typed = typed_form(db, g.staff.id, key, clock().now(), _this_address())
    return response if typed is None else _filled(response, typed)


def _filled(response: AnyResponse, typed: TypedForm) -> AnyResponse:
    """The page with its form filled in; where it has none for it any more, a page that shows what was typed."""
    notice = render_template("admin/kept_notice.html", when=format_local(typed.kept_at))
    text = None
    if response.status_code == 200:
        text = fill_form(response.get_data(as_text=True), request.path, typed.action, typed.fields, notice)
    if text is None:
        text = render_template("admin/kept_form.html", typed=typed, when=format_local(typed.kept_at))
        response.status_code = 200
        response.headers.pop("Location", None)
    response.set_data(text)
    return response
