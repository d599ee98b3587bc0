"""A Word file: the parts of its archive, styles with Chinese fonts, A4. The same content gives the same bytes."""

import io
import zipfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from .docx_markup import twips, xml_text

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
EARLIEST = (1980, 1, 1, 0, 0, 0)  # of a ZIP: nothing of it depends on when it was written
TEXT_FONT, HEADING_FONT, LATIN_FONT = "宋体", "黑体", "Times New Roman"
MARGIN_TOP, MARGIN_SIDE, MARGIN_BOTTOM, FOOTER = 20.0, 20.0, 20.0, 10.0
PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0


@dataclass(frozen=True, slots=True)
class DocxContent:
    """``body`` and ``footer`` are markup of paragraphs and tables; ``zoom`` makes all type smaller or larger."""

    title: str
    author: str
    language: str
    made_of: datetime
    body: str
    footer: str
    zoom: float = 1.0
    sheet: "DocxSheet | None" = None


@dataclass(frozen=True, slots=True)
class DocxStyle:
    """A paragraph style; sizes in half points, distances and the height of a line in twentieths of a point.

    Lines have one height whatever font a machine has, so that pages end where they should. ``font``: of Chinese;
    ``first_line`` and ``right``: indents in hundredths of a sign.
    """

    name: str
    size: int
    before: int = 0
    after: int = 0
    line: int = 310
    bold: bool = False
    colour: str = ""
    is_centred: bool = False
    keeps_next: bool = False
    font: str = ""
    first_line: int = 0
    right: int = 0
    align: str = ""

    def zoomed(self, zoom: float) -> "DocxStyle":
        return replace(
            self, size=round(self.size * zoom), before=round(self.before * zoom), after=round(self.after * zoom),
            line=round(self.line * zoom),
        )  # fmt: skip


_STYLES = (
    DocxStyle("Title", 40, after=60, line=560, bold=True, is_centred=True),
    DocxStyle("Subtitle", 20, line=290, colour="55606B", is_centred=True),
    DocxStyle("Heading1", 26, before=200, after=60, line=400, bold=True, keeps_next=True),
    DocxStyle("TableTitle", 20, before=100, after=50, line=300, bold=True, keeps_next=True),
    DocxStyle("Lead", 22, after=20, line=350),
    DocxStyle("Body", 20, after=30, line=310),
    DocxStyle("Point", 20, after=30, line=310),
    DocxStyle("Note", 16, before=20, after=40, line=240, colour="55606B"),
    DocxStyle("Cell", 17, line=256),
    DocxStyle("CellHead", 17, line=256, bold=True),
    DocxStyle("Small", 14, line=210, colour="55606B"),
    DocxStyle("End", 2, line=20),
    DocxStyle("Footer", 16, line=240, colour="55606B"),
)


@dataclass(frozen=True, slots=True)
class DocxSheet:
    """What a page looks like: ``margins`` top, right, bottom, left, and the footer from the edge, in mm; its styles."""

    margins: tuple[float, float, float, float]
    footer: float
    styles: tuple[DocxStyle, ...]


REPORT_SHEET = DocxSheet((MARGIN_TOP, MARGIN_SIDE, MARGIN_BOTTOM, MARGIN_SIDE), FOOTER, _STYLES)


def docx_file(content: DocxContent) -> bytes:
    sheet = content.sheet or REPORT_SHEET
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            ("rId1", f"{RELATIONS}/officeDocument", "word/document.xml"),
            ("rId2", f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": _core(content),
        "word/document.xml": _document(content, sheet),
        "word/_rels/document.xml.rels": _relations(
            ("rId1", f"{RELATIONS}/styles", "styles.xml"), ("rId2", f"{RELATIONS}/numbering", "numbering.xml"),
            ("rId3", f"{RELATIONS}/settings", "settings.xml"), ("rId4", f"{RELATIONS}/footer", "footer1.xml"),
        ),
        "word/styles.xml": _styles(content.language, content.zoom, sheet),
        "word/numbering.xml": _numbering(),
        "word/settings.xml": f'{HEAD}<w:settings {W}><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>',
        "word/footer1.xml": f"{HEAD}<w:ftr {W}>{content.footer}</w:ftr>",
    }  # fmt: skip
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            archive.writestr(entry, text.encode())
    return file.getvalue()


def text_width() -> int:
    """The width between the margins."""
    return twips(PAGE_WIDTH - 2 * MARGIN_SIDE)


