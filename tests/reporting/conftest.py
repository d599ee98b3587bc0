"""A measured wave: six schools, about five hundred answers, sealed. Made once, and copied for each module."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey_app.foundation.clock import ManualClock
from survey_app.foundation.settings import PROJECT
from testing.answers import write_answers
from testing.application import START, make_app
from testing.district import District, school

SCHOOLS = (
    school("0101", "河东小学"), school("0102", "河西小学"), school("0103", "河南小学"), school("0104", "河北小学"),
    school("0201", "河东中学", "direct"), school("0202", "河西中学", "direct"),
)  # fmt: skip
SCHEME = """
format: 1
id: trial
title: {{zh: 试用方案, en: Trial scheme}}
document: 测督〔2026〕1号
method: {{min_n: 10, min_n_for: {{teacher: 5}}, rank_unverified: 首年试行开放链接}}
categories:
  primary: {{parent: {parent}, student: {student}, teacher: {teacher}}}
  direct: {{parent: 50, student: 30, teacher: 20}}
minimum_response: {{parent: 0.3, student: 0.3, teacher: 0.5}}
"""


def write_scheme(path: Path, parent: int = 50, student: int = 30, teacher: int = 20) -> Path:
    path.write_text(SCHEME.format(parent=parent, student=student, teacher=teacher), "utf-8")
    return path


@pytest.fixture(scope="session")
def measured_once(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> District:
    """The wave that each module gets a copy of."""
    home = tmp_path_factory.mktemp("measured_once")
    (home / "survey.db").write_bytes(migrated.read_bytes())
    shutil.copytree(PROJECT / "questionnaires", home / "questionnaires")
    write_scheme(home / "questionnaires" / "assessment" / "default.yaml")
    district = _district_in(home, ManualClock(START)).opened(SCHOOLS)
    sizes = {("0103", "teacher"): 3, ("0202", "parent"): 8, ("0202", "student"): 0}
    district.command(
        "responses", "import", "--wave", "2026秋", str(write_answers(district, home / "answers.csv", sizes))
    )
    district.sealed().app.extensions["database"].dispose()
    return district


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory, measured_once: District) -> Iterator[District]:
    home = tmp_path_factory.mktemp("copies") / "measured"
    shutil.copytree(measured_once.app.extensions["settings"].secrets_dir.parent, home)
    district = _district_in(home, ManualClock(measured_once.clock.at))
    district.links = measured_once.links
    yield district
    district.app.extensions["database"].dispose()


def _district_in(home: Path, clock: ManualClock) -> District:
    return District(make_app(f"sqlite:///{home / 'survey.db'}", home, clock, home / "questionnaires"), clock)
