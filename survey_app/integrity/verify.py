"""``flask verify``: opening and corrections, recomputed from the tables, and the tallies counted again."""

from collections.abc import Iterator

import numpy as np
from sqlalchemy.orm import Session

from survey_app.definition.categories import Categories
from survey_app.definition.messages import Message, message
from survey_app.foundation.retention_terms import ANSWERS
from survey_app.frame.manifest import manifest_issues
from survey_app.frame.models import Wave
from survey_app.frame.purge_records import purge_record, purge_sentence
from survey_app.measurement.settings import MeasurementSettings

from .tally_store import count_tallies, load_tally, tallies_digest, wave_scorings


def verify_wave(session: Session, wave: Wave, categories: Categories) -> list[Message]:
    """What is not as the manifest, its corrections and the answers say; empty where all agree."""
    issues = manifest_issues(session, wave)
    if wave.sealed_at is not None:
        issues += _tally_issues(session, wave, categories)
    return issues


def verification_note(session: Session, wave: Wave) -> Message | None:
    """What could not be compared, and what was compared instead: the tallies of a wave whose answers were purged."""
    return purge_sentence(session, wave, ANSWERS)


def _tally_issues(session: Session, wave: Wave, categories: Categories) -> Iterator[Message]:
    """The answers are counted again, the way the seal did; once they are purged, the tallies must be those of then."""
    if (record := purge_record(session, wave.id, ANSWERS)) is not None:
        if tallies_digest(session, wave.id) != record.detail.get("tallies_sha256"):
            yield message("批次“{name}”：计数与清除答卷时登记的不一致", name=wave.name)
        return
    requests = wave_scorings(session, wave, categories, MeasurementSettings(), {})
    for (structure_hash, scoring), counted in zip(requests, count_tallies(session, wave.id, requests), strict=True):
        stored = load_tally(session, wave.id, structure_hash, scoring)
        sums = {cell: counted.sums[row] for row, cell in enumerate(counted.cells)}
        kept = {cell: stored.sums[row] for row, cell in enumerate(stored.cells)}
        if sums.keys() != kept.keys() or not all(np.allclose(sums[cell], kept[cell]) for cell in sums):
            yield message("批次“{name}”：对象“{audience}”的计数与答卷不一致", name=wave.name, audience=scoring.audience)
