"""What the pages of rectification show, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from survey_app.accounts.models import Staff
from survey_app.assessment.models import AssessmentYear
from survey_app.assessment.years import list_years, year_by_id
from survey_app.followup.case_steps import (
    NOT_SENT,
    OF_ITEMS,
    SEVERITIES,
    SOURCES,
    STATE_LABELS,
    StepKind,
    possible_steps,
)
from survey_app.followup.ledger import OPEN, OVERDUE, CaseLine, HistoryLine, case_line, history
from survey_app.followup.look_backs import can_look_back
from survey_app.followup.models import RectificationCase
from survey_app.followup.notice_numbers import next_number
from survey_app.foundation.clock import local_date
from survey_app.foundation.roles import RELEASED_TO, Role
from survey_app.foundation.translation import _, render

Choices = list[tuple[str, str]]


def state_choices(*, only_sent: bool = False) -> Choices:
    return [
        ("", _("全部")), (OPEN, _("未销号")), (OVERDUE, _("逾期")),
        *((state, render(label)) for state, label in STATE_LABELS.items()
          if not (only_sent and state in NOT_SENT)),
    ]  # fmt: skip


def severity_choices() -> Choices:
    return [(kind.id, render(kind.label)) for kind in SEVERITIES]


def source_choices() -> Choices:
    return [(source.id, render(source.label)) for source in SOURCES]


def year_choices(session: Session) -> Choices:
    return [(str(year.id), year.name) for year in list_years(session)]


def year_of(session: Session, text: str) -> AssessmentYear | None:
    """The year that an address asks for; the latest where it asks for none."""
    years = list_years(session)
    if not text:
        return years[0] if years else None
    return next((year for year in years if str(year.id) == text), None)


@dataclass(frozen=True, slots=True)
class StepForm:
    """A step that can be taken now, with the fields that it asks for."""

    id: str
    label: str
    hint: str
    fields: tuple[str, ...]
    is_danger: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything of the page of one case; ``next_step`` is what is usually done next."""

    line: CaseLine
    year: str
    findings: str
    requirement: str
    days: int
    seen: int
    is_sent: bool
    next_step: StepForm | None
    other_steps: tuple[StepForm, ...]
    history: tuple[HistoryLine, ...]
    look_back: str
    can_look_back: bool
    document: str


USUAL = ("deliver", "pass", "close")


def case_page(session: Session, case: RectificationCase, staff: Staff, now: datetime) -> CasePage:
    today = local_date(now)
    steps = [step for step in possible_steps(case.state, staff.role, case.severity) if step.id != "edit"]
    usual = next((step for step in steps if step.id in USUAL), None)
    year = year_by_id(session, case.year_id)
    return CasePage(
        line=case_line(case, today), year=year.name if year else "", findings=case.findings,
        requirement=case.requirement, days=case.days, seen=case.step_count, is_sent=case.state not in NOT_SENT,
        next_step=_form(usual, case, today) if usual else None,
        other_steps=tuple(_form(step, case, today) for step in steps if step is not usual),
        history=history(session, case, of_school=staff.role in RELEASED_TO), look_back=_look_back(case),
        can_look_back=staff.role == Role.OFFICE and can_look_back(case),
        document=case.document or next_number(session, today.year),
    )  # fmt: skip


def _form(step: StepKind, case: RectificationCase, today: date) -> StepForm:
    fields: Mapping[str, tuple[str, ...]] = {
        "deliver": ("document",), "extend": ("deadline", "note"), "look_back": ("begins", "ends"),
    }  # fmt: skip
    usual = ("note",) if step.needs_note or step.id in ("pass", "close") else ()
    return StepForm(
        step.id, render(step.label), _hint(step, case), fields.get(step.id, usual),
        step.id in ("decline", "fail", "reopen"),
    )  # fmt: skip


def _hint(step: StepKind, case: RectificationCase) -> str:
    """What it will do, where that does not go without saying."""
    return {
        "deliver": _("内容从此不能改；学校的账号马上看到通知和截止日期，期限从今天起 {days} 天。", days=case.days),
        "decline": _("这一项不发给学校；理由留在历史里。"),
        "accept": _("学校在纸上签收的，由您代记。"),
        "report": _("学校在纸上报送的，由您代记。"),
        "fail": _("退回学校继续整改，期限从今天起再给 {days} 天；按考核方案扣分。", days=case.days),
        "extend": _("已经过了的期限照样算逾期。"),
        "reopen": _("问题又出现了：学校重新整改，期限从今天起 {days} 天。", days=case.days),
        "look_back": _("只记下到学校看的日期。要用同样的题再问一次，用上面的“回头看：再问一次”。")
        if case.source in OF_ITEMS
        else _("记下到学校看的日期。"),
        "settle": _("约谈和关注不用学校书面答复，可以直接销号。"),
    }.get(step.id, "")


def _look_back(case: RectificationCase) -> str:
    if case.look_back_from is None or case.look_back_until is None:
        return ""
    return _("{start} 至 {end}", start=case.look_back_from.isoformat(), end=case.look_back_until.isoformat())
