"""A document as pages of shapes: headings stay with what follows, no line or row stands alone, nothing is torn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from survey_app.foundation.pdf import A4_HEIGHT, A4_WIDTH
from survey_app.foundation.translation import _

from .model import Block, Document, Graphic, Heading, Paragraph, ParagraphStyle, Picture, Signatures, Table
from .picture_layout import picture_slabs
from .slabs import (
    GREY,
    LINE_GREY,
    Shape,
    Slab,
    Stroke,
    keep_together,
    line_height,
    moved,
    placed,
    text_length,
    text_lines,
    wrapped,
)
from .table_layout import graphic_slabs, table_slabs

LEFT, RIGHT, TOP, BOTTOM = 20.0, 20.0, 18.0, 20.0
WIDTH, HEIGHT = A4_WIDTH - LEFT - RIGHT, A4_HEIGHT - TOP - BOTTOM
ZOOMS = (1.0, 0.94, 0.88, 0.83)
FOOTER_Y = A4_HEIGHT - 14.0
HEADING_SIZE, DOCUMENT_TITLE_SIZE, SUBTITLE_SIZE, FOOTER_SIZE = 12.5, 20.0, 10.0, 8.0
SIGNATURE_HEIGHT, SIGNATURE_SIZE = 14.0, 10.0
PARAGRAPH_SIZES = {
    ParagraphStyle.LEAD: 11.0, ParagraphStyle.BODY: 10.0, ParagraphStyle.POINT: 10.0, ParagraphStyle.NOTE: 8.0,
}  # fmt: skip
POINT_INDENT = 4.5

Page = tuple[Shape, ...]


def document_pages(document: Document) -> tuple[Page, ...]:
    """Return the shapes of every page, with the footer and its number.

    A document that shall not be longer than so many pages is printed smaller, within limits.
    """
    _zoom, pages = _fitted(document)
    return tuple(
        (*shapes, *_footer(document.footer, number, len(pages))) for number, shapes in enumerate(pages, start=1)
    )


def fitting_zoom(document: Document) -> float:
    """Return the largest size of print at which a document is not too long, or the smallest that there is."""
    return _fitted(document)[0]


@lru_cache(maxsize=4)
def _fitted(document: Document) -> tuple[float, list[list[Shape]]]:
    """The size of print and the pages; kept for the writer of the next format."""
    most = document.most_pages
    for zoom in ZOOMS:
        pages = _pages(document, zoom)
        if most is None or len(pages) <= most:
            break
    return zoom, pages


def _pages(document: Document, zoom: float) -> list[list[Shape]]:
    """The pages without their footer, laid out on a larger sheet that is then made smaller."""
    sheet = _Sheet(WIDTH / zoom)
    slabs = [*sheet.title_slabs(document), *(slab for block in document.blocks for slab in sheet.block_slabs(block))]
    pages = _paginate(_without_lonely_signature(slabs), HEIGHT / zoom)
    return [[placed(shape, LEFT, TOP, zoom) for shape in page] for page in pages]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The space between the margins; slabs begin at 0."""

    width: float

    def title_slabs(self, document: Document) -> Iterator[Slab]:
        title = wrapped(document.title, self.width, DOCUMENT_TITLE_SIZE, True)
        centre = self.width / 2
        height = line_height(DOCUMENT_TITLE_SIZE) * len(title)
        yield Slab(height, tuple(text_lines(title, 0, 0, DOCUMENT_TITLE_SIZE, bold=True, centre=centre)), True)
        for text in (document.subtitle, document.office):
            lines = wrapped(text, self.width, SUBTITLE_SIZE)
            size = line_height(SUBTITLE_SIZE) * len(lines)
            yield Slab(size, tuple(text_lines(lines, 0, 0, SUBTITLE_SIZE, colour=GREY, centre=centre)), True)
        yield Slab(4.0, (Stroke(((0, 2), (self.width, 2)), LINE_GREY, 0.3),), True)

    def block_slabs(self, block: Block) -> list[Slab]:
        if isinstance(block, Heading):
            lines = wrapped(block.text, self.width, HEADING_SIZE, True)
            height = line_height(HEADING_SIZE) * len(lines)
            return [Slab(height + 3.4, tuple(text_lines(lines, 0, 2.4, HEADING_SIZE, bold=True)), keeps_next=True)]
        if isinstance(block, Paragraph):
            return self._paragraph_slabs(block)
        if isinstance(block, Table):
            return table_slabs(block, 0, self.width)
        if isinstance(block, Graphic):
            return graphic_slabs(block, 0, self.width)
        if isinstance(block, Picture):
            return picture_slabs(block, 0, self.width)
        return self._signature_slabs(block)

    def _paragraph_slabs(self, paragraph: Paragraph) -> list[Slab]:
        """One slab a line, so that a page may end between them; never after the first or before the last."""
        size = PARAGRAPH_SIZES[paragraph.style]
        is_point = paragraph.style in (ParagraphStyle.POINT, ParagraphStyle.LEAD)
        left = POINT_INDENT if is_point else 0.0
        colour = GREY if paragraph.style is ParagraphStyle.NOTE else "1B1F24"
        height = line_height(size, 1.5)
        slabs = [
            Slab(height, tuple(text_lines([line], left, 0, size, colour=colour, spacing=1.5)))
            for line in wrapped(paragraph.text, self.width - left, size)
        ]
        if is_point and slabs:
            slabs[0] = replace(slabs[0], shapes=(*text_lines(["•"], 0.6, 0, size, spacing=1.5), *slabs[0].shapes))
        slabs[-1:] = [replace(slab, height=slab.height + 0.8) for slab in slabs[-1:]]
        return keep_together(slabs)

    def _signature_slabs(self, block: Signatures) -> list[Slab]:
        step = self.width / len(block.words)
        shapes: list[Shape] = []
        for number, words in enumerate(block.words):
            start = number * step
            label = _("{what}：", what=words)
            texts = text_lines([label], start, 7, SIGNATURE_SIZE)
            end_of_words = start + text_length(label, SIGNATURE_SIZE) + 1
            shapes += [*texts, Stroke(((end_of_words, 12), (start + step - 4, 12)), GREY, 0.2)]
        return [Slab(SIGNATURE_HEIGHT, tuple(shapes))]


