"""Pictures with two axes, as positions. Templates compute nothing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .dot_plot import LABEL_WIDTH, PLOT_WIDTH, VALUE_WIDTH, Tick, shorten

WIDTH, HEIGHT = LABEL_WIDTH + PLOT_WIDTH + VALUE_WIDTH, 380.0
LEFT, RIGHT, TOP, BOTTOM = 58.0, 24.0, 16.0, 46.0
LINE_HEIGHT = 15.0  # between labels, so that they do not lie on each other


@dataclass(frozen=True, slots=True)
class ScatterDot:
    """A dot with an optional label; ``tone`` names a class of the style sheet."""

    x: float
    y: float
    css_class: str
    label: str = ""
    label_x: float = 0.0
    label_y: float = 0.0
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Curve:
    path: str
    css_class: str


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
    dots: tuple[ScatterDot, ...]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = TOP
    bottom: float = HEIGHT - BOTTOM


@dataclass(frozen=True, slots=True)
class ScatterDatum:
    """What is to be drawn, in the units of the axes."""

    x: float
    y: float
    label: str = ""
    css_class: str = ""


@dataclass(frozen=True, slots=True)
class _Axis:
    start: float
    end: float
    step: float
    start_position: float  # where ``start`` lies on the picture
    end_position: float

    def position(self, value: float) -> float:
        fraction = (min(max(value, self.start), self.end) - self.start) / (self.end - self.start)
        return round(self.start_position + fraction * (self.end_position - self.start_position), 1)

    def ticks(self) -> tuple[Tick, ...]:
        count = round((self.end - self.start) / self.step)
        return tuple(
            Tick(self.position(v), f"{v:g}") for v in (round(self.start + n * self.step, 6) for n in range(count + 1))
        )


def _axis(low: float, high: float, extent: tuple[float, float]) -> _Axis:
    """An axis with round ticks, about six of them."""
    raw_step = max(high - low, 0.1) / 6
    power = 10 ** math.floor(math.log10(raw_step))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw_step)
    start = math.floor(low / step) * step
    end = max(math.ceil(high / step) * step, start + step)
    return _Axis(start, end, step, *extent)


def funnel_plot(
    title: str, description: str, names: tuple[str, str], data: Sequence[ScatterDatum], mean: float, tau2: float,
    limits: Sequence[tuple[float, str]],
) -> Scatter:  # fmt: skip
    """Schools by standard error (x) and index (y) around the mean; ``limits``: z and the class of its two curves."""
    max_error = max(datum.x for datum in data) * 1.06
    max_distance = max(z for z, _ in limits) * math.sqrt(max_error**2 + tau2)
    low = max(0.0, min([mean - max_distance, *(datum.y for datum in data)]))
    high = min(100.0, max([mean + max_distance, *(datum.y for datum in data)]))
    x, y = _axis(0.0, max_error, (LEFT, WIDTH - RIGHT)), _axis(low, high, (HEIGHT - BOTTOM, TOP))
    steps = [x.end * step / 40 for step in range(41)]
    curves = [_curve([(x.position(0), y.position(mean)), (x.position(x.end), y.position(mean))], "centre")]
    for z, css_class in limits:
        for side in (-z, z):
            heights = [(se, mean + side * math.sqrt(se**2 + tau2)) for se in steps]
            curves.append(
                _curve([(x.position(se), y.position(v)) for se, v in heights if y.start <= v <= y.end], css_class)
            )
    return Scatter(title, description, *names, x.ticks(), y.ticks(), tuple(curves), _place_labels(data, x, y))


def quadrant(
    title: str, description: str, names: tuple[str, str], data: Sequence[ScatterDatum], centre: tuple[float, float]
) -> Scatter:
    """Dots in four fields divided at ``centre``."""
    xs, ys = [*(datum.x for datum in data), centre[0]], [*(datum.y for datum in data), centre[1]]
    x = _axis(min(xs) - _padding(xs), max(xs) + _padding(xs), (LEFT, WIDTH - RIGHT))
    y = _axis(max(0.0, min(ys) - _padding(ys)), max(ys) + _padding(ys), (HEIGHT - BOTTOM, TOP))
    vertical = _curve([(x.position(centre[0]), TOP), (x.position(centre[0]), HEIGHT - BOTTOM)], "centre")
    horizontal = _curve([(LEFT, y.position(centre[1])), (WIDTH - RIGHT, y.position(centre[1]))], "centre")
    return Scatter(title, description, *names, x.ticks(), y.ticks(), (vertical, horizontal), _place_labels(data, x, y))


def _padding(values: Sequence[float]) -> float:
    return max(max(values) - min(values), 1.0) * 0.12


def _curve(points: Sequence[tuple[float, float]], css_class: str) -> Curve:
    return Curve("M" + "L".join(f"{x:g} {y:g}" for x, y in points) if points else "", css_class)


def _place_labels(data: Sequence[ScatterDatum], x: _Axis, y: _Axis) -> tuple[ScatterDot, ...]:
    """Labels stand beside their dot, on the side with room, and move apart where they would meet."""
    occupied: list[tuple[float, float, float]] = []
    placed_dots = []
    for datum in sorted(data, key=lambda datum: (y.position(datum.y), x.position(datum.x))):
        dot_x, dot_y = x.position(datum.x), y.position(datum.y)
        label = shorten(datum.label, 12)
        label_width = sum(13.0 if ord(letter) > 255 else 7.5 for letter in label)
        is_left = dot_x + 9 + label_width > WIDTH - 4
        start = dot_x - 9 - label_width if is_left else dot_x + 9
        label_y = dot_y + 4.5
        while label and any(abs(label_y - other) < LINE_HEIGHT and start < end and begin < start + label_width
                            for begin, end, other in occupied):  # fmt: skip
            label_y += 1.0
        if label:
            occupied.append((start, start + label_width, label_y))
        placed_dots.append(
            ScatterDot(
                dot_x,
                dot_y,
                datum.css_class,
                label,
                dot_x - 9 if is_left else dot_x + 9,
                round(label_y, 1),
                "end" if is_left else "start",
            )
        )
    return tuple(placed_dots)
