"""The format of questionnaire files as a JSON Schema, for editors; made of what the reader of files itself goes by.

A schema knows single fields. What concerns several (ids used twice, conditions, directions) only the checker says.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .audiences import AUDIENCES
from .categories import Categories
from .check_scales import MAX_POINTS
from .kinds import KINDS, Block, kinds_in
from .kinds.background import BACKGROUND_KEYS, MAX_OPTIONS
from .kinds.comment import COMMENT_KEYS
from .kinds.comment import MAX_LENGTH as MAX_COMMENT
from .kinds.rating import ITEM_KEYS
from .languages import TAG_PATTERN
from .model import Occasion
from .node_reader import CODE_PATTERN, FILE_IDENTIFIER_PATTERN, IDENTIFIER_PATTERN, VERSION_PATTERN
from .parse import DIMENSION_KEYS, INSTRUMENT_KEYS
from .question_reader import MAX_OPTION_TEXT
from .scale_reader import ALSO, MAX_NUMBER, NUMERIC_KEYS, SHOWN_AS, WORDS_SHOWN_AS

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCALAR: Schema = {"type": ["string", "number", "boolean"]}  # the reader takes 2026.1 and no as the text that was typed
LINE: Schema = SCALAR | {"minLength": 1}
_REQUIRED = {
    "instrument": ("format", "id", "version", "title", "audiences", "categories", "scales", "dimensions"),
    "dimension": ("id", "label", "items"),
    "item": ("id", "text", "scale"),
    "closed": ("id", "kind", "text"),
    "comment": ("id", "text"),
    "option": ("code", "label"),
    "point": ("code", "label", "points"),
    "retired": ("id", "last_version"),
}
_NEEDED_BY_KINDS = frozenset(("options", "bands", "unit"))  # what a kind that has it cannot do without


def instrument_schema(categories: Categories) -> Schema:
    """Return the schema of a questionnaire file in a district with these kinds of schools."""
    return {
        "$schema": DIALECT,
        "title": "Questionnaire",
        **_object(INSTRUMENT_KEYS, _instrument_shapes(categories), _REQUIRED["instrument"]),
        "$defs": {
            "text": {
                "type": "object", "patternProperties": {_anchored(TAG_PATTERN): LINE}, "additionalProperties": False,
                "minProperties": 1,
            },
            "point": _object(("code", "points", "favourable", "label"), _shapes(), _REQUIRED["point"]),
            "option": _object(("code", "label"), _shapes(), _REQUIRED["option"]),
        },
    }  # fmt: skip


def _object(keys: Iterable[str], shapes: Mapping[str, Schema], required: Iterable[str]) -> Schema:
    """Return a mapping with these keys and no others. A key without a shape of its own may hold anything."""
    return {
        "type": "object",
        "properties": {key: shapes.get(key, {}) for key in keys},
        "required": list(required),
        "additionalProperties": False,
    }


def _instrument_shapes(categories: Categories) -> dict[str, Schema]:
    scale = {"oneOf": [_scale_of_words(), _scale_of_numbers()]}
    return _shapes() | {
        "format": {"enum": [1, "1"]},
        "id": _matching(FILE_IDENTIFIER_PATTERN),
        "version": _matching(VERSION_PATTERN),
        "languages": _list_of(_matching(TAG_PATTERN)),
        "categories": _list_of({"enum": [category.id for category in categories.all]}),
        "occasion": {"enum": [occasion.value for occasion in Occasion]},
        "grades_from": _by(AUDIENCES.ids(), LINE),
        "scales": {"type": "object", "minProperties": 1, "additionalProperties": scale},
        "dimensions": _list_of(_object(DIMENSION_KEYS, _dimension_shapes(), _REQUIRED["dimension"])),
        "overall": _object(ITEM_KEYS, _shapes(), _REQUIRED["item"]),
        "background": {"type": "array", "items": _closed(Block.BACKGROUND)},
        "follow_up": {"type": "array", "items": _closed(Block.FOLLOW_UP)},
        "comments": {"type": "array", "items": _object(COMMENT_KEYS, _shapes(), _REQUIRED["comment"])},
        "retired": {
            "type": "array",
            "items": _object(("id", "last_version"), _shapes() | {"last_version": LINE}, _REQUIRED["retired"]),
        },
        "source": {"type": "object", "additionalProperties": LINE},
        "accepted": {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": LINE}},
    }  # fmt: skip


def _dimension_shapes() -> dict[str, Schema]:
    items = _list_of(_object(ITEM_KEYS, _shapes(), _REQUIRED["item"]))
    return _shapes() | {"weight": _number(0, 1000), "items": items}


def _closed(block: Block) -> Schema:
    """Return a closed question of a block: one shape for each kind that may stand there."""
    return {"oneOf": [_closed_kind(name) for name in kinds_in(block)]}


def _closed_kind(name: str) -> Schema:
    its_options_are_of_the_roster = KINDS[name].varies_by_school
    keys = [key for key in (*BACKGROUND_KEYS, *KINDS[name].keys)
            if not (its_options_are_of_the_roster and key == "options")]  # fmt: skip
    needed = [key for key in keys if key in _NEEDED_BY_KINDS]
    return _object(keys, _shapes() | {"kind": {"const": name}}, (*_REQUIRED["closed"], *needed))


def _scale_of_words() -> Schema:
    points = {"type": "array", "minItems": 2, "maxItems": MAX_POINTS, "items": {"$ref": "#/$defs/point"}}
    return _object(("show", "points", "not_applicable"), _shapes() | {"points": points}, ("points",))


def _scale_of_numbers() -> Schema:
    listed = {"type": "array", "minItems": 2, "maxItems": MAX_POINTS, "items": _number(0, 100)}
    return _object(
        (*NUMERIC_KEYS, "show", "points", "not_applicable"),
        _shapes() | {"points": listed, "show": {"enum": list(SHOWN_AS)}},
        ("from", "to", "ends", "favourable_from"),
    )


def _shapes() -> dict[str, Schema]:
    """Return the shape of every key that means the same wherever it stands."""
    text: Schema = {"$ref": "#/$defs/text"}
    texts_by_audience = _by(AUDIENCES.ids(), text)
    option_keys = ("code", "label", "exclusive", "text")
    option_shapes = {"code": _matching(CODE_PATTERN), "label": text, "exclusive": _flag(),
                     "text": _whole(1, MAX_OPTION_TEXT)}  # fmt: skip
    option = _object(option_keys, option_shapes, _REQUIRED["option"])
    return {
        **dict.fromkeys(("title", "intro", "text", "help", "label", "lead", "unit"), text),
        **dict.fromkeys(("title_for", "intro_for", "text_for", "help_for", "label_for", "lead_for"), texts_by_audience),
        "id": _matching(IDENTIFIER_PATTERN),
        "concept": _matching(IDENTIFIER_PATTERN),
        "code": _matching(CODE_PATTERN),
        "audiences": _list_of({"enum": list(AUDIENCES.ids())}),
        "scale": LINE,
        "show_if": SCALAR,
        **dict.fromkeys(("favourable", "reverse", "required", "private"), _flag()),
        "points": _number(0, 100),
        "options": {"type": "array", "minItems": 2, "maxItems": MAX_OPTIONS, "items": option},
        "at_least": _whole(1, MAX_OPTIONS),
        "at_most": _whole(2, MAX_OPTIONS),
        "bands": {"type": "array", "minItems": 2, "maxItems": MAX_OPTIONS, "items": _whole(0, None)},
        "max_length": _whole(1, MAX_COMMENT),
        "from": _whole(0, MAX_NUMBER),
        "to": _whole(0, MAX_NUMBER),
        "ends": {"type": "array", "minItems": 2, "maxItems": 2, "items": text},
        "favourable_from": _whole(1, MAX_NUMBER),
        "unfavourable_to": _whole(0, MAX_NUMBER),
        "show": {"enum": list(WORDS_SHOWN_AS)},
        "also": {"enum": list(ALSO)},
        "not_applicable": {"$ref": "#/$defs/option"},
    }


def _matching(pattern: re.Pattern[str]) -> Schema:
    """Return the shape of a word; typed without quotes it may look like a number."""
    return SCALAR | {"pattern": _anchored(pattern)}


def _anchored(pattern: re.Pattern[str]) -> str:
    return f"^{pattern.pattern.removesuffix(chr(92) + 'Z')}$"


def _flag() -> Schema:
    return {"enum": [True, False, "true", "false"]}


def _number(low: float, high: float) -> Schema:
    return {"type": ["number", "string"], "minimum": low, "maximum": high, "pattern": r"^\d+(\.\d+)?$"}


def _whole(low: int, high: int | None) -> Schema:
    most = {} if high is None else {"maximum": high}
    return {"type": ["integer", "string"], "minimum": low, **most, "pattern": r"^\d+(\.0+)?$"}


def _list_of(shape: Schema) -> Schema:
    return {"type": "array", "minItems": 1, "items": shape}


def _by(names: Iterable[str], shape: Schema) -> Schema:
    return {"type": "object", "properties": dict.fromkeys(names, shape), "additionalProperties": False}
