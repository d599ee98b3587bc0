"""Reading a form's page and filling it in, as every client of tests, drills and benchmarks does."""

import base64
import random
import re

from survey_app.collection.token import ID_BYTES

Fields = dict[str, str | list[str]]
_TOKEN = re.compile(r'_token"? value="?([^">]+)')
_TOKEN_BYTES = re.compile(rb'_token"? value="?([^">]+)')
_ASKED = re.compile(r'<input type="(?:radio|hidden)" name="([A-Za-z]\w*)"')
_OPTION = re.compile(r'name="([A-Za-z]\w*)" value="([^"]*)"')


def token_in(page: str) -> str:
    """Return the token of a page. Raises :class:`ValueError` if it carries none."""
    found = _TOKEN.search(page)
    if found is None:
        raise ValueError(f"the page carries no token: {page[:500]}")
    return found[1]


def token_in_bytes(page: bytes) -> bytes:
    """The same for a client that counts microseconds."""
    found = _TOKEN_BYTES.search(page)
    if found is None:
        raise ValueError("the page carries no token")
    return found[1]


def submission_of(token: str) -> bytes:
    """Return the submission id that a token carries in the open, before its time and signature."""
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))[:ID_BYTES]


def fill_in(page: str, chance: random.Random, comment: str = "") -> Fields:
    """Return a complete form: each question at random, and the comment wherever one may stand."""
    fields: Fields = {"_token": token_in(page)}
    options: dict[str, list[str]] = {}
    for name, value in _OPTION.findall(page):
        options.setdefault(name, []).append(value)
    for name in dict.fromkeys(_ASKED.findall(page)):
        fields[name] = chance.choice(options[name])
    for name in re.findall(r'<textarea[^>]* name="(\w+)"', page) if comment else ():
        fields[name] = f"{comment} {chance.getrandbits(32)}"
    return fields
