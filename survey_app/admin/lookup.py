"""What several of the staff's views need: the wave of an address, the categories."""

from typing import Any

from flask import abort, current_app

from survey_app.definition.categories import Categories
from survey_app.frame.models import Wave
from survey_app.frame.queries import wave_by_id


def categories() -> Categories:
    extension: Categories = current_app.extensions["categories"]
    return extension


def wave_or_404(db: Any, wave_id: int) -> Wave:
    wave = wave_by_id(db, wave_id)
    if wave is None:
        abort(404)
    return wave
