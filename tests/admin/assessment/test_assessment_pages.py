"""考核 in the browser: a clerk takes a year from its scheme to its ranking without a terminal."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from survey_app.assessment.disputes import DISPUTES
from survey_app.assessment.years import list_years
from survey_app.followup.cases import Actor, StepWords, create_case, take_step
from survey_app.foundation.extensions import job_worker
from survey_app.foundation.settings import PROJECT
from survey_app.reporting.labels import kept_verdict
from testing.answers import write_answers
from testing.console import Clerk
from testing.district import District
from testing.rectification import CONTENT

COUNTY = PROJECT / "questionnaires" / "assessment" / "county-four-evaluators.yaml"


def scheme_text() -> str:
    text = COUNTY.read_text("utf-8").replace("rank_from: 20", "rank_from: 20\n  rank_unverified: 首年试行")
    return text.replace("of: dimension/burden", "of: external/平安").replace(
        "function: threshold, zero_at: 50, full_at: 90", "function: proportional"
    )


@pytest.fixture
def clerk(district: District, tmp_path: Path) -> Clerk:
    district.command("responses", "import", "--wave", district.wave, str(write_answers(district, tmp_path / "a.csv")))
    district.sealed()
    return Clerk(district)


def create(clerk: Clerk) -> str:
    page = clerk.open("/staff/assessment")
    assert "还没有考核年度" in page
    wave = page.partition('<select id="wave"')[2].partition('value="')[2].partition('"')[0]
    made = clerk.send("/staff/assessment", name="2026年度", wave=wave, earlier="")
    assert made.status_code == 303
    return str(made.location)


def upload(clerk: Clerk, address: str, text: str, field: str = "file", name: str = "s.yaml"):  # type: ignore[no-untyped-def]
    return clerk.client.post(address, data=clerk.hidden() | {field: (io.BytesIO(text.encode()), name)})


def compute(clerk: Clerk, year: str) -> None:
    """Ask for the marks; the job computes them, and its page leads to the ranking."""
    asked = clerk.send(f"{year}/compute")
    assert (asked.status_code, asked.location) == (303, f"{year}/marks")
    with clerk.district.app.app_context():
        assert job_worker().run_all() == [("year-marks", "done")]
    assert clerk.client.get(f"{year}/marks").location == year


def test_a_year_from_its_scheme_to_its_ranking(clerk: Clerk) -> None:
    year = create(clerk)
    assert "存一份考核方案" in clerk.open(year)
    faulty = upload(clerk, f"{year}/scheme", scheme_text().replace("share: 60", "share: 50"))
    assert faulty.status_code == 422
    assert "合计是 90，应当是 100" in faulty.text
    assert "s.yaml:" in faulty.text
    assert upload(clerk, f"{year}/scheme", scheme_text()).status_code == 303
    assert "分数线上没有悬崖" in clerk.open(year)
    assert "方案还没有采用" in clerk.send(f"{year}/compute").text
    assert "为止得 0 分，从 9" in clerk.open(year), "with the limits of the line in its words"
    assert clerk.send(f"{year}/adopt").status_code == 303
    clerk.open(year)
    table = "学校代码,平安,整改逾期次数\n0101,92,1\n0201,80,\n"
    assert "不是要填的数" in upload(clerk, f"{year}/import", table.replace("92", "好"), "table", "t.csv").text
    without_code = upload(clerk, f"{year}/import", "学校,平安\n0101,92\n", "table", "平安得分.csv")
    assert "平安得分.csv 第 1 行没有“学校代码”这一列" in without_code.text, "called what the clerk calls it"
    assert upload(clerk, f"{year}/import", table, "table", "t.csv").status_code == 303
    for file in ("ranking.csv", "book.xlsx"):
        assert "请先采用方案，等批次封存以后计分" in clerk.client.get(f"{year}/{file}").text
    compute(clerk, year)
    page = clerk.open(year)
    for words in ("年终排名", "河东小学", "85% 线一列：", "t.csv：2 行", "方案第 1 版", "有争议怎么办", "综合得分"):
        assert words in page, words
    assert "下一步" not in page
    rows = clerk.client.get(f"{year}/ranking.csv").text.splitlines()
    assert rows[0].lstrip("\ufeff").startswith("category,rank,school_code,school_name,total")
    assert len(rows) == 3
    for kind in ("marks", "awards", "proposals"):
        assert clerk.client.get(f"{year}/{kind}.csv").status_code == 200
    for link, start, name in (
        ("ranking", "类别,得分名次,学校代码,学校名称,总分,扣分,综合得分,综合得分名次", "年终排名"),
        ("marks", "批次,类别,学校代码,学校名称,计分项,数值,水平误差,本项满分", "逐行得分"),
        ("awards", "批次,类别,学校代码,学校名称,名额（方案）,名额", "评优名单"),
        ("proposals", "批次,提请什么,类别", "提请"),
    ):
        assert f'href="{year}/{link}.csv?headings=zh"' in page
        table_file = clerk.client.get(f"{year}/{link}.csv?headings=zh")
        assert table_file.text.lstrip("\ufeff").startswith(start), table_file.text[:200]
        assert quote(f"2026年度 {name}.csv") in table_file.headers["Content-Disposition"]
    book = clerk.client.get(f"{year}/book.xlsx")
    assert book.data.startswith(b"PK")
    assert "年度得分" in load_workbook(io.BytesIO(book.data)).sheetnames
    assert scheme_text() == clerk.client.get(f"{year}/schemes/1.yaml").text
    assert clerk.client.get(f"{year}/schemes/9.yaml").status_code == 404
    assert "河东中学" in clerk.open(f"{year}?category=direct")
    check_that_the_ledger_counts(clerk, year)


def check_that_the_ledger_counts(clerk: Clerk, year: str) -> None:
    """A late school loses marks without any import; where the ledger has a case, the imported count is not used."""

    def deductions() -> dict[str, str]:
        text = clerk.client.get(f"{year}/marks.csv").text.lstrip("\ufeff")
        return {row["school_code"]: row["deduction"] for row in csv.DictReader(io.StringIO(text)) if row["total"]}

    assert deductions() == {"0101": "0.5", "0201": "0"}
    with clerk.district.app.extensions["database"].write_session() as session:
        found = list_years(session)[0]
        for number, (code, days) in enumerate((("0101", 0), ("0201", 40)), start=1):
            by = Actor("王督导", "office", clerk.district.clock.at - timedelta(days=days))
            case = create_case(session, found, code, CONTENT, by)
            words = StepWords(document=f"督整〔2026〕{number}号")
            take_step(session, case.id, "deliver", case.step_count, words, by)
    check_that_old_marks_are_told_of(clerk, year)
    assert "请先重新计分" in clerk.client.get(f"{year}/book.xlsx").text
    clerk.open(year)
    compute(clerk, year)
    assert "算分之后" not in clerk.open(year)
    assert deductions() == {"0101": "0", "0201": "0.5"}
    assert "以整改台账为准" in clerk.open(year)


def check_that_old_marks_are_told_of(clerk: Clerk, year: str) -> None:
    """On the page, in the report of a school, and before the reports of all are made: there a person decides."""
    page = clerk.open(year)
    assert "算分之后：2 所学校的整改逾期、未通过次数或未销号通知变了。这些得分还是以前算的，请重新计分。" in page
    assert "下一步：重新计分" in page
    assert "算分之后" in words_of(clerk.client.get("/staff/waves/1/results/school/0101/report.docx").data)
    clerk.open("/staff/waves/1/results")
    asked = clerk.send("/staff/waves/1/documents")
    assert asked.status_code == 422
    assert f'href="{year}">去重新计分' in asked.text
    assert "还没有做：报告里有考核得分。算分之后" in asked.text
    assert clerk.send("/staff/waves/1/documents", as_kept="1").status_code == 303
    with clerk.district.app.app_context():
        assert [state for _kind, state in job_worker().run_all()] == ["done"]


def words_of(document: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return re.sub("<[^>]+>", "", archive.read("word/document.xml").decode())


def test_marks_in_the_report_of_a_school_say_by_which_scheme_and_are_for_the_office(clerk: Clerk) -> None:
    """Composite and rank of the paper are by the scheme of results; a leader gets no marks before they are released."""
    year = create(clerk)
    clerk.open(year)
    upload(clerk, f"{year}/scheme", scheme_text())
    clerk.send(f"{year}/adopt")
    upload(clerk, f"{year}/import", "学校代码,平安\n0101,92\n0201,80\n", "table", "t.csv")
    compute(clerk, year)
    report = "/staff/waves/1/results/school/0101/report.docx"
    said = words_of(clerk.client.get(report).data)
    assert re.search("2026年度 考核得分，按“县级考核方案.{0,20}”第 1 版", said), said
    assert "这张表按本年度采用的方案“县级考核方案" in said
    assert "按“默认考核方案" in said
    release = "/staff/waves/1/changes/release"
    clerk.open(release)
    clerk.send(release, reason="给学校看")
    clerk.send(release, reason="给学校看", confirmed="1")
    for_leader = Clerk(clerk.district, "局长", "leader").client.get(report)
    assert for_leader.status_code == 200
    assert "考核得分" not in words_of(for_leader.data)


def test_the_ranking_of_the_page_has_band_and_verdict() -> None:
    """Issue 12.4; a share that is only bounded is said as a bound."""
    row = {"line_verdict": "met", "satisfied": 0.9125, "tipping_odds": 1.9}
    assert kept_verdict(row) == "91.25%：达到（1.90 倍）"
    bounded = {"line_verdict": "not_met", "satisfied": "≤0.8", "tipping_odds": "inf"}
    assert kept_verdict(bounded) == "不高于 80.00%：未达到（不会推翻）"
    open_ = {"line_verdict": "undecided", "satisfied": 0.85, "tipping_odds": 1.0}
    assert kept_verdict(open_) == "85.00%：不能判定"
    assert kept_verdict({"line_verdict": "", "satisfied": None, "tipping_odds": None}) == ""


def test_a_scheme_that_is_changed_after_the_marks_is_a_new_version_on_the_page(clerk: Clerk) -> None:
    year = create(clerk)
    plain = COUNTY.read_text("utf-8")
    clerk.open(year)
    upload(clerk, f"{year}/scheme", plain)
    clerk.send(f"{year}/adopt")
    compute(clerk, year)
    clerk.open(year)
    upload(clerk, f"{year}/scheme", plain.replace("full_at: 95", "full_at: 90"))
    page = clerk.open(year)
    assert "rules.marks.lines.status.full_at: 95 → 90" in page
    assert "这是旧版的得分" in page
    assert "采用这份方案" in page


def test_what_may_be_disputed_is_said_and_a_correction_keeps_what_it_corrects(clerk: Clerk) -> None:
    """§8: every case has its sentence; after an appeal the mark before stands beside the one that counts."""
    year = create(clerk)
    page = clerk.open(year)
    for dispute in DISPUTES:
        assert str(dispute.sentence) in page, dispute.id
    upload(clerk, f"{year}/scheme", scheme_text())
    assert "责任督学（学区小学、直属义务教育学校）" in clerk.open(year), "an audience without a form"
    clerk.send(f"{year}/adopt")
    for score in ("92", "95"):
        upload(clerk, f"{year}/import", f"学校代码,平安\n0101,{score}\n0201,80\n", "table", "t.csv")
        compute(clerk, year)
    page = clerk.open(year)
    assert "以前计的分（1 次）" in page
    old, new = (
        {row["school_code"]: row["total"] for row in csv.DictReader(io.StringIO(file.lstrip("\ufeff")))}
        for file in (clerk.client.get(f"{year}/ranking.csv{query}").text for query in ("?computation=1", ""))
    )
    assert float(new["0101"]) > float(old["0101"])
    assert f"上次计 {float(old['0101']):.2f}" in page
    assert page.count("上次计") == 1 + str(DISPUTES["appeal"].sentence).count("上次计"), "nobody else was corrected"
    assert clerk.client.get(f"{year}/ranking.csv?computation=99").status_code == 404
    upload(clerk, f"{year}/import", "学校代码,责任督学,日期,得分\n0101,李,2026-10-01,80\n", "table", "i.csv")
    assert "责任督学（" not in clerk.open(year), "their scores were imported"


def test_what_is_missing_is_said_and_nothing_is_lost(clerk: Clerk) -> None:
    year = create(clerk)
    clerk.open("/staff/assessment")
    again = clerk.send("/staff/assessment", name="2026年度", wave="1", earlier="")
    assert again.status_code == 422
    assert "已经有考核年度" in again.text
    assert 'value="2026年度"' in again.text
    assert "请选一个批次" in clerk.send("/staff/assessment", name="x", wave="99", earlier="").text
    assert "还没有考核方案" in clerk.send(f"{year}/adopt").text
    assert "请选一个文件" in clerk.send(f"{year}/scheme").text
    assert "请选一个文件" in clerk.send(f"{year}/import").text
    assert clerk.client.get("/staff/assessment/99").status_code == 404


def test_an_auditor_reads_and_changes_nothing(clerk: Clerk) -> None:
    year = create(clerk)
    auditor = Clerk(clerk.district, "审计", "auditor")
    page = auditor.open(year)
    assert "<form" not in page.partition("<main")[2]
    assert "新建考核年度" not in auditor.open("/staff/assessment")


def test_marks_are_computed_by_a_job_that_says_how_far_it_is(clerk: Clerk) -> None:
    """Marks of 1,000 schools take many seconds: no button waits for them, and a second press asks no more."""
    year = create(clerk)
    upload(clerk, f"{year}/scheme", scheme_text())
    clerk.open(year)
    clerk.send(f"{year}/adopt")
    clerk.open(year)
    for _press in range(2):
        assert clerk.send(f"{year}/compute").status_code == 303
    waiting = clerk.client.get(f"{year}/marks")
    assert "正在计分" in waiting.text
    assert waiting.headers["Refresh"]
    assert clerk.district.count("job WHERE name = 'year-marks'") == 1
    assert "看进度" in clerk.open(year)
    assert "年终排名" not in clerk.page
    with clerk.district.app.extensions["database"].write_session() as session:
        session.execute(text("UPDATE job SET state = 'failed', active_key = NULL, error = '磁盘满了'"))
    failed = clerk.client.get(f"{year}/marks")
    assert "磁盘满了" in failed.text
    assert "Refresh" not in failed.headers
    clerk.open(year)
    compute(clerk, year)
    assert "年终排名" in clerk.open(year)
    kept = "audit_entry WHERE action = 'year.compute' AND result = 'done'"
    assert clerk.district.count(kept) == 4, "three presses and what the job kept"
