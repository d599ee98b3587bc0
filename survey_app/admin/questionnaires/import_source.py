"""What is imported, over the requests that mending takes: a text in its field, or a file that the form carries along.

Nothing is kept on the server: a clerk who gives up leaves no file behind.
"""

import base64
import binascii
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import request

from survey_app.foundation.errors import user_error
from survey_app.foundation.text_file import decode_text, read_bytes
from survey_app.frame.draft_import import ImportedDraft, import_source, source_lines
from survey_app.frame.draft_readers import MAX_BYTES, ReadOptions
from survey_app.web.download import file_name

from ..form_answers import text_of, uploaded_file

MAX_TEXT = 200_000
MAX_CARRIED = 350 * 1024  # packed, with the bytes of base64: a form's fields have a limit
PASTED, TEXTS = "text.txt", (".txt", ".md", ".docx")


@dataclass(frozen=True, slots=True)
class ImportSource:
    """A file by its name; what was pasted is a text file."""

    name: str
    content: bytes

    @property
    def text(self) -> str:
        """What stands in the field of the page; empty where a file is carried."""
        return self.content.decode() if self.name == PASTED else ""

    @property
    def packed(self) -> str:
        """The file as the form carries it; empty for a text."""
        return "" if self.name == PASTED else base64.urlsafe_b64encode(zlib.compress(self.content, 9)).decode()

    def read(self, options: ReadOptions, name: str, previous: Path | None) -> ImportedDraft:
        """The draft, from a process of its own. Raises :class:`UserError`."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / self.name
            path.write_bytes(self.content)
            return import_source(path, options, name, previous, with_sheets=True)


def sources_of_request() -> list[Callable[[], ImportSource]]:
    """What was chosen now, then what was there before: a file that cannot be read must not cost the one before it.

    Each raises :class:`UserError` when it is called.
    """
    name, content = uploaded_file("file")
    packed, text = request.form.get("packed", ""), request.form.get("text", "")
    sources: list[Callable[[], ImportSource]] = []
    if name:
        sources.append(lambda: _uploaded(name, content))
    if packed:
        sources.append(lambda: _carried(packed))
    elif text.strip() or not name:
        sources.append(lambda: pasted_source(text))
    return sources


def pasted_source(text: str) -> ImportSource:
    """A text as it was pasted. Raises :class:`UserError` where there is none, or too much."""
    if not text.strip():
        raise user_error("请粘贴问卷文字，或选择一个文件")
    if len(text) > MAX_TEXT:
        raise user_error("文字有 {n} 个字，一次最多 {limit} 个；请分成几份", n=len(text), limit=MAX_TEXT)
    return ImportSource(PASTED, text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace"))


def _uploaded(name: str, content: bytes) -> ImportSource:
    """A text or a document becomes the text of the page, where lines can be mended; any other file is carried."""
    if not content:
        raise user_error("{file} 是空的", file=name)
    safe = file_name(name)
    if Path(safe).suffix.lower() not in TEXTS:
        source = ImportSource(safe, content)
        if len(source.packed) > MAX_CARRIED:
            raise user_error(
                "{file} 太大（压缩后超过 {limit} KB），没有导入。请删去图片和"
                "用不着的工作表再试，或请系统管理员导入",
                file=name, limit=MAX_CARRIED // 1024,
            )  # fmt: skip
        return source
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / safe
        path.write_bytes(content)
        if path.suffix.lower() == ".docx":
            return pasted_source("\n".join(source_lines(path)))
        return pasted_source(decode_text(read_bytes(path, MAX_BYTES), name))


def _carried(packed: str) -> ImportSource:
    """The file of the request before. Raises :class:`UserError` where the form was tampered with."""
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(base64.urlsafe_b64decode(packed.encode()), MAX_BYTES)
    except (ValueError, binascii.Error, zlib.error):
        content = b""
    name = file_name(text_of("packed_name"))
    if not content or unpacker.unconsumed_tail or not name.rpartition(".")[0] or Path(name).suffix.lower() in TEXTS:
        raise user_error("带来的文件不完整，请重新选择文件")
    return ImportSource(name, content)