def _content_types() -> str:
    parts = (("document", "document.main"), ("styles", "styles"), ("numbering", "numbering"), ("settings", "settings"),
             ("footer1", "footer"))  # fmt: skip
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{TYPES}.{kind}+xml"/>' for name, kind in parts
    )
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f"{overrides}</Types>"
    )


def _relations(*relations: tuple[str, str, str]) -> str:
    entries = "".join(f'<Relationship Id="{id_}" Type="{kind}" Target="{target}"/>' for id_, kind, target in relations)
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{entries}</Relationships>'


def _core(content: DocxContent) -> str:
    moment = content.made_of.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{xml_text(content.title)}</dc:title><dc:creator>{xml_text(content.author)}</dc:creator>"
        f"<dc:language>{xml_text(content.language)}</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created></cp:coreProperties>'
    )


def _document(content: DocxContent, sheet: DocxSheet) -> str:
    top, right, bottom, left = map(twips, sheet.margins)
    section = (
        f'<w:sectPr><w:footerReference w:type="default" r:id="rId4"/>'
        f'<w:pgSz w:w="{twips(PAGE_WIDTH)}" w:h="{twips(PAGE_HEIGHT)}"/>'
        f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" '
        f'w:left="{left}" w:header="0" w:footer="{twips(sheet.footer)}" w:gutter="0"/></w:sectPr>'
    )
    return f"{HEAD}<w:document {W} {R}><w:body>{content.body}{section}</w:body></w:document>"


def _styles(language: str, zoom: float, sheet: DocxSheet) -> str:
    fonts = f'<w:rFonts w:ascii="{LATIN_FONT}" w:hAnsi="{LATIN_FONT}" w:eastAsia="{TEXT_FONT}" w:cs="{LATIN_FONT}"/>'
    tongue = f'<w:lang w:val="{"en-US" if language == "zh" else xml_text(language)}" w:eastAsia="zh-CN"/>'
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:sz w:val="20"/>{tongue}</w:rPr></w:rPrDefault>'
        "<w:pPrDefault><w:pPr><w:widowControl/></w:pPr></w:pPrDefault></w:docDefaults>"
    )
    paragraphs = "".join(_paragraph_style(style.zoomed(zoom)) for style in sheet.styles)
    return f"{HEAD}<w:styles {W}>{defaults}{_NORMAL}{paragraphs}{_TABLE_STYLES}</w:styles>"


_NORMAL = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
_RULE = '<w:{side} w:val="single" w:sz="4" w:space="0" w:color="B8C0C8"/>'
_TABLE_STYLES = (
    '<w:style w:type="table" w:styleId="Ruled"><w:name w:val="Ruled"/><w:tblPr><w:tblBorders>'
    + "".join(_RULE.format(side=side) for side in ("top", "bottom", "insideH"))
    + '</w:tblBorders><w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
    "</w:tblPr></w:style>"
    '<w:style w:type="table" w:styleId="Plain"><w:name w:val="Plain"/><w:tblPr><w:tblCellMar>'
    '<w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
)


def _paragraph_style(style: DocxStyle) -> str:
    font = style.font or (HEADING_FONT if style.bold else "")
    heading = f'<w:rFonts w:eastAsia="{font}"/>' if font else ""
    bold = "<w:b/>" if style.bold else ""
    colour = f'<w:color w:val="{style.colour}"/>' if style.colour else ""
    keeps = "<w:keepNext/>" if style.keeps_next else ""
    place = "center" if style.is_centred else style.align
    align = f'<w:jc w:val="{place}"/>' if place else ""
    indents = "".join(
        f' w:{name}Chars="{hundredths}" w:{name}="{hundredths * style.size // 10}"'
        for name, hundredths in (("right", style.right), ("firstLine", style.first_line))
        if hundredths
    )
    indent = f"<w:ind{indents}/>" if indents else ""
    outline = '<w:outlineLvl w:val="0"/>' if style.name == "Heading1" else ""
    spacing = f'<w:spacing w:before="{style.before}" w:after="{style.after}" w:line="{style.line}" w:lineRule="exact"/>'
    name = "heading 1" if style.name == "Heading1" else style.name
    return (
        f'<w:style w:type="paragraph" w:styleId="{style.name}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>'
        f"<w:pPr>{keeps}{spacing}{indent}{align}{outline}</w:pPr>"
        f'<w:rPr>{heading}{bold}{colour}<w:sz w:val="{style.size}"/></w:rPr></w:style>'
    )


def _numbering() -> str:
    return (
        f'{HEAD}<w:numbering {W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="284" w:hanging="227"/></w:pPr></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
