"""Tables as files of statistics programs. The libraries are optional: without one, its name is said."""

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from survey_app.foundation.errors import user_error

from .codebook import Variable, short_label
from .data_frames import coded_frame

Rows = Iterable[Mapping[str, Any]]


def require_library(name: str, form: str) -> Any:
    """The library that writes a format. Raises :class:`UserError` that says how to install it."""
    if find_spec(name) is None:
        raise user_error(
            "写 {form} 要另装 {library}：在程序的环境里运行 pip install {library}，再试一次", form=form, library=name
        )
    return import_module(name)


def write_sav(variables: Sequence[Variable], rows: Rows, file: BinaryIO) -> None:
    """SPSS: labels of variables and codes; "don't know" is a missing value that keeps its label."""
    library = require_library("pyreadstat", "sav")
    frame = coded_frame(variables, rows)
    coded = [variable for variable in variables if variable.values]
    with TemporaryDirectory() as folder:  # the library writes to a path; only the owner can read this folder
        path = Path(folder) / "answers.sav"
        library.write_sav(
            frame,
            str(path),
            column_labels={variable.name: short_label(variable.label) for variable in variables if variable.label},
            variable_value_labels={
                variable.name: {_typed(variable, code): short_label(label) for code, label in variable.values}
                for variable in coded
            },
            missing_ranges={
                variable.name: [_typed(variable, code) for code in variable.missing[:3]]
                for variable in coded
                if variable.missing
            },
            variable_measure={variable.name: "nominal" for variable in coded},
        )
        file.write(path.read_bytes())


def write_parquet(variables: Sequence[Variable], rows: Rows, file: BinaryIO) -> None:
    """Columns with their types; numbers of codes stay numbers, blanks are missing."""
    require_library("pyarrow", "parquet")
    coded_frame(variables, rows).to_parquet(file, index=False, engine="pyarrow")


def _typed(variable: Variable, code: str) -> int | str:
    return int(code) if variable.is_numeric else code
