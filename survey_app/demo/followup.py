"""Rectifications of the demo: last year's are closed and looked back at, this year's stand in several states."""

from datetime import date, datetime, timedelta

from flask import Flask
from sqlalchemy.orm import Session

from survey_app.assessment.models import AssessmentYear
from survey_app.assessment.years import year_by_name
from survey_app.followup.cases import Actor, CaseContent, StepWords, create_case, take_step
from survey_app.followup.models import RectificationCase
from survey_app.followup.notice_numbers import next_number
from survey_app.followup.proposals import CaseProposal, open_proposals
from survey_app.foundation.clock import local_date

OWNER, HEADMASTER, VISITOR = "陈督学", "principal", "陈督学"
REQUIREMENT = "查找原因，制定整改措施，明确责任人和完成时间，报送整改情况并附佐证材料。"
SIGN = "临督整"


class DemoLedger:
    """Takes steps as the people of the district would, each on its day."""

    def __init__(self, session: Session, year: AssessmentYear, office: str) -> None:
        self.session, self.year, self.office = session, year, office

    def case(self, case_id: int) -> RectificationCase:
        return self.session.get_one(RectificationCase, case_id)

    def open(self, school: str, content: CaseContent, on: datetime, proposal: str | None = None) -> int:
        return create_case(self.session, self.year, school, content, Actor(self.office, "office", on), proposal).id

    def take(self, case_id: int, step: str, on: datetime, words: StepWords | None = None) -> None:
        name, role = {
            "accept": (HEADMASTER, "principal"), "report": (HEADMASTER, "principal"), "pass": (VISITOR, "inspector"),
            "fail": (VISITOR, "inspector"),
        }.get(step, (self.office, "office"))  # fmt: skip
        seen = self.case(case_id).step_count
        take_step(self.session, case_id, step, seen, words or StepWords(), Actor(name, role, on))

    def deliver(self, case_id: int, on: datetime) -> None:
        number = next_number(self.session, local_date(on).year).partition("〔")[2]
        self.take(case_id, "deliver", on, StepWords(document=f"{SIGN}〔{number}"))


def follow_up_last_year(app: Flask, year_name: str, office: str) -> None:
    """A case of an inspection goes all the way; of what the triggers propose one is declined, the rest is undecided."""
    now: datetime = app.extensions["clock"].now()
    with app.extensions["database"].write_session() as session:
        year = year_by_name(session, year_name)
        proposals = open_proposals(session, year, app.extensions["categories"])
        ledger = DemoLedger(session, year, office)
        if len(proposals) > 2:
            first, second = proposals[0], proposals[-1]
            after_school = _inspected("课后服务单一", "检查发现课后服务只有看护，没有课程，家长和学生意见多。")
            case = ledger.open(first.school_code, after_school, now)
            ledger.deliver(case, now + timedelta(days=1))
            ledger.take(case, "accept", now + timedelta(days=2))
            reply = "召开了家长会，调整了课后服务的内容和接送时间，由副校长负责，已完成。"
            ledger.take(case, "report", now + timedelta(days=20), StepWords(reply))
            ledger.take(case, "pass", now + timedelta(days=25), StepWords("走访了 12 位家长，情况属实。"))
            ledger.take(case, "close", now + timedelta(days=26))
            days = (date(2026, 5, 11), date(2026, 5, 17))
            ledger.take(case, "look_back", now + timedelta(days=30), StepWords(look_back=days))
            declined = ledger.open(second.school_code, content_of(second), now, second.key)
            ledger.take(declined, "decline", now, StepWords("学校已在整改同一问题，不重复立案。"))


def follow_up_this_year(app: Flask, year_name: str, office: str, own_school: str) -> None:
    """One of the principal's school to reply to, one overdue, one to be verified, one not yet sent."""
    now: datetime = app.extensions["clock"].now()
    with app.extensions["database"].write_session() as session:
        ledger = DemoLedger(session, year_by_name(session, year_name), office)
        canteen = _inspected("食堂留样不全", "11 月督导检查时，食堂 3 天没有留样，留样登记不完整。")
        own = ledger.open(own_school, canteen, now - timedelta(days=6))
        ledger.deliver(own, now - timedelta(days=5))
        late = ledger.open(
            "1002", _inspected("课间占用", "检查发现三个班把课间用来讲评作业。", 20), now - timedelta(days=41)
        )
        ledger.deliver(late, now - timedelta(days=40))
        told = CaseContent(
            "reminder", "complaint", "校服收费", "家长反映校服选购没有征求意见；经核实属实。", REQUIREMENT, OWNER, 30
        )
        reported = ledger.open("1003", told, now - timedelta(days=16))
        ledger.deliver(reported, now - timedelta(days=15))
        reply = "已召开家委会，重新征求意见，退还 46 名学生的校服费。"
        ledger.take(reported, "report", now - timedelta(days=1), StepWords(reply))
        ledger.open("1004", _inspected("消防通道堆物", "检查时东侧楼梯间堆放课桌。"), now)


def content_of(proposal: CaseProposal) -> CaseContent:
    return CaseContent(
        proposal.severity, proposal.source, str(proposal.subject)[:200], str(proposal.findings), REQUIREMENT, OWNER,
        proposal.days,
    )  # fmt: skip


def _inspected(subject: str, findings: str, days: int = 30) -> CaseContent:
    return CaseContent("notice", "inspection", subject, findings, REQUIREMENT, OWNER, days)
