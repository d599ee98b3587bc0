"""Other words for the same questions: a mistake is replaced wherever it stands, and two versions are compared."""

import json
from collections.abc import Iterator
from typing import Any

from survey_app.definition.canonical import canonical_text
from survey_app.definition.categories import Categories
from survey_app.definition.model import Instrument
from survey_app.definition.nodes import DefinitionError
from survey_app.definition.parse import read_instrument_text
from survey_app.foundation.errors import user_error

Json = Any


def replace_words(instrument: Instrument, before: str, after: str, categories: Categories) -> Instrument:
    """Return the instrument with ``before`` replaced in every text that is read. Raises :class:`UserError`."""
    if not before.strip():
        raise user_error("请写出要改的文字，照问卷上的样子")
    document = json.loads(canonical_text(instrument))
    corrected = _replaced(document, before, after, instrument.languages)
    if corrected == document:
        raise user_error("问卷“{id}”里没有“{words}”，请照问卷上的样子写", id=instrument.id, words=before)
    try:
        return read_instrument_text(json.dumps(corrected, ensure_ascii=False), instrument.id, categories)
    except DefinitionError as error:
        raise user_error("这样改以后问卷不完整：{what}", what=error.issues[0].message) from error


def _replaced(value: Json, before: str, after: str, languages: tuple[str, ...]) -> Json:
    if isinstance(value, list):
        return [_replaced(entry, before, after, languages) for entry in value]
    if isinstance(value, dict):
        return {
            name: entry.replace(before, after) if isinstance(entry, str) and name in languages
            else _replaced(entry, before, after, languages)
            for name, entry in value.items()
        }  # fmt: skip
    return value


def wording_differences(before: str, after: str) -> list[tuple[str, str]]:
    """Return the texts in which two canonical documents of one structure differ."""
    return list(_differences(json.loads(before), json.loads(after)))


def _differences(before: Json, after: Json) -> Iterator[tuple[str, str]]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in {**before, **after}:
            yield from _differences(before.get(name, ""), after.get(name, ""))
    elif isinstance(before, list) and isinstance(after, list):
        for old, new in zip(before, after, strict=False):
            yield from _differences(old, new)
    elif before != after:
        yield str(before), str(after)
