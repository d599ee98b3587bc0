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
from survey_app.reporting.tabular.headings import column_headings
from survey_app.reporting.tabular.tables import INDEX_COLUMNS, RANKING_COLUMNS
from testing.district import District
from testing.workbooks import cells


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


def test_every_column_of_the_results_has_words_in_every_language() -> None:
    columns = (*INDEX_COLUMNS, *RANKING_COLUMNS, "se", "item", "text", "concept", "na", "blank", "not_shown", "count_5")
    for tag in ("zh", "en"):
        words = column_headings(columns, tag)
        assert all(words)
        assert len(set(words)) == len(set(columns)), "no two columns have one heading"
    assert column_headings(["index", "count_5"], "zh") == ("指数", "选“5”的人数")
    assert column_headings(["index", "count_5"], "en") == ("Index", "Persons who chose “5”")


def test_headings_in_words_change_no_figure(measured: District) -> None:
    """Clerk 23: the tables had English names and no question; programs still get the names, on asking for nothing."""
    for name in ("indices", "items", "ranking"):
        plain = measured.command("results", name, "--wave", measured.wave).splitlines()
        worded = measured.command("results", name, "--wave", measured.wave, "--headings", "zh").splitlines()
        assert worded[0].startswith("\ufeff批次,")
        assert worded[1:] == plain[1:]
        client = measured.staff(name=f"表头{name}")
        page = client.get(f"/staff/waves/1/{name}.csv?headings=zh").text.splitlines()
        assert page == worded
        assert client.get(f"/staff/waves/1/{name}.csv?headings=klingon").text.splitlines() == plain
    named = json.loads(
        measured.command("results", "items", "--wave", measured.wave, "--headings", "zh", "--format", "json")
    )
    assert named[0]["item"] == "T1"
    assert named[0]["text"], "what was asked"


def test_items_say_what_was_asked_and_what_could_be_chosen(measured: District, tmp_path: Path) -> None:
    """Clerk 24: "第 1 项 … 第 5 项" stood where the options belong, one sentence in every row of 分维度."""
    out = tmp_path / "book.xlsx"
    measured.command("results", "report", "--wave", measured.wave, "--out", str(out))
    book = cells(out, values=True)
    heads = {str(value) for (sheet, _place), value in book.items() if sheet == "题目分布" and value}
    assert not any(head.startswith("第 1 项") for head in heads)
    assert any(head.startswith("非常满意") for head in heads)
    marks = {value for (sheet, place), value in book.items() if sheet == "分维度" and place.startswith("O") and value}
    (legend,) = [
        str(value) for (sheet, _), value in book.items() if sheet == "分维度" and str(value).startswith("说明：")
    ]
    for mark in "".join(str(value) for value in marks if value != "说明"):
        assert f"{mark} " in legend
