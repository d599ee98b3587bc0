"""What the ledger of a year says about marks: how often a school was late or failed, and whether a notice is open."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.assessment.mark_figures import MarkImport
from survey_app.assessment.models import AssessmentYear
from survey_app.foundation.clock import local_date

from .case_steps import NOT_SENT, STEPS, CaseState
from .models import CaseStep, RectificationCase

OPEN_NOTICE, NOTICE = "notice_open", "notice"
NO_LONGER_OPEN = frozenset({CaseState.CLOSED, CaseState.LOOKING_BACK})


def ledger_counts(session: Session, year: AssessmentYear, today: date) -> MarkImport:
    """Return by code what counts of every school with a case that was delivered; of no other school anything."""
    cases = session.scalars(select(RectificationCase).where(RectificationCase.year_id == year.id))
    sent = {case.id: case for case in cases if case.state not in NOT_SENT}
    steps: dict[int, list[CaseStep]] = {case_id: [] for case_id in sent}
    query = select(CaseStep).join(RectificationCase).where(RectificationCase.year_id == year.id)
    for step in session.scalars(query.order_by(CaseStep.case_id, CaseStep.number)):
        steps.get(step.case_id, []).append(step)
    deductions: dict[str, dict[str, int]] = {}
    facts: dict[str, frozenset[str]] = {}
    for case in sent.values():
        counts = deductions.setdefault(case.school_code, {})  # empty, where nothing is to be taken off
        late, failed = times_overdue(steps[case.id], today), sum(step.step == "fail" for step in steps[case.id])
        for kind, times in (("rectification_overdue", late), ("rectification_failed", failed)):
            if times:
                counts[kind] = counts.get(kind, 0) + times
        is_open = case.severity == NOTICE and case.state not in NO_LONGER_OPEN
        facts[case.school_code] = facts.get(case.school_code, frozenset()) | ({OPEN_NOTICE} if is_open else set())
    return MarkImport(deductions=deductions, facts=facts)


def times_overdue(steps: Iterable[CaseStep], today: date) -> int:
    """Return in how many terms the school reported late, or not yet; a letter, a failure, a reopening begin one.

    A deadline that is moved after it had passed was missed nevertheless.
    """
    count, deadline, is_late = 0, None, False
    for step in steps:
        is_late = is_late or (deadline is not None and local_date(step.at) > deadline)
        kind = STEPS[step.step]
        if step.step in ("report", "settle") or kind.opens_term:
            count += is_late
            deadline, is_late = (step.deadline if kind.opens_term else None), False
        elif deadline is not None:
            deadline = step.deadline
    return count + (is_late or (deadline is not None and today > deadline))
