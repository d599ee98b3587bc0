"""Pictures with two axes and stacked bars, as positions. Templates compute nothing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .dot_plot import LABEL, PLOT, ROW, VALUE, Tick, shortened

WIDTH, HEIGHT = LABEL + PLOT + VALUE, 380.0
BAR_LABEL, BAR_PLOT = 260.0, 380.0  # questions are longer than names of schools
LEFT, RIGHT, TOP, BOTTOM = 58.0, 24.0, 16.0, 46.0
LINE_HEIGHT = 15.0  # between labels, so that they do not lie on each other


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a stacked bar; ``label`` is empty where it would not fit."""

    x: int
    width: int
    middle: int
    tone: str
    label: str


@dataclass(frozen=True, slots=True)
class LikertRow:
    top: int
    label: str
    segments: tuple[Segment, ...]
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
class Answers:
    """One item: shares (0–1) of its options, least favourable first, and the text on the right."""

    label: str
    shares: tuple[float, ...]
    text: str


def likert_tones(options: int) -> tuple[str, ...]:
    """Classes of the style sheet by option, least favourable first; an odd number has a middle."""
    half = options // 2
    low = tuple("likert-0" if at == 0 else "likert-1" for at in range(half))
    high = tuple("likert-4" if at == half - 1 else "likert-3" for at in range(half))
    return (*low, *(("likert-2",) if options % 2 else ()), *high)


def likert(title: str, description: str, answers: Sequence[Answers], options: Sequence[str]) -> Likert:
    """One bar an item; ``options`` are the words of the options, least favourable first, for the legend."""
    left = max((_left_share(item.shares) for item in answers), default=0.0)
    right = max((1 - _left_share(item.shares) for item in answers), default=1.0)
    scale = BAR_PLOT / max(left + right, 0.01)
    zero = BAR_LABEL + left * scale
    rows = tuple(
        LikertRow(
            top=round(14 + ROW * row + 3), label=shortened(item.label, 18),
            segments=tuple(_segments(item.shares, zero, scale)), value=item.text,
        )
        for row, item in enumerate(answers)
    )  # fmt: skip
    height = 14 + ROW * len(answers) + 8
    return Likert(
        title=title, description=description, width=WIDTH, height=height, zero=round(zero), label_x=BAR_LABEL - 12,
        value_x=BAR_LABEL + BAR_PLOT + 12, bottom=height - 4, rows=rows,
        legend=tuple(zip(likert_tones(len(options)), options, strict=True)),
    )  # fmt: skip


def _left_share(shares: Sequence[float]) -> float:
    half = len(shares) // 2
    return sum(shares[:half]) + (shares[half] / 2 if len(shares) % 2 else 0.0)


def _segments(shares: Sequence[float], zero: float, scale: float) -> list[Segment]:
    found, x = [], zero - _left_share(shares) * scale
    for share, tone in zip(shares, likert_tones(len(shares)), strict=True):
        width = share * scale
        label = f"{share * 100:.0f}" if width >= 24 else ""
        if width > 0:
            found.append(Segment(round(x), round(x + width) - round(x), round(x + width / 2), tone, label))
        x += width
    return found


@dataclass(frozen=True, slots=True)
class Spot:
    """A dot with an optional label; ``tone`` names a class of the style sheet."""

    x: float
    y: float
    tone: str
    label: str = ""
    label_x: float = 0.0
    label_y: float = 0.0
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Curve:
    path: str
    tone: str


@dataclass(frozen=True, slots=True)
class Scatter:
    """Dots on two axes, with curves behind them."""

    title: str
    description: str
    x_name: str
    y_name: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    curves: tuple[Curve, ...]
    spots: tuple[Spot, ...]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = TOP
    bottom: float = HEIGHT - BOTTOM


@dataclass(frozen=True, slots=True)
class Dot:
    """What is to be drawn, in the units of the axes."""

    x: float
    y: float
    label: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class _Axis:
    start: float
    end: float
    step: float
    low: float  # where ``start`` lies on the picture
    high: float

    def at(self, value: float) -> float:
        place = (min(max(value, self.start), self.end) - self.start) / (self.end - self.start)
        return round(self.low + place * (self.high - self.low), 1)

    def ticks(self) -> tuple[Tick, ...]:
        count = round((self.end - self.start) / self.step)
        return tuple(
            Tick(self.at(v), f"{v:g}") for v in (round(self.start + n * self.step, 6) for n in range(count + 1))
        )


