"""Data frames hold the same figures as the command line."""

import csv
import io
import re
from pathlib import Path

import pandas as pd

from survey_app.cli.scheme_group import load_scheme
from survey_app.foundation.settings import PROJECT
from survey_app.frame.queries import wave_by_name
from survey_app.reporting.build import build_report
from survey_app.reporting.tabular.data_frames import has_parquet, to_data_frames
from testing.district import District


def test_the_frames_are_the_tables(measured: District) -> None:
    with measured.app.app_context(), measured.app.extensions["database"].read_session() as session:
        wave = wave_by_name(session, measured.wave)
        found = to_data_frames(build_report(session, wave, measured.app.extensions["categories"], load_scheme(None)))
    for name in ("indices", "items", "ranking"):
        printed = measured.command("results", name, "--wave", measured.wave)
        rows = list(csv.DictReader(io.StringIO(printed.lstrip("\ufeff"))))
        assert list(found[name].columns) == list(rows[0])
        assert len(found[name]) == len(rows)
    hidden = found["indices"][found["indices"]["flags"].str.contains("suppressed")]
    assert len(hidden) > 0
    assert hidden["index"].isna().all()
    assert found["indices"]["index"].dropna().between(0, 100).all()


def test_frames_are_written_and_the_example_of_the_documents_reads_them(measured: District, tmp_path: Path) -> None:
    """The notebook example of the documents runs on what the command wrote."""
    folder = tmp_path / "frames"
    said = measured.app.test_cli_runner().invoke(
        args=["results", "frames", "--wave", measured.wave, "--out", str(folder)]
    )
    assert said.exit_code == 0, said.output
    suffix = "parquet" if has_parquet() else "pickle"
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{name}.{suffix}" for name in ("indices", "items", "ranking")
    ]
    assert has_parquet() or "pandas.read_pickle" in said.stderr
    for name in ("files.md", "files.en.md"):
        (code,) = re.findall(r"```python\n(.*?)```", (PROJECT / "docs" / name).read_text("utf-8"), re.S)
        names: dict[str, object] = {}
        exec(code.replace('"frames"', repr(str(folder))), names)
        assert isinstance(names["by_category"], pd.DataFrame)
        assert len(names["by_category"]) > 0
