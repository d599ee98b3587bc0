"""Text tables from strangers: the encoding, the separator, and rows read strictly.

A quotation mark that is not closed would swallow the rows behind it without a word; here it is an error with its line.
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from .errors import user_error

DELIMITERS = ",\t;，；"
DELIMITER_SEARCH_ROWS = 15
MAX_TEXT_BYTES = 20 * 1024 * 1024
MAX_CELL = 100_000


def read_bytes(path: Path, limit: int = MAX_TEXT_BYTES) -> bytes:
    """The content of a file. Raises :class:`UserError` if it cannot be read or is too large."""
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= limit else b""
    except OSError as error:
        raise user_error("无法读取文件 {file}：{why}", file=str(path), why=error.strerror or "") from error
    if size > limit:
        raise user_error("文件 {file} 超过 {limit} MB", file=path.name, limit=limit // 2**20)
    return content


def decode_text(content: bytes, name: str) -> str:
    """UTF-8, UTF-16 (by its mark) or GBK as text with plain line ends. Raises :class:`UserError`."""
    encodings = ["utf-8-sig", "gb18030"]
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise user_error("{file} 不是 UTF-8、UTF-16 或 GBK 编码的文本，请用 Excel 另存为 xlsx", file=name)


def find_delimiter(text: str) -> str:
    """The separator that gives the most lines the same number of cells; commas in a note do not count much."""
    lines = [line for line in text.split("\n", DELIMITER_SEARCH_ROWS)[:DELIMITER_SEARCH_ROWS] if line.strip()]

    def agreement(delimiter: str) -> int:
        counts = Counter(n for line in lines if (n := line.count(delimiter)))
        return max((number * lines_with_it for number, lines_with_it in counts.items()), default=0)

    return max(DELIMITERS, key=agreement)


def parse_rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """The line where each row begins, and its cells. Raises :class:`UserError` naming the line of a faulty row."""
    delimiter = find_delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    csv.field_size_limit(MAX_CELL)
    line, width = 1, 0
    try:
        for cells in reader:
            width = max(width, len(cells))
            if any(_has_swallowed_rows(cell, delimiter, width) for cell in cells):
                raise user_error("{file} 第 {line} 行的引号没有配对：后面的行被并进了一个单元格", file=name, line=line)
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise user_error(
            "{file} 第 {line} 行的引号没有配对，或引号后面还有文字（单元格里的引号要写两遍）", file=name, line=line
        ) from error


def _has_swallowed_rows(cell: str, delimiter: str, width: int) -> bool:
    """Whether a cell of several lines holds what looks like rows of this table."""
    return width > 1 and any(line.count(delimiter) >= max(2, width - 1) for line in cell.split("\n")[1:])


def trim_columns(rows: list[list[str]]) -> list[list[str]]:
    """Rows without the columns at the right that are empty in all of them."""
    width = max((index + 1 for row in rows for index, cell in enumerate(row) if cell.strip()), default=0)
    return [row[:width] for row in rows]
