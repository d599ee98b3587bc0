"""Reports are kept in memory for as long as what they are made from stays the same, to the last byte."""

import gc
import hashlib
from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.foundation.brief_cache import BriefCache
from survey_app.frame.models import Wave, WaveInstrument, WavePopulation, WaveSchool
from survey_app.integrity.models import StoredClassSums, StoredFormSums, StoredSignals, StoredTally

from .wave_report import WaveReport

MAX_REPORTS = 4
SOURCE_TABLES = tuple(
    model.__table__
    for model in (
        WaveInstrument,
        WaveSchool,
        WavePopulation,
        StoredTally,
        StoredSignals,
        StoredClassSums,
        StoredFormSums,
    )
)
_reports: OrderedDict[tuple[object, ...], WaveReport] = OrderedDict()
_derived: deque[tuple[WaveReport, object, WaveReport]] = deque(maxlen=2)
_lock = Lock()


_digests: BriefCache[str] = BriefCache()


def wave_digest(session: Session, wave: Wave) -> str:
    """A digest of the sealed wave: its frozen frame, its tallies and signals."""
    key = (str(session.get_bind().url), wave.id, wave.revision)  # type: ignore[union-attr]
    return _digests.get_or_make(key, lambda: _digest(session, wave))


def _digest(session: Session, wave: Wave) -> str:
    digest = hashlib.blake2b()
    digest.update(repr((wave.id, wave.name, wave.opens_at, wave.closed_at, wave.sealed_at, wave.access)).encode())
    for table in SOURCE_TABLES:
        rows = select(table).where(table.c.wave_id == wave.id).order_by(*table.primary_key)
        for row in session.execute(rows):
            digest.update(repr([value for value in row if not isinstance(value, bytes)]).encode())
            for value in row:
                if isinstance(value, bytes):
                    digest.update(value)
    return digest.hexdigest()


def get_or_build(key: tuple[object, ...], build: Callable[[], WaveReport]) -> WaveReport:
    """The report of this key; ``build`` makes it where it is not known yet."""
    with _lock:
        if key in _reports:
            _reports.move_to_end(key)
            return _reports[key]
    report = build()
    with _lock:
        _reports[key] = report
        while len(_reports) > MAX_REPORTS:
            _reports.popitem(last=False)
    _spare_the_collector()
    return report


def get_or_derive(report: WaveReport, key: object, derive: Callable[[], WaveReport]) -> WaveReport:
    """What was made of a report; ``derive`` makes it where this report or this key is another than lately."""
    with _lock:
        found = next((made for source, known, made in _derived if source is report and known == key), None)
    if found is None:
        found = derive()
        with _lock:
            _derived.append((report, key, found))
        _spare_the_collector()
    return found


def _spare_the_collector() -> None:
    """A report of a thousand schools is some million objects without a cycle: looking for one takes a page 0.8 s.

    They go when the last reference goes, as ever; only cycles that are alive now are never looked at again.
    """
    gc.collect()
    gc.freeze()
