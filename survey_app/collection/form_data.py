"""What a request of a respondent carries, read once: fields, view, token."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from urllib.parse import unquote_plus

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from survey_app.definition.form import Form
from survey_app.foundation.translation import frame_languages, set_language

from .display import DEVICES, SIZES, DisplayOptions

MAX_BODY_BYTES = 1024 * 1024  # of any form, as in the web server's configuration
USUAL_BODY_BYTES, USUAL_FIELDS = 64 * 1024, 300
BYTES_PER_CHARACTER = 12  # an emoji in a form's encoding; a Chinese character takes 9
BYTES_PER_FIELD = 100
MAX_OPTION = 40  # characters of a language, size or device; no known one is longer
EXCESS = 2  # how much more than allowed is read, so that the page can say which answer is too long

FormData = Mapping[str, Sequence[str]]


def read_form_data() -> FormData | None:
    """The fields of the form, or None if the body is too large for any form, or not a form."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return None
    request.max_content_length = MAX_BODY_BYTES
    try:
        body = request.get_data(cache=False).decode("utf-8", "replace")
    except RequestEntityTooLarge:
        return None
    return _parse_form_data(body) if body.count("&") * BYTES_PER_FIELD < MAX_BODY_BYTES else None


def fits_form(form_data: FormData, form: Form) -> bool:
    """Whether no more was sent than somebody can answer to this form, with some room for texts that are too long."""
    field_count = sum(map(len, form_data.values()))
    size = request.content_length or 0
    if field_count <= USUAL_FIELDS and size <= USUAL_BODY_BYTES:
        return True
    most_fields = USUAL_FIELDS + sum(len(asked.positions) for asked in form.asked)
    characters = sum(asked.kind.text_length(asked.question) for asked in form.asked)
    most_bytes = USUAL_BODY_BYTES + most_fields * BYTES_PER_FIELD + EXCESS * characters * BYTES_PER_CHARACTER
    return field_count <= most_fields and size <= most_bytes


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


def read_address_options(values: Mapping[str, str], languages: Sequence[str] = ()) -> DisplayOptions:
    """Language, type size and device, as the address states them.

    ``languages`` are those of the instrument, the first of them the one that nobody has to ask for; without an
    instrument they are those in which the program itself speaks.
    """
    return _display_options(
        values.get("lang", ""), values.get("size", ""), values.get("device", ""), languages or frame_languages()
    )


def read_display_options(form_data: FormData, languages: Sequence[str] = ()) -> DisplayOptions:
    """The same from the form's own fields, which no question can be called; the button that was pressed wins."""
    languages = languages or frame_languages()
    button = first_value(form_data, "_view")
    return _display_options(
        button if button in languages else first_value(form_data, "_lang"),
        button if button in SIZES else first_value(form_data, "_size"),
        button if button in DEVICES else first_value(form_data, "_device"),
        languages,
    )


def _display_options(language: str, size: str, device: str, languages: Sequence[str]) -> DisplayOptions:
    display = _parse_display_options(language[:MAX_OPTION], size[:MAX_OPTION], device[:MAX_OPTION], tuple(languages))
    set_language(display.language)
    return display


@lru_cache(maxsize=256)
def _parse_display_options(language: str, size: str, device: str, languages: tuple[str, ...]) -> DisplayOptions:
    return DisplayOptions(
        language={tag.lower(): tag for tag in languages}.get(language.lower(), languages[0]),
        size=size if size in SIZES else "normal",
        device=device if device in DEVICES else "",
        usual_language=languages[0],
    )
