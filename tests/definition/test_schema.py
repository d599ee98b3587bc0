"""The JSON Schema of the format says nothing that the reader of files does not say, and lacks no key."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from survey_app.definition.kinds import KINDS
from survey_app.definition.kinds.background import BACKGROUND_KEYS
from survey_app.definition.kinds.comment import COMMENT_KEYS
from survey_app.definition.kinds.rating import ITEM_KEYS
from survey_app.definition.parse import DIMENSION_KEYS, INSTRUMENT_KEYS
from survey_app.definition.scale_reader import SCALE_KEYS
from survey_app.definition.schema import instrument_schema
from testing.instruments import CATEGORIES, SHIPPED_FILES, TINY_FILES, faults_of

SCHEMA = instrument_schema(CATEGORIES)
FILES = SHIPPED_FILES + TINY_FILES
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


class Editor:
    """Sees a file as an editor does: YAML with numbers and booleans, judged by somebody else's program."""

    def __init__(self) -> None:
        validators = pytest.importorskip("jsonschema", reason="!!! jsonschema is not here")
        validators.Draft202012Validator.check_schema(SCHEMA)
        self.validator = validators.Draft202012Validator(SCHEMA)

    def faults(self, content: Any) -> list[str]:
        return [error.message for error in self.validator.iter_errors(content)]


@pytest.fixture(scope="module")
def editor() -> Editor:
    return Editor()


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def text_of(content: Any) -> str:
    """The content as a file again, with every scalar in quotes, as the reader of files takes them."""
    return yaml.safe_dump(json.loads(json.dumps(content)), allow_unicode=True, sort_keys=False)


def mappings_in(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, dict):
        yield content
        for value in content.values():
            yield from mappings_in(value)
    elif isinstance(content, list):
        for value in content:
            yield from mappings_in(value)


@each_file
def test_what_the_reader_takes_an_editor_takes(path: Path, editor: Editor) -> None:
    assert editor.faults(loaded(path)) == []


@pytest.mark.parametrize("path", TINY_FILES, ids=lambda path: path.stem)
def test_a_key_that_may_not_be_left_out_is_the_same_for_both(path: Path, editor: Editor) -> None:
    """Each key of each mapping is taken away in turn: the schema complains only of what the reader refuses."""
    content = loaded(path)
    complained = 0
    for number, mapping in enumerate(mappings_in(content)):
        for key in mapping:
            changed = copy.deepcopy(content)
            del list(mappings_in(changed))[number][key]
            faults = faults_of(text_of(changed))
            if editor.faults(changed):
                complained += 1
                assert faults, f"only the schema wants {key}"
            elif faults:
                assert not any(f"缺少“{key}”" in fault for fault in faults) or key in ("zh", "en"), key
    assert complained > 10


def test_a_key_that_is_not_known_is_a_fault_for_both(editor: Editor) -> None:
    content = loaded(TINY_FILES[0])
    for number in range(sum(1 for _mapping in mappings_in(content))):
        changed = copy.deepcopy(content)
        list(mappings_in(changed))[number]["nonsense key"] = {"zh": "好", "en": "Good"}
        assert editor.faults(changed)
        assert faults_of(text_of(changed))


MISTAKES: dict[str, tuple[str, str]] = {
    "an audience that does not exist": ("audiences: [student]", "audiences: [pupil]"),
    "a category that does not exist": ("categories: [primary, direct]", "categories: [小学]"),
    "points above a hundred": ("points: 75", "points: 175"),
    "points in words": ("points: 75", "points: 很多"),
    "an id with a blank": ("id: T5", "id: T 5"),
    "a code that is too long": ('code: "4"', 'code: "four-and-a-half-points"'),
    "yes for true": ("favourable: true", "favourable: ja"),
    "a text that is no text": ('label: {zh: "满意", en: "Satisfied"}', 'label: "满意"'),
    "another format": ("format: 1", "format: 2"),
    "a kind that does not exist": ("kind: choice", "kind: ranking"),
    "a comment without end": ("max_length: 500", "max_length: 50000"),
    "an occasion that does not exist": ("title:", "occasion: weekly\ntitle:"),
}


@pytest.mark.parametrize(("before", "after"), MISTAKES.values(), ids=MISTAKES)
def test_an_editor_sees_what_one_field_says_wrong(before: str, after: str, editor: Editor) -> None:
    (path,) = [path for path in SHIPPED_FILES if path.stem == "compulsory-student"]
    text = path.read_text("utf-8")
    assert before in text
    changed = text.replace(before, after, 1)
    assert editor.faults(yaml.safe_load(changed))
    assert faults_of(changed)


def test_no_key_of_the_format_is_without_a_shape() -> None:
    """A key that is added to the reader has to be described; this needs no validator."""
    found = list(mappings_in(SCHEMA))
    described = {key: shape for entry in found if "additionalProperties" in entry
                 for key, shape in entry.get("properties", {}).items()}  # fmt: skip
    keys = {*INSTRUMENT_KEYS, *DIMENSION_KEYS, *ITEM_KEYS, *BACKGROUND_KEYS, *COMMENT_KEYS, *SCALE_KEYS}
    keys |= {key for kind in KINDS for key in kind.keys}
    assert [key for key in sorted(keys) if not described.get(key)] == []
