"""你说我改: what people said and what their school did about it, of cases that were verified and closed."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.foundation.clock import local_date
from survey_app.foundation.translation import _

from .case_steps import CaseState
from .models import CaseStep, RectificationCase

VOICES = ("item", "dimension", "topic", "complaint")  # what people said; an inspection is the office's own
DONE = (CaseState.CLOSED, CaseState.LOOKING_BACK)
REPORT, PASS = "report", "pass"


@dataclass(frozen=True, slots=True)
class Improvement:
    """``done``: the reply that was verified; it was written for the office, so it is read before it is passed on."""

    case_id: int
    school_code: str
    school_name: str
    said: str
    done: str
    verified: str

    def cells(self) -> tuple[str, ...]:
        """Return the row of a file, under :func:`improvement_headings`."""
        return self.school_code, self.school_name, self.said, self.done, self.verified

    def sentence(self) -> str:
        """Return it as it can be passed on."""
        return _("{school}｜您说：{said}。我们做了：{done}", school=self.school_name, said=self.said, done=self.done)


def improvement_headings() -> tuple[str, ...]:
    return _("学校代码"), _("学校名称"), _("大家说"), _("学校做了"), _("核验日期")


def list_improvements(session: Session, year_id: int | None, school: str = "") -> list[Improvement]:
    """The latest first; of a year, or of all, and of schools whose code or name holds a text."""
    query = select(RectificationCase).where(
        RectificationCase.state.in_(DONE), RectificationCase.source.in_(VOICES)
    ).order_by(RectificationCase.id.desc())  # fmt: skip
    if year_id is not None:
        query = query.where(RectificationCase.year_id == year_id)
    cases = {
        case.id: case for case in session.scalars(query) if school in case.school_code or school in case.school_name
    }
    last: dict[tuple[int, str], CaseStep] = {}
    steps = select(CaseStep).where(CaseStep.step.in_((REPORT, PASS))).order_by(CaseStep.case_id, CaseStep.number)
    for step in session.scalars(steps):
        if step.case_id in cases:
            last[step.case_id, step.step] = step
    return [
        Improvement(
            case.id, case.school_code, case.school_name, case.subject, last[case.id, REPORT].note,
            local_date(last[case.id, PASS].at).isoformat(),
        )
        for case in cases.values()
        if (case.id, REPORT) in last and (case.id, PASS) in last
    ]  # fmt: skip
