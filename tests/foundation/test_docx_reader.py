"""Word documents as offices send them: automatic numbers, tables, boxes, breaks; and such as nobody should open."""

import zipfile
from pathlib import Path

import pytest

from survey_app.authoring.draft_json import draft_json
from survey_app.foundation.docx_reader import MAX_PART_BYTES, read_docx_lines
from survey_app.foundation.errors import UserError
from survey_app.frame.draft_readers import ReadOptions, read_document

NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
NUMBERING = f"""<w:numbering {NAMES}>
<w:abstractNum w:abstractNumId="0">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
 <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%2."/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="2">
 <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0a8"/></w:lvl>
 <w:lvl w:ilvl="1"><w:numFmt w:val="decimalEnclosedCircle"/><w:lvlText w:val="%2"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="2"/>
 <w:lvlOverride w:ilvl="3"><w:lvl w:ilvl="3"><w:numFmt w:val="none"/><w:lvlText w:val=""/></w:lvl></w:lvlOverride>
</w:num>
</w:numbering>"""
STYLES = f"""<w:styles {NAMES}><w:style w:styleId="Question"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>
</w:style></w:styles>"""


def paragraph(words: str, number: str = "", level: int = 0, style: str = "") -> str:
    numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{numbered}</w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>"


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in cells) + "</w:tr>"


def document(path: Path, body: str, **parts: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {NAMES}><w:body>{body}</w:body></w:document>")
        for name, content in {"numbering": NUMBERING, "styles": STYLES, **parts}.items():
            archive.writestr(f"word/{name}.xml", content)
    return path


def test_numbers_that_word_counts_are_counted_again(tmp_path: Path) -> None:
    body = (
        paragraph("食堂问卷（家长卷）") + paragraph("饭菜", "2") + paragraph("您对味道的满意程度", style="Question")
        + "".join(paragraph(label, "1", 1) for label in ("非常满意", "满意", "不满意"))
        + paragraph("您对价格的满意程度", "1")
        + "".join(paragraph(x, "1", 1) for x in ("非常满意", "满意", "不满意"))
        + paragraph("环境", "2") + paragraph("孩子是否住校", style="Question")
        + paragraph("是", "3") + paragraph("否", "3")
        + paragraph("", "1") + paragraph("第一", "3", 1) + paragraph("无", "3", 3) + paragraph("零", "0")
    )  # fmt: skip
    lines = read_docx_lines(document(tmp_path / "食堂.docx", body))
    assert [text for _number, text in lines] == [
        "食堂问卷（家长卷）", "一、 饭菜", "1. 您对味道的满意程度", "A. 非常满意", "B. 满意", "C. 不满意",
        "2. 您对价格的满意程度", "A. 非常满意", "B. 满意", "C. 不满意", "二、 环境",
        "3. 孩子是否住校", "□ 是", "□ 否", "", "① 第一", "无", "零",
    ]  # fmt: skip
    assert [number for number, _text in lines] == list(range(1, 19))


def test_a_table_a_frame_and_breaks_come_as_they_are_seen(tmp_path: Path) -> None:
    spanned = (
        '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>'
        + paragraph("评价")
        + "</w:tc>"
        + f"<w:tc>{paragraph('好')}</w:tc></w:tr>"
    )
    body = (
        "<w:tbl>"
        + row("评价内容", "满意", "一般", "不满意")
        + row("课堂教学", "", "", "")
        + row("作业", "", "", "")
        + spanned
        + "</w:tbl><w:tbl><w:tr><w:tc>"
        + paragraph("框里一行")
        + paragraph("框里二行")
        + "</w:tc></w:tr></w:tbl>"
        "<w:p><w:r><w:t>1. 是否住校</w:t><w:br/><w:t>A. 是</w:t><w:tab/><w:t>B. 否</w:t></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r><w:del><w:r><w:t>删去</w:t></w:r></w:del>"
        '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/><w:t>选</w:t><w:sym w:font="Arial" w:char="2611"/>'
        '<w:sym w:font="Arial" w:char="x"/><w:noBreakHyphen/></w:r></w:p>'
        "<w:sdt><w:sdtContent>" + paragraph("控件里") + "</w:sdtContent></w:sdt><w:sectPr/>"
    )
    assert read_docx_lines(document(tmp_path / "表.docx", body)) == [
        (1, "评价内容\t满意\t一般\t不满意"),
        (2, "课堂教学\t\t\t"),
        (3, "作业\t\t\t"),
        (4, "评价\t\t好"),
        (5, "框里一行"),
        (5, "框里二行"),
        (6, "1. 是否住校"),
        (6, "A. 是\tB. 否□选☑-"),
        (7, "控件里"),
    ]


def test_a_document_is_read_by_the_reader_of_texts(tmp_path: Path) -> None:
    table = (
        "<w:tbl>"
        + row("评价内容", "满意", "一般", "不满意")
        + row("课堂教学", "", "", "")
        + row("作业", "", "", "")
        + "</w:tbl>"
    )
    broken = "<w:p><w:r><w:t>1. 孩子是否住校</w:t><w:br/><w:t>A. 是</w:t><w:br/><w:t>B. 否</w:t></w:r></w:p>"
    path = document(tmp_path / "家长.docx", paragraph("家长满意度问卷") + broken + table)
    printed = draft_json(read_document(path, ReadOptions()), path.name)
    assert [(item["line"], item["text"], item["kind"], len(item["options"])) for item in printed["items"]] == [
        (2, "孩子是否住校", "choice", 2), (4, "课堂教学", "scale", 3), (5, "作业", "scale", 3),
    ]  # fmt: skip
    assert printed["counts"]["source"] == 5


BOMB = "<!DOCTYPE b [<!ENTITY a 'x'><!ENTITY c '&a;&a;'>]>"


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"vbaProject": "x"}, "含宏"),
        ({"numbering": BOMB + "<w/>"}, "不是正常的 Word 文档"),
        ({"styles": "<w"}, "不是正常的 Word 文档"),
        ({"numbering": "<a>" + " " * MAX_PART_BYTES + "</a>"}, "解压后过大"),
    ],
)
def test_a_document_that_nobody_should_open_is_refused(tmp_path: Path, parts: dict[str, str], reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        read_docx_lines(document(tmp_path / "坏.docx", paragraph("一"), **parts))


def test_what_is_no_document_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "旧.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0 an old or encrypted file")
    with pytest.raises(UserError, match="另存为 docx"):
        read_docx_lines(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<a/>")
    with pytest.raises(UserError, match="另存为 docx"):
        read_docx_lines(path)
