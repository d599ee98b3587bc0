"""The year-end book: LibreOffice, computing every formula anew, says what the program says."""

from dataclasses import replace
from pathlib import Path

from openpyxl.utils import get_column_letter

from survey_app.assessment.mark_report import MarkReport, build_mark_report, mark_sources
from survey_app.assessment.school_marks import compute_marks
from survey_app.frame.queries import wave_by_name
from survey_app.reporting.build import build_report
from survey_app.reporting.mark_figures import school_figures, trigger_figures
from survey_app.reporting.wave_report import WaveReport
from survey_app.reporting.xlsx.workbook import build_year_book
from testing.district import District
from testing.instruments import CATEGORIES
from testing.workbooks import Cells, cells, recalculated
from tests.reporting.test_marks_of_a_wave import load_scheme

SHEET = "年终得分"


def year_of(district: District) -> tuple[WaveReport, MarkReport]:
    scheme = load_scheme(district)
    with district.app.app_context(), district.app.extensions["database"].read_session() as session:
        report = build_report(session, wave_by_name(session, district.wave), CATEGORIES, scheme)
    figures = school_figures(report, mark_sources(scheme))
    return report, build_mark_report(scheme, report.wave, figures, trigger_figures(report))


def find(found: Cells, text: str) -> tuple[str, int]:
    """The column and row of the first cell with this text."""
    place = next(place for (sheet, place), value in found.items() if sheet == SHEET and value == text)
    letters = place.rstrip("0123456789")
    return letters, int(place[len(letters) :])


def totals(found: Cells) -> dict[str, float | None]:
    column = find(found, "总分")[0]
    rows = {str(value): place[1:] for (sheet, place), value in found.items()
            if sheet == SHEET and place[0] == "A" and place[1:].isdigit() and str(value).isdigit()}  # fmt: skip
    return {code: found.get((SHEET, f"{column}{row}")) for code, row in rows.items()}


def test_recalculated_it_says_what_the_program_says(measured: District, tmp_path: Path) -> None:
    report, marks = year_of(measured)
    path = tmp_path / "book.xlsx"
    with measured.app.app_context():
        path.write_bytes(build_year_book(report, marks, "测试局", measured.clock.at))
    expected = {entry.school.code: entry.total for entry in marks.schools}
    assert totals(cells(path, values=True)) == {code: value or None for code, value in expected.items()}
    assert any("_xlfn.NORM.S.DIST" in str(value) for value in cells(path, values=False).values())
    again = totals(recalculated(path, tmp_path))
    assert again == {code: value or None for code, value in expected.items()}


def test_with_another_parameter_it_says_what_the_program_would_say(measured: District, tmp_path: Path) -> None:
    report, marks = year_of(measured)
    path = tmp_path / "book.xlsx"
    with measured.app.app_context():
        path.write_bytes(build_year_book(report, marks, "测试局", measured.clock.at))
    row = find(cells(path, values=False), "参数")[1]
    changed = recalculated(path, tmp_path, {(SHEET, f"{get_column_letter(5)}{row}"): 60.0})
    rules = marks.scheme.rules
    assert rules is not None
    assert rules.marks is not None
    first, *others = rules.marks.lines
    harder = replace(rules.marks, lines=(replace(first, zero_at=60.0), *others))
    figures = [entry.school for entry in marks.schools if entry.school.category == "primary"]
    expected = {entry.school.code: entry.total or None for entry in compute_marks(harder, figures)}
    assert {code: value for code, value in totals(changed).items() if code in expected} == expected
