"""A document as a value: words, tables and bars that are formatted already. Writers compute no figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TypeAlias

from ..charts.scatter import Scatter
from ..charts.strip import Strip

MIN_COLUMN_WIDTH, MAX_COLUMN_WIDTH = 4.0, 22.0  # in Chinese characters
SHORT_HEADING, HEADING_LINES = 5.5, 2  # what is longer is broken into so many lines
MIN_PLOT_SHARE = 0.14  # of the width of a graphic
BOLD = 1.1  # by how much bold Latin letters are wider
WIDE_SIGNS = frozenset("%MWm@")
LINE_WIDTH = 56.0  # characters of a table across an A4 page


class ParagraphStyle(Enum):
    """What a paragraph is: something to know first, plain text, one of a list, or small print."""

    LEAD = "lead"
    BODY = "body"
    POINT = "point"
    NOTE = "note"


class Tone(Enum):
    """How a mark of a graphic looks: a shade from bad to good, or a part of an estimate."""

    WORST = "worst"
    BAD = "bad"
    MIDDLE = "middle"
    GOOD = "good"
    BEST = "best"
    INTERVAL = "interval"
    ESTIMATE = "estimate"
    BEFORE = "before"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    style: ParagraphStyle = ParagraphStyle.BODY


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; numbers stand to the right."""

    heading: str
    is_numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``note`` stands below it in small print."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def column_shares(self, room: float = LINE_WIDTH) -> tuple[float, ...]:
        """Return the part of the width of each column. Figures have the room they need; words share the rest.

        Words are broken into lines, figures never are.
        """
        least, natural = self.least_widths(), self._natural_widths()
        words = [number for number, column in enumerate(self.columns) if not column.is_numeric]
        spare = room - sum(
            natural if column.is_numeric else 0.0 for column, natural in zip(self.columns, least, strict=True)
        )
        needed = sum(natural[number] for number in words)
        widths = list(least)
        for number in words:
            widths[number] = max(least[number], natural[number] * spare / needed)
        return tuple(width / sum(widths) for width in widths)

    def least_widths(self) -> tuple[float, ...]:
        """Return the width below which a column would tear a figure or a word, in characters."""
        return tuple(self._least_width(number) for number in range(len(self.columns)))

    def _least_width(self, number: int) -> float:
        column = self.columns[number]
        heading = text_width(column.heading) / (1 if text_width(column.heading) <= SHORT_HEADING else HEADING_LINES)
        texts = [row[number] for row in self.rows]
        figures = [text_width(text) for text in texts] if column.is_numeric else []
        words = [text_width(word) for text in (column.heading, *texts) for word in text.split() if word.isascii()]
        return max([heading * BOLD, *figures, *(width * BOLD for width in words), MIN_COLUMN_WIDTH - 1]) + 1

    def _natural_widths(self) -> tuple[float, ...]:
        """Return the widths of the longest texts, within limits."""
        longest = (max([text_width(column.heading), *(text_width(row[number]) for row in self.rows)]) + 1
                   for number, column in enumerate(self.columns))  # fmt: skip
        return tuple(min(MAX_COLUMN_WIDTH, max(MIN_COLUMN_WIDTH, width)) for width in longest)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on the line of a graphic, from ``start`` to ``end`` in parts (0–1) of its width."""

    start: float
    end: float
    tone: Tone


@dataclass(frozen=True, slots=True)
class GraphicRow:
    """A line of a graphic: its name, its marks, and the figures that they are drawn of."""

    label: str
    marks: tuple[Mark, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Graphic:
    """A table with a picture in each row. ``ticks`` are positions (0–1) with their words, ``zero`` a line through all.

    ``columns``: the heading of the names, that of the picture, then those of the figures.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[GraphicRow, ...]
    legend: tuple[tuple[Tone, str], ...] = ()
    ticks: tuple[tuple[float, str], ...] = ()
    zero: float | None = None
    note: str = ""

    def column_shares(self, plot: float) -> tuple[float, ...]:
        """Return the parts of the width where the picture has ``plot`` of it, or less where the texts need more."""
        names, _plot, *figures = self.columns
        beside = Table("", (names, *figures), tuple((row.label, *row.values) for row in self.rows))
        needed = sum(beside.least_widths()) / LINE_WIDTH
        share = max(MIN_PLOT_SHARE, min(plot, 1 - needed))
        label, *values = (part * (1 - share) for part in beside.column_shares(LINE_WIDTH * (1 - share)))
        return (label, share, *values)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing whose figures stand in a table beside it; formats that cannot draw leave it out."""

    title: str
    drawing: Scatter | Strip
    note: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to be signed on paper."""

    words: tuple[str, ...]


Block: TypeAlias = Heading | Paragraph | Table | Graphic | Picture | Signatures


@dataclass(frozen=True, slots=True)
class Document:
    """``footer`` stands on every page beside its number; ``made_of`` is the day of what it reports, never of today.

    ``most_pages``: it is printed smaller where it would be longer.
    """

    title: str
    subtitle: str
    office: str
    language: str
    footer: str
    made_of: datetime
    blocks: tuple[Block, ...]
    most_pages: int | None = None


def text_width(text: str) -> float:
    """The width in Chinese characters."""
    return sum(
        1.0 if ord(letter) > 0x2E7F or letter in "“”‘’—…" else 0.9 if letter in WIDE_SIGNS else 0.57 for letter in text
    )


def diverging_marks(shares: Sequence[float], zero: float, scale: float) -> tuple[Mark, ...]:
    """Return shares (0–1, worst first) as parts of one bar whose middle lies at ``zero``."""
    marks, start = [], zero - left_of_zero(shares) * scale
    for share, tone in zip(shares, shades(len(shares)), strict=True):
        end = start + share * scale
        if share > 0:
            marks.append(Mark(start, end, tone))
        start = end
    return tuple(marks)


def left_of_zero(shares: Sequence[float]) -> float:
    """The share of the answers below the middle, with half of those in it."""
    half = len(shares) // 2
    return sum(shares[:half]) + (shares[half] / 2 if len(shares) % 2 else 0.0)


def shades(options: int) -> tuple[Tone, ...]:
    """The shade of each option, worst first; an odd number has a middle."""
    half = options // 2
    low = tuple(Tone.WORST if option == 0 else Tone.BAD for option in range(half))
    high = tuple(Tone.BEST if option == half - 1 else Tone.GOOD for option in range(half))
    return (*low, *((Tone.MIDDLE,) if options % 2 else ()), *high)
