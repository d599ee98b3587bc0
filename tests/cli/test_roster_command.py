"""``flask roster import``: all or nothing, after a look at what is new, changed and gone."""

import json
from pathlib import Path

import pytest
from flask import Flask

from survey_app.foundation.clock import ManualClock
from testing.district import District, written

HEADING = "学校代码,学校名称,类别,家长数,教师数,学生数\n"
FIRST = HEADING + "0101,河东小学,小学,60,5,30\n0102,河西小学,小学,50,4,20\n0201,河东中学,初中,90,8,90\n"
SECOND = HEADING + "0101,河东小学,小学,61,5,30\n0103,河南小学,小学,40,4,20\n"  # 0102 is gone; nothing about 初中


@pytest.fixture
def office(sqlite_app: Flask, clock: ManualClock) -> District:
    return District(sqlite_app, clock)


def imported(office: District, tmp_path: Path, text: str, *options: str, code: int = 0) -> str:
    return office.command("roster", "import", str(written(tmp_path / "r.csv", text)), *options, code=code)


def test_first_import_and_again(office: District, tmp_path: Path) -> None:
    found = json.loads(imported(office, tmp_path, FIRST, "--json"))
    assert (found["schools"], found["new"], found["gone"]) == (3, ["0101", "0102", "0201"], [])
    assert {"school_code": "0201", "audience": "teacher", "population": 8} in found["populations"]
    assert (office.count("school"), office.count("enrolment")) == (3, 9)
    again = json.loads(imported(office, tmp_path, FIRST, "--json"))
    assert (again["new"], again["changed"], again["unchanged"]) == ([], [], 3)


def test_a_dry_run_tells_and_writes_nothing(office: District, tmp_path: Path) -> None:
    imported(office, tmp_path, FIRST)
    before = (office.count("school"), office.count("enrolment"), office.count("audit_entry"))
    found = json.loads(imported(office, tmp_path, SECOND, "--dry-run", "--json"))
    assert (found["new"], found["changed"], found["gone"]) == (["0103"], ["0101"], ["0102"])
    assert (office.count("school"), office.count("enrolment"), office.count("audit_entry")) == before


def test_a_school_that_is_gone_needs_a_word(office: District, tmp_path: Path) -> None:
    imported(office, tmp_path, FIRST)
    refusal = imported(office, tmp_path, SECOND, code=1)
    assert "有 1 所学校不在这份名册里" in refusal
    assert "--remove-missing" in refusal
    assert office.count("school") == 3
    imported(office, tmp_path, SECOND, "--remove-missing")
    assert office.count("school") == 4
    assert office.count("school WHERE in_roster") == 3
    assert office.count("school WHERE code = '0201' AND in_roster") == 1, "the file does not speak for its category"
    back = json.loads(imported(office, tmp_path, FIRST, "--remove-missing", "--json"))
    assert back["changed"] == ["0101", "0102"]
    assert back["gone"] == ["0103"]


def test_with_faults_nothing_is_imported(office: District, samples: Path) -> None:
    refusal = office.command("roster", "import", str(samples / "roster-faulty.xlsx"), code=1)
    assert "名册有 8 处错误，没有导入任何内容" in refusal
    assert refusal.count("提醒：") == 3
    assert office.count("school") == office.count("enrolment") == office.count("audit_entry WHERE result = 'done'") == 0


def test_an_import_is_in_the_audit(office: District, tmp_path: Path) -> None:
    imported(office, tmp_path, FIRST)
    assert office.count("audit_entry WHERE action = 'roster.import' AND detail = 'r.csv: 3'") == 1


def test_an_open_wave_keeps_what_it_froze(office: District, tmp_path: Path) -> None:
    imported(office, tmp_path, FIRST)
    office.opened(schools=())
    frozen = office.count("wave_population")
    imported(office, tmp_path, SECOND, "--remove-missing")
    assert office.count("wave_school") == 3
    assert office.count("wave_population") == frozen
    assert office.count("wave_population WHERE audience = 'parent' AND population = 60") == 1
