"""The seal: after the grace, what was collected is written anew in random order, counted once, and final.

One transaction that reads every answer (tallies with what goes together, apart by half of the classes), rewrites them
without the halves, reads them again (signals) and marks the wave as sealed. When it is due, and the clean-up of files
and keys, is for :mod:`~survey_app.integrity.lifecycle`.
"""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.collection.models import AnswerUpload, FormActivity
from survey_app.definition.categories import Categories
from survey_app.foundation.errors import user_error
from survey_app.frame.models import Wave
from survey_app.frame.queries import frozen_instruments
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.tally import sum_tallies

from .class_sums_store import save_class_sums
from .private_counts_store import PrivateAnswers
from .shuffle_storage import lock_tables, shuffle_rows
from .tally_store import count_by_half, save_tally, wave_scorings


def seal_wave(session: Session, wave: Wave, categories: Categories, now: datetime) -> bool:
    """Rewrites and counts the wave; false if that was done before. The caller commits."""
    from .signals_store import ItemPatterns, save_signals  # with scipy, which a tick that seals nothing does not need

    locked_wave = session.scalar(
        select(Wave).where(Wave.id == wave.id).with_for_update().execution_options(populate_existing=True)
    )
    if locked_wave is None or locked_wave.closed_at is None:
        raise user_error("批次“{name}”还没有截止，不能封存", name=wave.name)
    if locked_wave.sealed_at is not None:
        return False
    lock_tables(session)
    requests = wave_scorings(session, wave, categories, MeasurementSettings(), {})
    patterns = ItemPatterns(requests)
    private = PrivateAnswers(requests, frozen_instruments(session, wave.id, categories))

    def observe(request: int, school: int, text: bytes) -> None:
        patterns.observe(request, school, text)
        private.observe(request, school, text)

    counts = count_by_half(session, wave.id, requests, observe)
    shuffle_rows(session, wave.id)  # blanks the halves
    session.execute(delete(FormActivity).where(FormActivity.wave_id == wave.id))
    session.execute(delete(AnswerUpload).where(AnswerUpload.wave_id == wave.id))
    wave.sealed_at = now
    session.flush()
    for (structure, scoring), by_half in zip(requests, counts, strict=True):
        save_tally(session, wave, structure, sum_tallies(scoring, by_half.values()), now)
    save_class_sums(session, wave.id, requests, counts)
    save_signals(session, wave.id, patterns)
    private.save(session, wave.id)
    return True
