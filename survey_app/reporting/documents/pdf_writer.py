"""A document as a PDF file: the shapes of its pages, with fonts embedded. The same document gives the same bytes."""

from survey_app.foundation.pdf import FONT_FAMILY, PdfDocument
from survey_app.foundation.translation import html_language

from .layout import document_pages
from .model import Document
from .slabs import Box, Dot, Shape, Stroke, Text


def pdf_file(document: Document) -> bytes:
    pdf = PdfDocument(document.title)
    pdf.set_creation_date(document.made_of)
    pdf.set_author(document.office)
    pdf.set_lang(html_language(document.language))
    for shapes in document_pages(document):
        pdf.add_page()
        for shape in shapes:
            _draw(pdf, shape)
    return pdf.to_bytes()


def _draw(pdf: PdfDocument, shape: Shape) -> None:
    colour = tuple(bytes.fromhex(shape.colour))
    if isinstance(shape, Text):
        pdf.set_font(FONT_FAMILY, "B" if shape.bold else "", shape.size)
        pdf.set_text_color(*colour)
        if shape.text:
            pdf.text(shape.x, shape.y, shape.text)
    elif isinstance(shape, Box):
        pdf.set_fill_color(*colour)
        pdf.rect(shape.x, shape.y, shape.width, shape.height, style="F")
    elif isinstance(shape, Stroke):
        pdf.set_draw_color(*colour)
        pdf.set_line_width(shape.thickness)
        pdf.polyline(list(shape.points))
    else:
        _draw_dot(pdf, shape, colour)


def _draw_dot(pdf: PdfDocument, dot: Dot, colour: tuple[int, ...]) -> None:
    pdf.set_draw_color(*colour)
    pdf.set_fill_color(*(colour if not dot.is_empty else (255, 255, 255)))
    pdf.set_line_width(0.3)
    pdf.circle(dot.x, dot.y, dot.radius, style="DF")
