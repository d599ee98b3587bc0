"""Marks of a measured wave: from the report to lines, totals, awards and proposals."""

from dataclasses import replace

import pytest

from survey_app.assessment.inspector_ratings import RaterError
from survey_app.assessment.inspector_scores import InspectorMean
from survey_app.assessment.mark_report import MarkReport, build_mark_report, mark_sources
from survey_app.assessment.schemes import Scheme, read_scheme
from survey_app.foundation.errors import UserError
from survey_app.frame.queries import wave_by_name
from survey_app.reporting.analysis.change import AudienceChanges, Comparison, SchoolChange
from survey_app.reporting.analysis.models import COMPOSITE
from survey_app.reporting.build import build_report
from survey_app.reporting.documents.sources import KeptMarks
from survey_app.reporting.inspector_figures import with_inspector_scores
from survey_app.reporting.mark_figures import marks_from_report, school_figures, trigger_figures
from survey_app.reporting.period_marks import marks_of_periods
from survey_app.reporting.reweigh import reweigh
from survey_app.reporting.tabular.mark_tables import award_rows, mark_rows, proposal_rows
from survey_app.reporting.tabular.year_ranking import year_ranking_rows
from survey_app.reporting.wave_report import WaveReport
from testing.district import District, written
from testing.instruments import CATEGORIES

RULES = """
marks:
  full: 10
  lines:
    - {id: status, of: composite, share: 60, function: threshold, zero_at: 40, full_at: 95}
    - {id: burden, of: dimension/burden, share: 10, function: band}
    - {id: growth, of: value_added, share: 15, function: threshold, zero_at: -6, full_at: 6}
    - {id: response, of: response_rate/parent, share: 5, function: threshold, zero_at: 0.1, full_at: 0.5}
    - {id: nowhere, of: dimension/nowhere, share: 10, function: proportional}
awards: {quota: {primary: "1/3", direct: "1"}, excluded_by: [notice_open]}
triggers: {notice: {}, reminder: {}, ledger: {}, interview: {}, watch_list: {}}
"""


def load_scheme(district: District) -> Scheme:
    default = district.app.extensions["settings"].assessment_dir / "default.yaml"
    text = default.read_text("utf-8").replace("format: 1", "format: 2") + RULES
    return read_scheme(written(default.parent / "marks.yaml", text), CATEGORIES)


def report_marks(district: District) -> MarkReport:
    scheme = load_scheme(district)
    with district.app.app_context(), district.app.extensions["database"].read_session() as session:
        report = build_report(session, wave_by_name(session, district.wave), CATEGORIES, scheme)
    return build_mark_report(scheme, report.wave, school_figures(report, mark_sources(scheme)), trigger_figures(report))


def test_other_weights_give_the_composites_and_ranks_of_a_report_made_from_nothing(measured: District) -> None:
    scheme = load_scheme(measured)
    other = replace(scheme, weights={**scheme.weights, "primary": {"parent": 20.0, "teacher": 80.0}})
    with measured.app.app_context(), measured.app.extensions["database"].read_session() as session:
        wave = wave_by_name(session, measured.wave)
        before, fresh = (build_report(session, wave, CATEGORIES, chosen) for chosen in (scheme, other))
    moved = reweigh(before, other)
    assert [(school.composite, school.ranking) for school in moved.schools] == [
        (school.composite, school.ranking) for school in fresh.schools
    ]
    assert moved.schools != before.schools
    with pytest.raises(ValueError, match="more than weights"):
        reweigh(before, replace(scheme, dimension_weights={"teaching": 2.0}))


def test_totals_are_the_sum_of_the_printed_lines(measured: District) -> None:
    report = report_marks(measured)
    rows = list(mark_rows(report))
    complete = [entry for entry in report.schools if entry.total is not None]
    assert complete
    for entry in complete:
        lines = [row["expected_mark"] for row in rows
                 if row["school_code"] == entry.school.code and row["line"] != "total"]  # fmt: skip
        assert round(sum(lines), 9) == entry.total


def test_a_line_that_nobody_is_asked_for_makes_the_others_worth_more(measured: District) -> None:
    entry = report_marks(measured).in_category("primary")[0]
    assert [line.line.id for line in entry.lines] == ["status", "burden", "growth", "response"]
    assert round(sum(line.full for line in entry.lines), 9) == 10
    assert round(entry.lines[0].full, 9) == round(10 * 60 / 90, 9)


def test_without_a_wave_before_everybody_gets_the_middle_mark(measured: District) -> None:
    growth = [line for entry in report_marks(measured).schools for line in entry.lines if line.line.id == "growth"]
    known = [line for line in growth if line.expected is not None]
    assert {round((line.expected or 0) / line.full, 9) for line in known} == {0.5}
    assert all(line.figure is not None and line.figure.is_middle for line in known)


