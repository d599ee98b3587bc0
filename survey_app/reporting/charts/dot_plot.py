"""Pictures as positions: what the SVG macros draw. Templates compute nothing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

LABEL_WIDTH, PLOT_WIDTH, VALUE_WIDTH = (
    190.0,
    420.0,
    110.0,
)  # widths: names on the left, the picture, figures on the right
EDGE_WIDTH, CHARACTER_WIDTH = 24.0, 13.5  # beside the figures, and the width of a Chinese character
ROW_HEIGHT, HEADER_HEIGHT = 24.0, 26.0
ROWS_PER_BLOCK = 20  # at its largest a block is 650 px high, less than a landscape page


def _height(rows: int) -> float:
    return HEADER_HEIGHT + ROW_HEIGHT * rows + 8


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True, slots=True)
class DotPlotRow:
    """One row: a dot with its interval, and where it stood ``before``. ``tone`` names a class of the style sheet."""

    y: float
    label: str
    x: float
    left: float
    right: float
    value: str
    css_class: str
    before: float | None = None


@dataclass(frozen=True, slots=True)
class DotPlot:
    """A dot plot with intervals; the axis need not begin at 0, so there are no bars."""

    title: str
    description: str
    width: float
    height: float
    plot_left: float
    plot_right: float
    ticks: tuple[Tick, ...]
    rows: tuple[DotPlotRow, ...]
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

    def blocks(self, size: int = ROWS_PER_BLOCK) -> tuple["DotPlot", ...]:
        """The plot in pieces that fit on a printed page, all on the same axis; itself where it is short."""
        if len(self.rows) <= size:
            return (self,)
        count = math.ceil(len(self.rows) / size)
        pieces = []
        for number in range(count):
            rows = self.rows[number * size : (number + 1) * size]
            lifted = tuple(replace(row, y=row.y - number * size * ROW_HEIGHT) for row in rows)
            title = f"{self.title} · {number + 1}/{count}"  # in any language
            pieces.append(replace(self, title=title, rows=lifted, height=_height(len(rows))))
        return tuple(pieces)


@dataclass(frozen=True, slots=True)
class IntervalDatum:
    """What is to be drawn: an estimate with its interval, in the units of the axis."""

    label: str
    value: float
    low: float | None
    high: float | None
    text: str
    css_class: str = ""
    before: float | None = None


def shorten(label: str, limit: int = 13) -> str:
    """A label that fits beside the picture, cut in the middle: names begin alike, branches differ at the end.

    The table below has the whole name.
    """
    if _text_width(label) <= limit:
        return label
    tail = label[-1:]
    while _text_width(label[-len(tail) - 1 :]) <= limit / 2 - 1:
        tail = label[-len(tail) - 1 :]
    head = ""
    while _text_width(head + label[len(head)] + "…" + tail) <= limit:
        head += label[len(head)]
    return f"{head}…{tail}"


def _text_width(text: str) -> float:
    """In Chinese characters."""
    return sum(1.0 if ord(letter) > 255 else 0.55 for letter in text)


def index_dot_plot(
    title: str, description: str, data: Sequence[IntervalDatum], reference: float | None = None
) -> DotPlot:
    """Points 0–100 on an axis that begins at the ten below the lowest limit."""
    low = min((datum.value if datum.low is None else datum.low for datum in data), default=0.0)
    high = max((datum.value if datum.high is None else datum.high for datum in data), default=100.0)
    start, end = max(0, math.floor(low / 10) * 10), min(100, math.ceil(high / 10) * 10)
    step = 10 if end - start > 30 else 5
    return _dot_plot(title, description, data, start, max(end, start + 10), range(start, end + 1, step), reference)


def change_dot_plot(title: str, description: str, data: Sequence[IntervalDatum]) -> DotPlot:
    """From where each school stood to where it stands, on an axis that has room for both."""
    return index_dot_plot(title, description, data)


def rank_dot_plot(title: str, description: str, data: Sequence[IntervalDatum], schools: int) -> DotPlot:
    """Ranks 1–p with their sets; rank 1 stands on the left."""
    step = max(1, math.ceil(schools / 12))
    ticks = [1, *range(step + (step == 1), schools + 1, step)]
    return _dot_plot(title, description, data, 0.5, schools + 0.5, ticks, None)


def _dot_plot(
    title: str, description: str, data: Sequence[IntervalDatum], start: float, end: float, ticks: Sequence[int],
    reference: float | None,
) -> DotPlot:  # fmt: skip
    def x(value: float) -> float:
        return round(LABEL_WIDTH + (min(max(value, start), end) - start) / (end - start) * PLOT_WIDTH, 1)

    right_width = max([VALUE_WIDTH, *(EDGE_WIDTH + CHARACTER_WIDTH * _text_width(datum.text) for datum in data)])
    rows = tuple(
        DotPlotRow(
            y=HEADER_HEIGHT + ROW_HEIGHT * (row + 0.5), label=shorten(datum.label), x=x(datum.value),
            left=x(datum.value if datum.low is None else datum.low),
            right=x(datum.value if datum.high is None else datum.high), value=datum.text, css_class=datum.css_class,
            before=None if datum.before is None else x(datum.before),
        )
        for row, datum in enumerate(data)
    )  # fmt: skip
    return DotPlot(
        title=title,
        description=description,
        width=LABEL_WIDTH + PLOT_WIDTH + right_width,
        height=_height(len(data)),
        plot_left=LABEL_WIDTH,
        plot_right=LABEL_WIDTH + PLOT_WIDTH,
        ticks=tuple(Tick(x(tick), str(tick)) for tick in ticks),
        rows=rows,
        reference=None if reference is None else x(reference),
    )
