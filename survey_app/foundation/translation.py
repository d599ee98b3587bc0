"""The language of this moment and its catalogue. Chinese is the source; English lives in ``translations/en.po``."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from survey_app.definition.messages import Message

CATALOGUES = Path(__file__).parents[1] / "translations"
LANGUAGES = ("zh", "en")
HTML_LANGUAGE = {"zh": "zh-Hans-CN", "en": "en"}


def process_language() -> str:
    """The language of the command line, from the environment; Chinese unless English is asked for."""
    locale_name = next(
        (os.environ[name] for name in ("SURVEY_LANGUAGE", "LC_ALL", "LANG") if os.environ.get(name)), "zh"
    )
    return "en" if locale_name.lower().startswith("en") else "zh"


_language: ContextVar[str | None] = ContextVar("language", default=None)


def language() -> str:
    return _language.get() or process_language()


def set_language(tag: str | None) -> None:
    """For the rest of this request."""
    _language.set(tag if tag in LANGUAGES else None)


@contextmanager
def use_language(tag: str) -> Iterator[None]:
    """Another language for the length of a block."""
    reset_token = _language.set(tag)
    try:
        yield
    finally:
        _language.reset(reset_token)


@lru_cache
def _catalogue(tag: str) -> Translations:
    path = CATALOGUES / f"{tag}.po"
    if not path.exists():
        return Translations()
    mo_file = io.BytesIO()
    with path.open("rb") as file:
        write_mo(mo_file, read_po(file))
    mo_file.seek(0)
    return Translations(mo_file)


def translate(template: str) -> str:
    """The sentence in the language of this moment; the Chinese one if the catalogue lacks it."""
    return _catalogue(language()).gettext(template) if template else ""


def _(template: str, **values: object) -> str:
    """Translate, then fill the braces."""
    return Message(template, values).render(translate)


def render(message: Message) -> str:
    return message.render(translate)
