"""Tables and graphics as slabs: a row is never cut, a heading is repeated on every page."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from .model import Column, Graphic, GraphicRow, Mark, Table, Tone
from .slabs import (
    GREY,
    HEADER_FILL,
    LINE_GREY,
    Box,
    Colour,
    Dot,
    Shape,
    Slab,
    Stroke,
    keep_together,
    line_height,
    text_length,
    text_lines,
    wrapped,
)

TABLE_SIZE, TITLE_SIZE, NOTE_SIZE, TICK_SIZE = 8.5, 10.0, 8.0, 7.0
PADDING, ROW_PADDING = 1.2, 0.7
PLOT_SHARE = 0.3
BAR_HEIGHT = 3.4
TONE_COLOURS: dict[Tone, Colour] = {
    Tone.WORST: "C2571A", Tone.BAD: "F0B48D", Tone.MIDDLE: "D5D9DE", Tone.GOOD: "A3C9EE", Tone.BEST: "1D64AB",
    Tone.INTERVAL: "8FB3D9", Tone.ESTIMATE: "174E86", Tone.BEFORE: "174E86", Tone.REFERENCE: "B04A12",
}  # fmt: skip


def table_slabs(table: Table, left: float, width: float) -> list[Slab]:
    edges = _edges(table.column_shares(), left, width)
    header = _cells_slab([column.heading for column in table.columns], table.columns, edges, bold=True)
    rows = [replace(_cells_slab(row, table.columns, edges), header=header) for row in table.rows]
    return _with_title_and_note(table, header, rows, left, width)


def graphic_slabs(graphic: Graphic, left: float, width: float) -> list[Slab]:
    edges = _edges(graphic.column_shares(PLOT_SHARE), left, width)
    header = _graphic_header(graphic, edges)
    rows = [replace(_graphic_row(graphic, row, edges), header=header) for row in graphic.rows]
    return _with_title_and_note(graphic, header, rows, left, width)


def _with_title_and_note(
    block: Table | Graphic, header: Slab, rows: list[Slab], left: float, width: float
) -> list[Slab]:
    """A note stands below the last row, not alone on the next page."""
    kept = keep_together(rows)
    if block.note and kept:
        kept[-1] = replace(kept[-1], keeps_next=True)
    title = _title_slabs(block.title, left, width)
    return [*title, replace(header, keeps_next=True), *kept, *note_slabs(block.note, left, width)]


def note_slabs(note: str, left: float, width: float) -> list[Slab]:
    if not note:
        return [Slab(2.0, ())]
    lines = wrapped(note, width, NOTE_SIZE)
    height = line_height(NOTE_SIZE) * len(lines)
    return [Slab(height + 3, tuple(text_lines(lines, left, 1, NOTE_SIZE, colour=GREY)))]


def _title_slabs(title: str, left: float, width: float) -> list[Slab]:
    if not title:
        return []
    lines = wrapped(title, width, TITLE_SIZE, True)
    height = line_height(TITLE_SIZE) * len(lines)
    return [Slab(height + 2.2, tuple(text_lines(lines, left, 1.4, TITLE_SIZE, bold=True)), keeps_next=True)]


def _edges(shares: Sequence[float], left: float, width: float) -> list[float]:
    edges = [left]
    for share in shares:
        edges.append(edges[-1] + share * width)
    return edges


def _cells_slab(texts: Sequence[str], columns: Sequence[Column], edges: Sequence[float], bold: bool = False) -> Slab:
    """A row of a table, as high as its highest cell."""
    wrapped_cells = [
        wrapped(text, edges[number + 1] - edges[number] - 2 * PADDING, TABLE_SIZE, bold)
        for number, text in enumerate(texts)
    ]
    height = line_height(TABLE_SIZE) * max(len(lines) for lines in wrapped_cells) + 2 * ROW_PADDING
    shapes: list[Shape] = [Box(edges[0], 0, edges[-1] - edges[0], height, HEADER_FILL)] if bold else []
    for number, lines in enumerate(wrapped_cells):
        shapes += _cell_text(lines, columns[number].is_numeric, edges[number], edges[number + 1], height, bold)
    return Slab(height, (*shapes, _rule(edges, height)))


def _cell_text(
    lines: Sequence[str], is_numeric: bool, start: float, end: float, height: float, bold: bool = False
) -> list[Shape]:
    """Centred in height; figures end at the right edge of their cell."""
    top = (height - line_height(TABLE_SIZE) * len(lines)) / 2
    right = end - PADDING if is_numeric else None
    return list(text_lines(lines, start + PADDING, top, TABLE_SIZE, bold=bold, right=right))


def _rule(edges: Sequence[float], y: float) -> Stroke:
    return Stroke(((edges[0], y), (edges[-1], y)))


def _graphic_header(graphic: Graphic, edges: Sequence[float]) -> Slab:
    """The headings, and below them the legend and the ticks of the axis."""
    slab = _cells_slab([column.heading for column in graphic.columns], graphic.columns, edges, bold=True)
    shapes, height = list(slab.shapes), slab.height
    if graphic.legend:
        items = list(_legend(graphic, edges, height))
        shapes += items
        height = max(height + 4.6, *(_bottom(item) for item in items))
    if graphic.ticks:
        for position, words in graphic.ticks:
            x = _plot_x(position, edges)
            shapes += text_lines([words], 0, height - 0.4, TICK_SIZE, colour=GREY, centre=x)
        height += 3.2
    return Slab(height, (*shapes, _rule(edges, height)))


def _bottom(shape: Shape) -> float:
    return shape.y + 1.8 if not isinstance(shape, Stroke) else max(y for _x, y in shape.points)


def _legend(graphic: Graphic, edges: Sequence[float], top: float) -> Iterator[Shape]:
    x, y = edges[0] + PADDING, top + 0.6
    for tone, words in graphic.legend:
        length = text_length(words, TICK_SIZE)
        if x + 5.2 + length > edges[-1]:
            x, y = edges[0] + PADDING, y + 3.6
        yield from _mark_shapes(Mark(x, x + 3.4, tone), lambda value: value, y, 2.6)
        yield from text_lines([words], x + 4.4, y - 0.3, TICK_SIZE, colour=GREY, spacing=1.3)
        x += 4.4 + length + 4


def _plot_x(position: float, edges: Sequence[float]) -> float:
    inset = 2.0
    return edges[1] + inset + position * (edges[2] - edges[1] - 2 * inset)


def _graphic_row(graphic: Graphic, row: GraphicRow, edges: Sequence[float]) -> Slab:
    label = wrapped(row.label, edges[1] - edges[0] - 2 * PADDING, TABLE_SIZE)
    values = [wrapped(text, edges[number + 3] - edges[number + 2] - 2 * PADDING, TABLE_SIZE)
              for number, text in enumerate(row.values)]  # fmt: skip
    lines = max(len(label), *(len(text) for text in values))
    height = max(line_height(TABLE_SIZE) * lines + ROW_PADDING, BAR_HEIGHT + 1.6)
    shapes: list[Shape] = []
    if graphic.zero is not None:
        x = _plot_x(graphic.zero, edges)
        shapes.append(Stroke(((x, 0), (x, height)), LINE_GREY, 0.25))
    for position, _words in graphic.ticks:
        shapes.append(Stroke(((_plot_x(position, edges), 0), (_plot_x(position, edges), height)), "E3E7EB", 0.15))
    for mark in row.marks:
        shapes += _mark_shapes(mark, lambda value: _plot_x(value, edges), (height - BAR_HEIGHT) / 2, BAR_HEIGHT)
    shapes += _cell_text(label, False, edges[0], edges[1], height)
    for number, text in enumerate(values):
        shapes += _cell_text(text, True, edges[number + 2], edges[number + 3], height)
    return Slab(height, (*shapes, _rule(edges, height)))


def _mark_shapes(mark: Mark, place: Callable[[float], float], top: float, height: float) -> Iterator[Shape]:
    start, end, colour = place(mark.start), place(mark.end), TONE_COLOURS[mark.tone]
    middle = top + height / 2
    if mark.tone is Tone.INTERVAL:
        yield Box(start, middle - 0.6, max(end - start, 0.3), 1.2, colour)
    elif mark.tone is Tone.REFERENCE:
        yield Box((start + end) / 2 - 0.3, top, 0.6, height, colour)
    elif mark.tone in (Tone.ESTIMATE, Tone.BEFORE):
        yield Dot((start + end) / 2, middle, 1.1, colour, is_empty=mark.tone is Tone.BEFORE)
    else:
        yield Box(start, top, end - start, height, colour)
