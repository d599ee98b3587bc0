"""Paragraphs and tables in the markup of Word. Lengths in twentieths of a point, type sizes in points."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

TWIPS_PER_MM = 1440 / 25.4
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class CellLook:
    """How a cell of a table looks. ``span``: columns of the grid; ``fill``: six hexadecimal digits; ``align``: of text.

    ``edges``: markup of its borders, in place of those of the table.
    """

    span: int = 1
    fill: str = ""
    align: str = "left"
    style: str = "Cell"
    keeps_next: bool = False
    edges: str = ""


def twips(mm: float) -> int:
    return round(mm * TWIPS_PER_MM)


def xml_text(text: str) -> str:
    """Return a text as XML has it; what XML cannot hold is left out."""
    return escape(_NOT_IN_XML.sub("", text))


def run(text: str, *, bold: bool = False, colour: str = "") -> str:
    """A piece of text with its looks; a tab is a tab."""
    properties = "<w:b/>" if bold else ""
    properties += f'<w:color w:val="{colour}"/>' if colour else ""
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    parts = (f'<w:t xml:space="preserve">{xml_text(part)}</w:t>' for part in text.split("\t"))
    return f"<w:r>{look}{'<w:tab/>'.join(parts)}</w:r>"


def field(code: str, shown: str = "1") -> str:
    """A field that Word computes: ``PAGE``, ``NUMPAGES``."""
    return f'<w:fldSimple w:instr=" {code} "><w:r><w:t>{xml_text(shown)}</w:t></w:r></w:fldSimple>'


def paragraph(content: str, style: str, *, keeps_next: bool = False, align: str = "", has_bullet: bool = False) -> str:
    """``content``: markup of runs."""
    properties = f'<w:pStyle w:val="{style}"/>'
    properties += "<w:keepNext/>" if keeps_next else ""
    properties += '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' if has_bullet else ""
    properties += f'<w:jc w:val="{align}"/>' if align and align != "left" else ""
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def cell(content: str, width: int, look: CellLook) -> str:
    """``content``: markup of runs."""
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    properties += f'<w:gridSpan w:val="{look.span}"/>' if look.span > 1 else ""
    properties += f"<w:tcBorders>{look.edges}</w:tcBorders>" if look.edges else ""
    properties += f'<w:shd w:val="clear" w:color="auto" w:fill="{look.fill}"/>' if look.fill else ""
    properties += '<w:vAlign w:val="center"/>'
    inside = paragraph(content, look.style, keeps_next=look.keeps_next, align=look.align)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def row(cells: Sequence[str], *, is_heading: bool = False) -> str:
    """A row is never cut by the end of a page; a heading is repeated on each."""
    heading = "<w:tblHeader/>" if is_heading else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{heading}</w:trPr>{''.join(cells)}</w:tr>"


def table(rows: Sequence[str], widths: Sequence[int], style: str) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    properties = f'<w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
