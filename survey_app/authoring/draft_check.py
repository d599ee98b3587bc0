"""A draft that has no gap read as a file is read: what the format does not allow is said beside the source."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from survey_app.definition.categories import Categories
from survey_app.definition.messages import Message
from survey_app.definition.nodes import DefinitionError, read_text
from survey_app.definition.parse import read_node

from .draft_yaml import write_yaml

_ID = re.compile(r"^\s*(?:- )?\{?id: ([A-Za-z]\w*)")


def faults_of(content: Mapping[str, Any], categories: Categories) -> Iterator[tuple[str, Message]]:
    """Yield each fault of an instrument with the id of the question or dimension in which it stands, if in any."""
    text = write_yaml(dict(content))
    lines = text.splitlines()
    try:
        issues = read_node(read_text(text, ""), categories).issues
    except DefinitionError as error:
        issues = tuple(error.issues)
    for issue in issues:
        yield _id_above(lines[: issue.position.line]), issue.message


def _id_above(lines: list[str]) -> str:
    """The nearest id at or above the last of these lines, unless a part of the file without ids begins in between."""
    for line in reversed(lines):
        if found := _ID.match(line):
            return found[1] if line[0] in " -" else ""
        if line[0] not in " -":
            return ""
    return ""
