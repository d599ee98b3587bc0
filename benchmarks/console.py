"""A district of 1,000 schools and 1 M answers: how long each page and file of the office takes.

``python -m benchmarks.console [--schools 1000] [--answers 1.0] [--rounds 7]``. Everything runs in children, as peak
memory is inherited: the roster by classes is read and applied, the wave opened, answered (written straight into the
tables), sealed; a report is built from nothing, and the workbook from it; then each page of the console that a wave or
a roster has is asked for through the application, ``--rounds`` times, and each file once. Limits: a page 300 ms and
60 KB gzip, a file 10 s, report and workbook 60 s each, and 300 MB for the process that makes both.
"""

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from sqlalchemy import text

from benchmarks.office_year import fill_year
from benchmarks.page_times import time_pages
from benchmarks.synthetic_wave import form, school_rows

MAX_REPORT_SECONDS, MAX_REPORT_MB = 60.0, 300.0
GRADES = {"小学": range(1, 7), "初中": range(7, 10)}
CLASSES, CLASS_SIZE, TEACHERS, FIRST_ASKED = 2, 120, 130, 4


def _district(home: Path):  # type: ignore[no-untyped-def]
    from survey_app.foundation.clock import ManualClock
    from testing.application import START, make_app
    from testing.district import District

    app = make_app(f"sqlite:///{home / 'survey.db'}", home, ManualClock(START), home / "questionnaires")
    return District(app, app.extensions["clock"])


def roster(schools: int) -> str:
    """Return a roster by classes; two of five schools are junior schools."""
    lines = ["学校代码,单位名称,学校类别,片区,身份,年级,班别,人数"]
    for number in range(1, schools + 1):
        category = "初中" if number % 5 in (2, 4) else "小学"
        head = f"{number:05d},第{number}{category},{category},片区{number % 12 + 1}"
        lines.append(f"{head},教师,,,{TEACHERS}")
        for grade in GRADES[category]:
            asked = ("家长", "学生") if grade >= FIRST_ASKED else ("家长",)
            for group in range(1, CLASSES + 1):
                lines += [f"{head},{audience},{grade},{group}班,{CLASS_SIZE}" for audience in asked]
    return "\n".join(lines) + "\n"


def wide_roster(schools: int) -> str:
    """Return a roster with one row a school and no grades."""
    lines = ["学校代码,单位名称,学校类别,片区,家长数,学生数,教师数"]
    for number in range(1, schools + 1):
        category = "初中" if number % 5 in (2, 4) else "小学"
        lines.append(
            f"{number:05d},第{number}{category},{category},片区{number % 12 + 1},"
            f"{6 * CLASS_SIZE},{3 * CLASS_SIZE},{TEACHERS}"
        )
    return "\n".join(lines) + "\n"


def prepare(home: Path, schools: int, _answers: int) -> dict[str, float]:
    """Roster in, by the command that an operator uses."""
    from survey_app.foundation.db import Database
    from survey_app.foundation.migration import upgrade

    shutil.copytree(Path("questionnaires"), home / "questionnaires")
    (home / "questionnaires" / "bench.yaml").write_text(form("primary, direct"), "utf-8")
    database = Database(f"sqlite:///{home / 'survey.db'}")
    upgrade(database)
    database.dispose()
    made = wide_roster(schools) if (home / "wide").exists() else roster(schools)
    (home / "roster.csv").write_text(made, "utf-8")
    district = _district(home)
    began = time.perf_counter()
    district.command("roster", "import", str(home / "roster.csv"))
    return {"roster import": time.perf_counter() - began}


def open_wave(home: Path, _schools: int, _answers: int) -> dict[str, float]:
    district = _district(home)
    began = time.perf_counter()
    _open(district, home)
    return {"opening": time.perf_counter() - began}


def _open(district, home: Path) -> None:  # type: ignore[no-untyped-def]
    from datetime import timedelta

    from survey_app.distribution.open_wave import open_wave as open_frozen
    from survey_app.frame.waves import create_wave
    from survey_app.integrity.key_check import make_wave_key

    app = district.app
    found = [app.extensions["catalogue"].instrument("bench")]
    with app.extensions["database"].write_session() as session:
        ends = district.clock.at + timedelta(days=10)
        wave = create_wave(
            session,
            district.wave,
            found,
            district.clock.at,
            ends,
            {"student": "open" if (home / "wide").exists() else "class"},
        )
        open_frozen(session, wave, found, app.extensions["categories"], district.clock.at)
        make_wave_key(session, app.extensions["keys"], wave)