def test_a_school_without_an_audience_has_no_total_and_a_reason(measured: District) -> None:
    schools = {entry.school.code: entry for entry in report_marks(measured).schools}
    assert schools["0103"].total is None
    assert "missing_audience" in schools["0103"].reasons
    assert schools["0103"].rank is None


def test_awards_go_by_ranked_schools_and_rank_sets(measured: District) -> None:
    report = report_marks(measured)
    primary = next(awards for awards in report.awards if awards.category == "primary")
    assert (primary.places, len(primary.entries)) == (1, 3)
    total = sum(entry.probability or 0.0 for entry in primary.entries)
    assert abs(total - 1) < 0.1
    assert {row["outcome"] for row in award_rows(report)} <= {"certain", "possible", "out"}


def test_proposals_name_the_school_and_what_was_looked_at(measured: District) -> None:
    rows = list(proposal_rows(report_marks(measured)))
    assert {row["kind"] for row in rows} <= {"notice", "reminder", "ledger", "interview", "watch_list"}
    assert any(row["kind"] in ("notice", "reminder") for row in rows)
    assert all(row["school_name"] for row in rows)


def test_a_weight_of_an_audience_without_a_form_goes_to_the_others(measured: District) -> None:
    """§8: in proportion, for all schools alike."""
    scheme = load_scheme(measured)
    with measured.app.app_context(), measured.app.extensions["database"].read_session() as session:
        report = build_report(session, wave_by_name(session, measured.wave), CATEGORIES, scheme)
    weights = {"parent": 45.0, "student": 27.0, "teacher": 18.0, "inspector": 10.0}
    usual = {"parent": 50.0, "student": 30.0, "teacher": 20.0}
    with_inspectors, without = (
        reweigh(report, replace(scheme, weights={"primary": own, "direct": own})) for own in (weights, usual)
    )
    for mine, other in zip(with_inspectors.schools, without.schools, strict=True):
        assert mine.composite.index.points == pytest.approx(other.composite.index.points)
        assert mine.ranking.rank == other.ranking.rank


def test_an_estimated_error_of_inspectors_replaces_the_assumed_one(measured: District) -> None:
    """Half the error over two persons; the flag of the assumption is gone, and the interval has the estimate's df."""
    scheme = load_scheme(measured)
    with measured.app.app_context(), measured.app.extensions["database"].read_session() as session:
        report = build_report(session, wave_by_name(session, measured.wave), CATEGORIES, scheme)
    own = {"parent": 50.0, "inspector": 50.0}
    report = replace(report, scheme=replace(scheme, weights={"primary": own, "direct": own}))
    means = {school.code: InspectorMean(80.0, 2) for school in report.schools}
    assumed = with_inspector_scores(report, means)
    estimated = with_inspector_scores(report, means, RaterError(3.0, 12.0, 11, 4))
    found = 0
    for before, after in zip(assumed.schools, estimated.schools, strict=True):
        index, errors = after.composite.index, after.imported["inspector"].index.errors
        assert errors is not None
        assert errors.sampling == pytest.approx(0.03 / 2**0.5)
        assert errors.df_sampling == 12
        assert "assumed_rater" in before.composite.flags
        assert "assumed_rater" not in after.composite.flags
        assert index.points == before.composite.index.points
        found += (before.composite.index.se_level or 0) > (index.se_level or 0)
    assert found >= 2


def test_a_school_with_a_new_code_gets_the_middle_mark_for_its_gain(measured: District) -> None:
    """§8: merged, or under a new code: there is nothing before it to compare with."""
    scheme = load_scheme(measured)
    with measured.app.app_context(), measured.app.extensions["database"].read_session() as session:
        report = build_report(session, wave_by_name(session, measured.wave), CATEGORIES, scheme)
    school = next(school for school in report.schools if school.code == "0101")
    gain = SchoolChange(school.school_id, 70, 75, 5, 1, 0.01, "up", True, 3, 7, 2.5, 0.5, 4.5, 1.0)
    known = replace(report, comparison=Comparison("2025", (AudienceChanges(COMPOSITE, (gain,)),)))
    figures = {found.code: found.figures for found in school_figures(known, mark_sources(scheme))}
    assert (figures["0101"]["value_added"].value, figures["0101"]["value_added"].error) == (2.5, 1.0)
    assert figures["0102"]["value_added"].is_middle
    rows = {row["school_code"]: row for row in year_ranking_rows(known, marks_from_report(known))}
    assert (rows["0101"]["change"], rows["0102"]["change"]) == (5, None)


def in_areas(report: WaveReport, **areas: str) -> WaveReport:
    """The report with the primary schools in these areas."""
    schools = (replace(school, area=areas.get(f"s{school.code}", "")) for school in report.schools)
    return replace(report, schools=tuple(schools))


