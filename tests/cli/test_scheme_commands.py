"""``flask scheme``: explained line by line, compared entry by entry, tried on a wave that is over."""

import csv
import io
import json

import pytest
from openpyxl import load_workbook

from survey_app.foundation.settings import PROJECT
from testing.district import written

SHIPPED = PROJECT / "questionnaires" / "assessment"
COUNTY = SHIPPED / "county-four-evaluators.yaml"


def test_check_explains_every_line_of_the_marks(app) -> None:  # type: ignore[no-untyped-def]
    found = app.test_cli_runner().invoke(args=["scheme", "check", str(COUNTY)])
    assert found.exit_code == 0
    assert "burden: dimension/burden 1.5, threshold 50–90" in found.stdout
    assert "分数线上没有悬崖" in found.stdout


def test_diff_lists_what_differs_and_says_when_nothing_does(app, tmp_path) -> None:  # type: ignore[no-untyped-def]
    changed = written(tmp_path / "new.yaml", COUNTY.read_text("utf-8").replace("full_at: 95", "full_at: 90"))
    run = app.test_cli_runner().invoke
    rows = json.loads(run(args=["scheme", "diff", str(COUNTY), str(changed), "--json"]).stdout)
    assert rows == [{"path": "rules.marks.lines.status.full_at", "before": "95", "after": "90"}]
    assert "两份方案内容相同" in run(args=["scheme", "diff", str(COUNTY), str(COUNTY)]).stderr


@pytest.fixture
def tried(district, tmp_path):  # type: ignore[no-untyped-def]
    """A sealed wave, and a scheme of format 2 that fits it."""
    from testing.answers import write_answers

    district.command("responses", "import", "--wave", district.wave, str(write_answers(district, tmp_path / "a.csv")))
    district.sealed()
    text = COUNTY.read_text("utf-8").replace("rank_from: 20", "rank_from: 20\n  rank_unverified: 首年试行")
    return district, written(tmp_path / "scheme.yaml", text)


def test_try_shows_each_school_its_lines_and_the_triggers(tried, tmp_path) -> None:  # type: ignore[no-untyped-def]
    district, scheme = tried
    args = ["scheme", "try", str(scheme), "--wave", district.wave]
    found = district.app.test_cli_runner().invoke(args=args)
    assert found.exit_code == 0, found.stderr
    rows = list(csv.DictReader(io.StringIO(found.stdout.lstrip("\ufeff"))))
    assert {row["school_code"] for row in rows} == {"0101", "0201"}
    assert all(row["total"] and not row["total_before"] for row in rows)
    assert "总分是各行印出的期望得分之和" in found.stderr
    for table in ("lines", "triggers", "marks", "awards", "proposals"):
        out = tmp_path / f"{table}.xlsx"
        done = district.app.test_cli_runner().invoke(
            args=[*args, "--table", table, "--format", "xlsx", "--out", str(out)]
        )
        assert done.exit_code == 0, done.stderr
        assert load_workbook(out).worksheets[0].max_column > 3


def test_try_against_a_scheme_with_marks_shows_what_changes(tried, tmp_path) -> None:  # type: ignore[no-untyped-def]
    district, scheme = tried
    harder = written(tmp_path / "harder.yaml", scheme.read_text("utf-8").replace("zero_at: 60", "zero_at: 90"))
    found = district.app.test_cli_runner().invoke(
        args=["scheme", "try", str(harder), "--wave", district.wave, "--against", str(scheme), "--format", "json"]
    )
    rows = json.loads(found.stdout)
    assert all(row["change"] <= 0 for row in rows)
    assert any(row["change"] < 0 for row in rows)


def test_a_scheme_without_marks_is_refused_with_advice(tried) -> None:  # type: ignore[no-untyped-def]
    district, _ = tried
    found = district.app.test_cli_runner().invoke(
        args=["scheme", "try", str(SHIPPED / "default.yaml"), "--wave", district.wave]
    )
    assert found.exit_code == 1
    assert "format: 2" in found.stderr
