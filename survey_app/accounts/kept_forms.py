"""What somebody typed into a form when the login had ended: kept for an hour, unreadable without that browser's cookie.

The server keeps the fields, the browser the key: neither who holds the database nor a backup reads what was typed. Each
row has a stream of its own (SHAKE-256 of key and nonce) and a tag over all of it; no library of the installation
encrypts, and a hash used as a stream needs none.
"""

import hashlib
import hmac
import json
import secrets
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from .models import KeptForm

KEPT_FOR = timedelta(hours=1)
MAX_FORMS = 5  # of one account: what was typed before them goes
MAX_BYTES = 1024 * 1024
MAX_ADDRESS = 500
NONCE_BYTES = TAG_BYTES = 16

Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class TypedForm:
    """``page``: where the form stood. ``action``: the address to which it was sent."""

    page: str
    action: str
    fields: Fields
    kept_at: datetime


def new_key() -> str:
    return secrets.token_urlsafe(32)


def keep_form(session: Session, staff_id: int, key: str, page: str, action: str, fields: Fields, now: datetime) -> bool:
    """Whether it was kept: not where it is too large. The same form sent again takes the place of what it was."""
    text = json.dumps(fields, ensure_ascii=False).encode()
    if len(text) > MAX_BYTES or max(len(page), len(action)) > MAX_ADDRESS:
        return False
    own = KeptForm.staff_id == staff_id
    session.execute(delete(KeptForm).where(own, KeptForm.action == action))
    newest = select(KeptForm.id).where(own).order_by(KeptForm.id.desc()).limit(MAX_FORMS - 1)
    session.execute(delete(KeptForm).where(own, KeptForm.id.not_in(list(session.scalars(newest)))))
    content = _lock(key, zlib.compress(text))
    session.add(KeptForm(staff_id=staff_id, page=page, action=action, content=content, kept_at=now))
    session.flush()
    return True


def typed_form(session: Session, staff_id: int, key: str, now: datetime, page: str = "") -> TypedForm | None:
    """Return what this account typed last (on this page) in the browser with this key."""
    query = select(KeptForm).where(KeptForm.staff_id == staff_id, KeptForm.kept_at > now - KEPT_FOR)
    if page:
        query = query.where(KeptForm.page == page)
    for row in session.scalars(query.order_by(KeptForm.id.desc())):
        text = _unlock(key, row.content)
        if text is not None:
            fields = [(str(name), str(value)) for name, value in json.loads(zlib.decompress(text))]
            return TypedForm(row.page, row.action, fields, row.kept_at)
    return None


def forget_form(session: Session, staff_id: int, action: str) -> None:
    session.execute(delete(KeptForm).where(KeptForm.staff_id == staff_id, KeptForm.action == action))


def forget_forms_of_browser(session: Session, key: str) -> int:
    """Delete whatever was typed in the browser with this key, by whom ever; return how many forms that were."""
    rows = [row for row in session.scalars(select(KeptForm)) if _unlock(key, row.content) is not None]
    for row in rows:
        session.delete(row)
    session.flush()
    return len(rows)


def delete_old_forms(session: Session, now: datetime) -> None:
    session.execute(delete(KeptForm).where(KeptForm.kept_at <= now - KEPT_FOR))


def _lock(key: str, text: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    masked = _mask(key, nonce, text)
    return nonce + _tag(key, nonce + masked) + masked


def _unlock(key: str, content: bytes) -> bytes | None:
    """Return None where another key locked it, or somebody changed it."""
    nonce, tag, masked = content[:16], content[16:32], content[32:]
    return _mask(key, nonce, masked) if hmac.compare_digest(tag, _tag(key, nonce + masked)) else None


def _mask(key: str, nonce: bytes, text: bytes) -> bytes:
    stream = hashlib.shake_256(b"mask\0" + key.encode() + nonce).digest(len(text))
    return (int.from_bytes(text) ^ int.from_bytes(stream)).to_bytes(len(text))


def _tag(key: str, content: bytes) -> bytes:
    return hmac.digest(b"tag\0" + key.encode(), content, "sha256")[:TAG_BYTES]
