"""Workbooks as LibreOffice recalculates them."""

import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from testing.programs import office

Cells = dict[tuple[str, str], Any]


def cells(path: Path, values: bool) -> Cells:
    """(sheet, address) to what stands there: cached values or formulas."""
    book = openpyxl.load_workbook(path, data_only=values)
    return {(sheet.title, cell.coordinate): cell.value for sheet in book for row in sheet.iter_rows() for cell in row}


def recalculated(path: Path, folder: Path, changes: dict[tuple[str, str], float] | None = None) -> Cells:
    """The values after LibreOffice computed every formula anew, with some cells changed before."""
    program = office()
    if program is None:
        pytest.skip("!!! LibreOffice is not here")
    book = openpyxl.load_workbook(path)  # saving drops the cached values, so that nothing can be taken from them
    for (sheet, place), value in (changes or {}).items():
        book[sheet][place] = value
    plain = folder / "plain.xlsx"
    book.save(plain)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [program, profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir",
               str(folder / "out"), str(plain)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return cells(folder / "out" / "plain.xlsx", values=True)
