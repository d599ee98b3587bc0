"""Estimates and answers as graphics: bars around a zero line, intervals with a dot, both with their figures."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from survey_app.foundation.translation import _

from .model import Column, Graphic, GraphicRow, Mark, Tone, diverging_marks, left_of_zero

TICK_STEP = 10


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval, what it is compared with, and the texts beside its picture."""

    label: str
    points: float | None
    low: float | None
    high: float | None
    values: tuple[str, ...]
    reference: float | None = None


@dataclass(frozen=True, slots=True)
class BarRow:
    """The answers to a question, worst first, with the texts beside them; without shares there is no bar."""

    label: str
    shares: tuple[float, ...]
    values: tuple[str, ...]


def interval_graphic(
    title: str, columns: Sequence[Column], estimates: Sequence[Estimate], note: str = "", reference: str = ""
) -> Graphic:
    """Return estimates on one axis of points; ``reference`` says what the tick is, empty without one."""
    known = [value for entry in estimates for value in (entry.points, entry.low, entry.high, entry.reference)
             if value is not None]  # fmt: skip
    start = max(0, math.floor(min(known, default=0) / TICK_STEP) * TICK_STEP)
    end = min(100, max(math.ceil(max(known, default=100) / TICK_STEP) * TICK_STEP, start + TICK_STEP))

    def place(value: float) -> float:
        return (min(max(value, start), end) - start) / (end - start)

    step = TICK_STEP if end - start <= 5 * TICK_STEP else 2 * TICK_STEP
    ticks = tuple((place(value), str(value)) for value in range(start, end + 1, step))
    rows = tuple(
        GraphicRow(entry.label, tuple(_interval_marks(entry, place)), entry.values) for entry in estimates
    )  # fmt: skip
    legend = [(Tone.ESTIMATE, _("得分")), (Tone.INTERVAL, _("95% 区间"))]
    legend += [(Tone.REFERENCE, reference)] if reference else []
    return Graphic(title, tuple(columns), rows, tuple(legend), ticks, note=note)


def _interval_marks(entry: Estimate, place: Callable[[float], float]) -> Iterator[Mark]:
    if entry.low is not None and entry.high is not None:
        yield Mark(place(entry.low), place(entry.high), Tone.INTERVAL)
    if entry.reference is not None:
        yield Mark(place(entry.reference), place(entry.reference), Tone.REFERENCE)
    if entry.points is not None:
        yield Mark(place(entry.points), place(entry.points), Tone.ESTIMATE)


def bar_graphic(title: str, columns: Sequence[Column], rows: Sequence[BarRow], note: str = "") -> Graphic:
    """Return answers as bars around a common zero line."""
    drawn = [row.shares for row in rows if row.shares]
    left = max((left_of_zero(shares) for shares in drawn), default=0.0)
    right = max((1 - left_of_zero(shares) for shares in drawn), default=1.0)
    scale = 1 / max(left + right, 0.01)
    zero = left * scale
    lines = tuple(
        GraphicRow(row.label, diverging_marks(row.shares, zero, scale) if row.shares else (), row.values)
        for row in rows
    )
    words = {
        Tone.WORST: _("最差的选项"), Tone.BAD: _("较差"), Tone.MIDDLE: _("中间"), Tone.GOOD: _("较好"),
        Tone.BEST: _("最好的选项"),
    }  # fmt: skip
    present = {mark.tone for line in lines for mark in line.marks}
    legend = tuple((tone, text) for tone, text in words.items() if tone in present)
    return Graphic(title, tuple(columns), lines, legend, zero=zero if drawn else None, note=note)
