"""A notice as an official letter (公文), Word and PDF: A4 with its margins, lines of 28 points, 28 signs a line.

Word names the fonts that offices have; the PDF embeds a serif one. The same letter gives the same bytes.
"""

from collections.abc import Callable, Mapping
from functools import partial

from survey_app.followup.letters import NoticeLetter
from survey_app.foundation.docx_markup import field, paragraph, run
from survey_app.foundation.docx_package import DocxContent, DocxSheet, DocxStyle, docx_file
from survey_app.foundation.pdf import A4_HEIGHT, A4_WIDTH, SERIF_FAMILY, PdfDocument, mark_missing_glyphs

from .line_breaks import break_lines

TOP, BOTTOM, LEFT, RIGHT = 37.0, 35.0, 28.0, 26.0  # mm
POINT = 25.4 / 72
LINE = 28 * POINT
TITLE_SIZE, BODY_SIZE, NUMBER_SIZE = 22.0, 16.0, 14.0
TITLE_STROKE = 0.25  # mm
SIGN = BODY_SIZE * POINT  # the width of one Chinese sign of the body
LINES_ON_PAGE = 22
WIDTH = A4_WIDTH - LEFT - RIGHT
TITLE_FONT, BODY_FONT = "方正小标宋简体", "仿宋"
DATE_INDENT = 4  # signs from the right
FOOTER = 25.0  # from the edge
LETTER_SHEET = DocxSheet(
    margins=(TOP, RIGHT, BOTTOM, LEFT), footer=FOOTER,
    styles=(
        DocxStyle("LetterTitle", 44, line=720, is_centred=True, font=TITLE_FONT),
        DocxStyle("LetterNumber", 32, line=560, is_centred=True, font=BODY_FONT),
        DocxStyle("LetterBody", 32, line=560, font=BODY_FONT, first_line=200),
        DocxStyle("LetterPlain", 32, line=560, font=BODY_FONT),
        DocxStyle("LetterSign", 32, line=560, font=BODY_FONT, align="right", right=DATE_INDENT * 100, keeps_next=True),
        DocxStyle("Footer", 28, line=400, is_centred=True),
    ),
)  # fmt: skip


def letter_docx(letter: NoticeLetter) -> bytes:
    """Return the Word file, to be printed and sealed."""
    body = (
        paragraph(run(letter.title), "LetterTitle")
        + paragraph(run(letter.document), "LetterNumber")
        + paragraph("", "LetterPlain")
        + paragraph(run(letter.addressee), "LetterPlain")
        + "".join(paragraph(run(text), "LetterBody") for text in letter.paragraphs)
        + paragraph(run(letter.closing), "LetterBody", keeps_next=True)
        + paragraph("", "LetterPlain", keeps_next=True)
        + paragraph(run(letter.office), "LetterSign")
        + paragraph(run(letter.date), "LetterSign")
    )
    footer = paragraph(run("— ") + field("PAGE") + run(" —"), "Footer")
    return docx_file(DocxContent(letter.title, letter.office, "zh", letter.made_of, body, footer, sheet=LETTER_SHEET))


def letter_pdf(letter: NoticeLetter) -> bytes:
    """Return the PDF file."""
    pdf = PdfDocument(letter.title)
    pdf.set_creation_date(letter.made_of)
    pdf.set_author(letter.office)
    pdf.set_lang("zh-CN")
    pdf.add_serif()
    sheet = _Sheet(pdf)
    sheet.title(letter.title)
    sheet.centred(letter.document, BODY_SIZE)
    sheet.skip()
    sheet.text(letter.addressee)
    for text in letter.paragraphs:
        sheet.text("　　" + text)
    sheet.keep(5)  # nobody signs an empty sheet
    sheet.text("　　" + letter.closing)
    sheet.skip()
    sheet.signed(letter.office, letter.date)
    return pdf.to_bytes()


class _Sheet:
    """Lines from the top of a page to its end, then on the next one, each page with its number."""

    def __init__(self, pdf: PdfDocument) -> None:
        self.pdf = pdf
        self.y = 0.0
        self._add_page()

    def _add_page(self) -> None:
        self.pdf.add_page()
        self.pdf.set_text_color(0)
        self.pdf.set_font(SERIF_FAMILY, "", NUMBER_SIZE)
        number = f"— {self.pdf.page_no()} —"
        self.pdf.text((A4_WIDTH - self.pdf.get_string_width(number)) / 2, A4_HEIGHT - FOOTER, number)
        self.y = TOP

    def keep(self, lines: int) -> None:
        """Begin a new page unless so many lines fit on this one."""
        if self.y + lines * LINE > TOP + LINES_ON_PAGE * LINE:
            self._add_page()

    def skip(self) -> None:
        self.y += LINE

    def _line(self, text: str, x: float, size: float, height: float = LINE) -> None:
        self.keep(1)
        self.pdf.set_font(SERIF_FAMILY, "", size)
        self.pdf.text(x, self.y + height / 2 + size * POINT * 0.36, text)
        self.y += height

    def _width(self, text: str, size: float) -> float:
        self.pdf.set_font(SERIF_FAMILY, "", size)
        return float(self.pdf.get_string_width(text))

    def centred(self, text: str, size: float, height: float = LINE) -> None:
        measure: Callable[[str], float] = partial(self._width, size=size)
        for line in break_lines(mark_missing_glyphs(text), WIDTH, measure):
            self._line(line, LEFT + (WIDTH - measure(line)) / 2, size, height)

    def title(self, text: str) -> None:
        """As heavy as 小标宋: the outlines of the one serif font are drawn too."""
        with self.pdf.outlined(TITLE_STROKE):
            self.centred(text, TITLE_SIZE, LINE * 1.3)

    def text(self, text: str) -> None:
        measure: Callable[[str], float] = partial(self._width, size=BODY_SIZE)
        for line in break_lines(mark_missing_glyphs(text), WIDTH, measure):
            self._line(line, LEFT, BODY_SIZE)

    def signed(self, office: str, date: str) -> None:
        """The date four signs from the right, the office centred above it where it fits."""
        office = mark_missing_glyphs(office)
        widths = {text: self._width(text, BODY_SIZE) for text in (office, date)}
        right = LEFT + WIDTH - DATE_INDENT * SIGN
        middle = right - widths[date] / 2
        x = max(LEFT, min(middle - widths[office] / 2, LEFT + WIDTH - widths[office]))
        self._line(office, x, BODY_SIZE)
        self._line(date, right - widths[date], BODY_SIZE)


LETTER_WRITERS: Mapping[str, Callable[[NoticeLetter], bytes]] = {"docx": letter_docx, "pdf": letter_pdf}
