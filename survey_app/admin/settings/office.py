"""Settings: who asks, whom people may call, and the address in the codes. They are printed on everything."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.distribution.qr import qr_svg
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.extensions import database, settings
from survey_app.foundation.stored_settings import (
    CHECKS,
    address_warning,
    is_local_address,
    list_settings,
    load_office,
    save_settings,
)
from survey_app.foundation.translation import _, render
from survey_app.web.audit import record_done

from ..form_answers import refused_page, sentences, typed, who_was_it

FIELDS = ("office", "contact", "address")
ACTION = "settings.set"


def office() -> str:
    stored = _stored()
    return render_template(
        "admin/settings/office.html", errors={}, saved="saved" in request.args, **_page(stored, stored)
    )


def _is_first() -> bool:
    """Whether the page came up by itself, at the first login."""
    return "first" in request.args


def save_office() -> AnyResponse:
    """What was changed is saved, unless somebody else changed it since the page was shown."""
    values = typed(*FIELDS)
    if errors := _field_errors(values):
        return refused_page("admin/settings/office.html", errors, **_page(values, _stored()))
    seen = typed(*(f"seen_{name}" for name in FIELDS))
    with database().write_session() as db:
        stored = _stored_in(db)
        changed = {name: value for name, value in values.items() if value != stored[name]}
        if not changed or all(stored[name] == seen[f"seen_{name}"] for name in FIELDS):
            save_settings(db, changed)
            record_done(db, ", ".join(f"{name} {stored[name]} → {value}" for name, value in changed.items()) or "—")
            stored = values
    if stored != values:
        notice = " ".join((_("设置刚刚改过，没有保存。下面是现在的内容，请核对后再保存。"), who_was_it((ACTION,))))
        return refused_page("admin/settings/office.html", {"": notice}, **_page(values, stored), now=stored)
    return redirect(url_for("admin.home") if _is_first() else url_for("admin.office", saved=1), 303)


def office_code() -> AnyResponse:
    """A code to try with a phone: does it open?"""
    address = _stored()["address"]
    return Response(qr_svg(address, address), mimetype="image/svg+xml")


def _stored() -> dict[str, str]:
    with database().read_session() as db:
        return _stored_in(db)


def _stored_in(db: Any) -> dict[str, str]:
    return {entry.key: entry.value for entry in list_settings(db, settings()) if entry.key in FIELDS}


def _page(values: dict[str, str], stored: dict[str, str]) -> dict[str, object]:
    address = stored["address"]
    warning = address_warning(address)
    with database().read_session() as db:
        current = load_office(db, settings())
    return {
        "values": values, "stored": stored, "current": current, "is_local": is_local_address(address),
        "warning": render(warning) if warning else "", "is_first": _is_first(),
    }  # fmt: skip


def _field_errors(values: dict[str, str]) -> dict[str, str]:
    errors = {}
    for name, value in values.items():
        try:
            if name == "office" and not value:
                raise user_error("请填写单位名称，它印在问卷和海报上")
            if value:
                CHECKS[name](value)
        except UserError as error:
            errors[name] = sentences(error)
    return errors
