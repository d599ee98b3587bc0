"""Inspectors' evaluations: begun, kept at every save, signed once, withdrawn with a reason; nothing is overwritten.

An evaluation belongs to an assessment year and to the wave of its period, as imported scores do by their date: the wave
froze the schools that are assessed, so nothing is signed about a school that the year does not know.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, defer

from survey_app.accounts.grants import granted_codes
from survey_app.accounts.models import Staff
from survey_app.definition.answers import Problem
from survey_app.definition.canonical import canonical_text, structure_hash
from survey_app.definition.categories import Categories
from survey_app.definition.messages import Message, message
from survey_app.definition.model import Instrument
from survey_app.foundation.clock import local_date
from survey_app.foundation.errors import UserError, user_error
from survey_app.frame.models import Wave, WaveSchool
from survey_app.frame.queries import frozen_schools, read_frozen_text

from .conflicts import conflict_with, standing_conflicts
from .evaluation_forms import FormFields, evaluation_form, kept_fields, missing_answers, score_of
from .models import FIRST_WAVE, MAIN_WAVE, AssessmentYear, DeclaredConflict, EvaluationForm, InspectorEvaluation
from .years import last_day, list_years, wave_of

MAX_REASON, OLDEST_VISIT = 200, timedelta(days=366)


SAVED_ELSEWHERE = message("这份草稿在别的手机或窗口里又存过，这一页没有存。请核对后再存一次，就以这一页为准")


class DraftChanged(UserError):
    """The draft was saved elsewhere since the page was shown; ``seen``: what the page has to say to be saved now."""

    def __init__(self, seen: str, words: Message = SAVED_ELSEWHERE) -> None:
        super().__init__(words)
        self.seen = seen


class NotComplete(UserError):
    """A draft that cannot be signed yet, with what is missing by question."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(message("还没有签：还有 {n} 项没有选", n=len(problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Period:
    """What is evaluated at a time: the latest year, and of two periods the first until its wave closes."""

    year: AssessmentYear
    wave: Wave


def current_period(session: Session, now: datetime) -> Period | None:
    """None before the office has made an assessment year."""
    year = next(iter(list_years(session)), None)
    if year is None:
        return None
    first, main = wave_of(session, year, FIRST_WAVE), wave_of(session, year, MAIN_WAVE)
    wave = first if first is not None and local_date(now) <= last_day(first) else main
    return Period(year, wave) if wave is not None else None


def assigned_schools(session: Session, staff: Staff, period: Period, now: datetime) -> list[WaveSchool]:
    """The schools of the year that the account is for today."""
    codes = granted_codes(session, staff, local_date(now))
    return [school for school in frozen_schools(session, period.wave.id) if school.code in codes]


def assigned_school(session: Session, staff: Staff, period: Period, code: str, now: datetime) -> WaveSchool | None:
    return next((one for one in assigned_schools(session, staff, period, now) if one.code == code), None)


def own_evaluations(session: Session, staff: Staff, period: Period) -> dict[str, InspectorEvaluation]:
    """Drafts and signed ones of a person in a period, by school, as they are now; what was withdrawn is history."""
    query = select(InspectorEvaluation).where(
        InspectorEvaluation.year_id == period.year.id, InspectorEvaluation.wave_id == period.wave.id,
        InspectorEvaluation.rater == staff.username, InspectorEvaluation.withdrawn_at.is_(None),
    )  # fmt: skip
    as_they_are = query.execution_options(populate_existing=True)  # who waited a turn had read them before it
    return {one.school_code: one for one in session.scalars(as_they_are)}


def withdrawn_evaluations(session: Session, staff: Staff, period: Period, code: str) -> list[InspectorEvaluation]:
    """What somebody signed about a school and took back, the latest first."""
    query = select(InspectorEvaluation).where(
        InspectorEvaluation.year_id == period.year.id, InspectorEvaluation.wave_id == period.wave.id,
        InspectorEvaluation.rater == staff.username, InspectorEvaluation.school_code == code,
        InspectorEvaluation.withdrawn_at.is_not(None),
    )  # fmt: skip
    return list(session.scalars(query.order_by(InspectorEvaluation.id.desc())))


