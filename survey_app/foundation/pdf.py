"""The one door to the PDF writer, with fonts that know Chinese."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import Align, TextMode
from fpdf.fonts import TTFFont

from .translation import SOURCE_LANGUAGE, fallback_language, language_name

FONTS = Path(__file__).parent / "fonts"
FONT_FAMILY, SERIF_FAMILY = "NotoSansSC", "NotoSerifSC"
A4_WIDTH, A4_HEIGHT = 210.0, 297.0  # mm

QrMatrix = list[list[bool]]


WRAP_BELOW = 0.7  # a line that would be smaller than this share of its size is wrapped instead
MISSING_GLYPH = "□"
SUBSTITUTES = {"−": "–"}


@dataclass(frozen=True, slots=True)
class TextBox:
    """Where text may stand, in mm."""

    x: float
    y: float
    width: float
    height: float = 0.0


class PdfDocument(FPDF):
    """An A4 document; lengths in mm, type sizes in points."""

    def __init__(self, title: str) -> None:
        super().__init__(unit="mm", format="A4")
        self.set_auto_page_break(False)
        self.add_font(FONT_FAMILY, "", FONTS / "NotoSansSC-Regular.ttf")
        self.add_font(FONT_FAMILY, "B", FONTS / "NotoSansSC-Bold.ttf")
        self.set_title(title)
        self.set_margin(0)
        self.c_margin = 0

    def add_serif(self) -> None:
        """The font of official letters, for documents that use it."""
        self.add_font(SERIF_FAMILY, "", FONTS / "NotoSerifSC-Regular.ttf")

    @contextmanager
    def outlined(self, stroke: float) -> Iterator[None]:
        """Text of the block is drawn heavier, by its outlines of this width."""
        with self.local_context(text_mode=TextMode.FILL_STROKE, line_width=stroke):
            yield

    def add_fitted_line(
        self, text: str, y: float, size: float, *, bold: bool = False, grey: int = 0, left: float = 15, lines: int = 1
    ) -> None:
        """A centred line, made smaller until it fits; with ``lines`` above 1 it may wrap, in the height of one."""
        box = TextBox(left, y, A4_WIDTH - 2 * left, size * 0.45)
        self.add_text(text, box, size, bold=bold, grey=grey, lines=lines, min_size=max(7, size * 0.45), align=Align.C)

    def add_text(
        self, text: str, box: TextBox, size: float, *, bold: bool = False, grey: int = 0, lines: int = 1,
        min_size: float = 4.5, align: Align = Align.L,
    ) -> float:  # fmt: skip
        """Text inside a box: smaller until it fits, wrapped into ``lines``, and in the end cut off with "…".

        Returns where the text ends; what the font lacks is a visible box.
        """
        text = mark_missing_glyphs(text)
        style = "B" if bold else ""
        for allowed_lines in range(1, lines + 1):
            lowest_size = max(min_size, size * WRAP_BELOW) if allowed_lines < lines else min_size
            for step in range(round((size - lowest_size) * 4) + 1):
                self.set_font(FONT_FAMILY, style, size - step / 4)
                rows = self._wrap(text, box.width)
                if len(rows) <= allowed_lines:
                    return self._write_rows(rows, box, size - step / 4, grey, align)
        rows = [*rows[: lines - 1], self._clip("".join(rows[lines - 1 :]), box.width)]
        return self._write_rows(rows, box, lowest_size, grey, align)

    def _write_rows(self, rows: list[str], box: TextBox, size: float, grey: int, align: Align) -> float:
        self.set_text_color(grey)
        height = size * 0.42
        top = box.y if len(rows) == 1 else box.y - max(0.0, (len(rows) * height - box.height) / 2) * (align == Align.C)
        for number, row in enumerate(rows):
            self.set_xy(box.x, top + number * height)
            self.cell(box.width, height, row, align=align)
        return top + len(rows) * height

    def _wrap(self, text: str, width: float) -> list[str]:
        """Lines that fit; broken after any character, as Chinese is, but inside a word only if it must be."""
        rows, row = [], ""
        for piece in _pieces(text):
            while piece:
                if self.get_string_width(row + piece) <= width:
                    row, piece = row + piece, ""
                elif row.strip():
                    rows.append(row.rstrip())
                    row, piece = "", piece.lstrip()
                else:
                    kept = self._fitting_start(piece, width)
                    rows.append(piece[:kept])
                    row, piece = "", piece[kept:]
        return [*rows, row.rstrip()] if row.strip() or not rows else rows

    def _fitting_start(self, text: str, width: float) -> int:
        return next((n for n in range(len(text), 1, -1) if self.get_string_width(text[:n]) <= width), 1)

    def _clip(self, text: str, width: float) -> str:
        if self.get_string_width(text) <= width:
            return text
        kept = next((n for n in range(len(text), 0, -1) if self.get_string_width(text[:n] + "…") <= width), 0)
        return text[:kept] + "…"

    def draw_modules(self, matrix: QrMatrix, x: float, y: float, width: float) -> None:
        """A black and white matrix as filled runs, without gaps between modules."""
        size = width / len(matrix)
        self.set_fill_color(0)
        for row, column, length in dark_runs(matrix):
            self.rect(x + column * size, y + row * size, length * size, size, style="F")

    def to_bytes(self) -> bytes:
        """The finished document; its fonts, which are read while it is written, are closed."""
        content = bytes(self.output())
        self.close_fonts()
        return content

    def close_fonts(self) -> None:
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.close()


def _pieces(text: str) -> list[str]:
    """Words with the space behind them, addresses in their parts; Chinese characters one by one."""
    return re.findall(r"[!-.0-\u2e7f]*/|[!-\u2e7f]+ ?|.", text, re.S)


def dark_runs(matrix: QrMatrix) -> Iterable[tuple[int, int, int]]:
    """The black runs of a matrix as (row, first column, length)."""
    for row_index, row in enumerate(matrix):
        start: int | None = None
        for column, is_dark in enumerate([*row, False]):
            if is_dark and start is None:
                start = column
            elif not is_dark and start is not None:
                yield row_index, start, column - start
                start = None


@lru_cache
def character_widths(bold: bool = False) -> Mapping[int, float]:
    """How wide each character is, in parts of the type size; for texts that are laid out before they are written."""
    document = PdfDocument("")
    font = document.fonts[FONT_FAMILY.lower() + ("B" if bold else "")]
    widths = {letter: font.cw[letter] / 1000 for letter in font.cmap} if isinstance(font, TTFFont) else {}
    document.close_fonts()
    return widths


@lru_cache
def _supported_characters() -> frozenset[int]:
    document = PdfDocument("")
    font = document.fonts[FONT_FAMILY.lower()]
    characters = frozenset(font.cmap) if isinstance(font, TTFFont) else frozenset[int]()
    document.close_fonts()
    return characters


def missing_glyphs(text: str) -> str:
    """The characters of a text that the poster font cannot print."""
    return "".join(dict.fromkeys(letter for letter in text if ord(letter) not in _supported_characters()))


def mark_missing_glyphs(text: str) -> str:
    """The text with a visible box for each character that the font cannot print, which would otherwise vanish.

    A minus becomes the dash that looks like it; a letter loses an accent that the font lacks.
    """
    return "".join(letter if ord(letter) in _supported_characters() else _substitute(letter) for letter in text)


def _substitute(letter: str) -> str:
    if unicodedata.combining(letter):
        return ""
    base = SUBSTITUTES.get(letter, unicodedata.normalize("NFD", letter)[0])
    return base if ord(base) in _supported_characters() else MISSING_GLYPH


def printable_language(tag: str) -> str:
    """The language itself if the font has its letters, else the first of its fallbacks of which it has them."""
    tried: list[str] = []
    while tag not in tried:
        if not missing_glyphs(language_name(tag)):
            return tag
        tried.append(tag)
        tag = fallback_language(tag)
    return SOURCE_LANGUAGE
