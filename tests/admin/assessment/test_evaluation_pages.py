"""The office's page of evaluations: who evaluated what, who should, how strict each is; sheets and conflicts."""

import io
import re

import pytest
from openpyxl import load_workbook

from survey_app.assessment.inspector_scores import Evaluation, keep_inspector_scores
from survey_app.followup.cases import StepWords, take_step
from survey_app.foundation.clock import local_date
from testing.console import Clerk
from testing.district import District
from testing.inspection import assessed, draft_for, make_inspector, signed_for, year_of
from testing.rectification import delivered_case, inspector, principal

PAGE = "/staff/assessment/1/evaluations"


@pytest.fixture
def office(small_district: District) -> Clerk:
    """李 signed both schools, 王 one of them and is imported for it too, 赵 has a draft."""
    district = assessed(small_district)
    with district.app.extensions["database"].write_session() as session:
        people = {
            name: make_inspector(session, district, name, ["0101", "0201"]) for name in ("李督学", "王督学", "赵督学")
        }
        signed_for(session, district, people["李督学"], "0101", answer="5", VF="=走廊灯坏了")
        signed_for(session, district, people["李督学"], "0201", V02="9")
        signed_for(session, district, people["王督学"], "0101", answer="4")
        signed_for(session, district, people["王督学"], "0201", answer="3")
        draft_for(session, district, people["赵督学"], "0201", V01="")
        today = local_date(district.clock.at)
        rows = [Evaluation("0101", "王督学", today, 20.0), Evaluation("0101", "王 督学", today, 70.0)]
        rows += [Evaluation(code, name, today, 70.0 + len(code + name) % 3 + 3 * (name == "丁") * (code == "0201"))
                 for code in ("0101", "0201") for name in "甲乙丙丁"]  # fmt: skip
        keep_inspector_scores(session, year_of(session), "督学.xlsx", rows, "王督导", district.clock.at)
    return Clerk(district)


def sheets(office: Clerk, path: str) -> dict[str, list[tuple[object, ...]]]:
    book = load_workbook(io.BytesIO(office.client.get(path).data))
    return {name: [tuple(cell.value for cell in row) for row in book[name].iter_rows()] for name in book.sheetnames}


def test_the_page_says_who_evaluated_who_should_and_how_strict_each_is(office: Clerk) -> None:
    page = office.open(PAGE)
    assert "2 所学校，两位以上签过的 2 所，一位签过的 0 所，没有人签过的 0 所；另有 1 份草稿" in page
    assert "李督学：100.0 分" in page
    assert "几位都评过的学校有 2 所。到 10 所、3 位督学时" in page
    assert "河东小学：签过的 李督学、王督学；导入的 丁、丙、乙、王 督学、甲" in page, "two names that may be one person"
    assert "两位都负责这所学校" in page
    assert re.search(r"\+1\d\.\d ± 1\d\.\d", page), "李 judges higher than the others where they judged the same"
    for role in ("auditor", "leader", "principal", "inspector"):
        other = Clerk(office.district, f"{role}甲", role)
        assert other.client.get(PAGE).status_code == 404, "severity is for the office"
        assert other.client.get(f"{PAGE}.xlsx").status_code == 404


def test_evaluations_are_a_sheet_with_dimensions_and_answers_in_words(office: Clerk) -> None:
    book = sheets(office, f"{PAGE}.xlsx")
    headings, *rows = book["评价"]
    found = [dict(zip(headings, row, strict=True)) for row in rows]
    assert [(one["学校代码"], one["督学"], one["状态"], one["得分"]) for one in found] == [
        ("0101", "李督学", "已签", 100), ("0101", "王督学", "已签", 75), ("0201", "李督学", "已签", 75),
        ("0201", "王督学", "已签", 50), ("0201", "赵督学", "草稿", None),
    ]  # fmt: skip
    assert found[0]["教育教学"] == 100
    assert found[0]["发现的问题"] == "=走廊灯坏了", "a text and no formula"
    assert book["答案"][1 + 12 * 2][:4] == ("0201", "河东中学", None, "李督学")
    assert book["答案"][1 + 12 * 2 + 1][-1] == "没有看到"
    assert "赵督学" not in [row[3] for row in book["答案"]], "a draft is read by its writer alone"


