"""The instrument file that an earlier import became, gaps and all, as far as importing again needs it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from survey_app.definition.languages import Text
from survey_app.definition.nodes import MappingNode, Node, ScalarNode

from .draft import ItemKind

Plain = Any  # strings, lists and mappings, as the file has them
BLOCKS = ("background", "follow_up", "comments")


@dataclass(frozen=True, slots=True)
class PreviousQuestion:
    """One question of the earlier file."""

    id: str
    kind: str
    content: Mapping[str, Plain]
    dimension: Mapping[str, Plain] | None = None

    @property
    def text(self) -> str:
        return first_words(self.content.get("text"))


@dataclass(frozen=True, slots=True)
class PreviousFile:
    """The earlier file."""

    content: Mapping[str, Plain] = field(default_factory=dict)

    def questions(self) -> tuple[PreviousQuestion, ...]:
        return tuple(question for question in self._questions() if question.id and question.text)

    def _questions(self) -> Iterator[PreviousQuestion]:
        for dimension in entries(self.content, "dimensions"):
            for item in entries(dimension, "items"):
                yield PreviousQuestion(words(item.get("id")), ItemKind.SCALE.value, item, dimension)
        overall = self.content.get("overall")
        if isinstance(overall, dict):
            yield PreviousQuestion(words(overall.get("id")), ItemKind.SCALE.value, overall)
        for block in BLOCKS:
            for entry in entries(self.content, block):
                kind = ItemKind.TEXT.value if block == "comments" else words(entry.get("kind"))
                yield PreviousQuestion(words(entry.get("id")), kind, entry)

    def scales(self) -> dict[str, Mapping[str, Plain]]:
        scales = self.content.get("scales")
        return (
            {name: scale for name, scale in scales.items() if isinstance(scale, dict)}
            if isinstance(scales, dict)
            else {}
        )


def previous_file(root: Node) -> PreviousFile:
    """Return the file that nodes were read from."""
    content = _plain(root)
    return PreviousFile(content if isinstance(content, dict) else {})


def _plain(node: Node) -> Plain:
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, MappingNode):
        return {key: _plain(value) for key, value in node.entries.items()}
    return [_plain(item) for item in node.items]


def entries(content: Mapping[str, Plain], key: str) -> Sequence[Mapping[str, Plain]]:
    """Return the mappings of a list in the file."""
    value = content.get(key)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def words(value: Plain) -> str:
    return value.strip() if isinstance(value, str) else ""


def names(value: Plain) -> tuple[str, ...]:
    """Return a list of names in the file."""
    return tuple(filter(None, map(words, value))) if isinstance(value, list) else ()


def text(value: Plain) -> Text | None:
    """Return a text of the file in all its languages."""
    if not isinstance(value, dict):
        return None
    languages = {tag: said for tag, said in value.items() if isinstance(said, str) and said.strip()}
    return Text.of(languages) if languages else None


def first_words(value: Plain) -> str:
    read = text(value)
    return next(iter(read.values())) if read else ""


def number(value: Plain) -> float | None:
    """Return a number of the file, None for a gap."""
    try:
        return float(value) if isinstance(value, str) and value.strip() else None
    except ValueError:
        return None


def flag(value: Plain) -> bool | None:
    return {"true": True, "false": False}.get(words(value))
