"""The tables of a report, and of answers, as data frames, for analysts who go on. The one door to pandas.

>>> from survey_app.reporting.tabular.data_frames import to_data_frames  # doctest: +SKIP
>>> to_data_frames(report)["indices"].groupby("category")["index"].mean()  # doctest: +SKIP
"""

from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey_app.foundation.private_files import make_private_file

from ..wave_report import WaveReport
from .codebook import Variable
from .tables import INDEX_COLUMNS, RANKING_COLUMNS, index_rows, item_columns, item_rows, ranking_rows

if TYPE_CHECKING:
    import pandas as pd


def to_data_frames(report: WaveReport) -> "dict[str, pd.DataFrame]":
    """``indices``, ``items`` and ``ranking``, the columns of ``flask results``; hidden figures are missing values."""
    import pandas as pd

    return {
        "indices": pd.DataFrame(index_rows(report), columns=list(INDEX_COLUMNS)),
        "items": pd.DataFrame(item_rows(report), columns=list(item_columns(report))),
        "ranking": pd.DataFrame(ranking_rows(report), columns=list(RANKING_COLUMNS)),
    }


def write_data_frames(report: WaveReport, directory: Path) -> list[Path]:
    """Writes one file per table: parquet where pyarrow is installed, else pickle. Returns the files."""
    suffix = "parquet" if has_parquet() else "pickle"
    paths = []
    for name, frame in to_data_frames(report).items():
        path = directory / f"{name}.{suffix}"
        make_private_file(path)
        if suffix == "parquet":
            frame.to_parquet(path, index=False)
        else:
            frame.to_pickle(path)
        paths.append(path)
    return paths


def has_parquet() -> bool:
    return find_spec("pyarrow") is not None


def coded_frame(variables: Sequence[Variable], rows: Iterable[Mapping[str, Any]]) -> "pd.DataFrame":
    """The rows of a table with one column for each variable; blanks are missing values."""
    import pandas as pd

    cells: list[list[Any]] = [[] for _variable in variables]
    for row in rows:
        for column, variable in zip(cells, variables, strict=True):
            value = row.get(variable.column)
            column.append(variable.value(value) if isinstance(value, str) else value)
    return pd.DataFrame(
        {variable.name: _series(variable, column) for variable, column in zip(variables, cells, strict=True)}
    )


def _series(variable: Variable, cells: Sequence[Any]) -> "pd.Series[Any]":
    import pandas as pd

    if variable.is_numeric:
        return pd.Series([float(cell) if cell not in ("", None) else None for cell in cells], dtype="float64")
    return pd.Series(cells)
