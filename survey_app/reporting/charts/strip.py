"""All schools of a category beside each other: a dot and its interval each, as positions. Templates compute nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from .dot_plot import IntervalDatum

WIDTH, HEIGHT = 720.0, 110.0
LEFT, RIGHT, TOP, BOTTOM = 40.0, 710.0, 10.0, 96.0
WIDEST_STEP = 24.0


@dataclass(frozen=True, slots=True)
class StripMark:
    """One school: ``label`` is read when it is pointed at, and stands in the table of its category."""

    x: float
    y: float
    top: float
    bottom: float
    label: str
    css_class: str


@dataclass(frozen=True, slots=True)
class Strip:
    title: str
    description: str
    marks: tuple[StripMark, ...]
    ticks: tuple[tuple[float, str], ...]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = RIGHT


def strip(title: str, description: str, data: Sequence[IntervalDatum]) -> Strip:
    """Return the schools from left to right in the order given; the axis spans all intervals."""
    lows = [datum.value if datum.low is None else datum.low for datum in data]
    highs = [datum.value if datum.high is None else datum.high for datum in data]
    low, high = min(lows), max(highs)
    span = max(high - low, 1.0)

    def position(value: float) -> float:
        return round(BOTTOM - (value - low) / span * (BOTTOM - TOP), 1)

    step = min(WIDEST_STEP, (RIGHT - LEFT) / len(data))
    marks = tuple(
        StripMark(
            round(LEFT + step * (number + 0.5), 1), position(datum.value), position(end), position(start),
            f"{datum.label} {datum.text}", datum.css_class,
        )
        for number, (datum, start, end) in enumerate(zip(data, lows, highs, strict=True))
    )  # fmt: skip
    ticks = tuple((position(value), f"{value:.0f}") for value in (low, low + span))
    return Strip(title, description, marks, ticks)
