"""Cases of a year: made, moved on step by step, and read. Each step leaves a row in the history of its case."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.assessment.models import AssessmentYear
from survey_app.assessment.years import wave_of
from survey_app.definition.messages import Message, message
from survey_app.foundation.clock import format_local, local_date
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.roles import Role
from survey_app.frame.models import WaveSchool
from survey_app.frame.queries import frozen_schools
from survey_app.frame.roster_cells import unknown_code

from .case_steps import AT_SCHOOL, CREATE, SEVERITIES, SOURCES, STATE_LABELS, STEPS, CaseState, StepKind
from .models import CaseAttachment, CaseStep, RectificationCase
from .notice_numbers import check_number

MAX_TEXT, MAX_SUBJECT, MAX_NOTE, MAX_OWNER = 2_000, 200, 2_000, 80
MOST_DAYS = 366
SAME_WORDS_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step, as what, and when."""

    name: str
    role: str
    now: datetime


@dataclass(frozen=True, slots=True)
class CaseContent:
    """What the office writes into a case before it is delivered."""

    severity: str
    source: str
    subject: str
    findings: str
    requirement: str
    owner: str
    days: int


@dataclass(frozen=True, slots=True)
class StepWords:
    """What is said with a step: a reason or a reply, a new deadline, the number of the letter, days of a look back."""

    note: str = ""
    deadline: date | None = None
    document: str = ""
    look_back: tuple[date, date] | None = None


class StepTaken(UserError):
    """Somebody moved the case on since the page was shown."""


def create_case(
    session: Session, year: AssessmentYear, school_code: str, content: CaseContent, actor: Actor,
    proposal: str | None = None,
) -> RectificationCase:  # fmt: skip
    """A case, from a proposal or without one. Raises :class:`UserError`; of a proposal there is one case only."""
    wait_for_turn(session)
    if proposal is not None and (known := _case_of_proposal(session, year, proposal)) is not None:
        raise StepTaken(_what_was_done(_last_step(session, known)))
    school = _school(session, year, school_code)
    _check_content(content)
    case = RectificationCase(
        year_id=year.id, school_code=school.code, school_name=school.name, proposal=proposal, step_count=0,
        state=CaseState.PROPOSED, reply="", reply_count=0, **_columns(content),
    )  # fmt: skip
    session.add(case)
    session.flush()
    _add_step(session, case, STEPS[CREATE], actor, content.subject)
    return case


def case_made_now(
    session: Session, year: AssessmentYear, school_code: str, content: CaseContent, actor: Actor
) -> RectificationCase | None:
    """Return the case that this person has just made with the same words: a second press, or Back and once more."""
    wait_for_turn(session)
    query = select(RectificationCase).join(CaseStep, CaseStep.case_id == RectificationCase.id)
    query = query.where(
        RectificationCase.year_id == year.id, RectificationCase.school_code == school_code,
        CaseStep.step == CREATE, CaseStep.who == actor.name, CaseStep.at > actor.now - SAME_WORDS_WITHIN,
    )  # fmt: skip
    words = _columns(content)
    cases = session.scalars(query.order_by(RectificationCase.id))
    return next((case for case in cases if all(getattr(case, name) == value for name, value in words.items())), None)


def edit_case(session: Session, case_id: int, seen: int, content: CaseContent, actor: Actor) -> RectificationCase:
    """Other words, before anything was delivered."""
    case, step = _case_for(session, case_id, "edit", seen, actor)
    _check_content(content)
    for name, value in _columns(content).items():
        setattr(case, name, value)
    _add_step(session, case, step, actor, content.subject)
    return case


