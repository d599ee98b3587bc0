"""What a report says where there was an earlier wave, where a category is large, and where nothing stands out."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from survey_app.assessment.schemes import DEFAULT_SCHEME_FILE, read_scheme
from survey_app.foundation.extensions import settings
from survey_app.foundation.translation import use_language
from survey_app.frame.queries import wave_by_name
from survey_app.reporting.analysis.change import AudienceChanges, Comparison, SchoolChange
from survey_app.reporting.analysis.models import COMPOSITE, Findings
from survey_app.reporting.build import build_report
from survey_app.reporting.charts.strip import Strip
from survey_app.reporting.documents.district_report import MOST_SCHOOLS, district_report
from survey_app.reporting.documents.layout import document_pages
from survey_app.reporting.documents.leader_page import leader_page
from survey_app.reporting.documents.model import Document, Graphic, Heading, Paragraph, Picture, Table
from survey_app.reporting.documents.parts import chinese_number, numbered
from survey_app.reporting.documents.school_report import MOST_COMMENTS, SchoolExtras, SchoolReports
from survey_app.reporting.html.school_page import school_page
from survey_app.reporting.wave_report import WaveReport
from testing.district import District

OFFICE = "测试区教育督导室"


@pytest.fixture(scope="module")
def report(measured: District) -> Iterator[WaveReport]:
    with measured.app.app_context(), measured.app.extensions["database"].read_session() as session:
        categories = measured.app.extensions["categories"]
        scheme = read_scheme(settings().assessment_dir / DEFAULT_SCHEME_FILE, categories)
        yield build_report(session, wave_by_name(session, "2026秋"), categories, scheme)


def sentences(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def compared(report: WaveReport) -> WaveReport:
    """With an earlier wave: the first school rose, the second fell, the others did not surely change."""
    changes = []
    for school in report.schools:
        points = school.composite.index.points
        if points is not None:
            verdict = {"0101": "up", "0102": "down"}.get(school.code, "undecided")
            step = {"up": 6.0, "down": -5.0}.get(verdict, 1.25)
            changes.append(SchoolChange(school.school_id, points - step, points, step, 1.5, 0.01, verdict, step > 0,
                                        step - 3, step + 3))  # fmt: skip
    return replace(report, comparison=Comparison("2025秋", (AudienceChanges(COMPOSITE, tuple(changes)),)))


def test_what_changed_stands_in_the_reports_of_schools_and_district(report: WaveReport) -> None:
    both = compared(report)
    documents = {school.code: SchoolReports(both, OFFICE).document(school) for school in both.schools}
    title = "与“2025秋”相比 · 综合得分"
    tables = {code: next(block for block in document.blocks if isinstance(block, Table) and block.title == title)
              for code, document in documents.items()}  # fmt: skip
    assert [len(table.rows) for table in tables.values()] == [1] * 6
    assert (tables["0101"].rows[0][2], tables["0101"].rows[0][5]) == ("+6.00", "上升")
    assert (tables["0102"].rows[0][2], tables["0102"].rows[0][5]) == ("−5.00", "下降")
    fallen = [
        code for code, document in documents.items() if any("比上次肯定下降" in text for text in sentences(document))
    ]
    assert fallen == ["0102"]
    district = [
        block for block in district_report(both, OFFICE).blocks if isinstance(block, Table) and block.title == title
    ]
    assert sum(len(table.rows) for table in district) == 6
    assert district[0].rows[0][0] == "河东小学", "who rose most stands first"


def test_two_schools_of_one_name_have_each_their_own_change(report: WaveReport) -> None:
    """Only the code is unique: many districts have two 中心小学."""
    both = compared(report)
    namesakes = replace(both, schools=tuple(replace(school, name="中心小学") for school in both.schools))
    reports = SchoolReports(namesakes, OFFICE)
    for school in namesakes.schools[:2]:
        expected = {"0101": "+6.00", "0102": "−5.00"}[school.code]
        table = next(block for block in reports.document(school).blocks
                     if isinstance(block, Table) and "2025秋" in block.title)  # fmt: skip
        assert [row[2] for row in table.rows] == [expected], school.code
        page = school_page(namesakes, school, {"view": "response"})
        change = next(block for block in page.blocks if "2025秋" in block.title)
        assert [row[3] for row in change.table.rows] == [expected], school.code


def test_parts_are_counted_beyond_ten() -> None:
    """A district of six categories has eleven parts and more."""
    blocks = numbered((f"第{n}部分", [Paragraph("…")]) for n in range(1, 13))
    assert [block.text.partition("、")[0] for block in blocks if isinstance(block, Heading)] == [
        *"一二三四五六七八九十", "十一", "十二",
    ]  # fmt: skip
    assert [chinese_number(number) for number in (19, 20, 21, 30, 99)] == ["十九", "二十", "二十一", "三十", "九十九"]


def test_of_a_large_category_only_those_are_listed_who_surely_differ(report: WaveReport) -> None:
    """A committee reads ten pages, not a thousand lines; the workbook has all."""
    copies = [
        replace(school, school_id=school.school_id + 100 * n, code=f"{school.code}{n}", name=f"{school.name}{n}")
        for n in range(1, 16)
        for school in report.schools
        if school.category == "primary"
    ]
    large = compared(replace(report, schools=(*report.schools, *copies)))
    document = district_report(large, OFFICE)
    graphic = next(
        block for block in document.blocks if isinstance(block, Graphic) and block.columns[0].heading == "学校"
    )
    bands = {row.values[0] for row in graphic.rows}
    assert bands <= {"A", "C"}
    assert bands
    assert len(graphic.rows) <= MOST_SCHOOLS
    assert "其余" in graphic.note
    assert any(isinstance(block, Picture) and isinstance(block.drawing, Strip) for block in document.blocks)
    changes = next(block for block in document.blocks if isinstance(block, Table) and "相比" in block.title)
    assert {row[-1] for row in changes.rows} <= {"上升", "下降"}
    assert len(document_pages(document)) <= 10
    leader = leader_page(large, OFFICE)
    assert any(isinstance(block, Picture) for block in leader.blocks)
    assert len(document_pages(leader)) == 1


def test_where_nothing_stands_out_the_leader_reads_that(report: WaveReport) -> None:
    schools = tuple(replace(school, ranking=replace(school.ranking, band="B"), cells={}) for school in report.schools)
    quiet = replace(report, schools=schools, findings=Findings())
    assert any("没有一样肯定突出" in text for text in sentences(leader_page(quiet, OFFICE)))


def test_of_many_comments_the_first_are_printed_and_the_rest_counted(report: WaveReport) -> None:
    comments = tuple(f"家长：第{number}条" for number in range(MOST_COMMENTS + 3))
    said = sentences(SchoolReports(report, OFFICE).document(report.schools[0], SchoolExtras(comments)))
    assert [text for text in said if text.startswith("家长：第")] == list(comments[:MOST_COMMENTS])
    assert any("另有 3 条经审阅的留言" in text for text in said)
    assert not any("留言" in text for text in sentences(SchoolReports(report, OFFICE).document(report.schools[0])))


def test_the_document_is_of_the_language_of_the_moment(report: WaveReport) -> None:
    with use_language("en"):
        document = district_report(report, OFFICE)
    assert document.language == "en"
    assert any("surely" in text for text in sentences(document))


def test_a_rate_of_two_schools_together_would_tell_the_other_one(report: WaveReport) -> None:
    """The category of the two middle schools: each could subtract its own answers from the total of both."""
    documents = {school.code: SchoolReports(report, OFFICE).document(school) for school in report.schools}
    for code, has_peers in (("0101", True), ("0201", False), ("0202", False)):
        graphics = [block for block in documents[code].blocks if isinstance(block, Graphic)]
        rows = [row for graphic in graphics if graphic.columns[-1].heading == "同类" for row in graphic.rows]
        assert any("%" in row.values[-1] for row in rows) is has_peers
