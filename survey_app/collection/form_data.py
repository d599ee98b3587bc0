"""What a request of a respondent carries, read once: fields, view, token."""

from collections.abc import Mapping, Sequence
from urllib.parse import unquote_plus

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from survey_app.definition.form import Form, options_of
from survey_app.definition.model import CommentQuestion
from survey_app.foundation.translation import LANGUAGES, set_language

from .display import DEVICES, SIZES, DisplayOptions

MAX_BODY_BYTES = 1024 * 1024  # of any form, as in the web server's configuration
USUAL_BODY_BYTES, USUAL_FIELDS = 64 * 1024, 300
BYTES_PER_CHARACTER = 12  # an emoji in a form's encoding; a Chinese character takes 9
BYTES_PER_FIELD = 100
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
    field_count = sum(len(values) for values in form_data.values())
    size = request.content_length or 0
    if field_count <= USUAL_FIELDS and size <= USUAL_BODY_BYTES:
        return True
    most_fields = USUAL_FIELDS + sum(len(options_of(question, ())) for question in form.questions())
    characters = sum(question.max_length for question in form.questions() if isinstance(question, CommentQuestion))
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


def read_address_options(values: Mapping[str, str]) -> DisplayOptions:
    """Language, type size and device, as the address states them."""
    return _display_options(values.get("lang", "").lower(), values.get("size", ""), values.get("device", ""))


def read_display_options(form_data: FormData) -> DisplayOptions:
    """The same from the form's own fields, which no question can be called; the button that was pressed wins."""
    button = first_value(form_data, "_view")
    return _display_options(
        button if button in LANGUAGES else first_value(form_data, "_lang"),
        button if button in SIZES else first_value(form_data, "_size"),
        button if button in DEVICES else first_value(form_data, "_device"),
    )


def _display_options(language: str, size: str, device: str) -> DisplayOptions:
    display = DisplayOptions(
        language=language if language in LANGUAGES else "zh",
        size=size if size in SIZES else "normal",
        device=device if device in DEVICES else "",
    )
    set_language(display.language)
    return display
