"""What stands above and between the schools, and two waves of the same district; odd districts never break a page."""

import csv
import io
import math
import re
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from survey_app.assessment.schemes import DEFAULT_SCHEME_FILE, read_scheme
from survey_app.foundation.extensions import settings
from survey_app.frame.queries import wave_by_name
from survey_app.frame.school_history import find_school, set_successor
from survey_app.measurement.statistics.inequality import estimate_district_index
from survey_app.reporting.analysis.models import COMPOSITE, MIN_RELIABILITY
from survey_app.reporting.build import build_report
from survey_app.reporting.disclosure.figures import DisclosurePolicy
from survey_app.reporting.method_notes import METHOD_NOTES
from survey_app.reporting.wave_report import WaveReport
from testing.answers import write_answers
from testing.district import District, school
from testing.workbooks import cells

Sizes = dict[tuple[str, str], int]


def built(district: District, full: bool = False) -> WaveReport:
    categories = district.app.extensions["categories"]
    with district.app.app_context():
        scheme = read_scheme(settings().assessment_dir / DEFAULT_SCHEME_FILE, categories)
    policy = DisclosurePolicy.FULL if full else DisclosurePolicy.PUBLIC
    with district.app.extensions["database"].read_session() as session:
        return build_report(session, wave_by_name(session, district.wave), categories, scheme, policy)


def answered(district: District, home: Path, sizes: Sizes) -> District:
    path = write_answers(district, home / f"{district.wave}.csv", sizes)
    district.command("responses", "import", "--wave", district.wave, str(path))
    return district.sealed()


def everything(district: District, home: Path) -> str:
    """Page, tables and workbook of a wave: all are made, none has a NaN."""
    out = home / "book.xlsx"
    district.command("results", "report", "--wave", district.wave, "--out", str(out))
    assert not any(isinstance(value, float) and math.isnan(value) for value in cells(out, values=True).values())
    assert not any("nan" in str(value).lower().split() for value in cells(out, values=True).values())
    text = [district.command("results", table, "--wave", district.wave) for table in ("indices", "items", "ranking")]
    with district.app.extensions["database"].read_session() as session:
        number = wave_by_name(session, district.wave).id
    page = district.staff().get(f"/staff/waves/{number}/results/all")
    assert page.status_code == 200
    shown = re.sub(r"<[^>]+>", " ", page.text)
    for found in (*text, shown):
        assert not re.search(r"\b(nan|inf|None)\b", found, re.I)
    return str(page.text)


def test_figures_above_the_school_are_made_of_publishable_cells_only(measured: District) -> None:
    for full in (False, True):
        found = built(measured, full)
        text = measured.command("results", "indices", "--wave", "2026秋", "--full").lstrip("\ufeff")
        rows = [line for line in csv.DictReader(io.StringIO(text)) if line["dimension"] == "OVERALL"]
        indices = [line for line in rows if line["audience"] == "parent" and line["school_code"] != "0202"]
        expected = estimate_district_index(
            [float(line["index"]) for line in indices], [float(line["se_year"]) for line in indices],
            [float(line["population"]) for line in indices],
        )  # fmt: skip
        figure = found.findings.district_means["parent"]
        assert figure.points == pytest.approx(expected.index, abs=1e-8)
        linear = sum(float(line["se_year"]) * float(line["population"]) for line in indices)
        assert expected.error < (figure.se or 0) < linear / sum(float(line["population"]) for line in indices)
        assert figure.schools == 5, "the sixth has too few parents to be shown"
        codes = {school.school_id: school.code for school in found.schools}
        assert "0202" not in {
            codes[school] for school, audience in found.findings.rate_verdicts if audience == "parent"
        }


def test_every_figure_is_explained(measured: District) -> None:
    page = measured.staff(name="李督导").get("/staff/waves/1/results/all").text
    linked = set(re.findall(r'href="#how-(\w+)"', page))
    assert linked <= set(METHOD_NOTES)
    assert {"index", "rank", "rank_set", "funnel", "line", "importance", "alpha", "reliability", "award"} <= linked
    assert all(f'id="how-{key}"' in page for key in METHOD_NOTES)
    for picture in re.findall(r"<svg.*?</svg>", page, re.S):
        assert "<title" in picture
        assert "<desc" in picture


def test_the_workbook_explains_and_warns(measured: District, tmp_path: Path) -> None:
    out = tmp_path / "book.xlsx"
    measured.command("results", "report", "--wave", "2026秋", "--out", str(out))
    book = openpyxl.load_workbook(out)
    method = [row[0].value for row in book["方法说明"].iter_rows()]
    assert {str(name) for name, _how in METHOD_NOTES.values()} <= {str(value) for value in method}
    found = built(measured).findings
    low = len(found.low_reliability_groups())
    assert method.count("提示") == low
    assert [row[0].value for row in book["封面与口径"].iter_rows()].count("提示") == min(low, 1)
    assert all(
        group.reliability < MIN_RELIABILITY for group in found.low_reliability_groups() if group.reliability is not None
    )


