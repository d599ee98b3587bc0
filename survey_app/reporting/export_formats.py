"""The formats in which tables leave the house. One row per format, one place."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from survey_app.definition.messages import Message, message
from survey_app.definition.registry import Registry

from .tabular.codebook import Variable, plain_variables
from .tabular.csv_writer import to_csv_cell
from .tabular.statistics_files import write_parquet, write_sav
from .xlsx.plain_book import write_table_rows


@dataclass(frozen=True, slots=True)
class ExportTable:
    """Rows with the names of their columns.

    ``decimals`` is how floats are printed, None for all digits; ``is_verbatim`` says that cells are read back by an
    import and written as they are; ``has_byte_order_mark`` that a spreadsheet is to see the encoding. ``variables`` say
    what the columns mean, for formats that can hold it; without them only their names are known. ``headings`` are
    words for people in place of the names.
    """

    title: str
    columns: Sequence[str]
    rows: Iterable[Mapping[str, Any]]
    decimals: int | None = None
    is_verbatim: bool = False
    has_byte_order_mark: bool = True
    variables: Sequence[Variable] = ()
    headings: Sequence[str] = ()

    @property
    def heading_row(self) -> Sequence[str]:
        """What stands above the columns; JSON always has their names."""
        return self.headings or self.columns

    def cells(self, row: Mapping[str, Any]) -> list[Any]:
        if self.is_verbatim:
            return [row.get(column, "") for column in self.columns]
        return [to_csv_cell(row.get(column), self.decimals) for column in self.columns]


@dataclass(frozen=True, slots=True, eq=False)
class ExportFormat:
    """One format. ``is_binary`` ones can only go to a file; ``library`` is one that not every office has."""

    id: str
    label: Message
    write: Callable[[ExportTable, BinaryIO], None]
    is_binary: bool = False
    library: str = ""


def write_csv(table: ExportTable, file: BinaryIO) -> None:
    """Row by row, so that millions of responses need no memory."""
    encoding = "utf-8-sig" if table.has_byte_order_mark else "utf-8"
    text = io.TextIOWrapper(file, encoding=encoding, newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(table.heading_row)
    writer.writerows(table.cells(row) for row in table.rows)
    text.detach()


def write_json(table: ExportTable, file: BinaryIO) -> None:
    rows = [dict(row) for row in table.rows]
    file.write((json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode())


def write_xlsx(table: ExportTable, file: BinaryIO) -> None:
    rows = ([row.get(column) for column in table.columns] for row in table.rows)
    write_table_rows(file, table.title, table.heading_row, rows)


def write_spss(table: ExportTable, file: BinaryIO) -> None:
    write_sav(table.variables or plain_variables(table.columns), table.rows, file)


def write_columns(table: ExportTable, file: BinaryIO) -> None:
    write_parquet(table.variables or plain_variables(table.columns), table.rows, file)


EXPORT_FORMATS: Registry[ExportFormat] = Registry(
    ExportFormat("csv", message("以逗号分隔的文本"), write_csv),
    ExportFormat("json", message("JSON"), write_json),
    ExportFormat("xlsx", message("Excel 工作簿"), write_xlsx, is_binary=True),
    ExportFormat("sav", message("SPSS 数据文件"), write_spss, is_binary=True, library="pyreadstat"),
    ExportFormat("parquet", message("parquet 数据文件"), write_columns, is_binary=True, library="pyarrow"),
)
