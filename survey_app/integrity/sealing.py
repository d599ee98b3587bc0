"""The seal: after the grace, what was collected is final, and is counted once."""

from datetime import datetime

from sqlalchemy.orm import Session

from survey_app.definition.categories import Categories
from survey_app.foundation.errors import refused
from survey_app.frame.models import Wave
from survey_app.frame.queries import frozen_instruments, waves
from survey_app.frame.states import may_be_sealed
from survey_app.frame.waves import close, close_if_due
from survey_app.measurement.method import Method
from survey_app.measurement.scoring import Scoring, scoring_for

from .counting import count, is_kept, keep


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


def seal(session: Session, wave: Wave, categories: Categories, now: datetime) -> None:
    """Counts the wave by the default conventions; other schemes are counted when they are first asked for."""
    if wave.closed_at is None:
        raise refused("批次“{name}”还没有截止，不能封存", name=wave.name)
    if wave.sealed_at is not None:
        return
    wave.sealed_at = now
    session.flush()
    count_if_needed(session, wave, scorings(session, wave, categories, Method(), {}))


def count_if_needed(session: Session, wave: Wave, wanted: list[tuple[str, Scoring]]) -> bool:
    """Counts what is not yet kept for these scorings; whether anything was."""
    counted = False
    for structure_hash, scoring in wanted:
        if not is_kept(session, wave.id, scoring):
            keep(session, wave.id, structure_hash, count(session, wave.id, structure_hash, scoring))
            counted = True
    return counted


def close_now(session: Session, wave: Wave, categories: Categories, now: datetime, seal_now: bool) -> None:
    close(wave, now)
    if seal_now:
        seal(session, wave, categories, now)


def tick(session: Session, categories: Categories, now: datetime) -> list[tuple[str, str]]:
    """Everything that is due at this moment; returns (wave, what was done). Safe to repeat."""
    done = []
    for wave in waves(session):
        if close_if_due(wave, now):
            done.append((wave.name, "closed"))
        if may_be_sealed(wave, now):
            seal(session, wave, categories, now)
            done.append((wave.name, "sealed"))
    return done
