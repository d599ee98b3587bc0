"""How often somebody may try to log in. Every attempt is counted before the password is looked at.

A browser that has logged in to the account before is counted by itself, so that no stranger can use up its attempts,
from whatever address. All others share limits by address, by account from this address, and by account.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from survey_app.foundation.keys import keyed_hash

from .models import LoginAttempt

WINDOW = timedelta(minutes=15)
MAX_BY_ADDRESS, MAX_BY_PAIR, MAX_BY_ACCOUNT, MAX_BY_DEVICE = 30, 5, 20, 5


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who tries: the account, a hash of the address, and the browser if it has logged in to this account before."""

    username: str
    address_hash: str
    device: str = ""

    def limits(self) -> tuple[tuple[str, int], ...]:
        """The subjects that are counted, in this order, and how often each may try in a window."""
        if self.device:
            return ((f"device:{self.device}", MAX_BY_DEVICE),)
        return (
            (f"address:{self.address_hash}", MAX_BY_ADDRESS),
            (f"pair:{self.address_hash}:{self.username}", MAX_BY_PAIR),
            (f"account:{self.username}", MAX_BY_ACCOUNT),
        )


def count_attempt(session: Session, visitor: Visitor, key: bytes, now: datetime) -> bool:
    """Count one more attempt; return whether it is within the limits. What follows a refusal is not counted.

    Each count is one statement that locks its row, so that attempts at the same moment get different numbers.
    """
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    for subject, limit in visitor.limits():
        statement = insert(LoginAttempt).values(subject=_digest(key, subject), begins=_window(now), count=1)
        counted = statement.on_conflict_do_update(
            index_elements=["subject", "begins"], set_={"count": LoginAttempt.count + 1}
        ).returning(LoginAttempt.count)
        if (session.scalar(counted) or 0) > limit:
            return False
    return True


def forget_attempt(session: Session, visitor: Visitor, key: bytes, now: datetime) -> None:
    """After a login that was right: it does not count against the address, and the person starts anew."""
    subjects = {subject: _digest(key, subject) for subject, _limit in visitor.limits()}
    for subject, digest in subjects.items():
        row = (LoginAttempt.subject == digest, LoginAttempt.begins == _window(now))
        if subject.startswith(("pair:", "device:")):
            session.execute(delete(LoginAttempt).where(*row))
        else:
            session.execute(update(LoginAttempt).where(*row).values(count=LoginAttempt.count - 1))


def delete_old_attempts(session: Session, now: datetime) -> None:
    session.execute(delete(LoginAttempt).where(LoginAttempt.begins < now - WINDOW))


def _window(now: datetime) -> datetime:
    return now.replace(minute=now.minute - now.minute % 15, second=0, microsecond=0)


def _digest(key: bytes, subject: str) -> bytes:
    """What was typed as a user name may be a password; nobody reads it here."""
    return keyed_hash(key, f"login:{subject}".encode())
