"""Each format carries the same table, and a format that is added is one that the commands offer."""

import io
import json
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import openpyxl
import pandas as pd
import pytest

from survey_app.definition.messages import message
from survey_app.reporting.export_formats import EXPORT_FORMATS, ExportFormat, ExportTable
from testing.district import District


def write_tabs(table: ExportTable, file: BinaryIO) -> None:
    for row in [list(table.columns), *(table.cells(row) for row in table.rows)]:
        file.write(("\t".join(map(str, row)) + "\n").encode())


def test_a_new_format_is_offered_by_the_commands(measured: District, tmp_path: Path) -> None:
    export = ("results", "ranking", "--wave", "2026秋")
    assert "tabs" in measured.command(*export, "--format", "tabs", code=2), "named as unknown"
    with EXPORT_FORMATS.extended(ExportFormat("tabs", message("以制表符分隔的文本"), write_tabs)):
        measured.command(*export, "--format", "tabs", "--out", str(tmp_path / "ranking.tsv"))
    measured.command(*export, "--format", "csv", "--out", str(tmp_path / "ranking.csv"))
    tabs = [line.split("\t") for line in (tmp_path / "ranking.tsv").read_text("utf-8").splitlines()]
    commas = [line.split(",") for line in (tmp_path / "ranking.csv").read_text("utf-8-sig").splitlines()]
    assert len(tabs) > 1
    assert tabs == commas


def read_csv(file: io.BytesIO) -> list[list[Any]]:
    return [list(line.split(",")) for line in file.getvalue().decode("utf-8-sig").splitlines()]


def read_json(file: io.BytesIO) -> list[list[Any]]:
    rows = json.loads(file.getvalue())
    return [list(rows[0]), *(list(row.values()) for row in rows)]


def read_xlsx(file: io.BytesIO) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(file).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def read_sav(file: io.BytesIO) -> list[list[Any]]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.sav"
        path.write_bytes(file.getvalue())
        frame, _labels = import_module("pyreadstat").read_sav(str(path))
    return [list(frame.columns), *frame.to_numpy().tolist()]


def read_parquet(file: io.BytesIO) -> list[list[Any]]:
    frame = pd.read_parquet(file)
    return [list(frame.columns), *frame.to_numpy().tolist()]


READERS = {  # one for each format
    "csv": read_csv, "json": read_json, "xlsx": read_xlsx, "sav": read_sav, "parquet": read_parquet,
}  # fmt: skip


@pytest.mark.parametrize("name", EXPORT_FORMATS.ids())
def test_every_format_has_the_columns_and_the_cells(name: str) -> None:
    table = ExportTable("指数", ("school", "index"), [{"school": "河东小学", "index": 87.5}])
    file = io.BytesIO()
    if EXPORT_FORMATS[name].library:
        pytest.importorskip(EXPORT_FORMATS[name].library)
    EXPORT_FORMATS[name].write(table, file)
    assert name in READERS, f"say here how {name} is read back"
    file.seek(0)
    heading, row = READERS[name](file)[:2]
    assert heading == ["school", "index"]
    assert (row[0], float(row[1])) == ("河东小学", 87.5)
