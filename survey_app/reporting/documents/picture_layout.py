"""Drawings as slabs, from the positions that the results pages draw as SVG."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..charts.scatter import Scatter, ScatterDot
from ..charts.strip import Strip
from .model import Picture
from .slabs import (
    GREY,
    LINE_GREY,
    PALE,
    Colour,
    Dot,
    Shape,
    Slab,
    Stroke,
    line_height,
    text_length,
    text_lines,
    wrapped,
)
from .table_layout import TICK_SIZE, TITLE_SIZE, note_slabs

LABEL_SIZE = 7.5
SCATTER_SHARE = 0.74  # of the width between the margins
HIGH, LOW, USUAL = "1B7A4B", "B3361B", "174E86"
CLASS_COLOURS: dict[str, Colour] = {"band-A": HIGH, "high": HIGH, "band-C": LOW, "low": LOW}
CURVE_COLOURS: dict[str, Colour] = {"centre": GREY, "warning": PALE, "alarm": LOW}
_POINT = re.compile(r"(-?[\d.]+) (-?[\d.]+)")


def picture_slabs(picture: Picture, left: float, width: float) -> list[Slab]:
    """The title, the drawing and its note on one page."""
    lines = wrapped(picture.title, width, TITLE_SIZE, True)
    height = line_height(TITLE_SIZE) * len(lines) + 2.2
    title = Slab(height, tuple(text_lines(lines, left, 1.4, TITLE_SIZE, bold=True)), keeps_next=True)
    drawing = picture.drawing
    share = 1.0 if isinstance(drawing, Strip) else SCATTER_SHARE
    canvas = _Canvas(left + width * (1 - share) / 2, width * share / drawing.width)
    shapes = canvas.scatter(drawing) if isinstance(drawing, Scatter) else canvas.strip(drawing)
    body = Slab(drawing.height * canvas.scale + 1, tuple(shapes), keeps_next=True)
    return [title, body, *note_slabs(picture.note, left, width)]


@dataclass(frozen=True, slots=True)
class _Canvas:
    """Where a drawing stands, and how many mm a unit of it has; sizes of type, dots and lines are those of print."""

    left: float
    scale: float

    def x(self, value: float) -> float:
        return self.left + value * self.scale

    def y(self, value: float) -> float:
        return value * self.scale

    def line(self, points: list[tuple[float, float]], colour: Colour = LINE_GREY, thickness: float = 0.2) -> Stroke:
        return Stroke(tuple((self.x(x), self.y(y)) for x, y in points), colour, thickness)

    def tick_label(self, text: str, y: float, end: float) -> list[Shape]:
        return [*text_lines([text], 0, self.y(y) - 1.8, TICK_SIZE, colour=GREY, right=self.x(end))]

    def scatter(self, drawing: Scatter) -> Iterator[Shape]:
        left, right, top, bottom = drawing.left, drawing.right, drawing.top, drawing.bottom
        yield self.line([(left, top), (left, bottom), (right, bottom)])
        for tick in drawing.y_ticks:
            yield self.line([(left, tick.x), (right, tick.x)], "E3E7EB", 0.15)
            yield from self.tick_label(tick.label, tick.x, left - 6)
        for tick in drawing.x_ticks:
            yield from text_lines(
                [tick.label], 0, self.y(bottom) + 0.6, TICK_SIZE, colour=GREY, centre=self.x(tick.x)
            )  # fmt: skip
        names_y = self.y(bottom) + 4.2
        yield from text_lines([drawing.x_name], 0, names_y, LABEL_SIZE, colour=GREY, right=self.x(right))
        yield from text_lines([drawing.y_name], self.x(left) + 1.5, self.y(top) - 1, LABEL_SIZE, colour=GREY)
        for curve in drawing.curves:
            points = [(float(x), float(y)) for x, y in _POINT.findall(curve.path)]
            if len(points) > 1:
                yield self.line(points, CURVE_COLOURS.get(curve.css_class, GREY), 0.25)
        for dot in drawing.dots:
            yield from self.dot(dot)

    def dot(self, dot: ScatterDot) -> Iterator[Shape]:
        yield Dot(self.x(dot.x), self.y(dot.y), 0.9, CLASS_COLOURS.get(dot.css_class, USUAL))
        if dot.label:
            length = text_length(dot.label, LABEL_SIZE)
            start = self.x(dot.x) - 1.8 - length if dot.anchor == "end" else self.x(dot.x) + 1.8
            yield from text_lines([dot.label], start, self.y(dot.label_y - 4.5) - 1.9, LABEL_SIZE)

    def strip(self, drawing: Strip) -> Iterator[Shape]:
        for y, label in drawing.ticks:
            yield self.line([(drawing.left, y), (drawing.right, y)], "E3E7EB", 0.15)
            yield from self.tick_label(label, y, drawing.left - 6)
        for mark in drawing.marks:
            colour = CLASS_COLOURS.get(mark.css_class, USUAL)
            yield self.line([(mark.x, mark.top), (mark.x, mark.bottom)], colour, 0.25)
            yield Dot(self.x(mark.x), self.y(mark.y), 0.8, colour)
