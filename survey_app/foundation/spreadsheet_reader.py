"""A file from an office (xlsx, or text in UTF-8, UTF-16 or GBK) to rows of cells, within limits."""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from .errors import user_error
from .text_file import decode_text, parse_rows, read_bytes, trim_columns

MAX_BYTES = 2 * 1024 * 1024
MAX_MEMBERS = 200
MAX_UNPACKED_BYTES = 30 * 1024 * 1024
MAX_RATIO = 200
MAX_ROWS, MAX_COLUMNS = 100_000, 60
TIMEOUT_SECONDS = 40
_EXCEL_97 = bytes.fromhex("d0cf11e0a1b11ae1")
TEXT_SUFFIXES = (".csv", ".txt", ".tsv")

CellValue = str | int | float | bool | date
CellPosition = tuple[int, int]  # row and column, counted from 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of cells; row and column numbers that people see count from 1.

    ``merged`` are all cells of merged ranges, each filled with the range's value, ``filled`` those of them in which
    nothing stands; ``valueless`` are cells with an error, or a formula whose value nobody computed, ``formulas`` what
    stands there instead. ``hidden_rows`` are counted from 0.
    """

    name: str
    rows: list[list[CellValue]]
    merged: frozenset[CellPosition] = frozenset()
    valueless: frozenset[CellPosition] = frozenset()
    has_hidden_rows: bool = False
    too_large: bool = False
    line_numbers: tuple[int, ...] = field(default=())  # of a text file, where a row may take several lines
    filled: frozenset[CellPosition] = frozenset()
    formulas: Mapping[CellPosition, str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    is_hidden: bool = False

    def row_number(self, index: int) -> int:
        """The number that a person sees beside the row with this index."""
        return self.line_numbers[index] if self.line_numbers else index + 1


def read_sheets(path: Path) -> list[Sheet]:
    """The visible sheets of a workbook, or the one table of a text file. Raises :class:`UserError`.

    A sheet beyond the limits comes without rows and with ``too_large``.
    """
    content = read_bytes(path, MAX_BYTES)
    if path.suffix.lower() in TEXT_SUFFIXES:
        return [_read_text(content, path)]
    _check_archive(path)
    return [_to_sheet(sheet) for sheet in _read_in_worker(path) if sheet["visible"]]


def read_all_sheets(path: Path) -> list[Sheet]:
    """Every worksheet, hidden ones too, of a workbook that may be one of Excel 97. Raises :class:`UserError`."""
    content = read_bytes(path, MAX_BYTES)
    if not content.startswith(_EXCEL_97):
        _check_archive(path)
    return [_to_sheet(sheet) for sheet in _read_in_worker(path, "--with-hidden")]


def _read_text(content: bytes, path: Path) -> Sheet:
    numbered = list(parse_rows(decode_text(content, path.name), path.name))
    rows = trim_columns([cells for _line, cells in numbered])
    if len(rows) > MAX_ROWS or max(map(len, rows), default=0) > MAX_COLUMNS:
        raise user_error("{file} 超过 {rows} 行 × {columns} 列", file=path.name, rows=MAX_ROWS, columns=MAX_COLUMNS)
    return Sheet(path.name, [list(row) for row in rows], line_numbers=tuple(line for line, _cells in numbered))


def _check_archive(path: Path) -> None:
    """Looks at the directory of the zip file before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise user_error("{file} 不是 xlsx 工作簿，请用 Excel 另存为 xlsx 或 csv", file=path.name) from error
    unpacked_bytes = sum(member.file_size for member in members)
    packed_bytes = sum(member.compress_size for member in members) or 1
    if len(members) > MAX_MEMBERS:
        raise user_error(
            "{file} 里有 {n} 个部件（多半是复选框、图片），超过 {limit} 个。请把要用的工作表复制到新工作簿再保存",
            file=path.name, n=len(members), limit=MAX_MEMBERS,
        )  # fmt: skip
    if unpacked_bytes > MAX_UNPACKED_BYTES or unpacked_bytes > MAX_RATIO * packed_bytes:
        raise user_error("{file} 解压后过大，拒绝打开。请只保留要用的工作表后另存", file=path.name)
    for member in members:
        if ".." in member.filename or member.filename.startswith(("/", "\\")):
            raise user_error("{file} 内部路径可疑，拒绝打开", file=path.name)
        if "vbaproject" in member.filename.lower():
            raise user_error("{file} 含宏，请另存为不含宏的 xlsx", file=path.name)
    if any(member.filename.lower() in ("content.xml", "xl/workbook.bin") for member in members):
        raise user_error("{file} 不是 xlsx（是 ods 或 xlsb），请另存为 xlsx", file=path.name)


def _read_in_worker(path: Path, *options: str) -> list[dict[str, Any]]:
    worker_path = Path(__file__).with_name("spreadsheet_worker.py")
    try:
        completed = subprocess.run(
            [sys.executable, str(worker_path), str(path), *options],
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise user_error("{file} 无法作为工作簿读取，请用 Excel 打开后另存为新的 xlsx", file=path.name) from error
    sheets: list[dict[str, Any]] = json.loads(completed.stdout)
    return sheets


def _to_sheet(entry: dict[str, Any]) -> Sheet:
    """The sheet with the value of each merged range in all its cells."""
    rows = [[_to_cell(cell) for cell in row] for row in entry["rows"]]
    merged: set[CellPosition] = set()
    filled: set[CellPosition] = set()
    for (top, left), (bottom, right) in entry["merged"]:
        for row in range(top, min(bottom + 1, len(rows))):
            for column in range(left, min(right + 1, len(rows[row]))):
                rows[row][column] = rows[top][left]
                merged.add((row, column))
                filled |= {(row, column)} - {(top, left)}
    formulas = {_to_position(reference): text for reference, text in entry["valueless"].items()}
    return Sheet(
        entry["name"], rows, frozenset(merged), frozenset(formulas), bool(entry["hidden_rows"]), entry["too_large"],
        filled=frozenset(filled), formulas=formulas, is_hidden=not entry["visible"],
        hidden_rows=frozenset(number - 1 for number in entry["hidden_rows"] if number),
    )  # fmt: skip


def _to_cell(cell: Any) -> CellValue:
    if not isinstance(cell, dict):
        value: CellValue = cell
        return value
    try:
        return date.fromisoformat(str(cell["date"])[:10])
    except ValueError:  # a time of day
        return str(cell["date"])


def _to_position(reference: str) -> CellPosition:
    letters, digits = re.fullmatch(r"([A-Z]+)([0-9]+)", reference).groups()  # type: ignore[union-attr]
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(digits) - 1, column - 1
