"""The second step of a login, for who wants one: a code from a phone (RFC 6238), or a recovery code that works once.

The secret is not stored. It is made from the installation's key, which lies outside the database, and a random nonce
of the account: who holds the database or a backup has no secret.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from survey_app.foundation.keys import keyed_hash

from .models import RecoveryCode, SecondStep

STEP_SECONDS, DIGITS = 30, 6
TOLERATED_STEPS = (0, -1, 1)  # clocks differ, and people type slowly
NONCE_BYTES, SECRET_BYTES = 16, 20
RECOVERY_CODES, RECOVERY_LENGTH = 10, 12
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class StepState:
    """What the account's page says of it."""

    since: datetime
    codes_left: int


def new_nonce() -> bytes:
    return secrets.token_bytes(NONCE_BYTES)


def secret_of(key: bytes, staff_id: int, nonce: bytes) -> bytes:
    """Return the secret that a phone shares with this account."""
    return hmac.new(key, b"second step:%d:" % staff_id + nonce, hashlib.sha256).digest()[:SECRET_BYTES]


def secret_text(secret: bytes) -> str:
    return base64.b32encode(secret).decode().rstrip("=")


def setup_address(secret: bytes, username: str, issuer: str) -> str:
    """Return what the QR code says to the program on the phone."""
    name = quote(issuer.replace(":", " "), safe="")
    return f"otpauth://totp/{name}:{quote(username, safe='')}?secret={secret_text(secret)}&issuer={name}"


def code_at(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """Return the code of a time step."""
    digest = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_of_code(secret: bytes, typed: str, now: datetime) -> int | None:
    """Return the time step whose code was typed, or None."""
    code, step = "".join(typed.split()), int(now.timestamp()) // STEP_SECONDS
    if not (code.isascii() and code.isdecimal()):
        return None
    matches = [step + off for off in TOLERATED_STEPS if hmac.compare_digest(code_at(secret, step + off), code)]
    return matches[0] if matches else None


def step_state(session: Session, staff_id: int) -> StepState | None:
    """Return since when the account has a second step; None if it has none."""
    row = session.get(SecondStep, staff_id)
    if row is None:
        return None
    left = session.scalar(select(func.count()).select_from(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    return StepState(row.since, left or 0)


def start_second_step(
    session: Session, key: bytes, staff_id: int, nonce: bytes, typed: str, now: datetime
) -> list[str] | None:
    """Turn it on with the first code from the phone; return the recovery codes, or None if the code is wrong."""
    step = step_of_code(secret_of(key, staff_id, nonce), typed, now)
    if step is None:
        return None
    end_second_step(session, staff_id)
    session.add(SecondStep(staff_id=staff_id, nonce=nonce, since=now, last_step=step))
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(staff_id=staff_id, digest=_digest(key, staff_id, code)) for code in codes)
    session.flush()
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def pass_second_step(session: Session, key: bytes, staff_id: int, typed: str, now: datetime) -> bool:
    """Whether a code lets the account in; each code does so once, also of two requests at one moment."""
    row = session.get(SecondStep, staff_id)
    if row is None:
        return False
    step = step_of_code(secret_of(key, staff_id, row.nonce), typed, now)
    if step is not None:
        is_unused = SecondStep.staff_id == staff_id, SecondStep.last_step < step
        used = update(SecondStep).where(*is_unused).values(last_step=step)
        return bool(session.execute(used.returning(SecondStep.staff_id)).all())
    plain = typed.upper().replace("-", "").replace(" ", "")
    of_code = RecoveryCode.staff_id == staff_id, RecoveryCode.digest == _digest(key, staff_id, plain)
    used_up = delete(RecoveryCode).where(*of_code).returning(RecoveryCode.staff_id)
    return len(plain) == RECOVERY_LENGTH and bool(session.execute(used_up).all())


def end_second_step(session: Session, staff_id: int) -> bool:
    """Turn it off, with all its codes; false if there was none."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    ended = delete(SecondStep).where(SecondStep.staff_id == staff_id).returning(SecondStep.staff_id)
    return bool(session.execute(ended).all())


def _digest(key: bytes, staff_id: int, code: str) -> bytes:
    return keyed_hash(key, f"recovery:{staff_id}:{code}".encode())
