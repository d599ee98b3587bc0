"""A document as a Word file, to be edited and signed: bars are cells of a table that are shaded."""

from collections.abc import Iterator, Sequence

from survey_app.foundation.docx_markup import CellLook, cell, field, paragraph, row, run, table
from survey_app.foundation.docx_package import DocxContent, docx_file, text_width
from survey_app.foundation.translation import _

from .docx_graphics import graphic_markup
from .layout import fitting_zoom
from .model import Block, Document, Graphic, Heading, Paragraph, ParagraphStyle, Signatures, Table
from .slabs import HEADER_FILL

LINE_BELOW = '<w:bottom w:val="single" w:sz="6" w:space="0" w:color="55606B"/>'
FILLER = "\uffff"  # what stands for the numbers while a sentence is taken apart
SPACE_BEFORE_SIGNATURES = 2


def word_file(document: Document) -> bytes:
    """It is as small as the PDF where it shall not be longer than so many pages; Word itself decides where they end."""
    body, footer = "".join(_blocks(document)), _footer(document)
    zoom = fitting_zoom(document)
    return docx_file(
        DocxContent(document.title, document.office, document.language, document.made_of, body, footer, zoom)
    )


def _blocks(document: Document) -> Iterator[str]:
    yield paragraph(run(document.title), "Title", keeps_next=True)
    yield paragraph(run(document.subtitle), "Subtitle", keeps_next=True)
    yield paragraph(run(document.office), "Subtitle", keeps_next=True)
    for block in document.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    """Drawings are in the PDF file; their figures stand in a table beside them."""
    if isinstance(block, Heading):
        yield paragraph(run(block.text), "Heading1")
    elif isinstance(block, Paragraph):
        has_bullet = block.style in (ParagraphStyle.LEAD, ParagraphStyle.POINT)
        yield paragraph(run(block.text), block.style.value.capitalize(), has_bullet=has_bullet)
    elif isinstance(block, Table):
        yield from titled(block.title, table_markup(block), block.note)
    elif isinstance(block, Graphic):
        yield from titled(block.title, graphic_markup(block), block.note)
    elif isinstance(block, Signatures):
        yield from _signatures(block)


def titled(title: str, markup: str, note: str) -> Iterator[str]:
    """A table between its title and its note; two tables never touch, or Word would join them."""
    if title:
        yield paragraph(run(title), "TableTitle")
    yield markup
    yield paragraph(run(note), "Note" if note else "Small")


def table_markup(block: Table) -> str:
    widths = [round(share * text_width()) for share in block.column_shares()]
    aligns = ["right" if column.is_numeric else "left" for column in block.columns]
    heading = row(
        [cell(run(column.heading), width, CellLook(fill=HEADER_FILL, align=align, style="CellHead", keeps_next=True))
         for column, width, align in zip(block.columns, widths, aligns, strict=True)], is_heading=True,
    )  # fmt: skip
    count = len(block.rows)
    rows = [
        row([cell(run(text), width, CellLook(align=align, keeps_next=keeps_next(number, count, bool(block.note))))
             for text, width, align in zip(texts, widths, aligns, strict=True)])
        for number, texts in enumerate(block.rows)
    ]  # fmt: skip
    return table([heading, *rows], widths, "Ruled")


def keeps_next(number: int, count: int, has_note: bool) -> bool:
    """The first two rows stand together, and so do the last two and the note."""
    return number == 0 < count - 1 or number == count - 2 or (has_note and number == count - 1)


def _signatures(block: Signatures) -> Iterator[str]:
    for _number in range(SPACE_BEFORE_SIGNATURES):
        yield paragraph("", "Body", keeps_next=True)
    step = text_width() // len(block.words)
    cells: list[str] = []
    widths: list[int] = []
    for words in block.words:
        label, line = _signature_widths(words, step)
        widths += [label, line]
        cells += [cell(run(_("{what}：", what=words)), label, CellLook(style="Body")),
                  cell("", line, CellLook(style="Body", edges=LINE_BELOW))]  # fmt: skip
    yield table([row(cells)], widths, "Plain")
    yield paragraph("", "End")


def _signature_widths(words: str, step: int) -> Sequence[int]:
    label = min(step * 2 // 3, 200 + sum(210 if ord(letter) > 255 else 115 for letter in words + "："))
    return label, step - label


def _footer(document: Document) -> str:
    """The number of the page and of all pages are fields."""
    text = _("第 {n} 页，共 {count} 页", n=FILLER, count=FILLER)
    before, between, after = text.split(FILLER)
    numbers = run(before) + field("PAGE") + run(between) + field("NUMPAGES") + run(after)
    content = run(f"{document.footer}\t") + numbers
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{text_width()}"/></w:tabs>'
    return f'<w:p><w:pPr><w:pStyle w:val="Footer"/>{tab}</w:pPr>{content}</w:p>'