def take_step(
    session: Session, case_id: int, step_id: str, seen: int, words: StepWords, actor: Actor
) -> RectificationCase:
    """Move a case on. Raises :class:`StepTaken` where another was faster, :class:`UserError` where it is not allowed.

    ``seen``: the number of the last step that the person who acts knows of.
    """
    case, step = _case_for(session, case_id, step_id, seen, actor)
    if step.needs_note and not words.note.strip():
        raise user_error("请写明情况：这一步要有说明")
    if len(words.note) > MAX_NOTE:
        raise user_error("说明最多 {max} 个字", max=MAX_NOTE)
    _change_columns(session, case, step, words, actor.now)
    number = _add_step(session, case, step, actor, words.note.strip()).number
    if step.id == "report" and actor.role == Role.PRINCIPAL:  # what came on paper leaves the school its draft
        case.reply = words.note.strip()
        for attachment in draft_attachments(session, case):
            attachment.step = number
    session.flush()
    return case


def _change_columns(
    session: Session, case: RectificationCase, step: StepKind, words: StepWords, now: datetime
) -> None:  # fmt: skip
    """What a step changes of the case itself."""
    today = local_date(now)
    if step.opens_term:
        case.deadline = today + timedelta(days=case.days)
    if step.id == "extend":
        case.deadline = _later_deadline(case, words.deadline)
    if step.id == "deliver":
        _require_release(session, case)
        wait_for_turn(session)
        case.document, case.delivered_at = check_number(session, words.document), now
    if step.id == "look_back":
        case.look_back_from, case.look_back_until = _look_back(words, today)
    if step.to is not None:
        case.state = step.to


def _require_release(session: Session, case: RectificationCase) -> None:
    """No letter tells a school of its results before two people decided that schools see theirs."""
    wave = wave_of(session, session.get_one(AssessmentYear, case.year_id))
    if SOURCES[case.source].is_survey and wave is not None and wave.released_at is None:
        raise user_error("通知里写有测评结果：请先让学校看批次“{name}”的结果（要两个人），再送达", name=wave.name)


def save_reply(session: Session, case_id: int, seen: int, reply: str, actor: Actor) -> RectificationCase:
    """Keep the draft of a reply; no step. ``seen``: the count of drafts that the writer knows of."""
    case = locked_case(session, case_id)
    if case.state not in AT_SCHOOL:
        raise StepTaken(_what_was_done(_last_step(session, case)))
    if len(reply) > MAX_NOTE:
        raise user_error("回复最多 {max} 个字", max=MAX_NOTE)
    if case.reply_count != seen and reply.strip() != case.reply:
        raise StepTaken(message("这份回复刚刚在别处保存过，您这一次没有保存。请核对以后再保存。"))
    case.reply, case.reply_count = reply.strip(), case.reply_count + 1
    session.flush()
    return case


def find_case(session: Session, case_id: int) -> RectificationCase | None:
    return session.get(RectificationCase, case_id)


def list_steps(session: Session, case: RectificationCase) -> list[CaseStep]:
    """The first one first."""
    return list(session.scalars(select(CaseStep).where(CaseStep.case_id == case.id).order_by(CaseStep.number)))


def list_attachments(session: Session, case: RectificationCase) -> list[CaseAttachment]:
    query = select(CaseAttachment).where(CaseAttachment.case_id == case.id).order_by(CaseAttachment.id)
    return list(session.scalars(query))


def draft_attachments(session: Session, case: RectificationCase) -> list[CaseAttachment]:
    """Those that were not sent yet."""
    return [attachment for attachment in list_attachments(session, case) if attachment.step is None]


def cases_of_schools(session: Session, codes: Collection[str]) -> list[RectificationCase]:
    """What was sent to these schools, the latest first."""
    query = select(RectificationCase).where(
        RectificationCase.school_code.in_(list(codes)), RectificationCase.delivered_at.is_not(None)
    )
    return list(session.scalars(query.order_by(RectificationCase.id.desc())))


def is_overdue(case: RectificationCase, today: date) -> bool:
    """Whether the school should have reported and has not."""
    return case.state in AT_SCHOOL and case.deadline is not None and case.deadline < today


def is_waiting_for(case: RectificationCase, role: str) -> bool:
    """Whether somebody with this role at a school has to do something: to report, or to verify."""
    return case.state in AT_SCHOOL if role == Role.PRINCIPAL else case.state == CaseState.REPORTED


