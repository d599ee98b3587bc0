"""A scheme edited in the browser: begun from a shipped one or last year's, typed over in fields or in its text."""

import re
from collections.abc import Mapping
from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.assessment.models import AssessmentYear
from survey_app.assessment.scheme_choices import SchemeChoice, scheme_choices
from survey_app.assessment.scheme_form import SchemeFields, fields_of_issues, read_fields, write_fields
from survey_app.assessment.schemes import parse_scheme
from survey_app.assessment.years import VersionChanged, latest_checksum, save_scheme, year_by_id
from survey_app.definition.nodes import DefinitionError, Issue
from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.translation import _, language, render
from survey_app.web.audit import record_done, record_shown

from ..form_answers import REFUSED, sentences, who_was_it
from ..lookup import categories
from .scheme_fields import scheme_form

_FIELD_NAME = re.compile(
    r"((categories|marks|awards|triggers|method|minimum_response|dimension_weights|units|title)(\.[A-Za-z0-9_-]{1,48}){1,3}"
    r"|document|on\.triggers\.[a-z_]+|fact\.[a-z_]+|drop\.\d{1,3})\Z",
    re.ASCII,
)
ACTION = "year.scheme"
_NO_FIELDS = SchemeFields({}, 0, frozenset(), frozenset())


def edit_scheme(year_id: int) -> AnyResponse | str:
    """The fields of the text that the address names; what it says of fields (from the trial) is written into them."""
    with database().read_session() as db:
        year = year_or_404(db, year_id)
        choice = chosen_scheme(db, year)
        name, seen = year.name, latest_checksum(db, year)
    if choice is None:
        return redirect(url_for("admin.assessment_year", year_id=year_id))
    text, errors = with_typed_fields(choice.text, choice.file_name)
    return _page(year_id, name, seen, choice.id, choice.file_name, text, errors=errors)


def save_edited_scheme(year_id: int) -> AnyResponse | str:
    """Fields are written into the text; then it is only shown once more (``update``), or kept."""
    text, shown, start = _text("text"), _text("shown"), request.form.get("start", "")[:100]
    seen = request.form.get("seen", "")[:100]
    file_name = f"{start.rpartition('/')[2] or 'scheme'}.yaml"
    with database().read_session() as db:
        name = year_or_404(db, year_id).name
    try:
        text = write_fields(text, _fields(shown), typed_fields(request.form)) if shown else text
    except (DefinitionError, UserError) as error:
        faults = _faults(text, error)
        return _page(year_id, name, seen, start, file_name, text, shown, faults, typed_fields(request.form)), REFUSED  # type: ignore[return-value]
    errors = check_text(text, file_name)
    if request.form.get("do") != "save":
        with database().write_session() as db:
            record_shown(db, f"{name} {file_name}")
        return _page(year_id, name, seen, start, file_name, text, errors=errors)
    try:
        with database().write_session() as db:
            year = year_or_404(db, year_id)
            version = save_scheme(db, year, text, file_name, categories(), g.staff.username, clock().now(), seen)
            record_done(db, f"{year.name} #{version.number} {version.sha256[:16]}")
    except VersionChanged as changed:
        errors = {"": " ".join((sentences(changed), _("您填的还在下面。"), who_was_it((ACTION,), f"{name} #")))}
        return _page(year_id, name, changed.checksum, start, file_name, text, errors=errors), REFUSED  # type: ignore[return-value]
    except (DefinitionError, UserError) as error:
        return _page(year_id, name, seen, start, file_name, text, errors=_faults(text, error)), REFUSED  # type: ignore[return-value]
    return redirect(url_for("admin.assessment_year", year_id=year_id), 303)


def year_or_404(db: Any, year_id: int) -> AssessmentYear:
    year = year_by_id(db, year_id)
    if year is None:
        abort(404)
    return year


def chosen_scheme(db: Any, year: AssessmentYear) -> SchemeChoice | None:
    """What ``start`` in the address names, else the latest version of the year; None where there is neither."""
    choices = scheme_choices(db, year, settings().assessment_dir, categories(), language())
    start = request.args.get("start", "")
    asked = next((choice for choice in choices if choice.id == start), None)
    if start and asked is None:
        abort(404)
    return asked or next((choice for choice in choices if choice.id.startswith("version/")), None)


def typed_fields(source: Mapping[str, str]) -> dict[str, str]:
    """What was typed into fields of a scheme, by name."""
    return {name: value.strip() for name, value in source.items() if _FIELD_NAME.match(name)}


def with_typed_fields(text: str, file_name: str) -> tuple[str, dict[str, str]]:
    """The text with the fields of the address written into it, and what is wrong with it."""
    try:
        text = write_fields(text, _fields(text), typed_fields(request.args))
    except (DefinitionError, UserError) as error:
        return text, _faults(text, error)
    return text, check_text(text, file_name)


def check_text(text: str, file_name: str) -> dict[str, str]:
    """What is wrong with a scheme, by the field that it is about; each fault with its line and column."""
    try:
        parse_scheme(text, file_name, categories())
    except DefinitionError as error:
        return _faults(text, error)
    return {}


def _text(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n")


def _fields(text: str) -> SchemeFields:
    return read_fields(text, "")


def _faults(text: str, error: DefinitionError | UserError) -> dict[str, str]:
    if isinstance(error, UserError):
        return {"": sentences(error)}
    try:
        by_name = fields_of_issues(text, error.issues)
    except DefinitionError:
        by_name = {"": list(error.issues)}
    return {name or "text": " ".join(map(_words, issues)) for name, issues in by_name.items()}


def _words(issue: Issue) -> str:
    place, words = issue.position, render(issue.message)
    return _("第 {line} 行第 {column} 列：{words}。", line=place.line, column=place.column, words=words)


def _page(
    year_id: int, year: str, seen: str, start: str, file_name: str, text: str, shown: str | None = None,
    errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """``seen``: checksum of the latest version when the page was first shown; ``shown``: what the fields were read
    from, where the text itself cannot be read; ``typed`` goes on top.
    """
    base = text if shown is None else shown
    try:
        fields = _fields(base)
    except DefinitionError:
        fields = _NO_FIELDS
    if typed:
        on = frozenset(kind.rpartition(".")[2] for kind in typed if kind.startswith("on."))
        facts = frozenset(fact.partition(".")[2] for fact in typed if fact.startswith("fact."))
        fields = SchemeFields({**fields.values, **typed}, fields.lines, on, facts)
    form = scheme_form(fields, categories(), errors or {}, {}) if fields is not _NO_FIELDS else None
    return render_template(
        "admin/assessment/scheme_edit.html", year_id=year_id, year=year, seen=seen, start=start,
        file_name=file_name, text=text,
        shown=base, form=form, errors=errors or {},
    )  # fmt: skip
