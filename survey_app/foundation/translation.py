"""The language of this moment and its catalogue. Chinese is the source; ``translations/<tag>.po`` hold the others.

A catalogue may name, in its first comment (``# X-Fallback: en``), the language whose sentence is used where it lacks
one; without it the Chinese sentence is used. Texts of an instrument are not looked up here: they come from its file.
"""

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from survey_app.definition.languages import Text, broader_tags, is_language_tag
from survey_app.definition.messages import Message

CATALOGUES = Path(__file__).parents[1] / "translations"
SOURCE_LANGUAGE = "zh"
_FALLBACK_COMMENT = re.compile(r"X-Fallback:\s*([A-Za-z0-9-]+)")
_folders = [CATALOGUES]


def frame_languages() -> tuple[str, ...]:
    """The languages in which the program itself speaks: the source, and those that have a catalogue."""
    return _frame_languages(tuple(_folders))


@lru_cache
def _frame_languages(folders: tuple[Path, ...]) -> tuple[str, ...]:
    tags = sorted({path.stem for folder in folders for path in folder.glob("*.po")})
    return (SOURCE_LANGUAGE, *(tag for tag in tags if tag != SOURCE_LANGUAGE))


@contextmanager
def extra_catalogues(folder: Path) -> Iterator[None]:
    """The catalogues of another folder too, for the length of a block: for tests, and for trying out a translation."""
    _folders.insert(0, folder)  # what is tried out stands before what is shipped
    _forget_catalogues()
    try:
        yield
    finally:
        _folders.remove(folder)
        _forget_catalogues()


def _forget_catalogues() -> None:
    for cache in (_frame_languages, _translations, fallback_language):
        cache.cache_clear()


def process_language() -> str:
    """The language of the command line, from the environment; Chinese if the program does not speak it."""
    locale_name = next(
        (os.environ[name] for name in ("SURVEY_LANGUAGE", "LC_ALL", "LANG") if os.environ.get(name)), SOURCE_LANGUAGE
    )
    tag = locale_name.partition(".")[0].replace("_", "-")
    return next((broader for broader in broader_tags(tag) if broader in frame_languages()), SOURCE_LANGUAGE)


_language: ContextVar[str | None] = ContextVar("language", default=None)


def language() -> str:
    return _language.get() or process_language()


def set_language(tag: str | None) -> None:
    """For the rest of this request."""
    _language.set(tag if tag and is_language_tag(tag) else None)


@contextmanager
def use_language(tag: str) -> Iterator[None]:
    """Another language for the length of a block."""
    reset_token = _language.set(tag)
    try:
        yield
    finally:
        _language.reset(reset_token)


def html_language(tag: str) -> str:
    """The value of ``lang``; plain Chinese is the one in simplified characters."""
    return "zh-Hans-CN" if tag == SOURCE_LANGUAGE else tag


@lru_cache
def language_name(tag: str) -> str:
    """What a language calls itself; its tag where nobody knows.

    >>> language_name("zh"), language_name("en"), language_name("qqq")
    ('中文', 'English', 'qqq')
    """
    locale = _locale(tag)
    return (locale.get_display_name() if locale else None) or tag


@lru_cache
def text_direction(tag: str) -> str:
    """``ltr`` or ``rtl``.

    >>> text_direction("ug"), text_direction("en")
    ('rtl', 'ltr')
    """
    locale = _locale(tag)
    return locale.text_direction if locale else "ltr"


def _locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def read_catalogue(tag: str) -> Catalog | None:
    """The catalogue of a language, None if there is none."""
    path = next((path for folder in _folders if (path := folder / f"{tag}.po").exists()), None)
    if path is None:
        return None
    with path.open("rb") as file:
        return read_po(file)


@lru_cache
def _translations(tag: str) -> Translations:
    catalogue = read_catalogue(tag)
    if catalogue is None:
        return Translations()
    mo_file = io.BytesIO()
    write_mo(mo_file, catalogue)
    mo_file.seek(0)
    return Translations(mo_file)


@lru_cache
def fallback_language(tag: str) -> str:
    """The language whose sentences stand in for those that this one lacks.

    The one that the catalogue names; else a broader tag that has a catalogue (``en`` for ``en-GB``); else the source.
    """
    catalogue = read_catalogue(tag)
    comment = _FALLBACK_COMMENT.search(catalogue.header_comment) if catalogue else None
    candidates = ([comment[1]] if comment else []) + list(broader_tags(tag))[1:]
    return next((name for name in candidates if name != tag and name in frame_languages()), SOURCE_LANGUAGE)


def translate(template: str) -> str:
    """The sentence in the language of this moment; in its fallback, and last in Chinese, where a catalogue lacks it."""
    tag, tried = language(), set[str]()
    while template and tag != SOURCE_LANGUAGE and tag not in tried:
        tried.add(tag)
        sentence = str(_translations(tag).gettext(template))
        if sentence != template:
            return sentence
        tag = fallback_language(tag)
    return template


def _(template: str, **values: object) -> str:
    """Translate, then fill the braces."""
    return Message(template, values).render(translate)


def render(message: Message) -> str:
    """The sentence in the language of this moment, and so are texts of a questionnaire that it quotes."""
    values = {
        name: value.in_language(language()) if isinstance(value, Text) else value
        for name, value in message.values.items()
    }
    return Message(message.template, values).render(translate)
