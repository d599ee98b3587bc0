"""The seal: after the grace, what was collected is written anew in random order, counted once, and final.

Two steps, each safe to repeat: one transaction that rewrites, reads every answer twice (tallies with what goes
together, then signals) and marks the wave as sealed; then the clean-up that overwrites old pages and destroys the
wave's key. A crash between them is finished by the next ``flask run-due``.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.definition.categories import Categories
from survey_app.distribution.access_codes import wave_key_name
from survey_app.foundation.db import Database
from survey_app.foundation.errors import user_error
from survey_app.foundation.keys import KeyStore
from survey_app.frame.models import Wave
from survey_app.frame.queries import list_waves
from survey_app.frame.wave_states import may_be_sealed
from survey_app.frame.waves import close_wave, close_wave_if_due
from survey_app.measurement.settings import MeasurementSettings

from .shuffle_storage import shuffle_rows
from .tally_store import count_tallies, save_tally, wave_scorings


def seal_wave(session: Session, wave: Wave, categories: Categories, now: datetime) -> bool:
    """Rewrites and counts the wave; false if that was done before. The caller commits, then :func:`finish_seal`."""
    from .signals_store import ItemPatterns, save_signals  # with scipy, which a tick that seals nothing does not need

    locked_wave = session.scalar(
        select(Wave).where(Wave.id == wave.id).with_for_update().execution_options(populate_existing=True)
    )
    if locked_wave is None or locked_wave.closed_at is None:
        raise user_error("批次“{name}”还没有截止，不能封存", name=wave.name)
    if locked_wave.sealed_at is not None:
        return False
    shuffle_rows(session, wave.id)
    wave.sealed_at = now
    session.flush()
    requests = wave_scorings(session, wave, categories, MeasurementSettings(), {})
    patterns = ItemPatterns(requests)
    tallies = count_tallies(session, wave.id, requests, patterns.observe)
    for (structure, _scoring), tally in zip(requests, tallies, strict=True):
        save_tally(session, wave, structure, tally, now)
    save_signals(session, wave.id, patterns)
    return True


def finish_seal(database: Database, keys: KeyStore, now: datetime) -> list[str]:
    """Overwrites what the seal left in the files and destroys the keys of sealed waves; returns the waves."""
    with database.read_session() as session:
        sealed = [(wave.id, wave.name, wave.cleaned_at) for wave in list_waves(session) if wave.sealed_at is not None]
    due = [(wave_id, name) for wave_id, name, cleaned_at in sealed if cleaned_at is None]
    for wave_id, _name, cleaned_at in sealed:
        if cleaned_at is not None:  # by another node, which could not reach the keys of this one
            keys.destroy(wave_key_name(wave_id))
    if not due:
        return []
    database.scrub_free_pages()
    for wave_id, _name in due:
        keys.destroy(wave_key_name(wave_id))
    with database.write_session() as session:
        for wave_id, _name in due:
            sealed_wave = session.get(Wave, wave_id)
            if sealed_wave is not None:
                sealed_wave.cleaned_at = now
    return [name for _wave_id, name in due]


def close_wave_now(session: Session, wave: Wave, categories: Categories, now: datetime, seal_now: bool) -> None:
    close_wave(wave, now)
    session.flush()
    if seal_now:
        seal_wave(session, wave, categories, now)


def run_due(database: Database, keys: KeyStore, categories: Categories, now: datetime) -> list[tuple[str, str]]:
    """Everything that is due: (wave, what was done). A transaction a wave; safe to repeat and to run twice at once."""
    done = []
    with database.write_session() as session:
        done += [(wave.name, "closed") for wave in list_waves(session) if close_wave_if_due(wave, now)]
    with database.read_session() as session:
        due = [wave.id for wave in list_waves(session) if may_be_sealed(wave, now)]
    for wave_id in due:
        with database.write_session() as session:
            wave = session.get(Wave, wave_id)
            if wave is not None and seal_wave(session, wave, categories, now):
                done.append((wave.name, "sealed"))
    done += [(name, "cleaned") for name in finish_seal(database, keys, now)]
    return done
