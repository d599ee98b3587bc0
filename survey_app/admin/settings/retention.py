"""How long what is about people is kept, and what the next runs will purge, in numbers."""

from dataclasses import dataclass
from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.foundation.clock import format_local
from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.retention_terms import TERMS, Term, check_months
from survey_app.foundation.roles import Role
from survey_app.foundation.stored_settings import list_settings, save_settings
from survey_app.foundation.translation import _, render
from survey_app.integrity.retention import planned_purges
from survey_app.web.audit import record_done

from ..form_answers import refused_page, sentences, typed, who_was_it

ACTION = "retention.set"
KEPT_BY = {Role.OFFICE: ("answers_months", "comments_months"), Role.SYSADMIN: ("accounts_months", "audit_months")}


@dataclass(frozen=True, slots=True)
class TermField:
    """A term as the page shows it; ``is_own``: this account may change it."""

    key: str
    label: str
    hint: str
    value: str
    stored: str
    is_own: bool


def retention() -> str:
    stored = _stored()
    return render_template(
        "admin/settings/retention.html", errors={}, saved="saved" in request.args, **_page(stored, stored)
    )


def save_retention() -> AnyResponse:
    """Each role changes the terms of what it keeps, unless somebody else changed them since the page was shown."""
    own = KEPT_BY.get(Role(g.staff.role), ())
    if not own:
        abort(404)
    stored, values = _stored(), typed(*own)
    if errors := _field_errors(values):
        return refused_page("admin/settings/retention.html", errors, **_page(stored | values, stored))
    seen = typed(*(f"seen_{key}" for key in own))
    with database().write_session() as db:
        stored = _stored_in(db)
        changed = {key: value for key, value in values.items() if value != stored[key]}
        is_as_seen = not changed or all(stored[key] == seen[f"seen_{key}"] for key in own)
        if is_as_seen:
            lines = [f"{key} {stored[key] or '∞'} → {new or '∞'}" for key, new in changed.items()]
            save_settings(db, changed)
            record_done(db, ", ".join(lines) or "—")
    if not is_as_seen:
        notice = " ".join((_("设置刚刚改过，没有保存。下面是现在的内容，请核对后再保存。"), who_was_it((ACTION,))))
        return refused_page("admin/settings/retention.html", {"": notice}, **_page(stored | values, stored))
    return redirect(url_for("admin.retention", saved=1), 303)


def _stored() -> dict[str, str]:
    with database().read_session() as db:
        return _stored_in(db)


def _stored_in(db: Any) -> dict[str, str]:
    return {entry.key: entry.value for entry in list_settings(db, settings()) if entry.key in TERMS}


def _field_errors(values: dict[str, str]) -> dict[str, str]:
    errors = {}
    for key, value in values.items():
        try:
            if value:
                check_months(key, value)
        except UserError as error:
            errors[key] = sentences(error)
    return errors


def _page(values: dict[str, str], stored: dict[str, str]) -> dict[str, object]:
    own = KEPT_BY.get(Role(g.staff.role), ())
    with database().read_session() as db:
        plans = planned_purges(db, clock().now())
    return {
        "fields": [
            TermField(key, render(term.label), _hint(term), values[key], stored[key], key in own)
            for key, term in TERMS.items()
        ],
        "plans": [
            (render(plan.part.term.label), plan.part.wave_name, plan.rows, format_local(plan.earliest))
            for plan in plans
        ],
        "may_save": bool(own),
    }  # fmt: skip


def _hint(term: Term) -> str:
    return _(
        "月数，{begins}；至少 {least}，留空表示一直保留。出厂是 {default}。",
        begins=term.begins, least=term.least, default=term.default,
    )  # fmt: skip
