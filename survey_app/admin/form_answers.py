"""What was typed into a form of the staff: texts within limits, a file, and the same page again where it is refused."""

from collections.abc import Mapping
from pathlib import Path

from flask import Response, g, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from survey_app.accounts.audit import latest_entry
from survey_app.foundation.clock import format_local
from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import database
from survey_app.foundation.translation import _, render

MAX_NAME_BYTES, MAX_ENDING = 180, 10
LARGEST_NUMBER, MAX_DIGITS = 2**31 - 1, 10  # what both databases store
REFUSED, CONFLICT = 422, 409


def text_of(name: str) -> str:
    """One field as it was typed, without spaces around it; what is too long comes back whole, and is refused there.

    A browser sends two signs for the end of a line, and counts one when it stops somebody who types.
    """
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def whole_number(text: str, most: int = LARGEST_NUMBER) -> int | None:
    """Return the number that was typed, in whatever digits; None where it is no whole one from 0 to ``most``."""
    text = text.strip()
    if not text.isdecimal() or len(text) > MAX_DIGITS or int(text) > most:
        return None
    return int(text)


def number_of(name: str) -> int:
    """Return what a hidden field counts, such as the last change that a page knew of; -1 where that is no number."""
    number = whole_number(request.form.get(name, ""))
    return -1 if number is None else number


def typed(*names: str) -> dict[str, str]:
    return {name: text_of(name) for name in names}


def uploaded_file(name: str) -> tuple[str, bytes]:
    """The name and the content of an uploaded file; both empty where none was chosen."""
    file = request.files.get(name)
    if file is None or not file.filename:
        return "", b""
    with file.stream:  # a large one lies in a file of its own
        return storable_name(file.filename), file.read()


def storable_name(name: str) -> str:
    """The name without its folder, so short that every file system takes it: a Chinese sign is three bytes there."""
    name = name.replace("\\", "/").rpartition("/")[2].replace("\0", "")
    ending = Path(name).suffix
    stem = name.removesuffix(ending).encode()[:MAX_NAME_BYTES].decode(errors="ignore")
    return stem + ending[:MAX_ENDING]


def sentences(error: UserError) -> str:
    return " ".join(render(line) for line in error.messages)


def refused_page(template: str, errors: Mapping[str, str], status: int = REFUSED, /, **values: object) -> AnyResponse:
    """The page once more, with what was typed and what is wrong with it."""
    return Response(render_template(template, errors=errors, **values), status, mimetype="text/html")


def who_was_it(actions: tuple[str, ...], subject: str = "") -> str:
    """Say what somebody else did meanwhile: who, when and what; nothing where the audit does not know."""
    with database().read_session() as db:
        entry = latest_entry(db, actions, subject)
        if entry is None:
            return ""
        who = _("您自己（在另一页，或者按了两次）") if entry.actor == g.staff.username else entry.actor
        return _("{who} 在 {when} 改过：{what}", who=who, when=format_local(entry.at), what=entry.detail)
