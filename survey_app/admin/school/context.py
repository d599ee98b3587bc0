"""The card of a school: its waves, how many came of each audience, and what can be fetched."""

from dataclasses import dataclass
from datetime import datetime

from flask import abort
from sqlalchemy.orm import Session

from survey_app.accounts.grants import granted_codes
from survey_app.accounts.models import Staff
from survey_app.definition.categories import Categories
from survey_app.foundation.clock import format_local, local_date
from survey_app.foundation.translation import language
from survey_app.frame.models import Wave
from survey_app.frame.queries import RosterEntry, frozen_schools, list_roster, list_waves
from survey_app.frame.wave_states import is_released
from survey_app.reporting.disclosure.live_counts import PublishedCount
from survey_app.reporting.hourly_counts import hourly_counts

from ..lookup import frozen_school_or_404, wave_or_404
from ..papers.views import CAN_PRINT
from ..waves.context import WaveSummary, wave_summary


@dataclass(frozen=True, slots=True)
class SchoolWave:
    """``can_print``: posters are of use; ``is_released``: the school may see its results."""

    wave: WaveSummary
    counts: dict[str, PublishedCount]
    counted: str
    can_print: bool
    is_released: bool


@dataclass(frozen=True, slots=True)
class SchoolCard:
    code: str
    name: str
    category: str
    area: str
    waves: tuple[SchoolWave, ...]


def school_card(session: Session, code: str, categories: Categories, now: datetime) -> SchoolCard | None:
    """None if no roster and no wave knows the school. Writes down the counts of the hour."""
    waves = []
    name, category, area = "", "", ""
    for wave in list_waves(session):
        school = next((entry for entry in frozen_schools(session, wave.id) if entry.code == code), None)
        if school is None or wave.opened_at is None:
            continue
        if not name:
            name, category, area = school.name, school.category, school.area
        counts, hour = hourly_counts(session, wave, school.school_id, categories, now)
        summary = wave_summary(wave, now)
        waves.append(SchoolWave(summary, counts, format_local(hour), summary.state in CAN_PRINT, is_released(wave)))
    for entry in list_roster(session):
        if entry.code == code:
            name, category, area = entry.name, entry.category, entry.area
    if not name:
        return None
    return SchoolCard(code, name, categories[category].label.in_language(language()), area, tuple(waves))


def granted_schools(session: Session, staff: Staff, now: datetime) -> list[RosterEntry]:
    """The schools of the roster that the account is for."""
    codes = granted_codes(session, staff, local_date(now))
    return [entry for entry in list_roster(session) if entry.code in codes]


def released_wave(session: Session, wave_id: int, code: str) -> Wave:
    """The wave of which the school sees its own results; without a release it does not exist."""
    wave = wave_or_404(session, wave_id)
    if not is_released(wave):
        abort(404)
    frozen_school_or_404(session, wave_id, code)
    return wave
