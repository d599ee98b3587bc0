"""The ledger: cases by what an address asks for, overdue first; and how a case, its history and its files are shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.foundation.clock import format_local
from survey_app.foundation.translation import _, render

from .case_steps import AT_SCHOOL, NOT_SENT, SETTLED, SEVERITIES, SOURCES, STATE_LABELS, STEPS, CaseState
from .cases import is_overdue, list_attachments, list_steps
from .models import CaseAttachment, CaseStep, RectificationCase

OVERDUE, OPEN = "overdue", "open"
SOON = 3  # days
NEVER = date.max
VERDICTS = ("pass", "fail")


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What an address asks for; empty asks for everything. ``state``: a state, ``overdue`` or ``open``.

    ``only_sent``: without what no school knows of.
    """

    year: str = ""
    state: str = ""
    severity: str = ""
    school: str = ""
    only_sent: bool = False


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as every list shows it."""

    id: int
    school_code: str
    school_name: str
    subject: str
    severity: str
    source: str
    state: str
    state_label: str
    is_overdue: bool
    deadline: str
    owner: str
    document: str

    def cells(self) -> tuple[str, ...]:
        """Return the row of a file, under :func:`ledger_headings`."""
        state = _("{state}（逾期）", state=self.state_label) if self.is_overdue else self.state_label
        return (
            self.school_code, self.school_name, self.subject, self.severity, self.source, state, self.deadline,
            self.owner, self.document,
        )  # fmt: skip


def ledger_headings() -> tuple[str, ...]:
    return (
        _("学校代码"), _("学校名称"), _("问题"), _("处理"), _("来源"), _("状态"), _("期限"), _("责任人"), _("文号"),
    )  # fmt: skip


def find_cases(session: Session, wanted: CaseFilter, today: date) -> list[RectificationCase]:
    """Overdue ones first, then by deadline, at last what is settled; what is no such state finds nothing."""
    query = select(RectificationCase).order_by(RectificationCase.id.desc())
    if wanted.year:
        query = query.where(RectificationCase.year_id == (int(wanted.year) if _is_number(wanted.year) else -1))
    if wanted.only_sent:
        query = query.where(RectificationCase.delivered_at.is_not(None))
    if wanted.severity:
        query = query.where(RectificationCase.severity == wanted.severity)
    cases = [case for case in session.scalars(query) if _is_asked_for(case, wanted, today)]
    return sorted(cases, key=lambda case: (_urgency(case, today), case.deadline or NEVER))


def _urgency(case: RectificationCase, today: date) -> int:
    """Late schools, then those that are to act, then what waits for somebody else, and at last what is settled."""
    if is_overdue(case, today):
        return 0
    if case.state in AT_SCHOOL:
        return 1
    if case.state in SETTLED:
        return 4
    return 3 if case.state == CaseState.LOOKING_BACK else 2


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _is_asked_for(case: RectificationCase, wanted: CaseFilter, today: date) -> bool:
    if wanted.state == OVERDUE and not is_overdue(case, today):
        return False
    if wanted.state == OPEN and case.state in SETTLED:
        return False
    if wanted.state not in ("", OVERDUE, OPEN, case.state):
        return False
    return wanted.school in case.school_code or wanted.school in case.school_name


def case_line(case: RectificationCase, today: date) -> CaseLine:
    return CaseLine(
        case.id, case.school_code, case.school_name, case.subject, render(SEVERITIES[case.severity].label),
        render(SOURCES[case.source].label), case.state, render(STATE_LABELS[case.state]), is_overdue(case, today),
        case.deadline.isoformat() if case.deadline and case.state in AT_SCHOOL else "", case.owner,
        case.document or "",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DueCounts:
    """What somebody should look at: cases that are overdue, due within days, reported, or verified and not closed."""

    overdue: int = 0
    soon: int = 0
    reported: int = 0
    verified: int = 0


def due_counts(cases: Iterable[RectificationCase], today: date) -> DueCounts:
    cases = list(cases)
    days = [(case.deadline - today).days for case in cases if case.state in AT_SCHOOL and case.deadline is not None]
    return DueCounts(
        sum(left < 0 for left in days), sum(0 <= left <= SOON for left in days),
        sum(case.state == CaseState.REPORTED for case in cases),
        sum(case.state == CaseState.VERIFIED for case in cases),
    )  # fmt: skip


def open_cases(session: Session) -> list[RectificationCase]:
    """All that are not settled."""
    return list(session.scalars(select(RectificationCase).where(RectificationCase.state.not_in(sorted(SETTLED)))))


def cases_to_verify(session: Session, codes: Iterable[str]) -> list[RectificationCase]:
    """What schools have reported and somebody should verify, the earliest deadline first."""
    query = select(RectificationCase).where(
        RectificationCase.school_code.in_(list(codes)), RectificationCase.state == CaseState.REPORTED
    )
    return list(session.scalars(query.order_by(RectificationCase.deadline, RectificationCase.id)))


def verifications_of(session: Session, year_id: int, role: str) -> list[tuple[CaseStep, RectificationCase]]:
    """What people of a role have verified in a year, passed or not, with its case, the earliest first."""
    query = (
        select(CaseStep, RectificationCase)
        .join(RectificationCase, RectificationCase.id == CaseStep.case_id)
        .where(RectificationCase.year_id == year_id, CaseStep.role == role, CaseStep.step.in_(VERDICTS))
        .order_by(CaseStep.at, CaseStep.case_id, CaseStep.number)
    )
    return [(step, case) for step, case in session.execute(query)]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One step with the files that were sent with it."""

    when: str
    who: str
    step: str
    state: str
    note: str
    deadline: str
    attachments: tuple[CaseAttachment, ...]


def history(session: Session, case: RectificationCase, *, of_school: bool = False) -> tuple[HistoryLine, ...]:
    """The latest first; a deadline stands where it changed.

    ``of_school``: from the letter on. What was written before and changed was never said to the school.
    """
    steps, attachments = list_steps(session, case), list_attachments(session, case)
    if of_school:
        steps = [step for step in steps if step.state not in NOT_SENT]
    lines, before = [], None
    for step in steps:
        deadline = step.deadline.isoformat() if step.deadline is not None and step.deadline != before else ""
        before = step.deadline
        lines.append(
            HistoryLine(
                format_local(step.at), step.who, render(STEPS[step.step].label), render(STATE_LABELS[step.state]),
                step.note, deadline, tuple(entry for entry in attachments if entry.step == step.number),
            )
        )  # fmt: skip
    return tuple(reversed(lines))


def last_reply(lines: Sequence[HistoryLine]) -> HistoryLine | None:
    """What was reported last, of a history with the latest step first."""
    label = render(STEPS["report"].label)
    return next((line for line in lines if line.step == label), None)