def _case_for(
    session: Session, case_id: int, step_id: str, seen: int, actor: Actor
) -> tuple[RectificationCase, StepKind]:  # fmt: skip
    case, step = locked_case(session, case_id), STEPS[step_id]
    if actor.role not in step.roles:
        raise user_error("这一步不归您做：{step}", step=step.label)
    if case.step_count != seen:
        raise StepTaken(_what_was_done(_last_step(session, case)))
    if case.state not in step.states or (step.without_reply and SEVERITIES[case.severity].needs_reply):
        raise user_error("现在是“{state}”，不能“{step}”", state=STATE_LABELS[case.state], step=step.label)
    return case, step


def wait_for_turn(session: Session) -> None:
    """Let nobody else open a case of the same proposal, or give the same number, until the transaction ends."""
    session.execute(select(AssessmentYear.id).order_by(AssessmentYear.id).with_for_update())


def locked_case(session: Session, case_id: int) -> RectificationCase:
    """Return a case as it is now; nobody else changes it until the transaction ends."""
    query = select(RectificationCase).where(RectificationCase.id == case_id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def _add_step(session: Session, case: RectificationCase, step: StepKind, actor: Actor, note: str) -> CaseStep:
    case.step_count += 1
    entry = CaseStep(
        case_id=case.id, number=case.step_count, at=actor.now, who=actor.name, role=actor.role, step=step.id,
        state=case.state, note=note, deadline=case.deadline,
    )  # fmt: skip
    session.add(entry)
    session.flush()
    return entry


def _last_step(session: Session, case: RectificationCase) -> CaseStep:
    return list_steps(session, case)[-1]


def _what_was_done(step: CaseStep) -> Message:
    return message(
        "{who} 在 {when} 已经做了“{step}”，现在是“{state}”。您这一步没有做，请核对以后再决定。", who=step.who,
        when=format_local(step.at), step=STEPS[step.step].label, state=STATE_LABELS[step.state],
    )  # fmt: skip


def _case_of_proposal(session: Session, year: AssessmentYear, proposal: str) -> RectificationCase | None:
    query = select(RectificationCase).where(RectificationCase.year_id == year.id)
    return session.scalar(query.where(RectificationCase.proposal == proposal))


def _school(session: Session, year: AssessmentYear, code: str) -> WaveSchool:
    wave = wave_of(session, year)
    schools = {school.code: school for school in frozen_schools(session, wave.id)} if wave else {}
    if code not in schools:
        raise UserError(unknown_code(code, schools))
    return schools[code]


def _columns(content: CaseContent) -> dict[str, str | int]:
    return {
        "severity": content.severity, "source": content.source, "subject": content.subject.strip(),
        "findings": content.findings.strip(), "requirement": content.requirement.strip(),
        "owner": content.owner.strip(), "days": content.days,
    }  # fmt: skip


def _check_content(content: CaseContent) -> None:
    if content.severity not in SEVERITIES or content.source not in SOURCES:
        raise user_error("请选一种处理方式和问题的来源")
    for text, most, what in (
        (content.subject, MAX_SUBJECT, message("问题")), (content.findings, MAX_TEXT, message("情况")),
        (content.requirement, MAX_TEXT, message("要求")), (content.owner, MAX_OWNER, message("责任人")),
    ):  # fmt: skip
        if not text.strip() or len(text) > most:
            raise user_error("“{what}”要有 1 到 {max} 个字", what=what, max=most)
    if not 1 <= content.days <= MOST_DAYS:
        raise user_error("期限要在 1 到 {max} 天之间", max=MOST_DAYS)


def _later_deadline(case: RectificationCase, deadline: date | None) -> date:
    before = case.deadline
    if deadline is None or before is None or not before < deadline <= before + timedelta(MOST_DAYS):
        raise user_error("新的期限要晚于原来的期限 {deadline}，最多晚一年", deadline=before)
    return deadline


def _look_back(words: StepWords, today: date) -> tuple[date, date]:
    if words.look_back is None or not today <= words.look_back[0] <= words.look_back[1]:
        raise user_error("请写明回头看从哪一天到哪一天，不早于今天")
    return words.look_back
