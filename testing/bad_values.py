"""What somebody may type, choose or upload that no form expects."""

import io
import zipfile
from collections.abc import Iterator
from functools import cache

import openpyxl

from testing.page_forms import FormOnPage

MANY = "长" * 1_000 + "x" * 100_000
CONTROLS = "甲\x01\x1f\u202e乙\u2066\x7f\ufeff'\"<script>alert(1)</script>"
NUMBERS = ("-1", "1e9", "99999999999999999999", "٣", "１２", "1.5", "0000001999999999999", "²", "NaN")
DATES = ("0000-00-00", "9999-99-99", "9999-12-31", "2026-02-30", "0001-01-01", "20261105")
FIELD_BY_FIELD = (MANY, CONTROLS, *NUMBERS[2:7], *DATES[:3])
SEEN = ("", "-1", "1e9", "９", "²", "99999999999999999999", MANY[:5000])
CHOICES = ("", "0", "9999", "office", MANY[:3000])
IDS = ("0", "999999", str(2**31), str(2**63), str(10**30), "1", "2", "3", "4")
CODES = ("9999", "0201", "0101'--", "长" * 100, "..", "%25")
TYPED = frozenset({"text", "textarea", "search", "url", "number", "date", "time", "email", "password"})
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)

Fields = list[tuple[str, str]]


def bad_fields(form: FormOnPage) -> Iterator[tuple[str, Fields]]:
    """Each with a label: everything at once; then field by field, since the first that is wrong hides the others."""
    sent = [(name, value) for name, value in form.sent] + form.buttons[:1]
    typed = [name for name, kind in form.kinds.items() if kind in TYPED]
    hidden = [name for name, kind in form.kinds.items() if kind == "hidden" and name != "csrf_token"]
    chosen = [name for name, kind in form.kinds.items() if kind in ("select", "radio")]
    yield "nothing at all", []
    if typed:
        for label, value in (("empty", ""), ("spaces", " \u3000\t"), ("many", MANY), ("controls", CONTROLS)):
            yield label, _with(sent, typed, value)
        yield "nul", _with(sent, typed, "a\0b")
    for value in (*NUMBERS, *DATES) if typed else ():
        yield f"number {value}", _with(sent, typed, value)
    for value in SEEN if hidden else ():
        yield f"seen {value[:9]}", _with(sent, hidden, value)
    for value in CHOICES if chosen else ():
        yield f"chosen {value[:9]}", _with(sent, chosen, value)
    if len(sent) > 1:
        yield "twice", [*sent, *sent]
        yield "lists", sent + [(name, "另一个") for name, _value in sent]
    for name in typed:
        for value in FIELD_BY_FIELD:
            yield f"{name}={value[:19]}", _with(sent, [name], value)


def _with(sent: Fields, names: list[str], value: str) -> Fields:
    return [(name, before) for name, before in sent if name not in names] + [(name, value) for name in names]


def _zip(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _sheet(*rows: tuple[object, ...]) -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(buffer)
    return buffer.getvalue()


@cache
def bad_files() -> list[tuple[str, bytes]]:
    """Names with contents that they do not promise."""
    types = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    bomb = _zip({"[Content_Types].xml": types, "xl/workbook.xml": bytes(60 * 1024**2)})
    return [
        ("空.xlsx", b""), ("图片.xlsx", PNG),
        ("里面不对.docx", _zip({"[Content_Types].xml": types, "word/document.xml": b"<w"})),
        ("压缩.xlsx", bomb), ("没有行.xlsx", _sheet()), ("只有标题.csv", "学校代码,学校名称\n".encode()),
        ("图片.csv", PNG), ("不是.docx", _zip({"a.txt": b"a"})), ("没有结尾", b"abc"), ("空.yaml", b"\n"),
        ("炸弹.yaml", b"a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n"), ("错.csv", b"\xff\xfe\x00\xd8"),
        ("公式.xlsx", _sheet(("=1/0", "x"), (1e308, None))),
        ("表.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    ]  # fmt: skip
