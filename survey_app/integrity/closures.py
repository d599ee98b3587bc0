"""That a wave was closed or sealed is also remembered beside the keys, outside the database and its backups.

A backup from before a closing knows nothing of it. Put back, it would open what was closed; the file of closures says
so: a restore closes it again, and a server over such a database does not start.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from survey_app.definition.messages import Message, message
from survey_app.foundation.keys import KeyStore
from survey_app.foundation.private_files import make_private_directory, write_private_file
from survey_app.frame.manifest import append_record, list_records
from survey_app.frame.models import Wave
from survey_app.frame.queries import list_waves

FILE_NAME = "closures.json"
Closures = dict[str, dict[str, Any]]


def _read(path: Path) -> Closures:
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def remember_closures(session: Session, keys: KeyStore) -> None:
    """Writes down what is closed now; takes out only what was reopened by its own record."""
    path = keys.directory / FILE_NAME
    before = _read(path)
    closures = dict(before)
    for wave in list_waves(session):
        if wave.manifest_hash is None:
            continue
        known = closures.get(wave.manifest_hash)
        if wave.closed_at is not None:
            closures[wave.manifest_hash] = {
                "wave": wave.name, "closed_at": wave.closed_at.isoformat(), "revision": wave.revision,
                "sealed": wave.sealed_at is not None or bool(known and known["sealed"]),
            }  # fmt: skip
        elif known and not known["sealed"] and _was_reopened(session, wave, known):
            del closures[wave.manifest_hash]
    if closures != before:
        make_private_directory(path.parent)
        write_private_file(path, json.dumps(closures, ensure_ascii=False, indent=1).encode())


def _was_reopened(session: Session, wave: Wave, known: dict[str, Any]) -> bool:
    later_records = (record for record in list_records(session, wave.id) if record.number > int(known["revision"]))
    return any(record.kind == "reopen" for record in later_records)


def waves_open_again(session: Session, keys: KeyStore) -> list[Wave]:
    """The waves that this installation closed and that the database has open."""
    closures = _read(keys.directory / FILE_NAME)
    return [
        wave
        for wave in list_waves(session)
        if wave.closed_at is None
        and wave.manifest_hash is not None
        and (known := closures.get(wave.manifest_hash))
        and (known["sealed"] or not _was_reopened(session, wave, known))
    ]


def closure_issues(session: Session, keys: KeyStore) -> list[Message]:
    return [
        message("批次“{name}”已经截止过，数据库里却是开放的（可能放回了截止以前的备份）。"
                "请运行：flask wave close {name}", name=wave.name)
        for wave in waves_open_again(session, keys)
    ]  # fmt: skip


def close_again(session: Session, keys: KeyStore, actor: str, now: datetime) -> list[str]:
    """Closes, in a restored database, what was closed; returns the waves."""
    closures = _read(keys.directory / FILE_NAME)
    waves = waves_open_again(session, keys)
    for wave in waves:
        closed_at = datetime.fromisoformat(closures[wave.manifest_hash or ""]["closed_at"])
        wave.closed_at, wave.closing_recorded_at = closed_at, now
        append_record(session, wave, "restore", "从备份恢复，维持已经截止", [actor], now)
    return [wave.name for wave in waves]