def answer(home: Path, schools: int, answers: int) -> dict[str, float]:
    """Straight into the tables: how answers arrive is measured by ``benchmarks.collect``."""
    made = np.random.default_rng(11)
    statement = text("INSERT INTO response (wave_id, school_id, id, audience, structure_hash, grade, answers, "
                     "response_speed) VALUES (:w, :s, :i, :a, :h, :g, :x, '2')")  # fmt: skip
    receipt = text("INSERT INTO submission_receipt (wave_id, school_id, submission_hash, link_id, day) "
                   "VALUES (:w, :s, :i, :l, '2026-11-02')")  # fmt: skip
    with _district(home).app.extensions["database"].write_session() as session:
        digest, wave = session.execute(text("SELECT structure_hash, wave_id FROM wave_instrument")).one()
        found = session.execute(text("SELECT school_id, category FROM wave_school ORDER BY school_id")).all()
        links = {
            (school, audience): link
            for school, audience, link in session.execute(
                text("SELECT school_id, audience, max(id) FROM link GROUP BY 1, 2")
            )
        }
        for number, (school, category) in enumerate(found):
            grades = "123456" if category == "primary" else "789"
            rows = [
                {"w": wave, "s": school, "h": digest} | row for row in school_rows(made, answers // schools, number)[0]
            ]
            for position, row in enumerate(rows):
                row["g"] = grades[position % len(grades)] if row["g"] else ""
                if row["a"] == "student" and category == "primary":
                    row["g"] = "456"[position % 3]
                row["l"] = links[school, row["a"]]
            session.execute(statement, rows)
            session.execute(receipt, rows)
    return {}


def seal(home: Path, _schools: int, _answers: int) -> dict[str, float]:
    district = _district(home)
    began = time.perf_counter()
    district.sealed()
    return {"seal": time.perf_counter() - began}


def report(home: Path, _schools: int, _answers: int) -> dict[str, float]:
    from survey_app.admin.results.report import scheme
    from survey_app.frame.queries import wave_by_id
    from survey_app.reporting.build import build_report
    from survey_app.reporting.xlsx.workbook import build_workbook

    district = _district(home)
    extensions = district.app.extensions
    with district.app.test_request_context(), extensions["database"].read_session() as session:
        began = time.perf_counter()
        wave = wave_by_id(session, 1)
        assert wave is not None
        built = build_report(session, wave, extensions["categories"], scheme())
        found = {"report": time.perf_counter() - began, "report MB": peak_mb()}
        began = time.perf_counter()
        build_workbook(built, "office", district.clock.at)
        found |= {"workbook": time.perf_counter() - began, "workbook MB": peak_mb()}
    for name, value in found.items():
        limit = MAX_REPORT_MB if name.endswith("MB") else MAX_REPORT_SECONDS
        if value > limit:
            print(f"✗ {name}: {value:.1f} > {limit:.0f}", flush=True)
    return found


def assess(home: Path, _schools: int, _answers: int) -> dict[str, float]:
    """A year with the shipped scheme of ten marks, adopted and computed: its pages are among those that are timed."""
    district = _district(home)
    scheme = (Path("questionnaires") / "assessment" / "ten-marks.yaml").read_text("utf-8")
    (home / "scheme.yaml").write_text(
        scheme.replace("rank_from: 20", "rank_from: 20\n  rank_unverified: bench"), "utf-8"
    )
    district.command("year", "create", "2026", "--wave", district.wave, "--scheme", str(home / "scheme.yaml"))
    district.command("year", "adopt", "2026")
    began = time.perf_counter()
    district.command("year", "compute", "2026")
    computed = time.perf_counter() - began
    began = time.perf_counter()
    fill_year(district.app, district.clock.at)
    return {"marks": computed, "what a year leaves behind": time.perf_counter() - began}


def pages(home: Path, rounds: int, _answers: int) -> dict[str, float]:
    time_pages(_district(home), rounds)
    return {"pages MB": peak_mb()}


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


STAGES: dict[str, Callable[[Path, int, int], dict[str, float]]] = {
    "prepare": prepare, "open": open_wave, "answer": answer, "seal": seal, "report": report, "assess": assess,
    "pages": pages,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=1000)
    parser.add_argument("--answers", type=float, default=1.0, help="millions of answers")
    parser.add_argument(
        "--wide", action="store_true", help="a roster with one row a school, without grades and classes"
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--keep", type=Path, help="where the district is made, and found again by the next run")
    parser.add_argument("--stages", nargs="+", choices=STAGES, default=list(STAGES))
    parser.add_argument("--child", choices=STAGES)
    given = parser.parse_args()
    if given.child:
        number = given.rounds if given.child == "pages" else given.schools
        measured = STAGES[given.child](given.keep, number, round(given.answers * 1_000_000))
        print(
            "| | | "
            + " | ".join(f"{name} {value:.1f}" for name, value in measured.items())
            + f" | peak MB {peak_mb():.0f} |"
        )
        return
    with tempfile.TemporaryDirectory() as folder:
        home = given.keep or Path(folder)
        home.mkdir(exist_ok=True)
        if given.wide:
            (home / "wide").touch()
        for stage in given.stages:
            command = [sys.executable, "-m", "benchmarks.console", "--child", stage, "--keep", str(home)]
            command += ["--schools", str(given.schools), "--answers", str(given.answers), "--rounds", str(given.rounds)]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
