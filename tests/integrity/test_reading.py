"""How often answers are read: twice at the seal, never by a page, once more in a job for other settings."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from survey_app.foundation.extensions import job_worker
from testing.answers import write_answers
from testing.console import Clerk
from testing.district import District

OTHER_SETTINGS = """
format: 1
id: strict
title: {zh: 严格方案, en: Strict scheme}
document: 测督〔2026〕2号
method: {valid_share: 0.9, map: cn100, rank_unverified: 首年试行开放链接}
categories:
  primary: {parent: 50, student: 30, teacher: 20}
  direct: {parent: 50, student: 30, teacher: 20}
"""


@contextmanager
def answers_read(app: Flask) -> Iterator[Counter[int]]:
    """How many statements read the answers of each school; a statement that names none would be counted as −1."""
    read: Counter[int] = Counter()

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: object) -> None:
        if re.search(r"response\.answers", statement):
            values = parameters.values() if isinstance(parameters, dict) else parameters
            schools = [value for value in values if isinstance(value, int)]
            read[schools[-1] if len(schools) >= 2 else -1] += 1

    engine = app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield read
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def collected(district: District, tmp_path: Path) -> District:
    """Parents and students answered in two schools; no teacher did."""
    sizes = {(code, "teacher"): 0 for code in ("0101", "0201")}
    path = write_answers(district, tmp_path / "answers.csv", sizes)
    district.command("responses", "import", "--wave", district.wave, str(path))
    return district


def scheme_file(folder: Path) -> str:
    path = folder / "strict.yaml"
    path.write_text(OTHER_SETTINGS, "utf-8")
    return str(path)


def test_the_seal_reads_every_answer_twice(collected: District) -> None:
    """Once for tallies with what goes together, once for signals; three audiences and two schools all the same."""
    with answers_read(collected.app) as read:
        collected.sealed()
    assert read == {1: 2, 2: 2}


def test_a_page_reads_no_answers_even_where_an_audience_gave_none(collected: District) -> None:
    collected.sealed()
    assert collected.count("tally_set WHERE responses = 0") > 0, "that nobody answered is kept, too"
    with answers_read(collected.app) as read:
        page = collected.staff().get("/staff/waves/1/results/all")
        collected.command("results", "indices", "--wave", collected.wave)
    assert page.status_code == 200
    assert "没有人答卷" in page.text
    assert not read


def test_a_command_with_other_settings_counts_once_and_keeps_it(collected: District, tmp_path: Path) -> None:
    collected.sealed()
    arguments = ("results", "indices", "--wave", collected.wave, "--scheme", scheme_file(tmp_path))
    with answers_read(collected.app) as read:
        ran = collected.app.test_cli_runner().invoke(args=list(arguments))
    assert ran.exit_code == 0
    assert read == {1: 1, 2: 1}
    assert "按这份方案计数" in ran.stderr
    first = ran.stdout
    with answers_read(collected.app) as read:
        second = collected.command(*arguments)
    assert not read
    assert rows(second) == rows(first)
    assert rows(second) != rows(collected.command("results", "indices", "--wave", collected.wave))
    assert collected.count("job WHERE state = 'done' AND percent = 100") == 1


def rows(printed: str) -> list[str]:
    return [line for line in printed.splitlines() if line.startswith(("2026秋,", "wave,"))]


def test_the_job_done_twice_keeps_one_tally(collected: District, tmp_path: Path) -> None:
    collected.sealed()
    collected.command("results", "indices", "--wave", collected.wave, "--scheme", scheme_file(tmp_path))
    before = collected.count("tally"), collected.count("tally_set")
    with collected.app.extensions["database"].write_session() as session:
        session.execute(text("UPDATE job SET state = 'waiting', active_key = key"))
    with collected.app.app_context():
        assert job_worker().run_all() == [("tallies", "done")]
    assert (collected.count("tally"), collected.count("tally_set")) == before


def test_a_page_with_other_settings_asks_for_the_job_and_says_so(
    collected: District, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Reading asks for nothing, a press does; the page says how far it is, ``run-due`` does the work."""
    from survey_app.admin.results import report
    from survey_app.assessment.schemes import read_scheme

    collected.sealed()
    strict = read_scheme(Path(scheme_file(tmp_path)), collected.app.extensions["categories"])
    monkeypatch.setattr(report, "scheme", lambda: strict)
    clerk = Clerk(collected)
    client = clerk.client
    with answers_read(collected.app) as read:
        for address in ("results/all", "results", "results.xlsx", "indices.csv"):
            page = client.get(f"/staff/waves/1/{address}")
            assert page.status_code == (409 if "csv" in address else 202)
            assert "Refresh" not in page.headers
        assert collected.count("job") == 0, "nobody asked"
        clerk.page = client.get("/staff/waves/1/results/all").text
        assert "开始计数" in clerk.page
        assert clerk.send("/staff/waves/1/results/count").status_code == 303
        for _time in range(2):
            page = client.get("/staff/waves/1/results/all")
            assert (page.status_code, page.headers["Refresh"]) == (202, "5")
            assert "结果正在准备" in page.text
        for address, status in (("results.xlsx", 202), ("indices.csv", 409)):  # the workbook comes when it is ready
            page = client.get(f"/staff/waves/1/{address}")
            assert page.status_code == status
            assert "结果正在准备" in page.text
    assert not read
    assert collected.count("audit_entry WHERE action = 'results.report' AND result = 'done'") == 0
    assert collected.count("job") == 1
    assert "tallies: done" in collected.command("run-due")
    shown = client.get("/staff/waves/1/results/all")
    assert shown.status_code == 200
    assert "严格方案" in shown.text


def test_a_job_that_failed_is_shown_and_done_again_when_asked(
    collected: District, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from survey_app.admin.results import report
    from survey_app.assessment.schemes import read_scheme

    collected.sealed()
    strict = read_scheme(Path(scheme_file(tmp_path)), collected.app.extensions["categories"])
    monkeypatch.setattr(report, "scheme", lambda: strict)
    clerk = Clerk(collected)
    client = clerk.client
    clerk.page = client.get("/staff/waves/1/results/all").text
    clerk.send("/staff/waves/1/results/count")
    with collected.app.extensions["database"].write_session() as session:
        session.execute(text("UPDATE job SET state = 'failed', active_key = NULL, error = '磁盘满了'"))
    page = client.get("/staff/waves/1/results/all")
    assert "Refresh" not in page.headers
    assert "磁盘满了" in page.text
    assert collected.count("job") == 1
    clerk.page = client.get("/staff/waves/1/results/all").text
    assert "再试一次" in clerk.page
    assert clerk.send("/staff/waves/1/results/count").location == "/staff/waves/1/results"
    assert "结果正在准备" in client.get("/staff/waves/1/results").text
    assert collected.count("job WHERE state = 'waiting'") == 1
