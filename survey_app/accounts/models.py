"""Staff, their sessions, attempts to log in, the audit trail and the denials."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.foundation.db import Base, UtcDateTime
from survey_app.foundation.roles import Role

RESULT_LENGTH = 200
REASON_LENGTH = 200


class Staff(Base):
    """A person with an account and one role.

    ``password_from``: whose link the password was chosen by, so who could have chosen it himself; empty where nobody's.
    """

    __tablename__ = "staff"
    __table_args__ = (
        UniqueConstraint("username"),
        CheckConstraint("role IN (" + ", ".join(f"'{role}'" for role in Role) + ")", name="role_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(50))
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    password_from: Mapped[str] = mapped_column(String(80), default="", server_default="")


class StaffGrant(Base):
    """That an account with a scoped role is for these schools: a node of the district, from a day to a day."""

    __tablename__ = "staff_grant"
    __table_args__ = (
        UniqueConstraint("staff_id", "node_kind", "node"),
        CheckConstraint("node_kind IN ('district', 'area', 'group', 'school')", name="node_kind_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    node_kind: Mapped[str] = mapped_column(String(10))
    node: Mapped[str] = mapped_column(String(100))
    begins_on: Mapped[date | None]
    ends_on: Mapped[date | None]


class OneTimeLink(Base):
    """A link with which somebody chooses a password once; only the digest of its token is kept."""

    __tablename__ = "one_time_link"

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffSession(Base):
    """A login. The cookie carries a random token of which only the digest is kept."""

    __tablename__ = "staff_session"

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class KeptForm(Base):
    """What was typed into a form when the login had ended, locked with a key that only that browser has."""

    __tablename__ = "kept_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    page: Mapped[str] = mapped_column(String(500))
    action: Mapped[str] = mapped_column(String(500))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SecondStep(Base):
    """That an account asks for a code from a phone. The secret is made of ``nonce`` and a key outside the database.

    ``last_step``: the time step whose code was used last; no code is taken twice.
    """

    __tablename__ = "second_step"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    nonce: Mapped[bytes] = mapped_column(LargeBinary(16))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    last_step: Mapped[int]


class RecoveryCode(Base):
    """A code that lets somebody in once who has lost the phone; only its keyed hash is kept."""

    __tablename__ = "recovery_code"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)


class LoginAttempt(Base):
    """Attempts to log in, counted by account, address and browser (as keyed hashes) in a quarter of an hour."""

    __tablename__ = "login_attempt"

    subject: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    begins: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    count: Mapped[int]


class Denial(Base):
    """How often in an hour somebody was refused, and why. The subject is an account or the keyed hash of an address."""

    __tablename__ = "denial"

    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    endpoint: Mapped[str] = mapped_column(String(80), primary_key=True)
    reason: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int]


class Approval(Base):
    """What one account asks to do and another one confirms. It is used by who asked, until it expires."""

    __tablename__ = "approval"
    __table_args__ = (CheckConstraint("confirmed_by IS NULL OR confirmed_by <> asked_by", name="two_people"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(String(50))  # as the audit calls it
    subject: Mapped[str] = mapped_column(String(100))  # what it is done with, such as a wave
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH))
    asked_by: Mapped[str] = mapped_column(String(50))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[str | None] = mapped_column(String(50))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditEntry(Base):
    """Who did what, when, with which result: ``done``, ``shown``, ``refused: <why>``, ``not found``, ``failed``."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(50))
    detail: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[str] = mapped_column(String(RESULT_LENGTH), default="done")
