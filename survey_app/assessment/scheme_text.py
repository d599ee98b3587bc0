"""Writes single values into the text of a scheme, where they stand, so that remarks and the order of lines stay.

A path names an entry: ``("marks", "lines", "0", "share")``. The text is edited by the marks of the YAML parser; what
comes out is read again before it is handed back.
"""

import json
import re
from functools import lru_cache

import yaml

from survey_app.foundation.errors import user_error

EntryPath = tuple[str, ...]
_PLAIN = re.compile(r"[A-Za-z0-9_.%][A-Za-z0-9_.%/+-]*\Z|-?\d+(\.\d+)?\Z", re.ASCII)


def read_values(text: str) -> dict[EntryPath, str]:
    """Return every scalar of the text by its path. Raises :class:`yaml.YAMLError`."""
    values: dict[EntryPath, str] = {}
    _collect(_root_of(text), (), values)
    return values


def has_entry(text: str, path: EntryPath) -> bool:
    """Return whether something stands at the path, be it empty."""
    return _node_at(_root_of(text), path) is not None


def count_items(text: str, path: EntryPath) -> int:
    """Return how many items the list at the path has."""
    node = _node_at(_root_of(text), path)
    return len(node.value) if isinstance(node, yaml.SequenceNode) else 0


def set_value(text: str, path: EntryPath, value: str) -> str:
    """Return the text with this value at the path, beside or instead of what stands there."""
    return _put(text, path, _quoted(value))


def set_list(text: str, path: EntryPath, values: list[str]) -> str:
    """Return the text with this list at the path."""
    return _put(text, path, "[" + ", ".join(map(_quoted, values)) + "]")


def set_mapping(text: str, path: EntryPath, entries: dict[str, str]) -> str:
    """Return the text with this mapping at the path; a path one beyond the end of a list adds an item."""
    return _put(text, path, "{" + ", ".join(f"{key}: {_quoted(value)}" for key, value in entries.items()) + "}")


def remove_entry(text: str, path: EntryPath) -> str:
    """Return the text without the entry; a block that had nothing else goes with it."""
    node = _node_at(_root_of(text), path[:-1])
    if not isinstance(node, yaml.CollectionNode) or _node_at(node, path[-1:]) is None:
        return text
    starts = _entry_starts(node)
    number = _number_of(node, path[-1])
    is_first, is_last = number == 0, number == len(starts) - 1
    if not node.flow_style and is_first and is_last and len(path) > 1:
        return remove_entry(text, path[:-1])
    start, end = starts[number], _end_of(_entry_nodes(node)[number], text)
    stands_alone = not node.flow_style and not text[_line_start(text, start) : start].strip(" -")
    if stands_alone and (isinstance(node, yaml.SequenceNode) or "-" not in text[_line_start(text, start) : start]):
        return text[: _line_start(text, start)] + text[_line_end(text, end) + 1 :]
    if not is_last:
        return text[:start] + text[starts[number + 1] :]
    previous_end = start if is_first else _end_of(_entry_nodes(node)[number - 1], text)
    return text[:previous_end] + text[end:]


def _put(text: str, path: EntryPath, written: str) -> str:
    node = _node_at(_root_of(text), path)
    if node is None:
        changed = _insert(text, path, written)
    else:
        space = " " if node.start_mark.index and text[node.start_mark.index - 1] == ":" else ""
        changed = text[: node.start_mark.index] + space + written + text[_end_of(node, text) :]
    if not has_entry(changed, path):
        raise user_error("“{path}”写不进文件，请直接在文件里改", path=".".join(path))
    return changed


def _insert(text: str, path: EntryPath, written: str) -> str:
    """Below the deepest entry that is there; what is missing between is written with it."""
    depth = next(n for n in range(len(path) - 1, -1, -1) if _node_at(_root_of(text), path[:n]) is not None)
    parent, key = _node_at(_root_of(text), path[:depth]), path[depth]
    for missing in reversed(path[depth + 1 :]):
        written = "{" + f"{missing}: {written}" + "}"
    if isinstance(parent, yaml.MappingNode):
        written = f"{key}: {written}"
    elif isinstance(parent, yaml.ScalarNode):
        return _put(text, path[:depth], "{" + f"{key}: {written}" + "}")
    assert isinstance(parent, yaml.CollectionNode)
    if not parent.value:
        at = parent.end_mark.index - 1
        return text[:at] + written + text[at:]
    end = _end_of(_entry_nodes(parent)[-1], text)
    if parent.flow_style:
        return f"{text[:end]}, {written}{text[end:]}"
    end, indent = _line_end(text, end), " " * parent.start_mark.column
    dash = "- " if isinstance(parent, yaml.SequenceNode) else ""
    return f"{text[:end]}\n{indent}{dash}{written}{text[end:]}"


@lru_cache(maxsize=16)
def _root_of(text: str) -> yaml.Node:
    """A page asks for twenty places of one text; the nodes are only read."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        raise yaml.YAMLError("no mapping")
    return root


def _collect(node: yaml.Node, path: EntryPath, values: dict[EntryPath, str]) -> None:
    if isinstance(node, yaml.ScalarNode):
        values[path] = node.value
        return
    for number, child in enumerate(_entry_nodes(node)):
        key = node.value[number][0].value if isinstance(node, yaml.MappingNode) else number
        _collect(child, (*path, str(key)), values)


def _node_at(node: yaml.Node | None, path: EntryPath) -> yaml.Node | None:
    for key in path:
        if not isinstance(node, yaml.CollectionNode):
            return None
        number = _number_of(node, key)
        node = _entry_nodes(node)[number] if 0 <= number < len(node.value) else None
    return node


def _number_of(node: yaml.Node, key: str) -> int:
    """Return which entry it is, −1 where there is none."""
    if isinstance(node, yaml.MappingNode):
        return next((n for n, (name, _) in enumerate(node.value) if name.value == key), -1)
    return int(key) if key.isdecimal() else -1


def _entry_nodes(node: yaml.Node) -> list[yaml.Node]:
    return [value for _, value in node.value] if isinstance(node, yaml.MappingNode) else list(node.value)


def _entry_starts(node: yaml.Node) -> list[int]:
    keys = [key for key, _ in node.value] if isinstance(node, yaml.MappingNode) else node.value
    return [key.start_mark.index for key in keys]


def _end_of(node: yaml.Node, text: str) -> int:
    """Where the last thing of a node ends; the parser's own mark of a block lies behind remarks and empty lines."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        return _end_of(_entry_nodes(node)[-1], text)
    end: int = node.end_mark.index
    return end - 1 if text[end - 1 : end] == "\n" else end


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _line_end(text: str, index: int) -> int:
    end = text.find("\n", index)
    return len(text) if end < 0 else end


def _quoted(value: str) -> str:
    """A scalar that YAML reads again as it is; what cannot be seen is written by its number."""
    if _PLAIN.match(value):
        return value
    return "".join(
        sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in json.dumps(value, ensure_ascii=False)
    )
