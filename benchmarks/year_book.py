"""The year-end book of a district: ``python -m benchmarks.year_book --keep FOLDER [--schools 200] [--answers 0.2]``.

The district is that of ``benchmarks.console``, made, answered and sealed once in the folder. Measured are the marks of
the year from nothing (the report of the wave), and the book that is written of them: 10 s for 200 schools.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.console import _district

LIMIT = 10.0
SCHEME = Path("questionnaires/assessment/ten-marks.yaml")


def measure(home: Path) -> dict[str, float]:
    """Seconds of the report with its marks, of the book, and its size."""
    from survey_app.assessment.scheme_text import set_value
    from survey_app.assessment.years import adopt_scheme, create_year, keep_computation, list_years, save_scheme
    from survey_app.frame.queries import wave_by_id
    from survey_app.reporting.year_books import book_of_marks
    from survey_app.reporting.year_marks import year_marks

    district = _district(home)
    extensions, now = district.app.extensions, district.clock.at
    categories = extensions["categories"]
    text = set_value(SCHEME.read_text("utf-8"), ("method", "rank_unverified"), "benchmark")
    with district.app.test_request_context(), extensions["database"].write_session() as session:
        for year in list_years(session)[:1]:
            raise SystemExit(f"{year.name} is there: take a fresh folder")
        wave = wave_by_id(session, 1)
        assert wave is not None
        year = create_year(session, "bench", wave, None, "bench", now)
        save_scheme(session, year, text, SCHEME.name, categories, "bench", now)
        adopt_scheme(session, year, categories, "bench", now)
        began, work = time.perf_counter(), time.process_time()
        computed = year_marks(session, year, categories, now)
        found = {"marks": time.perf_counter() - began, "marks CPU": time.process_time() - work}
        keep_computation(session, year, computed.marks.scheme, computed.tables(), computed.inputs, "bench", now)
        began, work = time.perf_counter(), time.process_time()
        book = book_of_marks(session, year, computed, "office", now)
        found |= {"book": time.perf_counter() - began, "book CPU": time.process_time() - work}
        found["book KB"] = len(book) / 1024
        session.rollback()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, required=True)
    parser.add_argument("--schools", type=int, default=200)
    parser.add_argument("--answers", type=float, default=0.2, help="millions of answers")
    given = parser.parse_args()
    if not (given.keep / "survey.db").exists():
        command = [sys.executable, "-m", "benchmarks.console", "--keep", str(given.keep)]
        command += ["--schools", str(given.schools), "--answers", str(given.answers)]
        subprocess.run([*command, "--stages", "prepare", "open", "answer", "seal"], check=True)
    found = measure(given.keep)
    print(" | ".join(f"{name} {value:.1f}" for name, value in found.items()))
    if found["book"] > LIMIT:
        print(f"✗ more than {LIMIT:.0f} s")


if __name__ == "__main__":
    main()
