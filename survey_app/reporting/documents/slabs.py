"""A page as shapes, and slabs: pieces of a document that are never cut. Lengths in mm, type sizes in points."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

from survey_app.foundation.pdf import character_widths, mark_missing_glyphs

from .line_breaks import break_lines

MM_PER_POINT = 25.4 / 72
BASELINE = 0.88  # of the type size, from the top of a line of Chinese characters
LATIN_QUOTES = str.maketrans("“”‘’", "\"\"''")  # the curly ones of the font are as wide as Chinese characters
Colour: TypeAlias = str  # six hexadecimal digits

BLACK, GREY, PALE, LINE_GREY, HEADER_FILL = "1B1F24", "55606B", "8A939C", "B8C0C8", "EEF2F6"


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; ``y`` is its baseline."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False
    colour: Colour = BLACK


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    colour: Colour = LINE_GREY
    thickness: float = 0.2


@dataclass(frozen=True, slots=True)
class Dot:
    """A circle; an empty one has only its edge."""

    x: float
    y: float
    radius: float
    colour: Colour
    is_empty: bool = False


Shape: TypeAlias = Text | Box | Stroke | Dot


@dataclass(frozen=True, slots=True)
class Slab:
    """Shapes from ``top`` 0 to ``height``. ``keeps_next``: the next slab stands on the same page.

    ``header`` is drawn again where a page begins with this slab: the heading of its table.
    """

    height: float
    shapes: tuple[Shape, ...]
    keeps_next: bool = False
    header: "Slab | None" = None


def keep_together(slabs: list[Slab], first: int = 2, last: int = 2) -> list[Slab]:
    """Return the slabs so that no page ends after fewer than ``first`` or begins with fewer than ``last`` of them."""
    count = len(slabs)
    return [
        replace(slab, keeps_next=slab.keeps_next or number < first - 1 or count - last <= number < count - 1)
        for number, slab in enumerate(slabs)
    ]


def moved(shape: Shape, down: float) -> Shape:
    return placed(shape, 0.0, down)


def placed(shape: Shape, right: float, down: float, zoom: float = 1.0) -> Shape:
    """Return a shape made larger or smaller around the corner of a page, then moved."""
    if isinstance(shape, Stroke):
        return replace(shape, points=tuple((x * zoom + right, y * zoom + down) for x, y in shape.points))
    found = replace(shape, x=shape.x * zoom + right, y=shape.y * zoom + down)
    if isinstance(found, Text):
        return replace(found, size=found.size * zoom)
    if isinstance(found, Box):
        return replace(found, width=found.width * zoom, height=found.height * zoom)
    return replace(found, radius=found.radius * zoom)


def text_length(text: str, size: float, bold: bool = False) -> float:
    """Return the width of a text in mm."""
    widths = character_widths(bold)
    return sum(widths.get(ord(letter), 1.0) for letter in text) * size * MM_PER_POINT


def has_chinese(text: str) -> bool:
    return any(ord(letter) > 0x2E7F for letter in text)


@lru_cache(maxsize=8192)
def wrapped(text: str, width: float, size: float, bold: bool = False) -> tuple[str, ...]:
    """Return the lines of a text, with a visible box for each character that the font lacks."""
    marked = mark_missing_glyphs(text if has_chinese(text) else text.translate(LATIN_QUOTES))
    return tuple(break_lines(marked, width, lambda piece: text_length(piece, size, bold)))


def line_height(size: float, spacing: float = 1.4) -> float:
    return size * MM_PER_POINT * spacing


def text_lines(
    lines: Iterable[str], x: float, top: float, size: float, *, bold: bool = False, colour: Colour = BLACK,
    spacing: float = 1.4, right: float | None = None, centre: float | None = None,
) -> list[Text]:  # fmt: skip
    """Return lines below each other; ``right`` or ``centre`` is where they end or have their middle, in place of x."""
    height, texts = line_height(size, spacing), []
    for number, line in enumerate(lines):
        length = text_length(line, size, bold)
        start = right - length if right is not None else centre - length / 2 if centre is not None else x
        inset = (height - size * MM_PER_POINT) / 2
        baseline = top + number * height + inset + size * MM_PER_POINT * BASELINE
        texts.append(Text(start, baseline, line, size, bold, colour))
    return texts
