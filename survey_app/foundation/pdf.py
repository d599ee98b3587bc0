"""The one door to the PDF writer, with fonts that know Chinese."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import Align, WrapMode
from fpdf.fonts import TTFFont

FONTS = Path(__file__).parent / "fonts"
FONT_FAMILY = "NotoSansSC"
A4_WIDTH, A4_HEIGHT = 210.0, 297.0  # mm

QrMatrix = list[list[bool]]


class PdfDocument(FPDF):
    """An A4 document; lengths in mm, type sizes in points."""

    def __init__(self, title: str) -> None:
        super().__init__(unit="mm", format="A4")
        self.set_auto_page_break(False)
        self.add_font(FONT_FAMILY, "", FONTS / "NotoSansSC-Regular.ttf")
        self.add_font(FONT_FAMILY, "B", FONTS / "NotoSansSC-Bold.ttf")
        self.set_title(title)
        self.set_margin(0)

    def add_fitted_line(
        self, text: str, y: float, size: float, *, bold: bool = False, grey: int = 0, left: float = 15
    ) -> None:
        """One centred line that is made smaller until it fits."""
        width = A4_WIDTH - 2 * left
        self.set_font(FONT_FAMILY, "B" if bold else "", size)
        while size > 7 and self.get_string_width(text) > width:
            size -= 0.5
            self.set_font(FONT_FAMILY, "B" if bold else "", size)
        self.set_text_color(grey)
        self.set_xy(left, y)
        self.cell(width, size * 0.45, text, align=Align.C)

    def add_paragraph(
        self, text: str, y: float, size: float, *, bold: bool = False, grey: int = 0, left: float = 15,
        align: Align = Align.C,
    ) -> float:  # fmt: skip
        """A paragraph that wraps; returns where it ends."""
        self.set_font(FONT_FAMILY, "B" if bold else "", size)
        self.set_text_color(grey)
        self.set_xy(left, y)
        wrap = WrapMode.CHAR if _is_chinese(text) else WrapMode.WORD
        self.multi_cell(A4_WIDTH - 2 * left, size * 0.5, text, align=align, wrapmode=wrap)
        return float(self.get_y())

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


def _is_chinese(text: str) -> bool:
    return any("一" <= letter <= "鿿" for letter in text)


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
def _supported_characters() -> frozenset[int]:
    document = PdfDocument("")
    font = document.fonts[FONT_FAMILY.lower()]
    characters = frozenset(font.cmap) if isinstance(font, TTFFont) else frozenset[int]()
    document.close_fonts()
    return characters


def missing_glyphs(text: str) -> str:
    """The characters of a text that the poster font cannot print."""
    return "".join(dict.fromkeys(letter for letter in text if ord(letter) not in _supported_characters()))