def save_draft(
    session: Session, staff: Staff, period: Period, school: WaveSchool, instrument: Instrument, fields: FormFields,
    visited_on: date, now: datetime, seen: str | None = None,
) -> InspectorEvaluation:  # fmt: skip
    """Keep what is filled in so far, complete or not.

    ``seen``: the stamp of the draft that the page was made from, where that matters. Raises :class:`DraftChanged`, and
    :class:`UserError` where nothing may be kept.
    """
    take_turns(session, staff)
    _refuse_conflict(session, staff, school)
    today = local_date(now)
    if not today - OLDEST_VISIT <= visited_on <= today:
        raise user_error("到校日期应当在一年以内，不能晚于今天")
    draft = own_evaluations(session, staff, period).get(school.code)
    if draft is not None and draft.signed_at is not None:
        raise user_error("“{school}”您已经签过，要改请先撤回", school=school.name)
    if seen is not None and seen != draft_stamp(draft):
        if draft is None:  # it was begun in a period that is over since
            words = message(
                "第一期已经截止，这一页还没有存。请核对后再存一次，就存到“{wave}”这一期；以前存的草稿在“评价学校”里",
                wave=period.wave.name,
            )
            raise DraftChanged("", words)
        raise DraftChanged(draft_stamp(draft))
    if draft is None:
        draft = InspectorEvaluation(
            year_id=period.year.id, wave_id=period.wave.id, school_code=school.code,
            rater=staff.username, started_at=now,
        )  # fmt: skip
        session.add(draft)
    draft.answers = kept_fields(evaluation_form(instrument), fields)
    draft.visited_on, draft.saved_at = visited_on, now
    session.flush()
    return draft


def draft_stamp(draft: InspectorEvaluation | None) -> str:
    """What a page was made from: which draft, and as of when; empty before the first."""
    return f"{draft.id}.{draft.saved_at.isoformat()}" if draft is not None else ""


def sign_evaluation(
    session: Session, staff: Staff, period: Period, school: WaveSchool, instrument: Instrument, now: datetime
) -> InspectorEvaluation:
    """Make the draft final, with its score and the form it was given by.

    Raises :class:`NotComplete`, or :class:`UserError` where there is no draft, or too little was seen for a score.
    """
    take_turns(session, staff)
    _refuse_conflict(session, staff, school)
    draft = own_evaluations(session, staff, period).get(school.code)
    if draft is None:
        raise user_error("“{school}”还没有填，没有可以签的", school=school.name)
    if draft.signed_at is not None:
        return draft
    if problems := missing_answers(evaluation_form(instrument), draft.answers):
        raise NotComplete(problems)
    score = score_of(instrument, draft.answers)
    if score.points is None:
        raise user_error("“没有看到”的太多，算不出得分：有一半以上的方面要有评价")
    draft.structure_hash, draft.score, draft.signed_at = _keep_form(session, instrument), score.points, now
    session.flush()
    return draft


def withdraw_evaluation(
    session: Session, evaluation: InspectorEvaluation, withdrawn_by: str, reason: str, now: datetime
) -> InspectorEvaluation:
    """Take a signed one back; it stays in the history, and a draft with the same answers takes its place."""
    if not reason.strip() or len(reason) > MAX_REASON:
        raise user_error("请写明撤回的原因，最多 {n} 字", n=MAX_REASON)
    session.refresh(evaluation, with_for_update=True)  # the person and the office may do it at one moment
    if evaluation.signed_at is None or evaluation.withdrawn_at is not None:
        raise user_error("只有签过的评价才能撤回")
    evaluation.withdrawn_at, evaluation.withdrawn_by, evaluation.withdrawn_for = now, withdrawn_by, reason.strip()
    session.flush()
    draft = InspectorEvaluation(
        year_id=evaluation.year_id, wave_id=evaluation.wave_id, school_code=evaluation.school_code,
        rater=evaluation.rater, visited_on=evaluation.visited_on,
        answers=dict(evaluation.answers), started_at=now, saved_at=now,
    )  # fmt: skip
    session.add(draft)
    session.flush()
    return draft


