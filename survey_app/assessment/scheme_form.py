"""A scheme as fields: what its text says is typed over, and the text is written anew where a field says otherwise.

A field is named by its path, ``marks.lines.0.share``. The text stays the truth: fields are read from it and written
into it, and what no field is for stays as it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from survey_app.definition.messages import message
from survey_app.definition.nodes import (
    DefinitionError,
    Issue,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    SourcePosition,
    read_text,
)

from .rule_reader import AWARD_FACTS
from .scheme_text import (
    EntryPath,
    count_items,
    has_entry,
    read_values,
    remove_entry,
    set_list,
    set_mapping,
    set_value,
)

LINES: EntryPath = ("marks", "lines")
LINE_KEYS = ("id", "of", "share", "function", "zero_at", "full_at")
TYPED_LINE_KEYS = tuple(key for key in LINE_KEYS if key != "function")  # which is always chosen
TRIGGER_KEYS: Mapping[str, tuple[str, ...]] = {
    "notice": ("line", "level", "tipping", "days"), "reminder": ("line", "days"),
    "ledger": ("item_dissatisfied", "n", "drop"), "interview": ("outlier", "small_category"),
    "watch_list": ("false_discovery",),
}  # fmt: skip
EXCLUDED_BY: EntryPath = ("awards", "excluded_by")


@dataclass(frozen=True, slots=True)
class SchemeFields:
    """What the fields of a text hold; ``lines`` counts the lines of marks, ``triggers`` are those that it states."""

    values: Mapping[str, str]
    lines: int
    triggers: frozenset[str]
    excluded_by: frozenset[str]

    def value(self, name: str) -> str:
        return self.values.get(name, "")


def read_fields(text: str, name: str = "") -> SchemeFields:
    """Return the fields of a text, right or wrong in what they say. Raises :class:`DefinitionError` for no YAML."""
    if not isinstance(read_text(text, name), MappingNode):
        raise DefinitionError([Issue(SourcePosition(name, 1, 1), message("考核方案应当是一组键和值"))])
    values = {".".join(path): value for path, value in read_values(text).items()}
    facts = frozenset(value for path, value in values.items() if path.startswith("awards.excluded_by."))
    triggers = frozenset(kind for kind in TRIGGER_KEYS if has_entry(text, ("triggers", kind)))
    return SchemeFields(values, count_items(text, LINES), triggers, facts)


def write_fields(text: str, shown: SchemeFields, typed: Mapping[str, str]) -> str:
    """Return the text with every field written into it that was typed to be other than it was ``shown``.

    ``on.triggers.notice`` and ``fact.notice_open`` are boxes (``"1"`` where ticked), ``drop.0`` takes the first line
    of marks out; the line beyond the last is a new one. Raises :class:`DefinitionError` where the text is no YAML.
    """
    read_fields(text)
    for name, value in typed.items():
        path = tuple(name.split("."))
        if _is_value(path) and not _is_new_line(path, shown) and value != shown.value(name):
            text = _write(text, path, value)
    text = _write_boxes(text, shown, typed)
    entries = {key: typed.get(f"marks.lines.{shown.lines}.{key}", "") for key in LINE_KEYS}
    if any(entries[key] for key in TYPED_LINE_KEYS):
        kept = {key: value for key, value in entries.items() if value}
        text = set_mapping(text, (*LINES, str(count_items(text, LINES))), kept)
    for number in reversed(range(shown.lines)):
        if typed.get(f"drop.{number}"):
            text = remove_entry(text, (*LINES, str(number)))
    return _without_empty_categories(text)


def _is_value(path: EntryPath) -> bool:
    return path[0] not in ("on", "fact", "drop")


def _is_new_line(path: EntryPath, shown: SchemeFields) -> bool:
    return path[:2] == LINES and int(path[2]) >= shown.lines


def _write(text: str, path: EntryPath, value: str) -> str:
    return set_value(text, path, value) if value else remove_entry(text, path)


def _write_boxes(text: str, shown: SchemeFields, typed: Mapping[str, str]) -> str:
    if not any(name.startswith(("on.", "fact.")) for name in typed):
        return text
    for kind in TRIGGER_KEYS:
        is_on = typed.get(f"on.triggers.{kind}") == "1"
        if is_on and not has_entry(text, ("triggers", kind)):
            text = set_mapping(text, ("triggers", kind), {})
        elif not is_on and kind in shown.triggers:
            text = remove_entry(text, ("triggers", kind))
    facts = [fact for fact in AWARD_FACTS if typed.get(f"fact.{fact}") == "1"]
    if set(facts) != shown.excluded_by:
        text = set_list(text, EXCLUDED_BY, facts)
    return text


def _without_empty_categories(text: str) -> str:
    """A category whose weights were all emptied is not assessed any more."""
    root = read_text(text, "")
    categories = root.entries.get("categories") if isinstance(root, MappingNode) else None
    for name, node in categories.entries.items() if isinstance(categories, MappingNode) else ():
        if isinstance(node, MappingNode) and not node.entries:
            text = remove_entry(text, ("categories", name))
    return text


def fields_of_issues(text: str, issues: Iterable[Issue]) -> dict[str, list[Issue]]:
    """Return the faults by the name of the field that each is about; the empty name for those of no field."""
    names = dict(_positions(read_text(text, ""), ()))
    by_name: dict[str, list[Issue]] = {}
    for issue in issues:
        by_name.setdefault(names.get((issue.position.line, issue.position.column), ""), []).append(issue)
    return by_name


def _positions(node: Node, path: EntryPath) -> Iterable[tuple[tuple[int, int], str]]:
    """Yield where each entry stands, inner ones last: they are what a fault at the same position is about."""
    if path:
        yield (node.position.line, node.position.column), ".".join(path)
    if isinstance(node, MappingNode):
        for key, child in node.entries.items():
            position = node.key_positions[key]
            yield (position.line, position.column), ".".join((*path, key))
            yield from _positions(child, (*path, key))
    elif isinstance(node, SequenceNode):
        for number, child in enumerate(node.items):
            yield from _positions(child, (*path, str(number)))
    else:
        assert isinstance(node, ScalarNode)
