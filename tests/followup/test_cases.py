"""A case from its proposal to its end: only allowed steps by allowed roles, each in the history, none twice."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from threading import Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from survey_app.assessment.mark_figures import MarkImport
from survey_app.assessment.mark_imports import with_ledger
from survey_app.assessment.models import AssessmentYear
from survey_app.followup.case_steps import STEPS, CaseState, possible_steps
from survey_app.followup.cases import (
    CaseContent,
    StepTaken,
    StepWords,
    cases_of_schools,
    create_case,
    edit_case,
    is_overdue,
    list_steps,
    save_reply,
    take_step,
)
from survey_app.followup.ledger import history
from survey_app.followup.mark_counts import ledger_counts
from survey_app.followup.models import RectificationCase
from survey_app.followup.notice_numbers import next_number
from survey_app.followup.proposals import _proposal, find_proposal, open_proposals
from survey_app.foundation.clock import local_date
from survey_app.foundation.errors import UserError
from survey_app.frame.queries import wave_by_name
from testing.district import District
from testing.rectification import CONTENT, delivered_case, inspector, office, open_year, principal, proposal_row


@pytest.fixture
def session(small_district: District) -> Iterator[Session]:
    with small_district.app.extensions["database"].write_session() as session:
        yield session


def step(
    session: Session, case: RectificationCase, name: str, district: District, who: str = "office", **words: object
) -> RectificationCase:
    actor = {"office": office, "principal": principal, "inspector": inspector}[who](district)
    return take_step(session, case.id, name, case.step_count, StepWords(**words), actor)  # type: ignore[arg-type]


def test_a_case_goes_its_way_and_every_step_is_written_down(district: District) -> None:
    """On both engines: history is kept by the database itself."""
    with district.app.extensions["database"].write_session() as session:
        _go_all_the_way(session, district)
    with district.app.extensions["database"].write_session() as session:
        with pytest.raises(DBAPIError, match="never changed"):
            session.execute(text("UPDATE case_step SET note = ''"))
        session.rollback()


def _go_all_the_way(session: Session, small_district: District) -> None:
    year = open_year(session, small_district)
    case = delivered_case(session, small_district, year)
    assert (case.state, case.deadline, case.document) == (CaseState.DELIVERED, date(2026, 12, 2), "督整〔2026〕1号")
    step(session, case, "accept", small_district, "principal")
    step(session, case, "report", small_district, "principal", note="留样柜已经装好")
    step(session, case, "fail", small_district, "inspector", note="登记本还是空的")
    assert case.state == CaseState.UNDER_WAY
    step(session, case, "report", small_district, "principal", note="登记本补齐，附照片")
    step(session, case, "pass", small_district, "inspector", note="现场看过")
    step(session, case, "close", small_district)
    days = (date(2027, 3, 1), date(2027, 3, 14))
    step(session, case, "look_back", small_district, look_back=days)
    assert (case.look_back_from, case.look_back_until) == days
    step(session, case, "reopen", small_district, note="又有家长反映")
    assert case.state == CaseState.REOPENED
    steps = list_steps(session, case)
    assert [entry.number for entry in steps] == list(range(1, 11))
    assert [(entry.who, entry.step, entry.state) for entry in steps[:5]] == [
        ("王督导", "create", "proposed"), ("王督导", "deliver", "delivered"), ("张校长", "accept", "under_way"),
        ("张校长", "report", "reported"), ("李督学", "fail", "under_way"),
    ]  # fmt: skip


def test_only_allowed_steps_by_the_allowed_role(session: Session, small_district: District) -> None:
    case = delivered_case(session, small_district, open_year(session, small_district))
    with pytest.raises(UserError, match="不归您做：销号"):
        step(session, case, "close", small_district, "principal")
    with pytest.raises(UserError, match="现在是“已送达”，不能“核验通过”"):
        step(session, case, "pass", small_district, "inspector")
    with pytest.raises(UserError, match="要有说明"):
        step(session, case, "report", small_district, "principal", note="  ")
    with pytest.raises(UserError, match="不能“直接销号”"):
        step(session, case, "settle", small_district, note="一项要答复的通知不能直接销号")
    with pytest.raises(UserError, match="晚于原来的期限"):
        step(session, case, "extend", small_district, note="缓", deadline=date(2026, 12, 2))
    with pytest.raises(UserError, match="不能“改内容”"):
        edit_case(session, case.id, case.step_count, CONTENT, office(small_district))
    assert {kind.id for kind in possible_steps(case.state, "principal", "notice")} == {"accept", "report"}
    assert possible_steps(case.state, "auditor", "notice") == ()
    assert "settle" in {kind.id for kind in possible_steps(case.state, "office", "watch_list")}
    assert all(kind.label for kind in STEPS)


def test_who_comes_second_is_told_what_the_first_did(session: Session, small_district: District) -> None:
    case = delivered_case(session, small_district, open_year(session, small_district))
    seen = case.step_count
    step(session, case, "extend", small_district, note="等设备到货", deadline=date(2026, 12, 20))
    with pytest.raises(StepTaken, match="王督导 在 2026-11-02 09:00 已经做了“延期”，现在是“已送达”"):
        take_step(session, case.id, "accept", seen, StepWords(), principal(small_district))
    assert case.deadline == date(2026, 12, 20)


def test_two_steps_at_one_moment_are_one_and_a_refusal(district: District) -> None:
    database, refusals = district.app.extensions["database"], list[str]()
    with database.write_session() as session:
        year = open_year(session, district, proposal_row())
        case = delivered_case(session, district, year)

    def accept() -> None:
        with database.write_session() as other:
            take_step(other, case.id, "accept", 2, StepWords(), principal(district))

    def open_the_same() -> None:
        with database.write_session() as other:
            create_case(other, other.get_one(AssessmentYear, year.id), "0101", CONTENT, office(district), "key")

    def refused(act: Callable[[], None]) -> None:
        try:
            act()
        except StepTaken as error:
            refusals.append(str(error))

    threads = [Thread(target=refused, args=(act,)) for act in (accept, open_the_same)]
    with database.write_session() as session:
        words = StepWords("等设备", date(2026, 12, 20))
        take_step(session, case.id, "extend", 2, words, office(district))
        create_case(session, session.get_one(AssessmentYear, year.id), "0101", CONTENT, office(district), "key")
        for thread in threads:
            thread.start()
            thread.join(0.2)
            assert thread.is_alive(), "waits until the first is done"
    for thread in threads:
        thread.join(20)
    assert "已经做了“延期”" in refusals[0] + refusals[1]
    assert "已经做了“立案”" in refusals[0] + refusals[1]


def test_a_school_reads_its_case_from_the_letter_on(session: Session, small_district: District) -> None:
    """What the office wrote first and took out again before the letter, such as a name, is not in its history."""
    case = delivered_case(session, small_district, open_year(session, small_district))
    assert [line.step for line in history(session, case)] == ["送达", "立案"]
    assert [line.step for line in history(session, case, of_school=True)] == ["送达"]


def test_a_draft_of_a_reply_is_kept_and_not_written_over(session: Session, small_district: District) -> None:
    case = delivered_case(session, small_district, open_year(session, small_district))
    save_reply(session, case.id, 0, "正在装", principal(small_district))
    with pytest.raises(StepTaken, match="在别处保存过"):
        save_reply(session, case.id, 0, "另一台手机上写的", principal(small_district))
    assert case.reply == "正在装"
    step(session, case, "report", small_district, "principal", note="装好了")
    with pytest.raises(StepTaken, match="已经做了“报送”"):
        save_reply(session, case.id, 1, "晚了", principal(small_district))


def test_a_proposal_brings_its_evidence_and_becomes_one_case(session: Session, small_district: District) -> None:
    rows = (
        proposal_row(),
        proposal_row("ledger", item="q1", value=0.312, limit=0.1, p=None, tipping_odds=None, days=None),
        proposal_row("interview", school_code="0201", school_name="河东中学", category="direct", audience="composite",
                     value=0.0004, limit=0.001, tipping_odds=None, days=None),
    )  # fmt: skip
    year, categories = open_year(session, small_district, *rows), small_district.app.extensions["categories"]
    notice, ledger, interview = open_proposals(session, year, categories)
    assert str(notice.findings) == (
        "家长中满意的占 72.4%，低于 85% 的标准线；已计入误差和多重比较（校正后 p = 0.003），确定低于标准线。"
        "没有答卷的人，满意的几率要达到答卷的人的 1.62 倍，这个结论才会改变。"
    )
    reminders = (proposal_row("reminder", p=p, tipping_odds=None) for p in (0.2, 0.01))
    unsure, nearly = (str(_proposal(row, {}).findings) for row in reminders)
    assert "误差范围够得着标准线（p = 0.200）" in unsure
    assert "多半低于标准线（p = 0.010）" in nearly
    assert "不满意的占 31.2%，超过 10% 的界限" in str(ledger.findings)
    assert (ledger.source, ledger.days, str(notice.subject)) == ("item", 30, "家长的总体满意度")
    assert str(interview.subject) == "综合得分低于同类学校"
    assert "0.04%" in str(interview.findings)
    content = CaseContent(
        notice.severity, notice.source, str(notice.subject), str(notice.findings), "查找原因", "李督学", notice.days
    )
    case = create_case(session, year, "0101", content, office(small_district), notice.key)
    with pytest.raises(StepTaken, match="已经做了“立案”"):
        create_case(session, year, "0101", content, office(small_district), notice.key)
    assert find_proposal(session, year, categories, notice.key) is None
    step(session, case, "decline", small_district, note="样本里有误填")
    assert len(open_proposals(session, year, categories)) == 2, "what was declined is decided too"
    assert cases_of_schools(session, ["0101"]) == [], "a school sees what was sent to it"


def test_a_letter_tells_no_results_that_schools_may_not_see_yet(session: Session, small_district: District) -> None:
    year = open_year(session, small_district)
    content = replace(CONTENT, source="dimension")
    with pytest.raises(UserError, match="先让学校看"):
        delivered_case(session, small_district, year, content=content)
    wave_by_name(session, small_district.wave).released_at = small_district.clock.at
    assert delivered_case(session, small_district, year, content=content).state == CaseState.DELIVERED


def test_what_is_written_is_within_limits(session: Session, small_district: District) -> None:
    year = open_year(session, small_district)
    for content, words in (
        (replace(CONTENT, subject=" "), "问题"), (replace(CONTENT, findings="长" * 2001), "情况"),
        (replace(CONTENT, days=0), "期限"), (replace(CONTENT, severity="prison"), "处理方式"),
    ):  # fmt: skip
        with pytest.raises(UserError, match=words):
            create_case(session, year, "0101", content, office(small_district))
    with pytest.raises(UserError, match="没有学校代码“101”；是否应为 0101"):
        create_case(session, year, "101", CONTENT, office(small_district))
    case = create_case(session, year, "0101", CONTENT, office(small_district))
    edit_case(session, case.id, 1, replace(CONTENT, subject="食堂"), office(small_district))
    assert (case.subject, case.state) == ("食堂", CaseState.PROPOSED)
    with pytest.raises(UserError, match="文号请写成"):
        step(session, case, "deliver", small_district, document="1号文")


def test_numbers_of_letters_are_given_once(session: Session, small_district: District) -> None:
    year = open_year(session, small_district)
    assert next_number(session, 2026) == "督整〔2026〕1号"
    case = create_case(session, year, "0101", CONTENT, office(small_district))
    step(session, case, "deliver", small_district, document="河督 [2026] 7号")
    assert case.document == "河督〔2026〕7号"
    assert next_number(session, 2026) == "河督〔2026〕8号"
    assert next_number(session, 2027) == "河督〔2027〕1号"
    second = create_case(session, year, "0201", CONTENT, office(small_district))
    with pytest.raises(UserError, match="已经给了 河东小学"):
        step(session, second, "deliver", small_district, document="河督〔2026〕7号")


def test_being_late_follows_from_the_deadline_and_counts_for_marks(session: Session, small_district: District) -> None:
    year = open_year(session, small_district)
    case = delivered_case(session, small_district, year)

    def counts() -> tuple[int, int, bool]:
        found = ledger_counts(session, year, local_date(small_district.clock.at))
        taken = found.deductions["0101"]
        kinds = ("rectification_overdue", "rectification_failed")
        late, failed = (taken.get(kind, 0) for kind in kinds)
        return late, failed, "notice_open" in found.facts["0101"]

    assert counts() == (0, 0, True)
    small_district.clock.advance(days=30)
    assert not is_overdue(case, local_date(small_district.clock.at)), "the last day is a day"
    small_district.clock.advance(days=1)
    assert is_overdue(case, local_date(small_district.clock.at))
    assert counts() == (1, 0, True)
    step(session, case, "extend", small_district, note="补", deadline=date(2026, 12, 20))
    assert counts() == (1, 0, True), "what had passed had passed"
    step(session, case, "report", small_district, "principal", note="好了")
    step(session, case, "fail", small_district, "inspector", note="没有")
    assert counts() == (1, 1, True)
    small_district.clock.advance(days=31)
    assert counts() == (2, 1, True)
    step(session, case, "report", small_district, "principal", note="这回好了")
    step(session, case, "pass", small_district, "inspector")
    step(session, case, "close", small_district)
    small_district.clock.advance(days=90)
    assert counts() == (2, 1, False)
    imported = MarkImport({}, {"0101": {"rectification_overdue": 9}, "0201": {"rectification_failed": 3}},
                          {"0201": frozenset({"notice_open"})})  # fmt: skip
    ledger = ledger_counts(session, year, local_date(small_district.clock.at))
    counted = with_ledger(imported, ledger)
    assert counted.deductions["0101"] == {"rectification_overdue": 2, "rectification_failed": 1}
    assert counted.deductions["0201"] == {"rectification_failed": 3}, "no case of it: the table of the office counts"
    assert counted.facts == {"0101": frozenset(), "0201": frozenset({"notice_open"})}
    assert counted.award_facts() == {
        "0101": frozenset({"rectification_overdue", "rectification_failed"}),
        "0201": frozenset({"notice_open", "rectification_failed"}),
    }, "whatever takes points off may also keep a school from an award, where the scheme says so"
