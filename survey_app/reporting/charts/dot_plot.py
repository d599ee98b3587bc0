"""Pictures as positions: what the SVG macros draw. Templates compute nothing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

LABEL, PLOT, VALUE = 190.0, 420.0, 110.0  # widths: names on the left, the picture, figures on the right
EDGE, LETTER = 24.0, 13.5  # beside the figures, and the width of a Chinese character
ROW, HEAD = 24.0, 26.0


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One row: a dot with its interval, and where it stood ``before``. ``tone`` names a class of the style sheet."""

    y: float
    label: str
    x: float
    left: float
    right: float
    value: str
    tone: str
    before: float | None = None


@dataclass(frozen=True, slots=True)
class Dots:
    """A dot plot with intervals; the axis need not begin at 0, so there are no bars."""

    title: str
    description: str
    width: float
    height: float
    plot_left: float
    plot_right: float
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    reference: float | None = None

    @property
    def label_x(self) -> float:
        return self.plot_left - 12

    @property
    def value_x(self) -> float:
        return self.plot_right + 14

    @property
    def bottom(self) -> float:
        return self.height - 6


@dataclass(frozen=True, slots=True)
class Point:
    """What is to be drawn: an estimate with its interval, in the units of the axis."""

    label: str
    value: float
    low: float | None
    high: float | None
    text: str
    tone: str = ""
    before: float | None = None


def shortened(label: str, limit: int = 13) -> str:
    """A label that fits beside the picture; the table below has the whole name."""
    for end in range(1, len(label) + 1):
        if _width_of(label[:end]) > limit:
            return label[: end - 1] + "…"
    return label


def _width_of(text: str) -> float:
    """In Chinese characters."""
    return sum(1.0 if ord(letter) > 255 else 0.55 for letter in text)


def index_dots(title: str, description: str, points: Sequence[Point], reference: float | None = None) -> Dots:
    """Points 0–100 on an axis that begins at the ten below the lowest limit."""
    low = min((point.value if point.low is None else point.low for point in points), default=0.0)
    high = max((point.value if point.high is None else point.high for point in points), default=100.0)
    start, end = max(0, math.floor(low / 10) * 10), min(100, math.ceil(high / 10) * 10)
    step = 10 if end - start > 30 else 5
    return _dots(title, description, points, start, max(end, start + 10), range(start, end + 1, step), reference)


def change_dots(title: str, description: str, points: Sequence[Point]) -> Dots:
    """From where each school stood to where it stands, on an axis that has room for both."""
    return index_dots(title, description, points)


def rank_dots(title: str, description: str, points: Sequence[Point], schools: int) -> Dots:
    """Ranks 1–p with their sets; rank 1 stands on the left."""
    step = max(1, math.ceil(schools / 12))
    ticks = [1, *range(step + (step == 1), schools + 1, step)]
    return _dots(title, description, points, 0.5, schools + 0.5, ticks, None)


def _dots(
    title: str, description: str, points: Sequence[Point], start: float, end: float, ticks: Sequence[int],
    reference: float | None,
) -> Dots:  # fmt: skip
    def x(value: float) -> float:
        return round(LABEL + (min(max(value, start), end) - start) / (end - start) * PLOT, 1)

    room = max([VALUE, *(EDGE + LETTER * _width_of(point.text) for point in points)])
    marks = tuple(
        Mark(
            y=HEAD + ROW * (row + 0.5), label=shortened(point.label), x=x(point.value),
            left=x(point.value if point.low is None else point.low),
            right=x(point.value if point.high is None else point.high), value=point.text, tone=point.tone,
            before=None if point.before is None else x(point.before),
        )
        for row, point in enumerate(points)
    )  # fmt: skip
    return Dots(
        title=title, description=description, width=LABEL + PLOT + room, height=HEAD + ROW * len(points) + 8,
        plot_left=LABEL, plot_right=LABEL + PLOT, ticks=tuple(Tick(x(tick), str(tick)) for tick in ticks),
        marks=marks, reference=None if reference is None else x(reference),
    )  # fmt: skip
