"""An assessment year with inspectors: who is for which schools, and evaluations that are filled in and signed."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from survey_app.accounts.grants import Node, NodeKind, replace_grants
from survey_app.accounts.models import Staff
from survey_app.accounts.staff import create_staff, find_active_staff
from survey_app.assessment.evaluation_forms import evaluation_form, instrument_for
from survey_app.assessment.evaluations import assigned_school, current_period, save_draft, sign_evaluation
from survey_app.assessment.models import FIRST_WAVE, MAIN_WAVE, AssessmentWave, AssessmentYear, InspectorEvaluation
from survey_app.assessment.years import create_year
from survey_app.foundation.clock import local_date
from survey_app.frame.instrument_uploads import evaluation_instruments
from survey_app.frame.models import Wave, WaveSchool
from survey_app.frame.queries import frozen_schools, wave_by_name

from .district import District

YEAR = "2026年度"


def assessed(district: District, name: str = YEAR) -> District:
    """The same district with an assessment year of its wave."""
    with district.app.extensions["database"].write_session() as session:
        create_year(session, name, wave_by_name(session, district.wave), None, "王督导", district.clock.at)
    return district


def make_inspector(session: Session, district: District, name: str, codes: Iterable[str]) -> Staff:
    """An account that nobody logs in with."""
    staff = create_staff(session, name, "no password", "inspector", district.clock.at)
    replace_grants(session, staff, [Node(NodeKind.SCHOOL, code) for code in codes])
    return staff


def grant(district: District, name: str, *codes: str) -> None:
    """Give an account these schools."""
    with district.app.extensions["database"].write_session() as session:
        staff = find_active_staff(session, name)
        assert staff is not None
        replace_grants(session, staff, [Node(NodeKind.SCHOOL, code) for code in codes])


def draft_for(
    session: Session, district: District, staff: Staff, code: str, answer: str = "4", visited_on: date | None = None,
    **other: str,
) -> InspectorEvaluation:  # fmt: skip
    """A draft with the same answer everywhere, but for ``other``."""
    now = district.clock.at
    period = current_period(session, now)
    assert period is not None
    school = assigned_school(session, staff, period, code, now)
    assert school is not None
    instrument = instrument_for(evaluation_instruments(district.app.extensions["catalogue"]), school.category)
    assert instrument is not None
    fields = {item.id: [answer] for item in evaluation_form(instrument).items()}
    fields |= {name: [value] for name, value in other.items()}
    return save_draft(session, staff, period, school, instrument, fields, visited_on or local_date(now), now)


def signed_for(
    session: Session, district: District, staff: Staff, code: str, answer: str = "4", **other: str
) -> InspectorEvaluation:
    """A signed evaluation."""
    draft_for(session, district, staff, code, answer, None, **other)
    now = district.clock.at
    period = current_period(session, now)
    assert period is not None
    school = assigned_school(session, staff, period, code, now)
    assert school is not None
    instrument = instrument_for(evaluation_instruments(district.app.extensions["catalogue"]), school.category)
    assert instrument is not None
    return sign_evaluation(session, staff, period, school, instrument, now)


def year_of(session: Session) -> AssessmentYear:
    """The only year there is."""
    found = session.query(AssessmentYear).one()
    return found


def second_period(session: Session, district: District, *codes: str) -> datetime:
    """The year's wave becomes the first one, and another follows with these schools; return a moment in that."""
    first, year = wave_by_name(session, district.wave), year_of(session)
    link = session.get(AssessmentWave, (year.id, first.id))
    assert link is not None
    link.role = FIRST_WAVE
    opens = first.closes_at + timedelta(days=1)
    second = Wave(name="第二期", opens_at=opens, closes_at=opens + timedelta(days=20), opened_at=opens,
                  instrument_ids=first.instrument_ids, access=first.access, revision=0)  # fmt: skip
    session.add(second)
    session.flush()
    for school in frozen_schools(session, first.id):
        if school.code in codes:
            session.add(WaveSchool(wave_id=second.id, school_id=school.school_id, code=school.code, name=school.name,
                                   category=school.category, area=school.area))  # fmt: skip
    session.add(AssessmentWave(year_id=year.id, wave_id=second.id, role=MAIN_WAVE))
    session.flush()
    return opens + timedelta(days=1)
