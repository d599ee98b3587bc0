"""Schools and enrolment as they are today, and the wave with what it froze when it opened."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.foundation.db import Base, UtcDateTime


class School(Base):
    """A school of today's roster. ``in_roster`` is false for one that a later roster no longer lists.

    ``successor_id``: the school into which it was merged, or which goes on under another code.
    """

    __tablename__ = "school"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200))
    category: Mapped[str] = mapped_column(String(32))
    area: Mapped[str] = mapped_column(String(100), default="")
    school_group: Mapped[str] = mapped_column(String(100), default="")
    in_roster: Mapped[bool] = mapped_column(default=True)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("school.id"))


class Enrolment(Base):
    """How many people of an audience belong to a school, by grade, class and sex where the roster has them."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("school_id", "audience", "grade", "class_name", "sex"),
        CheckConstraint("population > 0", name="population_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    audience: Mapped[str] = mapped_column(String(16))
    grade: Mapped[str] = mapped_column(String(8), default="")
    class_name: Mapped[str] = mapped_column(String(50), default="")
    sex: Mapped[str] = mapped_column(String(8), default="")
    population: Mapped[int]


class RosterUpload(Base):
    """A roster file between preview and import. ``roster_hash``: the roster that the preview compared it with."""

    __tablename__ = "roster_upload"
    __table_args__ = ({"sqlite_autoincrement": True},)  # an old page must not import what somebody else uploaded later

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    parents_by_children: Mapped[bool]
    roster_hash: Mapped[str] = mapped_column(String(64))
    uploaded_by: Mapped[str] = mapped_column(String(80))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Wave(Base):
    """One round of asking. Its state follows from the moments that have passed; after the seal none is taken back.

    ``closed_at`` is when new forms ended, ``closing_recorded_at`` when that was written down: a run that finds the end
    days later still gives the open forms their time. ``revision`` counts the records of :class:`ManifestRecord`.
    """

    __tablename__ = "wave"
    __table_args__ = (
        UniqueConstraint("name"),
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint("(closed_at IS NULL) = (closing_recorded_at IS NULL)", name="closing_is_recorded"),
        CheckConstraint("sealed_at IS NULL OR closed_at IS NOT NULL", name="sealed_after_closing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    instrument_ids: Mapped[list[str]] = mapped_column(JSON)
    access: Mapped[dict[str, str]] = mapped_column(JSON)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closing_recorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cleaned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # old pages overwritten, the log emptied
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # since then schools see their own results
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    manifest: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    manifest_hash: Mapped[str | None] = mapped_column(String(64))


class LookBack(Base):
    """What a wave asks again of an earlier one. ``asked``: the audiences of each school, by its code; nobody else.

    ``documents`` are its questionnaires, some items of the earlier ones; they are in no catalogue.
    """

    __tablename__ = "look_back"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    earlier_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    asked: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    documents: Mapped[list[str]] = mapped_column(JSON)


class WaveInstrument(Base):
    """An instrument as it was when the wave opened; the codebook of the wave's answers."""

    __tablename__ = "wave_instrument"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    structure_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    instrument_id: Mapped[str] = mapped_column(String(48))
    version: Mapped[str] = mapped_column(String(32))
    wording_hash: Mapped[str] = mapped_column(String(64))
    document: Mapped[str] = mapped_column(Text)


class WaveSchool(Base):
    """A school as it was called when the wave opened."""

    __tablename__ = "wave_school"
    __table_args__ = (UniqueConstraint("wave_id", "code"),)

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200))
    category: Mapped[str] = mapped_column(String(32))
    area: Mapped[str] = mapped_column(String(100))


class WavePopulation(Base):
    """The frozen denominators."""

    __tablename__ = "wave_population"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), primary_key=True)
    audience: Mapped[str] = mapped_column(String(16), primary_key=True)
    grade: Mapped[str] = mapped_column(String(8), primary_key=True)
    class_name: Mapped[str] = mapped_column(String(50), primary_key=True)
    population: Mapped[int]


class ManifestRecord(Base):
    """A correction after the opening: what was changed, why and by whom, chained by hash to all that came before.

    The manifest of the opening is never rewritten; ``previous_hash`` of the first record is its hash.
    """

    __tablename__ = "manifest_record"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(20))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    actors: Mapped[list[str]] = mapped_column(JSON)
    previous_hash: Mapped[str] = mapped_column(String(64))
    record_hash: Mapped[str] = mapped_column(String(64))


class ChangeRequest(Base):
    """A change that needs two people, from the request of the first until the second confirms it."""

    __tablename__ = "change_request"
    __table_args__ = (CheckConstraint("confirmed_by IS NULL OR confirmed_by <> requested_by", name="two_people"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    kind: Mapped[str] = mapped_column(String(20))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    requested_by: Mapped[str] = mapped_column(String(80))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[str | None] = mapped_column(String(80))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
