"""The job that counts a sealed wave: for a scheme with other settings, or anew after responses were excluded."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from survey_app.foundation.errors import user_error
from survey_app.foundation.job import JobContext
from survey_app.foundation.retention_terms import ANSWERS
from survey_app.frame.models import Wave
from survey_app.frame.purge_records import require_kept
from survey_app.frame.queries import frozen_instruments, wave_by_id
from survey_app.measurement.settings import MeasurementSettings

from .exclusions import count_excluded
from .private_counts_store import PrivateAnswers
from .signals_store import ItemPatterns, has_signals, signal_rows, store_signals
from .tally_store import count_tallies, missing_tallies, save_tally, wave_scorings


def tally_parameters(wave: Wave, settings: MeasurementSettings, dimension_weights: dict[str, float]) -> dict[str, Any]:
    """What decides the tallies of a wave, and nothing else: schemes that differ in weights only share them."""
    return {
        "wave_id": wave.id,
        "valid_share": settings.valid_share,
        "map": settings.map,
        "conditional_items": settings.conditional_items,
        "dimension_weights": dict(sorted(dimension_weights.items())),
    }


def make_tallies(context: JobContext, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Count what is not there yet and keep it, all of it or nothing. Doing it again changes nothing."""
    settings = MeasurementSettings(
        valid_share=parameters["valid_share"],
        map=parameters["map"],
        conditional_items=parameters["conditional_items"],
    )
    with context.database.read_session() as session:
        wave = wave_by_id(session, parameters["wave_id"])
        if wave is None or wave.sealed_at is None:
            raise user_error("批次还没有封存，不能计数")
        scorings = wave_scorings(session, wave, context.categories, settings, parameters["dimension_weights"])
        if requests := missing_tallies(session, wave.id, scorings):
            require_kept(session, wave, ANSWERS)
        _recount_signals(context, session, wave)
        requests = missing_tallies(session, wave.id, scorings)
        tallies = count_tallies(session, wave.id, requests, report_percent=context.report_percent)
    with context.database.write_session() as session:
        wave = wave_by_id(session, parameters["wave_id"])
        assert wave is not None
        still_missing = {scoring.fingerprint for _structure, scoring in missing_tallies(session, wave.id, requests)}
        for (structure, scoring), tally in zip(requests, tallies, strict=True):
            if scoring.fingerprint in still_missing:
                save_tally(session, wave, structure, tally, context.clock.now())
    return {"counted": len(still_missing)}


def _recount_signals(context: JobContext, session: Session, wave: Wave) -> None:
    """Count anew what an exclusion took away: signals, private answers and, beside them, the shipped tallies."""
    if has_signals(session, wave.id) or not count_excluded(session, wave.id):
        return
    requests = wave_scorings(session, wave, context.categories, MeasurementSettings(), {})
    patterns = ItemPatterns(requests)
    private = PrivateAnswers(requests, frozen_instruments(session, wave.id, context.categories))

    def observe(request: int, school: int, text: bytes) -> None:
        patterns.observe(request, school, text)
        private.observe(request, school, text)

    tallies = count_tallies(session, wave.id, requests, observe)
    rows = signal_rows(session, wave.id, patterns)
    with context.database.write_session() as writing:
        missing = {scoring.fingerprint for _structure, scoring in missing_tallies(writing, wave.id, requests)}
        for (structure, scoring), tally in zip(requests, tallies, strict=True):
            if scoring.fingerprint in missing:
                save_tally(writing, wave, structure, tally, context.clock.now())
        if not has_signals(writing, wave.id):
            store_signals(writing, rows)
            private.save(writing, wave.id)
