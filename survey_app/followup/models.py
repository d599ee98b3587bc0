"""A case of rectification, every step of its history, and the files that a school replied with."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.foundation.db import Base, UtcDateTime


class RectificationCase(Base):
    """One problem of one school in the ledger of a year.

    ``proposal``: the trigger's proposal that it was made of, each only once a year. ``findings`` are text with the
    figures and their certainty; they stay as they are once the notice was delivered. ``step_count``: the number of the
    last step, by which a page knows that it is out of date; ``reply_count``: the same for the draft of the reply.
    Whether it is overdue follows from ``deadline``, and is not stored. ``look_back_id``: the wave that asks again, by
    audience, the items of ``look_back_items``; none before it is drafted, and after the draft was thrown away.
    """

    __tablename__ = "rectification_case"
    __table_args__ = (
        UniqueConstraint("year_id", "proposal"),
        UniqueConstraint("document"),
        CheckConstraint("(document IS NULL) = (delivered_at IS NULL)", name="delivered_by_document"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year_id: Mapped[int] = mapped_column(ForeignKey("assessment_year.id"))
    school_code: Mapped[str] = mapped_column(String(32), index=True)
    school_name: Mapped[str] = mapped_column(String(100))
    severity: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(200))
    findings: Mapped[str] = mapped_column(Text)
    requirement: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(80))
    days: Mapped[int]
    proposal: Mapped[str | None] = mapped_column(String(160))
    state: Mapped[str] = mapped_column(String(16))
    step_count: Mapped[int]
    deadline: Mapped[date | None]
    document: Mapped[str | None] = mapped_column(String(60))
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reply: Mapped[str] = mapped_column(Text, default="", server_default="")
    reply_count: Mapped[int] = mapped_column(default=0, server_default="0")
    look_back_from: Mapped[date | None]
    look_back_until: Mapped[date | None]
    look_back_id: Mapped[int | None] = mapped_column(ForeignKey("wave.id", ondelete="SET NULL"))
    look_back_items: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict, server_default="{}")


class CaseStep(Base):
    """One step: who took it when, and what was said. ``deadline``: the one that holds from then on."""

    __tablename__ = "case_step"

    case_id: Mapped[int] = mapped_column(ForeignKey("rectification_case.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(16))
    step: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text)
    deadline: Mapped[date | None]


class CaseAttachment(Base):
    """A file of a reply. Its content lies outside the database under ``stored_as``; ``step``: with which it was sent.

    Without ``step`` it belongs to the draft, and the school may take it away again.
    """

    __tablename__ = "case_attachment"
    __table_args__ = (
        UniqueConstraint("stored_as"),
        ForeignKeyConstraint(["case_id", "step"], ["case_step.case_id", "case_step.number"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("rectification_case.id"))
    step: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(200))
    mimetype: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    stored_as: Mapped[str] = mapped_column(String(64))
    who: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PublicImprovement(Base):
    """What anybody may read of a case once a second person has confirmed it; withdrawn, it is gone.

    ``verified_on``: the day on which somebody saw that it was done, as text; only the year is shown.
    """

    __tablename__ = "public_improvement"
    __table_args__ = (
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> requested_by", name="two_people"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_by_somebody"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("rectification_case.id"), primary_key=True)
    school_code: Mapped[str] = mapped_column(String(32))
    school_name: Mapped[str] = mapped_column(String(100))
    said: Mapped[str] = mapped_column(String(200))
    done: Mapped[str] = mapped_column(String(400))
    said_en: Mapped[str] = mapped_column(String(400))
    done_en: Mapped[str] = mapped_column(String(800))
    verified_on: Mapped[str] = mapped_column(String(10))
    requested_by: Mapped[str] = mapped_column(String(80))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[str | None] = mapped_column(String(80))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
