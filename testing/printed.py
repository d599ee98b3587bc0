"""What stands in a printed document, read back from its file."""

import zipfile
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pypdfium2

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def pdf_pages(path: Path) -> list[str]:
    """Return the text of every page."""
    document = pypdfium2.PdfDocument(path)
    try:
        pages = []
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage()
            pages.append(text.get_text_bounded().replace("\r\n", "\n"))
            text.close()
            page.close()
        return pages
    finally:
        document.close()


def docx_part(path: Path, name: str) -> Element:
    """Return a part of a Word file."""
    with zipfile.ZipFile(path) as archive:
        return fromstring(archive.read(name))


def docx_lines(path: Path) -> list[list[str]]:
    """Return paragraphs and rows of tables in the order of reading, each as its texts; empty cells are left out."""
    body = docx_part(path, "word/document.xml").find(f"{W}body")
    assert body is not None
    lines = []
    for block in body:
        if block.tag == f"{W}p":
            lines.append([_text(block)])
        lines += [[text for cell in row.iter(f"{W}tc") if (text := _text(cell))] for row in block.iter(f"{W}tr")]
    return [line for line in lines if line != [""]]


def _text(element: Element) -> str:
    return "".join(node.text or "" for node in element.iter(f"{W}t"))