def test_the_monthly_meeting_has_visits_and_findings(office: Clerk) -> None:
    assert "2026-11" in office.open(PAGE)
    book = sheets(office, f"{PAGE}/meeting.xlsx?month=2026-11")
    visits = book["到校和发现的问题"][1:]
    assert len(visits) == 5
    assert visits[0][-1] == "=走廊灯坏了"
    assert book["按督学"][1:] == [("李督学", 2, 2, 2, 1), ("王督学", 2, 2, 2, 0), ("赵督学", 2, 1, 1, 0)]
    assert len(book["未销号的整改"]) == 1
    assert sheets(office, f"{PAGE}/meeting.xlsx?month=1999-01") == book, "another month than there is gives the latest"


def test_the_meeting_has_what_was_verified_and_what_is_still_open(office: Clerk) -> None:
    """A verification is a visit; the case that it closed is not among the open ones, the other one is."""
    district = office.district
    with district.app.extensions["database"].write_session() as session:
        year = year_of(session)
        for number, verdict in enumerate(("pass", "fail"), start=1):
            case = delivered_case(session, district, year, number=number)
            case = take_step(session, case.id, "report", case.step_count, StepWords("已改"), principal(district))
            take_step(session, case.id, verdict, case.step_count, StepWords("已看台账"), inspector(district))
    book = sheets(office, f"{PAGE}/meeting.xlsx")
    verified = [row for row in book["到校和发现的问题"] if row[3] == "核验整改"]
    assert [(row[1], row[4]) for row in verified] == [("李督学", "核验通过"), ("李督学", "核验不通过")]
    assert "食堂卫生：已看台账" in str(verified)
    assert len(book["未销号的整改"]) == 3, "verified, and under way once more: neither is closed"


def test_the_office_declares_and_lifts_conflicts_and_withdraws(office: Clerk) -> None:
    office.open(PAGE)
    refused = office.send(f"{PAGE}/conflicts", staff="9", school="0101", kind="family")
    assert refused.status_code == 422
    assert "请选一位督学" in refused.text
    office.open(PAGE)
    assert office.send(f"{PAGE}/conflicts", staff="1", school="0101", kind="family").status_code == 303
    page = office.open(PAGE)
    assert "李督学 不评 河东小学：亲属在这所学校工作或者就读（王督导" in page
    assert "已声明回避，不计入" in page
    assert office.send(f"{PAGE}/conflicts/1/lift").status_code == 303
    assert "不计入" not in office.open(PAGE)
    assert office.send(f"{PAGE}/conflicts/1/lift").status_code == 409
    refused = office.send(f"{PAGE}/1/withdraw", reason="")
    assert refused.status_code == 422
    assert "请写明撤回的原因" in refused.text
    office.open(PAGE)
    assert office.send(f"{PAGE}/1/withdraw", reason="评错学校").status_code == 303
    assert office.send(f"{PAGE}/99/withdraw", reason="评错学校").status_code == 404
    assert "李督学：草稿" in office.open(PAGE)
    assert ("0101", "李督学", "已撤回") in [(r[0], r[3], r[6]) for r in sheets(office, f"{PAGE}.xlsx")["评价"]]


def test_without_inspectors_the_page_says_what_to_do(small_district: District) -> None:
    office = Clerk(assessed(small_district))
    assert "还没有责任督学的账号" in office.open(PAGE)
    assert "没有人负责这所学校" in office.page
    assert office.client.get(f"{PAGE}/meeting.xlsx").status_code == 409
    assert office.client.get(f"{PAGE}.xlsx").status_code == 200
