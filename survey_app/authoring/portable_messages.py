"""Sentences on their way from one process to another: the template and its values, to be put in words there."""

from collections.abc import Mapping
from typing import Any

from survey_app.definition.messages import Message


def message_to_json(sentence: Message) -> dict[str, Any]:
    """Return a sentence as JSON that :func:`message_from_json` reads."""
    return {"template": sentence.template, "values": {key: _to_json(value) for key, value in sentence.values.items()}}


def _to_json(value: object) -> object:
    if isinstance(value, Message):
        return message_to_json(value)
    return value if isinstance(value, int | float) else str(value)


def message_from_json(written: Mapping[str, Any]) -> Message:
    """Return the sentence that was written."""
    values = {
        key: message_from_json(value) if isinstance(value, dict) else value for key, value in written["values"].items()
    }
    return Message(str(written["template"]), values)
