"""Drafts that nobody can sign where they are: what happened to each, and what can be done; nothing typed is lost."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.accounts.grants import granted_codes
from survey_app.accounts.models import Staff
from survey_app.definition.messages import Message, message
from survey_app.foundation.clock import format_local, local_date
from survey_app.foundation.errors import user_error
from survey_app.frame.models import School, Wave, WaveSchool
from survey_app.frame.queries import frozen_schools, wave_by_id
from survey_app.frame.school_history import find_school

from .conflicts import conflict_with
from .evaluations import Period, current_period, own_evaluations, take_turns
from .models import InspectorEvaluation
from .years import last_day, year_by_id


@dataclass(frozen=True, slots=True)
class StrandedDraft:
    """``reason``: what happened; ``advice``: what can be done; ``can_carry``: the person can do it by one press."""

    draft: InspectorEvaluation
    school: WaveSchool
    wave: Wave
    reason: Message
    advice: Message
    can_carry: bool = False


def stranded_drafts(session: Session, staff: Staff, now: datetime) -> list[StrandedDraft]:
    """Return what somebody began, did not sign, and cannot go on with; the latest first."""
    query = select(InspectorEvaluation).where(
        InspectorEvaluation.rater == staff.username, InspectorEvaluation.signed_at.is_(None)
    )
    drafts = list(session.scalars(query.order_by(InspectorEvaluation.id.desc())))
    if not drafts:
        return []
    look = _Look(session, staff, now)
    return [found for draft in drafts if (found := look.at(draft)) is not None]


def stranded_draft(session: Session, staff: Staff, draft_id: int, now: datetime) -> StrandedDraft | None:
    """Return one of them; None where it is somebody else's, signed, or can be gone on with in its place."""
    return next((one for one in stranded_drafts(session, staff, now) if one.draft.id == draft_id), None)


def carry_draft(session: Session, staff: Staff, draft_id: int, now: datetime) -> InspectorEvaluation:
    """Take a draft of the first period into the one that is on, with everything typed. Raises :class:`UserError`."""
    take_turns(session, staff)
    found, period = stranded_draft(session, staff, draft_id, now), current_period(session, now)
    if found is None or period is None or not found.can_carry:
        raise user_error("这份草稿现在不能带到这一期，没有改动；请看这一页上写的原因")
    found.draft.wave_id, found.draft.saved_at = period.wave.id, now
    session.flush()
    return found.draft


class _Look:
    """What is the same for all drafts of a person at a moment."""

    def __init__(self, session: Session, staff: Staff, now: datetime) -> None:
        self.session, self.staff = session, staff
        self.period = current_period(session, now)
        self.granted = granted_codes(session, staff, local_date(now))
        self.known = {school.code for school in frozen_schools(session, self.period.wave.id)} if self.period else set()
        self.own = own_evaluations(session, staff, self.period) if self.period else {}

    def at(self, draft: InspectorEvaluation) -> StrandedDraft | None:
        wave = wave_by_id(self.session, draft.wave_id)
        schools = frozen_schools(self.session, draft.wave_id)
        school = next((one for one in schools if one.code == draft.school_code), None)
        if wave is None or school is None or self.period is None:
            return None
        why = self._why(draft, self.period, wave, school)
        return StrandedDraft(draft, school, wave, *why) if why is not None else None

    def _why(
        self, draft: InspectorEvaluation, period: Period, wave: Wave, school: WaveSchool
    ) -> tuple[Message, Message, bool] | None:
        conflict = conflict_with(self.session, self.staff, draft.school_code)
        if conflict is not None:
            at = format_local(conflict.declared_at)
            return (
                message("{who} 在 {at} 为您声明了回避，草稿不能再签", who=conflict.declared_by, at=at),
                message("声明错了，请督导室解除，就可以接着填"), False,
            )  # fmt: skip
        if draft.year_id != period.year.id:
            year = year_by_id(self.session, draft.year_id)
            name = year.name if year else ""
            return (
                message("“{year}”没有签，考核年度已经换成“{now}”", year=name, now=period.year.name),
                message("它不计入考核；填过的留在这里，可以照着在新的年度里填"), False,
            )  # fmt: skip
        if draft.wave_id != period.wave.id:
            return self._after_the_period(period, wave, school)
        if draft.school_code not in self.granted:
            return self._without_grant(school)
        return None

    def _after_the_period(self, period: Period, wave: Wave, school: WaveSchool) -> tuple[Message, Message, bool]:
        day = last_day(wave).isoformat()
        reason = message("第一期“{wave}”{day} 截止时没有签，不计入第一期", wave=wave.name, day=day)
        if school.code in self.own:
            return reason, message("这一期“{wave}”您已经另有一份；填过的留在这里", wave=period.wave.name), False
        if school.code not in self.known:
            return reason, _gone(self.session, school) or message("这一期没有这所学校；填过的留在这里"), False
        if school.code not in self.granted:
            return reason, message("要带到这一期，请督导室先在“人员”里把这所学校指定给您"), False
        advice = message("可以带到这一期“{wave}”，接着填、再签；第一期要不要补，请问督导室", wave=period.wave.name)
        return reason, advice, True

    def _without_grant(self, school: WaveSchool) -> tuple[Message, Message, bool]:
        advice = message("要由您接着评，请督导室在“人员”里指定或者延长，草稿就可以接着填")
        return _gone(self.session, school) or message("这所学校现在没有指定给您，或者期限已过"), advice, False


def _gone(session: Session, school: WaveSchool) -> Message | None:
    """What became of a school that today's roster does not have."""
    today = find_school(session, school.code)
    if today is None or today.in_roster:
        return None
    after = session.get(School, today.successor_id) if today.successor_id else None
    if after is None:
        return message("“{school}”已经不在名册里", school=school.name)
    return message("“{school}”已经并入“{after}”", school=school.name, after=after.name)
