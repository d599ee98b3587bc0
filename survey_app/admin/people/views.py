"""Accounts: who has one and for which schools; new ones, forgotten passwords, and an end."""

import hashlib
from datetime import date
from typing import Any

from flask import Response, abort, g, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from survey_app.accounts.grants import replace_grants
from survey_app.accounts.models import Staff
from survey_app.accounts.one_time_links import create_link
from survey_app.accounts.second_step import end_second_step, step_state
from survey_app.accounts.staff import create_staff, disable_staff, enable_staff, staff_by_id
from survey_app.distribution.qr import qr_svg
from survey_app.foundation.clock import format_local
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.paging import page_of
from survey_app.foundation.roles import SCOPED_ROLES, Role
from survey_app.foundation.stored_settings import load_office
from survey_app.web.audit import record_done

from ..form_answers import refused_page, sentences, typed, who_was_it
from .context import (
    NewLink,
    given_nodes,
    grant_choices,
    missing_principals,
    people_rows,
    person_row,
    role_choices,
)

MAX_WORDS = 100
FIELDS = ("username", "role", "area", "group", "schools", "begins_on", "ends_on")


def people() -> str:
    role, words = request.args.get("role", ""), request.args.get("q", "")[:MAX_WORDS].strip()
    with database().read_session() as db:
        rows = people_rows(db, clock().now(), role, words)
        missing = len(missing_principals(db))
    return render_template(
        "admin/people/people.html", rows=page_of(rows, request.args.get("page", "")), role=role,
        roles=role_choices(), words=words,
        missing=missing, done=request.args.get("done", ""),
    )  # fmt: skip


def new_person() -> str:
    return render_template("admin/people/person_form.html", errors={}, **_form({"role": request.args.get("role", "")}))


def create_person() -> AnyResponse:
    """The account has no password until its link is used; the link is shown this once."""
    values = typed(*FIELDS)
    try:
        with database().write_session() as db:
            staff = create_staff(db, values["username"], "", values["role"], clock().now())
            _save_grants(db, staff, values)
            link = NewLink(staff.username, staff.role, create_link(db, staff, g.staff.username, clock().now()))
            record_done(db, f"{staff.username} {staff.role}")
    except UserError as error:
        field = "schools" if values["username"] and values["role"] in SCOPED_ROLES else "username"
        return refused_page("admin/people/person_form.html", {field: sentences(error)}, **_form(values))
    return _links_page([link])


def create_principals() -> AnyResponse:
    """One account for each school that has no principal's account yet, and a sheet of their links."""
    now, links = clock().now(), []
    with database().write_session() as db:
        for code, name in missing_principals(db):
            staff = create_staff(db, f"x{code}", "", Role.PRINCIPAL, now)
            replace_grants(db, staff, given_nodes("", "", code))
            links.append(NewLink(staff.username, staff.role, create_link(db, staff, g.staff.username, now), name))
        if not links:
            raise user_error("每所学校都已经有校长账号")
        record_done(db, str(len(links)))
    return _links_page(links)


def person(staff_id: int) -> str:
    return render_template(
        "admin/people/person.html", errors={}, done=request.args.get("done", ""), **_person(staff_id)
    )


def renew_link(staff_id: int) -> AnyResponse:
    """For a forgotten password: the old one stays until the link is used."""
    with database().write_session() as db:
        staff = _staff_or_404(db, staff_id)
        if staff.disabled_at is not None:
            raise user_error("账号“{name}”停用了，先恢复", name=staff.username)
        link = NewLink(staff.username, staff.role, create_link(db, staff, g.staff.username, clock().now()))
        record_done(db, staff.username)
    return _links_page([link])


def reset_second_step(staff_id: int) -> AnyResponse:
    """For a lost phone: the password alone lets in again, until the person turns the second step on anew."""
    with database().write_session() as db:
        staff = _staff_or_404(db, staff_id)
        if not end_second_step(db, staff.id):
            raise user_error("账号“{name}”没有开两步登录", name=staff.username)
        record_done(db, staff.username)
    return redirect(url_for("admin.person", staff_id=staff_id, done="step"), 303)


