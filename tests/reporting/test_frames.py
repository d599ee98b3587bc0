"""Data frames hold the same figures as the command line."""

import csv
import io

from survey_app.cli.scheme import scheme_from
from survey_app.frame.queries import wave_named
from survey_app.reporting.build import report
from survey_app.reporting.tabular.data_frames import frames
from testing.district import District


def test_the_frames_are_the_tables(measured: District) -> None:
    with measured.app.app_context(), measured.app.extensions["database"].reading() as session:
        wave = wave_named(session, measured.wave)
        found = frames(report(session, wave, measured.app.extensions["categories"], scheme_from(None)))
    for name in ("indices", "items", "ranking"):
        printed = measured.command("results", name, "--wave", measured.wave)
        rows = list(csv.DictReader(io.StringIO(printed.lstrip("\ufeff"))))
        assert list(found[name].columns) == list(rows[0])
        assert len(found[name]) == len(rows)
    hidden = found["indices"][found["indices"]["flags"].str.contains("suppressed")]
    assert len(hidden) > 0
    assert hidden["index"].isna().all()
    assert found["indices"]["index"].dropna().between(0, 100).all()
