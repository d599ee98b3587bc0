"""What the seal makes once (tallies, signals), and what keeps clocks, open forms and keys honest."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.foundation.db import Base, UtcDateTime


class StoredTallySet(Base):
    """That the answers of one audience were counted in one way, and from what; there may have been none.

    ``fingerprint`` is of the instrument, the audience and all settings that decide what an answer is worth.
    """

    __tablename__ = "tally_set"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    audience: Mapped[str] = mapped_column(String(16))
    structure_hash: Mapped[str] = mapped_column(String(64))
    responses: Mapped[int]
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StoredTally(Base):
    """The tally of one school and grade, as little-endian float64; ``fingerprint`` says how answers were scored."""

    __tablename__ = "tally"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    school_id: Mapped[int] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(String(16), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    grade: Mapped[str] = mapped_column(String(8), primary_key=True)
    structure_hash: Mapped[str] = mapped_column(String(64))
    sums: Mapped[bytes] = mapped_column(LargeBinary)


class StoredClassSums(Base):
    """Sums of the scores of one half of the classes of a grade, under the shipped settings, as little-endian float64.

    All that is left of the halves after the seal. It serves every scheme and leaves by no export.
    """

    __tablename__ = "class_sums"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    school_id: Mapped[int] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(String(16), primary_key=True)
    structure_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    grade: Mapped[str] = mapped_column(String(8), primary_key=True)
    half: Mapped[str] = mapped_column(String(1), primary_key=True)
    sums: Mapped[bytes] = mapped_column(LargeBinary)


class StoredFormSums(Base):
    """Sums of the scores of forms with a signal, or of paper forms, under the shipped settings, little-endian float64.

    Of groups of fewer persons than are shown nothing is kept; which forms they are is not known afterwards.
    """

    __tablename__ = "form_sums"
    __table_args__ = ({"sqlite_with_rowid": False},)  # the key is most of a row: one tree of it, and not two

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    school_id: Mapped[int] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(String(16), primary_key=True)
    structure_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    form_group: Mapped[str] = mapped_column(String(8), primary_key=True)
    grade: Mapped[str] = mapped_column(String(8), primary_key=True)
    sums: Mapped[bytes] = mapped_column(LargeBinary)


class StoredPrivateCount(Base):
    """How many persons of one school × audience chose an option of a private question; for the office and auditors.

    Counted at the seal, none of fewer answers than are shown. It does not depend on how answers are scored.
    """

    __tablename__ = "private_count"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    school_id: Mapped[int] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(String(16), primary_key=True)
    structure_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    question: Mapped[str] = mapped_column(String(64), primary_key=True)
    option: Mapped[str] = mapped_column(String(64), primary_key=True)
    persons: Mapped[int]


class StoredSignals(Base):
    """How many forms of one school × audience show each careless-response signal; see ``measurement.signals``.

    Counts, never which form. They do not depend on how answers are scored, so one row serves every scheme.
    """

    __tablename__ = "signals"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    school_id: Mapped[int] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(String(16), primary_key=True)
    structure_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    responses: Mapped[int]
    timed_responses: Mapped[int]
    speeding_1s: Mapped[int]
    speeding_2s: Mapped[int]
    longstring: Mapped[int]
    straightlined: Mapped[int]
    top_option_only: Mapped[int]
    outliers: Mapped[int | None]
    duplicates: Mapped[int]
    expected: Mapped[float | None] = mapped_column(Float)
    p_value: Mapped[float] = mapped_column(Float)


class HourlyCount(Base):
    """How many came of each audience of a school, as its principal sees it for an hour: nobody watches who submits."""

    __tablename__ = "hourly_count"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    school_id: Mapped[int] = mapped_column(primary_key=True)
    hour: Mapped[datetime] = mapped_column(UtcDateTime)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)  # audience to [people, received or null]


class DueRun(Base):
    """When ``flask run-due`` last ran. One row: a gap, or a clock that went back, makes the next run only record."""

    __tablename__ = "due_run"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    ran_at: Mapped[datetime] = mapped_column(UtcDateTime)
    scrub_due: Mapped[bool] = mapped_column(default=False, server_default=false())  # what was purged is in old pages


class PurgeNotice(Base):
    """Since when it is known that something is over its term: nothing goes before this was said for a month."""

    __tablename__ = "purge_notice"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    wave_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 0 for what is of no wave
    announced_at: Mapped[datetime] = mapped_column(UtcDateTime)


class KeyFingerprint(Base):
    """What a key must be, so that a node with another one does not start; it tells nothing of the key itself."""

    __tablename__ = "key_fingerprint"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
