"""What several of the staff's views need: the wave of an address, the categories."""

from typing import Any

from flask import abort, current_app

from survey_app.definition.categories import Categories
from survey_app.foundation.errors import user_error
from survey_app.foundation.job import Job, find_job
from survey_app.frame.instrument_catalogue import InstrumentCatalogue
from survey_app.frame.models import Wave, WaveSchool
from survey_app.frame.queries import frozen_schools, wave_by_id

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def catalogue() -> InstrumentCatalogue:
    extension: InstrumentCatalogue = current_app.extensions["catalogue"]
    return extension


def categories() -> Categories:
    extension: Categories = current_app.extensions["categories"]
    return extension


def wave_or_404(db: Any, wave_id: int) -> Wave:
    wave = wave_by_id(db, wave_id)
    if wave is None:
        abort(404)
    return wave


def frozen_school_or_404(db: Any, wave_id: int, code: str) -> WaveSchool:
    """A school as the wave froze it."""
    school = next((school for school in frozen_schools(db, wave_id) if school.code == code), None)
    if school is None:
        abort(404)
    return school


def job_or_404(db: Any, name: str, wave_id: int, job_id: int) -> Job:
    """A job of this kind for this wave."""
    job = find_job(db, job_id)
    if job is None or job.name != name or job.parameters.get("wave_id") != wave_id:
        abort(404)
    return job


def draft_or_404(db: Any, wave_id: int) -> Wave:
    """The wave while it can still be set up; afterwards its pages are others."""
    wave = wave_or_404(db, wave_id)
    if wave.opened_at is not None:
        raise user_error("批次“{name}”已经开放过了", name=wave.name)
    return wave