def area_report(district: District) -> WaveReport:
    scheme = load_scheme(district)
    assert scheme.rules is not None
    scheme = replace(scheme, rules=replace(scheme.rules, units={"primary": "area"}))
    with district.app.app_context(), district.app.extensions["database"].read_session() as session:
        report = build_report(session, wave_by_name(session, district.wave), CATEGORIES, scheme)
    return in_areas(report, s0101="东片", s0102="东片", s0103="东片", s0104="西片")


def test_a_category_may_consist_of_areas_made_of_what_may_be_read(measured: District) -> None:
    report = area_report(measured)
    marks = marks_from_report(report)
    areas = marks.in_category("primary")
    assert {entry.school.name for entry in areas} == {"东片", "西片"}
    assert {entry.rank for entry in areas} == {1, 2}, [(e.reasons, e.total, e.school.ranking) for e in areas]
    assert {entry.school.code for entry in marks.in_category("direct")} == {"0201", "0202"}
    east = next(entry.school for entry in areas if entry.school.name == "东片")
    schools = [school for school in report.schools if school.area == "东片"]
    expected = 0.0
    for audience, weight in report.scheme.weights_for("primary").items():
        cells = [cell for school in schools if (cell := school.cells[audience].publishable) is not None]
        people = sum(cell.population for cell in cells)
        expected += weight / 100 * sum(cell.population / people * (cell.overall.index.points or 0) for cell in cells)
        assert (len(cells) < 3) == (audience == "teacher"), "the three teachers of one school are in no figure"
    assert round(east.figures["composite"].value, 9) == round(expected, 9)
    alone = max(school.composite.index.se_level or 0 for school in schools if school.composite.is_comparable)
    assert 0 < east.figures["composite"].error < alone
    proposed = {row["school_code"] for row in proposal_rows(marks)}
    assert proposed <= {school.code for school in report.schools}, "notices go to schools, not to areas"
    assert {row["school_code"] for row in award_rows(marks) if row["category"] == "primary"} == {"东片", "西片"}


def test_the_report_of_a_school_has_the_marks_of_its_area(measured: District) -> None:
    """Nothing was printed for schools of a category of areas: the kept rows bear the area's name."""
    report = area_report(measured)
    with measured.app.app_context():
        kept = KeptMarks(report, report.scheme, "2026", list(mark_rows(marks_from_report(report))))
        tables = {school.code: kept.table(school) for school in report.schools}
    (east, other), west, middle = (tables["0101"], tables["0102"]), tables["0104"], tables["0201"]
    assert east is not None
    assert west is not None
    assert middle is not None
    assert east == other
    assert east.rows[-1] != west.rows[-1]
    assert ("“东片”" in east.note, "“西片”" in west.note, "片区" in middle.note) == (True, True, False)


def test_schools_without_an_area_are_named_where_areas_are_ranked(measured: District) -> None:
    report = in_areas(area_report(measured), s0101="东片")
    with pytest.raises(UserError) as refused:
        marks_from_report(report)
    said = str(refused.value.messages[0])
    assert [name in said for name in ("河东小学", "河西小学", "河南小学", "河北小学")] == [False, True, True, True]


def test_two_periods_give_the_means_of_their_figures(measured: District) -> None:
    """8月 and 12月: one mark for the mean of both, with the error of the mean; nobody is ranked on one period alone."""
    scheme = load_scheme(measured)
    with measured.app.app_context(), measured.app.extensions["database"].read_session() as session:
        last = build_report(session, wave_by_name(session, measured.wave), CATEGORIES, scheme)
    other = replace(scheme, weights={**scheme.weights, "primary": {"parent": 20.0, "student": 20.0, "teacher": 60.0}})
    before = reweigh(last, other)
    first = replace(before, wave="8月", schools=tuple(s for s in before.schools if s.code != "0104"))
    marks = marks_of_periods(first, last)
    assert marks.wave == f"8月、{measured.wave}"
    entries = {entry.school.code: entry for entry in marks.schools}
    one, two = (marks_from_report(report).schools for report in (first, last))
    for code in ("0101", "0102"):
        parts = [next(e for e in found if e.school.code == code).school.figures["composite"] for found in (one, two)]
        figure = entries[code].school.figures["composite"]
        assert figure.value == pytest.approx(sum(part.value for part in parts) / 2)
        assert figure.error == pytest.approx(sum(part.error**2 for part in parts) ** 0.5 / 2)
        assert entries[code].school.ranking.points == round(figure.value, 2)
        assert entries[code].rank in (1, 2)
    new = entries["0104"]
    assert (new.total, new.rank) == (None, None)
    assert "one_period" in new.reasons
    areas = replace(area_report(measured), wave="8月")
    assert {entry.school.name for entry in marks_of_periods(areas, areas).in_category("primary")} == {"东片", "西片"}
