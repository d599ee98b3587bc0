"""The token that a form carries: a submission id and the second of issue, signed for one link and structure."""

import base64
import binascii
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from survey_app.foundation.keys import keyed_hash

ID_BYTES, TIME_BYTES, MAC_BYTES = 16, 5, 16


@dataclass(frozen=True, slots=True)
class Token:
    submission_id: bytes
    issued_at: datetime


def _mac(key: bytes, body: bytes, link_id: int, structure_hash: str) -> bytes:
    signed_bytes = body + link_id.to_bytes(8, "big") + structure_hash.encode()
    return keyed_hash(key, signed_bytes)


def issue_token(key: bytes, link_id: int, structure_hash: str, now: datetime) -> str:
    body = secrets.token_bytes(ID_BYTES) + int(now.timestamp()).to_bytes(TIME_BYTES, "big")
    return base64.urlsafe_b64encode(body + _mac(key, body, link_id, structure_hash)).decode().rstrip("=")


def read_token(key: bytes, text: str, link_id: int, structure_hash: str) -> Token | None:
    """The token, or None if it was not made here for this link and structure."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    body, mac = raw[: ID_BYTES + TIME_BYTES], raw[ID_BYTES + TIME_BYTES :]
    if len(mac) != MAC_BYTES or not hmac.compare_digest(mac, _mac(key, body, link_id, structure_hash)):
        return None
    issued_seconds = int.from_bytes(body[ID_BYTES:], "big")
    return Token(body[:ID_BYTES], datetime.fromtimestamp(issued_seconds, UTC))
