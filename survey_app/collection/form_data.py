"""What a request of a respondent carries, read once: fields, view, token."""

from collections.abc import Mapping, Sequence
from urllib.parse import unquote_plus

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from survey_app.foundation.translation import LANGUAGES, set_language

from .pages import View

MAX_BODY = 64 * 1024
MAX_FIELDS = 300

Fields = Mapping[str, Sequence[str]]


def read_fields() -> Fields | None:
    """The fields of the form, or None if the body is too large, too wide or not a form."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return None
    request.max_content_length = MAX_BODY
    try:
        body = request.get_data(cache=False).decode("utf-8", "replace")
    except RequestEntityTooLarge:
        return None
    return _fields(body) if body.count("&") < MAX_FIELDS else None


def _fields(body: str) -> Fields:
    fields: dict[str, list[str]] = {}
    for pair in body.split("&"):
        name, _equals, value = pair.partition("=")
        if "%" in pair or "+" in pair:
            name, value = unquote_plus(name), unquote_plus(value)
        fields.setdefault(name, []).append(value)
    return fields


def first(fields: Fields, name: str) -> str:
    return next(iter(fields.get(name, ())), "")


def view_of(source: Mapping[str, Sequence[str]] | Mapping[str, str]) -> View:
    """Language, type size and device, from the address or from the form; the button that was pressed wins."""

    def value(name: str) -> str:
        given = source.get(f"_{name}", source.get(name, ""))
        return given if isinstance(given, str) else next(iter(given), "")

    pressed = value("view")
    wanted = pressed if pressed in LANGUAGES else value("lang")
    size = pressed if pressed in ("large", "normal") else value("size")
    view = View(
        language=wanted if wanted in LANGUAGES else "zh",
        size="large" if size == "large" else "normal",
        shared=value("device") == "shared",
    )
    set_language(view.language)
    return view
