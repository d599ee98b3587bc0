"""Every pulse and every paper on recognition goes from the file through the form to the figures."""

import csv
from pathlib import Path

import pytest
from flask import Flask

from survey_app.foundation.clock import ManualClock
from testing.district import District, school

PEOPLE = 40


@pytest.mark.parametrize(
    ("name", "audience", "dimension"),
    [
        ("pulse-canteen", "student", "canteen"),
        ("pulse-after-school", "parent", "after_school_service"),
        ("pulse-bullying", "student", "among_pupils"),
        ("pulse-homework", "parent", "homework_amount"),
        ("recognition-public", "public", "trust"),
        ("recognition-staff", "teacher", "profession"),
        ("recognition-student", "student", "people"),
    ],
)  # fmt: skip
def test_a_questionnaire_of_the_library_is_answered_and_counted(
    name: str, audience: str, dimension: str, sqlite_app: Flask, clock: ManualClock, tmp_path: Path
) -> None:
    asked = school("0101", "河东小学", teachers=60)
    if not any(key[0] == audience for key in asked.populations):
        asked.populations[audience, "", "", ""] = 60
    district = District(sqlite_app, clock).opened((asked,), (name,))
    district.send_many(district.link(audience), PEOPLE)
    district.sealed()
    district.command("results", "indices", "--wave", district.wave, "--out", str(tmp_path / "indices.csv"))
    with (tmp_path / "indices.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["dimension"] == dimension and row["audience"] == audience]
    (row,) = rows
    assert row["instrument"] == name
    assert 0 < float(row["index"]) < 100
    assert float(row["n"]) >= 10
