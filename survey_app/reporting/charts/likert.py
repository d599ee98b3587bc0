"""Stacked bars around a zero line, as positions. Templates compute nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from .dot_plot import LABEL_WIDTH, PLOT_WIDTH, ROW_HEIGHT, VALUE_WIDTH, shorten

WIDTH = LABEL_WIDTH + PLOT_WIDTH + VALUE_WIDTH
BAR_LABEL, BAR_PLOT = 260.0, 380.0  # questions are longer than names of schools


@dataclass(frozen=True, slots=True)
class LikertSegment:
    """A part of a stacked bar; ``label`` is empty where it would not fit."""

    x: int
    width: int
    middle: int
    css_class: str
    label: str


@dataclass(frozen=True, slots=True)
class LikertRow:
    top: int
    label: str
    segments: tuple[LikertSegment, ...]
    value: str


@dataclass(frozen=True, slots=True)
class Likert:
    """Stacked bars around a zero line: dissatisfied to the left, satisfied to the right."""

    title: str
    description: str
    width: float
    height: float
    zero: float
    label_x: float
    value_x: float
    bottom: float
    rows: tuple[LikertRow, ...]
    legend: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LikertDatum:
    """One item: shares (0–1) of its options, least favourable first, and the text on the right."""

    label: str
    shares: tuple[float, ...]
    text: str


def likert_classes(options: int) -> tuple[str, ...]:
    """Classes of the style sheet by option, least favourable first; an odd number has a middle."""
    half = options // 2
    low = tuple("likert-0" if option == 0 else "likert-1" for option in range(half))
    high = tuple("likert-4" if option == half - 1 else "likert-3" for option in range(half))
    return (*low, *(("likert-2",) if options % 2 else ()), *high)


def likert(title: str, description: str, data: Sequence[LikertDatum], options: Sequence[str]) -> Likert:
    """One bar an item; ``options`` are the words of the options, least favourable first, for the legend."""
    left = max((_left_share(item.shares) for item in data), default=0.0)
    right = max((1 - _left_share(item.shares) for item in data), default=1.0)
    scale = BAR_PLOT / max(left + right, 0.01)
    zero = BAR_LABEL + left * scale
    rows = tuple(
        LikertRow(
            top=round(14 + ROW_HEIGHT * row + 3), label=shorten(item.label, 18),
            segments=tuple(_segments(item.shares, zero, scale)), value=item.text,
        )
        for row, item in enumerate(data)
    )  # fmt: skip
    height = 14 + ROW_HEIGHT * len(data) + 8
    return Likert(
        title=title, description=description, width=WIDTH, height=height, zero=round(zero), label_x=BAR_LABEL - 12,
        value_x=BAR_LABEL + BAR_PLOT + 12, bottom=height - 4, rows=rows,
        legend=tuple(zip(likert_classes(len(options)), options, strict=True)),
    )  # fmt: skip


def _left_share(shares: Sequence[float]) -> float:
    half = len(shares) // 2
    return sum(shares[:half]) + (shares[half] / 2 if len(shares) % 2 else 0.0)


def _segments(shares: Sequence[float], zero: float, scale: float) -> list[LikertSegment]:
    segments, x = [], zero - _left_share(shares) * scale
    for share, css_class in zip(shares, likert_classes(len(shares)), strict=True):
        width = share * scale
        label = f"{share * 100:.0f}" if width >= 24 else ""
        if width > 0:
            segments.append(
                LikertSegment(round(x), round(x + width) - round(x), round(x + width / 2), css_class, label)
            )
        x += width
    return segments
