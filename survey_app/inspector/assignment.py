"""What an address of this room is about: the school as the year has it, its form, and what is there of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, current_app, g
from sqlalchemy.orm import Session

from survey_app.assessment.conflicts import conflict_with
from survey_app.assessment.evaluation_forms import instrument_for
from survey_app.assessment.evaluations import Period, assigned_school, current_period, own_evaluations
from survey_app.assessment.models import DeclaredConflict, InspectorEvaluation
from survey_app.definition.model import Instrument
from survey_app.foundation.errors import user_error
from survey_app.frame.instrument_uploads import evaluation_instruments
from survey_app.frame.models import WaveSchool


@dataclass(frozen=True, slots=True)
class Assignment:
    """``own``: the draft or what was signed; ``conflict``: why the school is not evaluated by this person."""

    period: Period
    school: WaveSchool
    instrument: Instrument
    own: InspectorEvaluation | None
    conflict: DeclaredConflict | None

    @property
    def is_signed(self) -> bool:
        return self.own is not None and self.own.signed_at is not None


def assignment_or_404(session: Session, code: str, now: datetime) -> Assignment:
    """A school that the year does not assess is not there, as one of somebody else is not."""
    staff: Any = g.staff
    period = current_period(session, now)
    school = assigned_school(session, staff, period, code, now) if period is not None else None
    if period is None or school is None:
        abort(404)
    instrument = instrument_for(evaluation_instruments(current_app.extensions["catalogue"]), school.category)
    if instrument is None:
        raise user_error("问卷库里没有这一类学校的评价问卷，请告诉督导室")
    own = own_evaluations(session, staff, period).get(code)
    return Assignment(period, school, instrument, own, conflict_with(session, staff, code))
