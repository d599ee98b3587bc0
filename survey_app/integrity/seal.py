"""The seal: after the grace, what was collected is written anew in random order, counted once, and final.

Two steps, each safe to repeat: one transaction that rewrites, counts (tallies, then signals) and marks the wave as
sealed; then the clean-up that overwrites old pages and destroys the wave's key. A crash between them is finished by
the next ``flask run-due``.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.definition.categories import Categories
from survey_app.distribution.access_codes import wave_key_name
from survey_app.foundation.db import Database
from survey_app.foundation.errors import refused
from survey_app.foundation.keys import KeyStore
from survey_app.frame.models import Wave
from survey_app.frame.queries import frozen_instruments, waves
from survey_app.frame.wave_states import may_be_sealed
from survey_app.frame.waves import close, close_if_due
from survey_app.measurement.scoring import Scoring, scoring_for
from survey_app.measurement.settings import Method

from .shuffle_storage import rewrite
from .tally_store import count, is_kept, keep


def scorings(
    session: Session, wave: Wave, categories: Categories, method: Method, dimension_weights: dict[str, float]
) -> list[tuple[str, Scoring]]:
    """For each instrument and audience of a wave: the structure hash and how it is scored."""
    return [
        (frozen.structure_hash,
         scoring_for(frozen.instrument, audience, method.valid_share, method.map, dimension_weights))
        for frozen in frozen_instruments(session, wave.id, categories)
        for audience in frozen.instrument.audiences
    ]  # fmt: skip


def seal(session: Session, wave: Wave, categories: Categories, now: datetime) -> bool:
    """Rewrites and counts the wave; false if that was done before. The caller commits, then :func:`clean_up`."""
    from .signals_store import keep_signals  # with scipy, which a tick that seals nothing does not need

    locked = session.scalar(
        select(Wave).where(Wave.id == wave.id).with_for_update().execution_options(populate_existing=True)
    )
    if locked is None or locked.closed_at is None:
        raise refused("批次“{name}”还没有截止，不能封存", name=wave.name)
    if locked.sealed_at is not None:
        return False
    rewrite(session, wave.id)
    wave.sealed_at = now
    session.flush()
    every = scorings(session, wave, categories, Method(), {})
    wanted = [(structure, scoring) for structure, scoring in every if not is_kept(session, wave.id, scoring)]
    for (structure, _scoring), counted in zip(wanted, count(session, wave.id, wanted), strict=True):
        keep(session, wave.id, structure, counted)
    for structure, scoring in every:
        keep_signals(session, wave.id, structure, scoring)
    return True


def clean_up(database: Database, keys: KeyStore, now: datetime) -> list[str]:
    """Overwrites what the seal left in the files and destroys the keys of sealed waves; returns the waves."""
    with database.reading() as session:
        sealed = [(wave.id, wave.name, wave.cleaned_at) for wave in waves(session) if wave.sealed_at is not None]
    due = [(wave_id, name) for wave_id, name, cleaned_at in sealed if cleaned_at is None]
    for wave_id, _name, cleaned_at in sealed:
        if cleaned_at is not None:  # by another node, which could not reach the keys of this one
            keys.destroy(wave_key_name(wave_id))
    if not due:
        return []
    database.compacted()
    for wave_id, _name in due:
        keys.destroy(wave_key_name(wave_id))
    with database.committed() as session:
        for wave_id, _name in due:
            found = session.get(Wave, wave_id)
            if found is not None:
                found.cleaned_at = now
    return [name for _wave_id, name in due]


def close_now(session: Session, wave: Wave, categories: Categories, now: datetime, seal_now: bool) -> None:
    close(wave, now)
    session.flush()
    if seal_now:
        seal(session, wave, categories, now)


def tick(database: Database, keys: KeyStore, categories: Categories, now: datetime) -> list[tuple[str, str]]:
    """Everything that is due: (wave, what was done). A transaction a wave; safe to repeat and to run twice at once."""
    done = []
    with database.committed() as session:
        done += [(wave.name, "closed") for wave in waves(session) if close_if_due(wave, now)]
    with database.reading() as session:
        due = [wave.id for wave in waves(session) if may_be_sealed(wave, now)]
    for wave_id in due:
        with database.committed() as session:
            wave = session.get(Wave, wave_id)
            if wave is not None and seal(session, wave, categories, now):
                done.append((wave.name, "sealed"))
    done += [(name, "cleaned") for name in clean_up(database, keys, now)]
    return done
