"""A Word document (.docx) as numbered lines: paragraphs and table rows, with the numbers that Word counts by itself.

Only the text is read, within limits; nothing else of the archive is unpacked.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from .docx_numbering import Numbering
from .errors import user_error
from .text_file import read_bytes

MAX_BYTES = 20 * 1024 * 1024
MAX_PART_BYTES = 12 * 1024 * 1024
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_BREAKS = frozenset((f"{W}br", f"{W}cr"))
_NOT_READ = frozenset((f"{W}del", f"{W}instrText", f"{W}delText", f"{COMPATIBILITY}Fallback", f"{W}pPr"))


def read_docx_lines(path: Path) -> list[tuple[int, str]]:
    """Each paragraph and table row with its number; one with breaks in it comes as several lines of that number.

    Raises :class:`UserError`.
    """
    read_bytes(path, MAX_BYTES)
    try:
        with zipfile.ZipFile(path) as archive:
            names = {member.filename for member in archive.infolist()}
            if any("vbaproject" in name.lower() for name in names):
                raise user_error("{file} 含宏，请另存为不含宏的 docx", file=path.name)
            if "word/document.xml" not in names:
                raise user_error("{file} 不是 Word 文档（docx），请用 Word 另存为 docx", file=path.name)
            document = _part(archive, "word/document.xml", path)
            numbering = _part(archive, "word/numbering.xml", path) if "word/numbering.xml" in names else None
            styles = _part(archive, "word/styles.xml", path) if "word/styles.xml" in names else None
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise user_error("{file} 不是 Word 文档（docx），请用 Word 另存为 docx", file=path.name) from error
    body = document.find(f"{W}body")
    reader = _BodyReader(Numbering(numbering, styles))
    return list(reader.lines(body)) if body is not None else []


def _part(archive: zipfile.ZipFile, name: str, path: Path) -> Element:
    """A part of the archive as XML; one that unpacks too far, or that has entities, is refused."""
    with archive.open(name) as stream:
        content = stream.read(MAX_PART_BYTES + 1)
    if len(content) > MAX_PART_BYTES:
        raise user_error("{file} 解压后过大，拒绝打开。请把问卷文字复制到新文档再保存", file=path.name)
    try:
        root: Element = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise user_error("{file} 的内容不是正常的 Word 文档，拒绝打开", file=path.name) from error
    return root


class _BodyReader:
    """Counts paragraphs and rows in their order."""

    def __init__(self, numbering: Numbering) -> None:
        self.numbering = numbering
        self.number = 0

    def lines(self, container: Element) -> Iterator[tuple[int, str]]:
        for element in container:
            if element.tag == f"{W}p":
                self.number += 1
                yield from ((self.number, part) for part in self.paragraph(element).split("\n"))
            elif element.tag == f"{W}tbl":
                for row in element.iter(f"{W}tr"):
                    self.number += 1
                    yield from ((self.number, part) for part in self.row(row))
            elif element.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins"):
                yield from self.lines(element)

    def row(self, row: Element) -> list[str]:
        """The cells with tabs between them; a row of one cell is a frame around paragraphs."""
        cells: list[str] = []
        for cell in row.iter(f"{W}tc"):
            paragraphs = [self.paragraph(paragraph) for paragraph in cell.iter(f"{W}p")]
            cells.append("\n".join(paragraphs))
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            width = span.get(f"{W}val", "1") if span is not None else "1"
            cells += [""] * (min(int(width), 64) - 1 if width.isdecimal() else 0)
        if len([cell for cell in cells if cell.strip()]) == 1 and len(cells) == 1:
            return cells[0].split("\n")
        return ["\t".join(" ".join(cell.split("\n")) for cell in cells)]

    def paragraph(self, paragraph: Element) -> str:
        words = "".join(_words(paragraph))
        prefix = self.numbering.next_number(paragraph) if words.strip() else ""
        return f"{prefix}{words}"


def _words(element: Element) -> Iterator[str]:
    """The text of an element without what was deleted, hidden or is code of a field."""
    for child in element:
        if child.tag in _NOT_READ or (child.tag == f"{W}r" and _is_hidden(child)):
            continue
        if child.tag == f"{W}t":
            yield re.sub(r"[\r\n]+", " ", child.text or "")
        elif child.tag in (f"{W}tab", f"{W}ptab"):
            yield "\t"
        elif child.tag in _BREAKS:
            yield "\n"
        elif child.tag == f"{W}noBreakHyphen":
            yield "-"
        elif child.tag == f"{W}sym":
            yield _symbol(child)
        else:
            yield from _words(child)


def _is_hidden(run: Element) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(f"{W}val", "true") not in ("0", "false")


def _symbol(symbol: Element) -> str:
    """A sign of a picture font is a box: that is what questionnaires use them for."""
    if "wingdings" in symbol.get(f"{W}font", "").lower():
        return "□"
    try:
        return chr(int(symbol.get(f"{W}char", ""), 16))
    except (ValueError, OverflowError):
        return ""
