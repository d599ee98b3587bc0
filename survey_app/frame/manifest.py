"""What a wave fixed, with one hash: the manifest of the opening, and a chained record for each later correction.

The opening is never rewritten. A record says which entries of the manifest a change replaced, so that opening and
records together can be compared with the tables at any time: who changes a table past the program is found.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.definition.messages import Message, message
from survey_app.foundation.brief_cache import BriefCache
from survey_app.foundation.errors import user_error

from .models import LookBack, ManifestRecord, Wave, WaveInstrument, WavePopulation, WaveSchool

Manifest = dict[str, Any]


def sha256_of_json(value: Any) -> str:
    canonical_json = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical_json.encode()).hexdigest()


def manifest_of_tables(session: Session, wave: Wave) -> Manifest:
    """The manifest as the tables of this moment give it."""
    session.flush()
    schools = list(session.scalars(select(WaveSchool).where(WaveSchool.wave_id == wave.id)))
    instruments = session.scalars(select(WaveInstrument).where(WaveInstrument.wave_id == wave.id))
    look_back = session.get(LookBack, wave.id)
    earlier = {} if look_back is None else {"asks_again": [look_back.earlier_id, dict(sorted(look_back.asked.items()))]}
    return earlier | {
        "wave": wave.name,
        "opens_at": _iso(wave.opens_at),
        "closes_at": _iso(wave.closes_at),
        "closed_at": _iso(wave.closed_at),
        "sealed_at": _iso(wave.sealed_at),
        "access": dict(sorted(wave.access.items())),
        "instruments": {
            row.instrument_id: {"version": row.version, "structure": row.structure_hash, "wording": row.wording_hash,
                                "document_sha256": hashlib.sha256(row.document.encode()).hexdigest()}
            for row in instruments
        },
        "schools": sorted([school.code, school.name, school.category, school.area] for school in schools),
        "roster_sha256": _roster_hash(session, wave, {school.school_id: school.code for school in schools}),
    }  # fmt: skip


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def _roster_hash(session: Session, wave: Wave, code_of: dict[int, str]) -> str:
    rows = session.execute(
        select(
            WavePopulation.school_id, WavePopulation.audience, WavePopulation.grade, WavePopulation.class_name,
            WavePopulation.population,
        ).where(WavePopulation.wave_id == wave.id)
    )  # fmt: skip
    return sha256_of_json(sorted([code_of.get(school, f"?{school}"), *rest] for school, *rest in rows))


def list_records(session: Session, wave_id: int) -> list[ManifestRecord]:
    query = select(ManifestRecord).where(ManifestRecord.wave_id == wave_id).order_by(ManifestRecord.number)
    return list(session.scalars(query))


def record_kinds(session: Session, wave_id: int) -> list[tuple[int, str]]:
    """Return number and kind of each record, in their order."""
    query = select(ManifestRecord.number, ManifestRecord.kind).where(ManifestRecord.wave_id == wave_id)
    return [(number, kind) for number, kind in session.execute(query.order_by(ManifestRecord.number))]


def expected_manifest(wave: Wave, records: Sequence[ManifestRecord]) -> Manifest:
    """The opening with what each record replaced."""
    manifest = dict(wave.manifest or {})
    for record in records:
        manifest |= record.detail.get("manifest", {})
    return manifest


def current_hash(session: Session, wave: Wave) -> str:
    """The hash of the last record, or of the opening; empty for a draft."""
    query = select(ManifestRecord.record_hash).where(ManifestRecord.wave_id == wave.id)
    last = session.scalar(query.order_by(ManifestRecord.number.desc()).limit(1))
    return last or wave.manifest_hash or ""


def append_record(
    session: Session, wave: Wave, kind: str, reason: str, actors: Sequence[str], now: datetime, **detail: Any
) -> ManifestRecord:
    """Writes down a correction that the tables already show. Raises :class:`UserError` without a reason."""
    if not reason.strip():
        raise user_error("请写明理由")
    records = list_records(session, wave.id)
    before, after = expected_manifest(wave, records), manifest_of_tables(session, wave)
    changed = {key: value for key, value in after.items() if before.get(key) != value}
    record = ManifestRecord(
        wave_id=wave.id, number=len(records) + 1, recorded_at=now, kind=kind, reason=reason.strip(),
        actors=list(actors), detail={**detail, "manifest": changed},
        previous_hash=records[-1].record_hash if records else wave.manifest_hash or "", record_hash="",
    )  # fmt: skip
    record.record_hash = record_hash(record)
    session.add(record)
    wave.revision += 1
    session.flush()
    return record


def record_hash(record: ManifestRecord) -> str:
    return sha256_of_json([
        record.previous_hash, record.number, _iso(record.recorded_at), record.kind, record.detail, record.reason,
        record.actors,
    ])  # fmt: skip


MANIFEST_LABELS = {
    "wave": message("批次名称"), "opens_at": message("开始时间"), "closes_at": message("截止时间"),
    "closed_at": message("实际截止"), "sealed_at": message("封存时间"), "access": message("参与方式"),
    "instruments": message("问卷"), "asks_again": message("回头看"), "schools": message("学校"),
    "roster_sha256": message("名册人数"),
}  # fmt: skip


def manifest_issues(session: Session, wave: Wave) -> list[Message]:
    """What differs between opening, records and tables; empty where all agree."""
    if wave.opened_at is None:
        return []
    records, issues = list_records(session, wave.id), []
    if sha256_of_json(wave.manifest) != wave.manifest_hash:
        issues.append(message("批次“{name}”：开放时的冻结清单被改过", name=wave.name))
    previous_hash = wave.manifest_hash
    for number, record in enumerate(records, start=1):
        if (record.number, record.previous_hash, record.record_hash) != (number, previous_hash, record_hash(record)):
            issues.append(message("批次“{name}”：第 {n} 条更正记录被改过或缺失", name=wave.name, n=number))
        previous_hash = record.record_hash
    if wave.revision != len(records):
        issues.append(message("批次“{name}”：应有 {n} 条更正记录，现有 {found} 条",
                              name=wave.name, n=wave.revision, found=len(records)))  # fmt: skip
    expected, actual = expected_manifest(wave, records), manifest_of_tables(session, wave)
    for key in sorted(expected.keys() | actual.keys()):
        if expected.get(key) != actual.get(key):
            label = MANIFEST_LABELS.get(key, key)
            issues.append(message("批次“{name}”：{what}与冻结清单及更正记录不一致", name=wave.name, what=label))
    return issues


_issues: BriefCache[list[Message]] = BriefCache()


def printable_hash(session: Session, wave: Wave) -> str:
    """The hash as it may be printed: recomputed from the tables, and marked where they differ."""
    digest = current_hash(session, wave)
    key = (str(session.get_bind().url), wave.id, digest)  # type: ignore[union-attr]
    return f"{digest} ≠" if _issues.get_or_make(key, lambda: manifest_issues(session, wave)) else digest
