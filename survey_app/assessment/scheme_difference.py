"""What is different between two schemes, entry by entry: printed before a scheme replaces another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .schemes import Scheme


@dataclass(frozen=True, slots=True)
class SchemeChange:
    """One entry, by its path in the file; None: it is not stated there."""

    path: str
    before: str | None
    after: str | None


def compare_schemes(before: Scheme, after: Scheme) -> tuple[SchemeChange, ...]:
    """Return every entry that differs, in the order of the file; empty if both say the same."""
    old, new = dict(_flatten("", before.content())), dict(_flatten("", after.content()))
    return tuple(
        SchemeChange(path, old.get(path), new.get(path))
        for path in dict.fromkeys((*old, *new))
        if old.get(path) != new.get(path)
    )


def _flatten(path: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield each plain entry with its path; a line of marks is named by its id and not by its number."""
    if isinstance(value, Mapping):
        for name, entry in value.items():
            yield from _flatten(f"{path}.{name}" if path else str(name), entry)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for number, entry in enumerate(value, start=1):
            name = entry.get("id", number) if isinstance(entry, Mapping) else number
            yield from _flatten(f"{path}.{name}", entry)
    elif value is not None:
        yield path, f"{value:g}" if isinstance(value, float) else str(value)
