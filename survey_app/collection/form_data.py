"""What a request of a respondent carries, read once: fields, view, token."""

from collections.abc import Mapping, Sequence
from urllib.parse import unquote_plus

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from survey_app.foundation.translation import frame_languages, set_language

from .pages import DisplayOptions

MAX_BODY_BYTES = 64 * 1024
MAX_FIELDS = 300

FormData = Mapping[str, Sequence[str]]


def read_form_data() -> FormData | None:
    """The fields of the form, or None if the body is too large, too wide or not a form."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return None
    request.max_content_length = MAX_BODY_BYTES
    try:
        body = request.get_data(cache=False).decode("utf-8", "replace")
    except RequestEntityTooLarge:
        return None
    return _parse_form_data(body) if body.count("&") < MAX_FIELDS else None


def _parse_form_data(body: str) -> FormData:
    form_data: dict[str, list[str]] = {}
    for pair in body.split("&"):
        name, _equals, value = pair.partition("=")
        if "%" in pair or "+" in pair:
            name, value = unquote_plus(name), unquote_plus(value)
        form_data.setdefault(name, []).append(value)
    return form_data


def first_value(form_data: FormData, name: str) -> str:
    return next(iter(form_data.get(name, ())), "")


def read_display_options(
    values: Mapping[str, Sequence[str]] | Mapping[str, str],
    languages: Sequence[str] = (),
    *,
    from_address: bool = False,
) -> DisplayOptions:
    """Language, type size and device, from the address or from the form; the button that was pressed wins.

    Answers are no wishes: of a form only the names that begin with ``_`` are read.

    ``languages`` are those of the instrument, the first of them the one that nobody has to ask for; without an
    instrument they are those in which the program itself speaks.
    """
    languages = languages or frame_languages()

    def value(name: str) -> str:
        raw_value = values.get(f"_{name}", values.get(name, "") if from_address else "")
        return raw_value if isinstance(raw_value, str) else next(iter(raw_value), "")

    button = value("view")
    language = button if button in languages else value("lang")
    size = button if button in ("large", "normal") else value("size")
    display = DisplayOptions(
        language=language if language in languages else languages[0],
        size="large" if size == "large" else "normal",
        shared_device=value("device") == "shared",
    )
    set_language(display.language)
    return display
