"""A file from an office (xlsx, or csv in UTF-8 or GBK) to rows of cells, within limits."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import user_error

DELIMITER_SEARCH_ROWS = 15
MAX_BYTES = 2 * 1024 * 1024
MAX_MEMBERS = 200
MAX_UNPACKED_BYTES = 30 * 1024 * 1024
MAX_RATIO = 200
MAX_ROWS, MAX_COLUMNS = 5000, 30
TIMEOUT_SECONDS = 20

CellValue = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of cells; row and column numbers that people see count from 1."""

    name: str
    rows: list[list[CellValue]]


def read_sheets(path: Path) -> list[Sheet]:
    """All sheets of a workbook, or the one table of a csv file. Raises :class:`UserError`."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise user_error("无法读取文件 {file}：{why}", file=str(path), why=error.strerror or "") from error
    if size > MAX_BYTES:
        raise user_error("文件 {file} 超过 {limit} MB，请拆分", file=path.name, limit=MAX_BYTES // 2**20)
    if path.suffix.lower() in (".csv", ".txt"):
        return [_read_csv(path)]
    _check_archive(path)
    return [_fill_merged_cells(sheet, path) for sheet in _read_in_worker(path)]


def _read_csv(path: Path) -> Sheet:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise user_error("{file} 既不是 UTF-8 也不是 GBK 编码，请用 Excel 另存为 xlsx", file=path.name)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first_lines = text.split("\n", DELIMITER_SEARCH_ROWS)[:DELIMITER_SEARCH_ROWS]
    delimiter = max(",;\t，", key=lambda candidate: max(line.count(candidate) for line in first_lines))
    try:
        rows: list[list[CellValue]] = [list(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error as error:
        raise user_error("{file} 不是格式正确的 csv：{why}", file=path.name, why=str(error)) from error
    if len(rows) > MAX_ROWS or max(map(len, rows), default=0) > MAX_COLUMNS:
        raise user_error(
            "{file} 超过 {rows} 行 × {columns} 列，请拆分", file=path.name, rows=MAX_ROWS, columns=MAX_COLUMNS
        )
    return Sheet(path.name, rows)


def _check_archive(path: Path) -> None:
    """Looks at the directory of the zip file before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise user_error("{file} 不是 xlsx 工作簿，请用 Excel 另存为 xlsx 或 csv", file=path.name) from error
    unpacked_bytes = sum(member.file_size for member in members)
    packed_bytes = sum(member.compress_size for member in members) or 1
    if len(members) > MAX_MEMBERS or unpacked_bytes > MAX_UNPACKED_BYTES or unpacked_bytes > MAX_RATIO * packed_bytes:
        raise user_error("{file} 解压后过大，拒绝打开。请只保留名册工作表后另存", file=path.name)
    for member in members:
        if ".." in member.filename or member.filename.startswith(("/", "\\")):
            raise user_error("{file} 内部路径可疑，拒绝打开", file=path.name)
        if "vbaproject" in member.filename.lower():
            raise user_error("{file} 含宏，请另存为不含宏的 xlsx", file=path.name)


def _read_in_worker(path: Path) -> list[dict[str, Any]]:
    worker_path = Path(__file__).with_name("spreadsheet_worker.py")
    try:
        completed = subprocess.run(
            [sys.executable, str(worker_path), str(path)], capture_output=True, timeout=TIMEOUT_SECONDS, check=True
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise user_error("{file} 无法作为工作簿读取，请用 Excel 打开后另存为新的 xlsx", file=path.name) from error
    sheets: list[dict[str, Any]] = json.loads(completed.stdout)
    return sheets


def _fill_merged_cells(sheet: dict[str, Any], path: Path) -> Sheet:
    """The sheet with the value of each merged range in all its cells."""
    if sheet["too_large"]:
        raise user_error(
            "{file} 的工作表“{sheet}”超过 {rows} 行 × {columns} 列，请只保留名册",
            file=path.name, sheet=sheet["name"], rows=MAX_ROWS, columns=MAX_COLUMNS,
        )  # fmt: skip
    rows: list[list[CellValue]] = sheet["rows"]
    for (top, left), (bottom, right) in sheet["merged"]:
        for row in range(top, min(bottom + 1, len(rows))):
            for column in range(left, min(right + 1, len(rows[row]))):
                rows[row][column] = rows[top][left]
    return Sheet(sheet["name"], rows)
