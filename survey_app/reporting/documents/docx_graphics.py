"""Graphics in Word: the line of a row is a strip of narrow cells, shaded where a mark is."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from survey_app.foundation.docx_markup import CellLook, cell, row, run, table
from survey_app.foundation.docx_package import text_width

from .model import Graphic, GraphicRow, Mark, Tone
from .slabs import HEADER_FILL
from .table_layout import PLOT_SHARE, TONE_COLOURS

UNITS = 50  # cells of a strip; Word has at most 63 columns in a table
WHITE_EDGES = '<w:top w:val="single" w:sz="18" w:space="0" w:color="FFFFFF"/>' + (
    '<w:bottom w:val="single" w:sz="18" w:space="0" w:color="FFFFFF"/>'
)
LEGEND_SIGNS = {Tone.ESTIMATE: "●", Tone.INTERVAL: "▬", Tone.BEFORE: "○", Tone.REFERENCE: "▎"}
POINTS = (Tone.ESTIMATE, Tone.BEFORE, Tone.REFERENCE)


def graphic_markup(graphic: Graphic) -> str:
    label, plot, *values = (round(share * text_width()) for share in graphic.column_shares(PLOT_SHARE))
    unit = plot // UNITS
    writer = _GraphicRows(graphic, label, unit, values)
    count = len(graphic.rows)
    rows = [
        writer.row(line, number == 0 < count - 1 or number == count - 2 or (bool(graphic.note) and number == count - 1))
        for number, line in enumerate(graphic.rows)
    ]
    return table([*writer.heading(), *rows], [label, *[unit] * UNITS, *values], "Ruled")


class _GraphicRows:
    """Rows of one graphic: a name, a strip, figures."""

    def __init__(self, graphic: Graphic, label: int, unit: int, values: Sequence[int]) -> None:
        self.graphic, self.label, self.unit, self.values = graphic, label, unit, values

    def heading(self) -> Iterator[str]:
        """The names of the columns, the legend, and the ticks; all of them are repeated on every page."""
        name, plot, *figures = self.graphic.columns
        head = CellLook(fill=HEADER_FILL, style="CellHead", keeps_next=True)
        cells = [cell(run(name.heading), self.label, head)]
        plot_look = CellLook(UNITS, HEADER_FILL, style="CellHead", keeps_next=True)
        cells.append(cell(run(plot.heading), self.unit * UNITS, plot_look))
        for column, width in zip(figures, self.values, strict=True):
            look = CellLook(fill=HEADER_FILL, style="CellHead", keeps_next=True, align="right")
            cells.append(cell(run(column.heading), width, look))
        yield row(cells, is_heading=True)
        if self.graphic.legend:
            span = 1 + UNITS + len(self.values)
            width = self.label + self.unit * UNITS + sum(self.values)
            words = "".join(self._legend())
            yield row([cell(words, width, CellLook(span, style="Small", keeps_next=True))], is_heading=True)
        if self.graphic.ticks:
            yield row(list(self._ticks()), is_heading=True)

    def _legend(self) -> Iterator[str]:
        for tone, words in self.graphic.legend:
            yield run(f"{LEGEND_SIGNS.get(tone, '■')} ", colour=TONE_COLOURS[tone]) + run(f"{words}　")

    def _ticks(self) -> Iterator[str]:
        """Each number in a cell around its position."""
        small = CellLook(style="Small", keeps_next=True)
        yield cell("", self.label, small)
        positions = [position for position, _words in self.graphic.ticks]
        middles = [round((one + other) / 2 * UNITS) for one, other in pairwise(positions)]
        edges = [0, *middles, UNITS]
        for number, (_position, words) in enumerate(self.graphic.ticks):
            span = edges[number + 1] - edges[number]
            align = "left" if number == 0 else "right" if number == len(positions) - 1 else "center"
            yield cell(run(words), span * self.unit, CellLook(span, style="Small", align=align, keeps_next=True))
        for width in self.values:
            yield cell("", width, small)

    def row(self, line: GraphicRow, keeps_next: bool) -> str:
        cells = [cell(run(line.label), self.label, CellLook(keeps_next=keeps_next))]
        for fill, span in strip(line.marks):
            look = CellLook(span, fill, style="Small", keeps_next=keeps_next, edges=WHITE_EDGES)
            cells.append(cell("", span * self.unit, look))
        for text, width in zip(line.values, self.values, strict=True):
            cells.append(cell(run(text), width, CellLook(align="right", keeps_next=keeps_next)))
        return row(cells)


def strip(marks: Sequence[Mark]) -> list[tuple[str, int]]:
    """Return the colours along a line with how many cells each has; empty where nothing is drawn."""
    colours = [""] * UNITS
    for mark in marks:
        start, end = round(mark.start * UNITS), round(mark.end * UNITS)
        if mark.tone in POINTS or end <= start:
            start = min(start, UNITS - 1)
            end = start + 1 if mark.tone in POINTS or mark.tone is Tone.INTERVAL else end
        for place in range(start, end):
            colours[place] = TONE_COLOURS[mark.tone]
    return [(colour, len(list(cells))) for colour, cells in groupby(colours)]
