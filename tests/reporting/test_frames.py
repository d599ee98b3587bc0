"""Data frames hold the same figures as the command line."""

import csv
import io

from survey_app.cli.scheme import load_scheme
from survey_app.frame.queries import wave_by_name
from survey_app.reporting.build import build_report
from survey_app.reporting.tabular.data_frames import to_data_frames
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