def _axis(low: float, high: float, place: tuple[float, float]) -> _Axis:
    """An axis with round ticks, about six of them."""
    rough = max(high - low, 0.1) / 6
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    start = math.floor(low / step) * step
    end = max(math.ceil(high / step) * step, start + step)
    return _Axis(start, end, step, *place)


def funnel_plot(
    title: str, description: str, names: tuple[str, str], dots: Sequence[Dot], mean: float, tau2: float,
    limits: Sequence[tuple[float, str]],
) -> Scatter:  # fmt: skip
    """Schools by standard error (x) and index (y) around the mean; ``limits``: z and the class of its two curves."""
    widest = max(dot.x for dot in dots) * 1.06
    reach = max(z for z, _ in limits) * math.sqrt(widest**2 + tau2)
    low = max(0.0, min([mean - reach, *(dot.y for dot in dots)]))
    high = min(100.0, max([mean + reach, *(dot.y for dot in dots)]))
    x, y = _axis(0.0, widest, (LEFT, WIDTH - RIGHT)), _axis(low, high, (HEIGHT - BOTTOM, TOP))
    steps = [x.end * step / 40 for step in range(41)]
    curves = [_curve([(x.at(0), y.at(mean)), (x.at(x.end), y.at(mean))], "centre")]
    for z, tone in limits:
        for side in (-z, z):
            heights = [(se, mean + side * math.sqrt(se**2 + tau2)) for se in steps]
            curves.append(_curve([(x.at(se), y.at(v)) for se, v in heights if y.start <= v <= y.end], tone))
    return Scatter(title, description, *names, x.ticks(), y.ticks(), tuple(curves), _spots(dots, x, y))


def quadrant(
    title: str, description: str, names: tuple[str, str], dots: Sequence[Dot], centre: tuple[float, float]
) -> Scatter:
    """Dots in four fields divided at ``centre``."""
    xs, ys = [*(dot.x for dot in dots), centre[0]], [*(dot.y for dot in dots), centre[1]]
    x = _axis(min(xs) - _room(xs), max(xs) + _room(xs), (LEFT, WIDTH - RIGHT))
    y = _axis(max(0.0, min(ys) - _room(ys)), max(ys) + _room(ys), (HEIGHT - BOTTOM, TOP))
    across = _curve([(x.at(centre[0]), TOP), (x.at(centre[0]), HEIGHT - BOTTOM)], "centre")
    along = _curve([(LEFT, y.at(centre[1])), (WIDTH - RIGHT, y.at(centre[1]))], "centre")
    return Scatter(title, description, *names, x.ticks(), y.ticks(), (across, along), _spots(dots, x, y))


def _room(values: Sequence[float]) -> float:
    return max(max(values) - min(values), 1.0) * 0.12


def _curve(points: Sequence[tuple[float, float]], tone: str) -> Curve:
    return Curve("M" + "L".join(f"{x:g} {y:g}" for x, y in points) if points else "", tone)


def _spots(dots: Sequence[Dot], x: _Axis, y: _Axis) -> tuple[Spot, ...]:
    """Labels stand beside their dot, on the side with room, and move apart where they would meet."""
    taken: list[tuple[float, float, float]] = []
    found = []
    for dot in sorted(dots, key=lambda dot: (y.at(dot.y), x.at(dot.x))):
        at, height = x.at(dot.x), y.at(dot.y)
        label = shortened(dot.label, 12)
        wide = sum(13.0 if ord(letter) > 255 else 7.5 for letter in label)
        is_left = at + 9 + wide > WIDTH - 4
        start = at - 9 - wide if is_left else at + 9
        line = height + 4.5
        while label and any(abs(line - other) < LINE_HEIGHT and start < end and begin < start + wide
                            for begin, end, other in taken):  # fmt: skip
            line += 1.0
        if label:
            taken.append((start, start + wide, line))
        found.append(Spot(at, height, dot.tone, label, at - 9 if is_left else at + 9, round(line, 1),
                          "end" if is_left else "start"))  # fmt: skip
    return tuple(found)