def disable_person(staff_id: int) -> AnyResponse:
    with database().write_session() as db:
        staff = _staff_or_404(db, staff_id)
        if staff.id == g.staff.id:
            raise user_error("不能停用自己的账号")
        disable_staff(db, staff.username, clock().now())
        record_done(db, staff.username)
    return redirect(url_for("admin.person", staff_id=staff_id, done="disabled"), 303)


def enable_person(staff_id: int) -> AnyResponse:
    with database().write_session() as db:
        staff = enable_staff(db, _staff_or_404(db, staff_id).username)
        record_done(db, staff.username)
    return redirect(url_for("admin.person", staff_id=staff_id, done="enabled"), 303)


def save_grants(staff_id: int) -> AnyResponse:
    values = typed(*FIELDS[2:])
    try:
        with database().write_session() as db:
            staff = _staff_or_404(db, staff_id)
            stored = person_row(db, staff, clock().now()).grant_values
            if _digest(stored) not in (request.form.get("seen", _digest(stored)), _digest(values)):
                raise user_error("范围在您打开这一页以后改过，没有保存。您填的还在下面，核对后再保存一次就以您的为准。")
            _save_grants(db, staff, values)
            record_done(db, " ".join(filter(None, (staff.username, *(values[name] for name in FIELDS[2:5])))))
    except UserError as error:
        page = _person(staff_id)
        page["values"], words = values, [sentences(error)]
        if request.form.get("seen") != page["seen"]:
            words.append(who_was_it(("staff.grant",), f"{page['person'].username} "))  # type: ignore[attr-defined]
        return refused_page("admin/people/person.html", {"schools": " ".join(words)}, done="", **page)
    return redirect(url_for("admin.person", staff_id=staff_id, done="grants"), 303)


def _digest(values: dict[str, str]) -> str:
    """What a page saw of the grants of an account."""
    words = [values["area"], *sorted(values["schools"].split()), values["begins_on"], values["ends_on"]]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


def _save_grants(db: Any, staff: Staff, values: dict[str, str]) -> None:
    days = [_day(values[name]) for name in ("begins_on", "ends_on")]
    replace_grants(db, staff, given_nodes(values["area"], values["group"], values["schools"]), *days)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise user_error("日期“{text}”写法不对，如 2026-09-01", text=text) from None


def _form(values: dict[str, str]) -> dict[str, object]:
    with database().read_session() as db:
        choices = grant_choices(db)
    values = dict.fromkeys(FIELDS, "") | values
    return {"values": values, "choices": choices, "roles": role_choices()}


def _person(staff_id: int) -> dict[str, object]:
    with database().read_session() as db:
        row = person_row(db, _staff_or_404(db, staff_id), clock().now())
        choices, step = grant_choices(db), step_state(db, staff_id)
    return {
        "person": row,
        "choices": choices,
        "step_since": format_local(step.since) if step else "",
        "values": row.grant_values,
        "seen": _digest(row.grant_values),
        "is_self": staff_id == g.staff.id,
    }


def _staff_or_404(db: Any, staff_id: int) -> Staff:
    staff = staff_by_id(db, staff_id)
    if staff is None:
        abort(404)
    return staff


def _links_page(links: list[NewLink]) -> AnyResponse:
    """The links, this once: to be copied, or printed and handed out."""
    with database().read_session() as db:
        office = load_office(db, settings())
    addresses = [f"{office.address}{url_for('admin.welcome', token=link.token)}" for link in links]
    rows = [(link, url, Markup(qr_svg(url, link.username))) for link, url in zip(links, addresses, strict=True)]  # noqa: S704 - ours
    response = Response(
        render_template("admin/people/one_time_links.html", rows=rows, office=office), mimetype="text/html"
    )
    response.headers["Cache-Control"] = "no-store"
    return response