def test_the_findings_are_there(measured: District) -> None:
    found = built(measured).findings
    assert {scale.audience for scale in found.consistency} == {"parent", "student", "teacher"}
    assert all(scale.alpha is not None and scale.alpha <= 1 for scale in found.consistency)
    drivers = next(finding for finding in found.drivers if finding.audience == "parent")
    assert math.isclose(sum(driver.importance for driver in drivers.drivers), 1, abs_tol=1e-9)
    group = found.group("primary", COMPOSITE)
    assert group is not None
    assert group.funnel is not None
    assert all(award.quota > len(award.certain) - 1 for award in found.awards)
    assert all(sum(award.likely.values()) == pytest.approx(award.quota, abs=1e-6) for award in found.awards)


@pytest.fixture
def twice(sqlite_app, clock, tmp_path: Path) -> District:  # type: ignore[no-untyped-def]
    """Three schools in two waves with the same answers, but the second wave has half as many of one."""
    schools = (school("0101", "河东小学"), school("0102", "河西小学"), school("0104", "河北小学"))
    first = answered(District(sqlite_app, clock, wave="2025秋").opened(schools), tmp_path, {})
    clock.advance(seconds=timedelta(days=300).total_seconds())
    return answered(
        District(sqlite_app, clock, wave="2026秋").opened(schools), tmp_path, {("0102", "parent"): 24}
    ) if first else first  # fmt: skip


def test_two_waves_are_compared(twice: District, tmp_path: Path) -> None:
    comparison = built(twice).comparison
    assert comparison is not None
    assert (comparison.earlier, comparison.incomparable) == ("2025秋", ())
    trend = comparison.changes_of("parent")
    assert trend is not None
    assert len(trend.changes) == 3
    same = next(line for line in trend.changes if abs(line.difference) < 1e-9)
    assert (same.difference, same.verdict in ("equivalent", "undecided")) == (0, True)
    page = everything(twice, tmp_path)
    assert "与“2025秋”相比" in page
    (tmp_path / "page.html").write_text(page, "utf-8")


def test_a_school_under_a_new_code_is_compared_with_what_it_was(sqlite_app, clock, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Changes went by code; a merged school has two earlier figures and is compared with neither."""
    east, middle = school("0101", "河东小学"), school("0201", "河东中学", "direct")
    answered(
        District(sqlite_app, clock, wave="2025秋").opened(
            (east, middle, school("0102", "河西小学"), school("0103", "河北小学"))
        ), tmp_path, {},
    )  # fmt: skip
    clock.advance(seconds=timedelta(days=300).total_seconds())
    district = District(sqlite_app, clock, wave="2026秋").opened((east, middle, school("0104", "河西实验学校")))
    with sqlite_app.extensions["database"].write_session() as session:
        for old, new in (("0102", "0104"), ("0103", "0101")):
            was = find_school(session, old)
            assert was is not None
            set_successor(session, was, new)
    report = built(answered(district, tmp_path, {}))
    assert report.comparison is not None
    codes = {one.school_id: one.code for one in report.schools}
    trend = report.comparison.changes_of("parent")
    assert trend is not None
    assert {codes[line.school] for line in trend.changes} == {"0104", "0201"}
    page = everything(district, tmp_path)
    assert "河西实验学校在“2025秋”里是河西小学（0102），变化与它比较。" in page
    assert "河东小学由河东小学（0101）、河北小学（0103）合并而来，没有自己上次的数字，与“2025秋”不作比较。" in page
    with sqlite_app.extensions["database"].write_session() as session:
        for old in ("0102", "0103"):
            was = find_school(session, old)
            assert was is not None
            set_successor(session, was, "")
    again = built(district).comparison
    assert again is not None
    assert {codes[line.school] for line in again.audience_changes[0].changes} == {"0101", "0201"}


def test_all_equal_and_missing_strata(sqlite_app, clock, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Everybody of one school answers alike, and only in one grade."""
    district = District(sqlite_app, clock).opened((school("0101", "河东小学"), school("0102", "河西小学")))
    path = write_answers(district, tmp_path / "answers.csv")
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    first = next(row for row in rows if (row["school_code"], row["audience"]) == ("0101", "parent"))
    rows = [first | {"grade": "1"} if (row["school_code"], row["audience"]) == ("0101", "parent") else row
            for row in rows]  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    district.command("responses", "import", "--wave", district.wave, str(path))
    everything(district.sealed(), tmp_path)
    assert "borrowed" in district.command("results", "indices", "--wave", district.wave)