def evaluation_by_id(session: Session, evaluation_id: int) -> InspectorEvaluation | None:
    return session.get(InspectorEvaluation, evaluation_id)


def year_evaluations(session: Session, year: AssessmentYear, *, with_answers: bool = True) -> list[InspectorEvaluation]:
    """Everything of a year, drafts and what was withdrawn too, by school, person and time."""
    query = select(InspectorEvaluation).where(InspectorEvaluation.year_id == year.id)
    order = (InspectorEvaluation.school_code, InspectorEvaluation.rater, InspectorEvaluation.id)
    options = () if with_answers else (defer(InspectorEvaluation.answers),)
    return list(session.scalars(query.order_by(*order).options(*options)))


def signature_rows(session: Session, year: AssessmentYear) -> Sequence[Row[int, str, str, datetime | None]]:
    """``id``, ``rater``, ``school_code`` and ``withdrawn_at`` of what was ever signed in a year: rows, no objects."""
    columns = (InspectorEvaluation.id, InspectorEvaluation.rater, InspectorEvaluation.school_code,
               InspectorEvaluation.withdrawn_at)  # fmt: skip
    query = select(*columns).where(InspectorEvaluation.year_id == year.id, InspectorEvaluation.signed_at.is_not(None))
    return session.execute(query.order_by(InspectorEvaluation.id)).all()


def visit_days(session: Session, year: AssessmentYear) -> list[date]:
    """The days of visits that evaluations of a year state."""
    query = select(InspectorEvaluation.visited_on).distinct()
    return list(
        session.scalars(query.where(InspectorEvaluation.year_id == year.id, InspectorEvaluation.withdrawn_at.is_(None)))
    )


def counted_evaluations(session: Session, year: AssessmentYear) -> list[InspectorEvaluation]:
    """Those of a year that count."""
    return countable(year_evaluations(session, year, with_answers=False), standing_conflicts(session))


def countable(
    evaluations: Iterable[InspectorEvaluation], conflicts: Iterable[DeclaredConflict]
) -> list[InspectorEvaluation]:
    """Those that were signed and not withdrawn, and nobody's with a declared conflict, whenever it was declared."""
    barred = {(conflict.rater, conflict.school_code) for conflict in conflicts}
    return [
        one
        for one in evaluations
        if one.signed_at and not one.withdrawn_at and (one.rater, one.school_code) not in barred
    ]


def signed_form(session: Session, evaluation: InspectorEvaluation, categories: Categories) -> Instrument | None:
    """The form as it was when it was signed; None for a draft."""
    kept = session.get(EvaluationForm, evaluation.structure_hash) if evaluation.structure_hash else None
    return read_frozen_text(kept.document, categories) if kept else None


def take_turns(session: Session, staff: Staff) -> None:
    """One after the other for one person: two presses at once are two saves of one draft."""
    session.execute(select(Staff.id).where(Staff.id == staff.id).with_for_update())


def _refuse_conflict(session: Session, staff: Staff, school: WaveSchool) -> None:
    if conflict_with(session, staff, school.code) is not None:
        raise user_error("您已声明回避“{school}”，不能评价它；声明错了请找督导室解除", school=school.name)


def _keep_form(session: Session, instrument: Instrument) -> str:
    digest = structure_hash(instrument)
    if session.get(EvaluationForm, digest) is None:
        session.add(
            EvaluationForm(
                structure_hash=digest, instrument_id=instrument.id, version=instrument.version,
                document=canonical_text(instrument),
            )
        )  # fmt: skip
        session.flush()
    return digest
