"""The inspectors' first page, part by part: what waits for somebody, each line with its state and the way on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """``state``: in one word; ``note``: what is known; ``action``: what the button says, if something is to be done."""

    label: str
    state: str
    note: str
    address: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """``empty``: what the part says without lines."""

    heading: str
    lead: str
    lines: tuple[Line, ...]
    empty: str = ""
