"""The life of a wave in one place: draft, open, closing, closed, sealed, cleaned.

    draft ──open──▶ open ──close, or its end──▶ closing ──10 minutes──▶ closed ──seal──▶ sealed ──▶ cleaned
                     ▲                                                    │
                     └───────────── extend, reopen: until the seal ───────┘

Closing is a recorded moment. Sealing is a later run: ``seal_after`` (a day) after that record, by hand earlier, never
within the ten minutes in which opened forms still arrive. What a run finds after a gap, or by a clock that went back,
it only writes down, so that one wrong clock ends nothing. Every step leaves a record beside the manifest.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from survey_app.accounts.audit import add_audit_entry
from survey_app.collection.activity import last_form_opened
from survey_app.definition.categories import Categories
from survey_app.distribution.access_codes import wave_key_name
from survey_app.foundation.clock import format_deadline, format_local
from survey_app.foundation.db import Database
from survey_app.foundation.errors import user_error
from survey_app.foundation.keys import KeyStore
from survey_app.frame.manifest import append_record
from survey_app.frame.models import Wave
from survey_app.frame.queries import list_waves
from survey_app.frame.wave_states import GRACE_PERIOD
from survey_app.frame.waves import close_wave, close_wave_if_due

from .closures import remember_closures
from .key_check import forget_fingerprint
from .models import DueRun
from .retention import purge_due, scrub_purged
from .seal import seal_wave

SEAL_AFTER = timedelta(days=1)
MAX_RUN_GAP = timedelta(hours=1)
RUN_ACTOR = "run-due"


def close_by_hand(session: Session, wave: Wave, actor: str, now: datetime) -> None:
    """Ends new forms now; closing again changes nothing. Raises :class:`UserError`."""
    if wave.closed_at is not None:
        return
    close_wave(wave, now)
    append_record(session, wave, "close", "提前截止", [actor], now)


def extend_wave(session: Session, wave: Wave, closes_at: datetime, reason: str, actor: str, now: datetime) -> None:
    """Moves the end of a wave that is not closed. Raises :class:`UserError`."""
    _check_not_sealed(wave)
    if wave.closed_at is not None:
        raise user_error("批次“{name}”已经截止。要继续收卷，请重新开放", name=wave.name)
    _move_end(session, wave, "extend", closes_at, reason, actor, now)


def reopen_wave(session: Session, wave: Wave, closes_at: datetime, reason: str, actor: str, now: datetime) -> None:
    """Takes a closing back, until the seal. Raises :class:`UserError`."""
    _check_not_sealed(wave)
    if wave.closed_at is None:
        raise user_error("批次“{name}”没有截止，不用重新开放。要推迟截止，请延长", name=wave.name)
    wave.closed_at = wave.closing_recorded_at = None
    _move_end(session, wave, "reopen", closes_at, reason, actor, now)


def _check_not_sealed(wave: Wave) -> None:
    if wave.opened_at is None:
        raise user_error("批次“{name}”还没有开放", name=wave.name)
    if wave.sealed_at is not None:
        raise user_error("批次“{name}”已经封存，不能再延期或重新开放", name=wave.name)


def _move_end(
    session: Session, wave: Wave, kind: str, closes_at: datetime, reason: str, actor: str, now: datetime
) -> None:
    if closes_at <= max(now, wave.opens_at):
        raise user_error("新的截止时间 {when} 已经过去或早于开始时间", when=format_local(closes_at))
    before, wave.closes_at = wave.closes_at, closes_at
    append_record(session, wave, kind, reason, [actor], now, closes_at_before=format_deadline(before),
                  closes_at=format_deadline(closes_at))  # fmt: skip


def seal_by_hand(session: Session, wave: Wave, categories: Categories, actor: str, now: datetime) -> None:
    """Seals a closed wave without waiting for ``seal_after``. Raises :class:`UserError`."""
    if wave.sealed_at is not None:
        raise user_error("批次“{name}”已经封存", name=wave.name)
    if wave.closing_recorded_at is None:
        raise user_error("批次“{name}”还没有截止，不能封存", name=wave.name)
    if now < (earliest := _earliest_seal(wave, GRACE_PERIOD)):
        raise user_error(
            "截止前打开的表单还能提交，{when} 起才能封存批次“{name}”", when=format_local(earliest), name=wave.name
        )
    _seal(session, wave, categories, actor, now)


def close_and_seal(
    session: Session, wave: Wave, categories: Categories, actor: str, now: datetime, lose_open_forms: bool = False
) -> None:
    """Closes and seals at once, where nobody has a form open, or where losing those is accepted."""
    if wave.sealed_at is not None:
        raise user_error("批次“{name}”已经封存", name=wave.name)
    opened_at = last_form_opened(session, wave.id)
    if not lose_open_forms and opened_at is not None and now - opened_at < GRACE_PERIOD:
        raise user_error(
            "{when} 还有人打开过批次“{name}”的表单，立即封存会丢失正在填写的答卷。请等 10 分钟再封存",
            when=format_local(opened_at), name=wave.name,
        )  # fmt: skip
    close_by_hand(session, wave, actor, now)
    _seal(session, wave, categories, actor, now)


def _seal(session: Session, wave: Wave, categories: Categories, actor: str, now: datetime) -> bool:
    if not seal_wave(session, wave, categories, now):
        return False
    append_record(session, wave, "seal", "封存", [actor], now)
    return True


def _earliest_seal(wave: Wave, seal_after: timedelta) -> datetime:
    assert wave.closing_recorded_at is not None
    return wave.closing_recorded_at + max(GRACE_PERIOD, seal_after)


@dataclass(slots=True)
class RunResult:
    """What a run did: (wave, what). ``only_recorded``: the clock jumped, or there was no run before.

    Then nothing was ended.
    """

    actions: list[tuple[str, str]] = field(default_factory=list)
    only_recorded: bool = False
    is_first: bool = False
    log_kept_by_reader: bool = False


def run_due(
    database: Database, keys: KeyStore, categories: Categories, now: datetime, seal_after: timedelta = SEAL_AFTER
) -> RunResult:
    """Everything that is due. A transaction per wave; safe to repeat and to run twice at once."""
    result = RunResult()
    with database.write_session() as session:
        result.is_first = session.get(DueRun, 1) is None
        result.only_recorded = _record_run(session, now)
        if not result.only_recorded:
            for wave in list_waves(session):
                if close_wave_if_due(wave, now):
                    append_record(session, wave, "close", "到期截止", [RUN_ACTOR], now)
                    add_audit_entry(session, now, RUN_ACTOR, "wave.close", wave.name)
                    result.actions.append((wave.name, "closed"))
    if not result.only_recorded:
        _seal_due(database, categories, now, seal_after, result)
        result.actions += purge_due(database, categories, now)
    cleaned, result.log_kept_by_reader = finish_seal(database, keys, now)
    result.actions += [(name, "cleaned") for name in cleaned]
    result.log_kept_by_reader |= not scrub_purged(database)
    return result


def is_run_late(session: Session, now: datetime) -> bool:
    """Whether nobody closes and seals by itself: the last run is longer ago than one may be."""
    last = session.get(DueRun, 1)
    return last is not None and now - last.ran_at > MAX_RUN_GAP


def _record_run(session: Session, now: datetime) -> bool:
    """Writes down this run; true if the time since the last one cannot be trusted."""
    last = session.get(DueRun, 1, with_for_update=True)
    if last is None:
        session.add(DueRun(id=1, ran_at=now))
        return True
    is_jump = not timedelta(0) <= now - last.ran_at <= MAX_RUN_GAP
    last.ran_at = now
    return is_jump


def _seal_due(
    database: Database, categories: Categories, now: datetime, seal_after: timedelta, result: RunResult
) -> None:
    with database.read_session() as session:
        due = [
            wave.id
            for wave in list_waves(session)
            if wave.sealed_at is None
            and wave.closing_recorded_at is not None
            and now >= _earliest_seal(wave, seal_after)
        ]
    for wave_id in due:
        with database.write_session() as session:
            due_wave = session.get(Wave, wave_id)
            if due_wave is not None and due_wave.closed_at and _seal(session, due_wave, categories, RUN_ACTOR, now):
                add_audit_entry(session, now, RUN_ACTOR, "wave.seal", due_wave.name)
                result.actions.append((due_wave.name, "sealed"))


def finish_seal(database: Database, keys: KeyStore, now: datetime) -> tuple[list[str], bool]:
    """Destroys the keys of sealed waves, then overwrites what the seal left in the files; returns the cleaned waves.

    The key does not wait for the files: each run of each node destroys its own copy. The files are clean only when the
    database says so; a reader that holds the log makes this true, and the next run tries again.
    """
    with database.read_session() as session:
        remember_closures(session, keys)
        sealed = [(wave.id, wave.name, wave.cleaned_at) for wave in list_waves(session) if wave.sealed_at is not None]
    destroyed = [(wave_id, name) for wave_id, name, _cleaned in sealed if keys.destroy(wave_key_name(wave_id))]
    due = [wave_id for wave_id, _name, cleaned_at in sealed if cleaned_at is None]
    is_clean = not due or database.scrub_free_pages()
    if not due and not destroyed:
        return [], False
    cleaned = []
    with database.write_session() as session:
        for wave_id, name in destroyed:
            forget_fingerprint(session, wave_key_name(wave_id))
            add_audit_entry(session, now, RUN_ACTOR, "key.destroy", name)
        for wave_id in due if is_clean else ():
            sealed_wave = session.get(Wave, wave_id)
            if sealed_wave is not None and sealed_wave.cleaned_at is None:
                sealed_wave.cleaned_at = now
                add_audit_entry(session, now, RUN_ACTOR, "wave.clean", sealed_wave.name)
                cleaned.append(sealed_wave.name)
    return cleaned, not is_clean