def _without_lonely_signature(slabs: Sequence[Slab]) -> list[Slab]:
    """The last lines before a signature stand on its page: nobody signs an empty sheet."""
    return [replace(slab, keeps_next=True) if len(slabs) - 4 <= number < len(slabs) - 1 else slab
            for number, slab in enumerate(slabs)]  # fmt: skip


def _paginate(slabs: Sequence[Slab], height: float) -> list[list[Shape]]:
    pages: list[list[Shape]] = [[]]
    y = 0.0
    for chain in _chains(slabs):
        first = chain[0]
        if pages[-1] and y + sum(slab.height for slab in chain) > height:
            pages.append([])
            y = 0.0
            if first.header is not None:
                pages[-1] += [moved(shape, y) for shape in first.header.shapes]
                y += first.header.height
        for slab in chain:
            pages[-1] += [moved(shape, y) for shape in slab.shapes]
            y += slab.height
    return pages


def _chains(slabs: Sequence[Slab]) -> Iterator[list[Slab]]:
    """Slabs that stand on one page."""
    chain: list[Slab] = []
    for slab in slabs:
        chain.append(slab)
        if not slab.keeps_next:
            yield chain
            chain = []
    if chain:
        yield chain


def _footer(footer: str, number: int, count: int) -> list[Shape]:
    page = _("第 {n} 页，共 {count} 页", n=number, count=count)
    size = FOOTER_SIZE
    return [
        Stroke(((LEFT, FOOTER_Y), (LEFT + WIDTH, FOOTER_Y)), LINE_GREY, 0.2),
        *text_lines([footer], LEFT, FOOTER_Y + 1, size, colour=GREY),
        *text_lines([page], 0, FOOTER_Y + 1, size, colour=GREY, right=LEFT + WIDTH),
    ]
