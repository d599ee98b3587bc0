"""All nodes have the same keys: the database keeps a fingerprint of each, and a node with others does not start."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from survey_app.definition.messages import Message, message
from survey_app.distribution.access_codes import wave_key_name
from survey_app.distribution.models import ClassCode, CodeBatch
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.keys import KEY_BYTES, LASTING_KEYS, KeyMissing, KeyStore, key_fingerprint
from survey_app.frame.models import Wave

from .models import KeyFingerprint


def make_lasting_keys(session: Session, keys: KeyStore) -> None:
    """Makes the lasting keys of an installation and keeps their fingerprints; another node's are never replaced."""
    for name in LASTING_KEYS:
        if session.get(KeyFingerprint, name) is None:
            keys.create(name)
            keep_fingerprint(session, keys, name)


def make_wave_key(session: Session, keys: KeyStore, wave: Wave) -> None:
    name = wave_key_name(wave.id)
    keys.destroy(name)  # of a wave that another database once numbered so
    keys.create(name)
    keep_fingerprint(session, keys, name)


def keep_fingerprint(session: Session, keys: KeyStore, name: str) -> None:
    session.merge(KeyFingerprint(name=name, fingerprint=key_fingerprint(keys.read(name))))
    session.flush()


def forget_fingerprint(session: Session, name: str) -> None:
    session.execute(delete(KeyFingerprint).where(KeyFingerprint.name == name))


def _needed_fingerprints(session: Session) -> Iterator[KeyFingerprint]:
    """Of the lasting keys and of the waves that are not sealed."""
    sealed = {wave_key_name(wave_id) for wave_id in session.scalars(select(Wave.id).where(Wave.sealed_at.is_not(None)))}
    for row in session.scalars(select(KeyFingerprint).order_by(KeyFingerprint.name)):
        if row.name not in sealed:
            yield row


def _is_right(keys: KeyStore, row: KeyFingerprint) -> bool:
    try:
        return key_fingerprint(keys.read(row.name)) == row.fingerprint
    except KeyMissing:
        return False


def key_issues(session: Session, keys: KeyStore) -> list[Message]:
    """The keys that this node lacks or has another one of."""
    wrong = [row.name for row in _needed_fingerprints(session) if not _is_right(keys, row)]
    return [
        message("本机的密钥 {names} 缺失或与其他节点不同。请从别的节点导出：flask keys export，"
                "再在本机运行：flask keys import；都丢失了才用 flask keys replace", names=", ".join(wrong))
    ] if wrong else []  # fmt: skip


def export_keys(session: Session, keys: KeyStore) -> bytes:
    """The keys that another node needs, as JSON. Raises :class:`UserError` if this node's are not the right ones."""
    if issues := key_issues(session, keys):
        raise UserError(*issues)
    return json.dumps({row.name: keys.read(row.name).hex() for row in _needed_fingerprints(session)}).encode()


def import_keys(session: Session, keys: KeyStore, path: Path) -> list[str]:
    """Puts exported keys in place; only those that the database knows. Raises :class:`UserError`, changing nothing."""
    imported = _read_exported(path)
    known = {row.name: row.fingerprint for row in _needed_fingerprints(session)}
    if wrong := [name for name, key in imported.items() if known.get(name) != key_fingerprint(key)]:
        raise user_error("文件里的密钥 {names} 不是这个数据库的，没有导入", names=", ".join(wrong))
    for name, key in imported.items():
        keys.put(name, key)
    return sorted(imported)


def _read_exported(path: Path) -> dict[str, bytes]:
    try:
        content = json.loads(path.read_text("ascii"))
        keys = {str(name): bytes.fromhex(key) for name, key in content.items()}
    except OSError as error:
        raise user_error("无法读取文件 {file}：{why}", file=str(path), why=error.strerror or "") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise user_error("{file} 不是 flask keys export 写的文件", file=str(path)) from error
    if not keys or any(len(key) != KEY_BYTES for key in keys.values()):
        raise user_error("{file} 不是 flask keys export 写的文件", file=str(path))
    return keys


def replace_lost_keys(session: Session, keys: KeyStore, now: datetime) -> list[str]:
    """New keys for those that are lost; codes of a wave whose key is lost are void. Raises :class:`UserError`."""
    lost = [row.name for row in _needed_fingerprints(session) if not _is_right(keys, row)]
    if not lost:
        raise user_error("本机的密钥都在，没有需要更换的")
    waves = {wave_key_name(wave.id): wave.id for wave in session.scalars(select(Wave))}
    for name in lost:
        keys.destroy(name)
        keys.create(name)
        keep_fingerprint(session, keys, name)
        if wave_id := waves.get(name):
            live = update(CodeBatch).where(CodeBatch.wave_id == wave_id, CodeBatch.voided_at.is_(None))
            session.execute(live.values(voided_at=now))
            session.execute(delete(ClassCode).where(ClassCode.wave_id == wave_id))
    return lost
