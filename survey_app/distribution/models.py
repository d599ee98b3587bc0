"""Links lead an audience of a school (or a class) to its form; codes let each person in once."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.foundation.db import Base, UtcDateTime


class Link(Base):
    """``slug`` is random and tells nothing; ``grade`` and ``class_name`` are empty on a link for the whole school."""

    __tablename__ = "link"
    __table_args__ = (
        UniqueConstraint("slug"),
        UniqueConstraint("wave_id", "school_id", "audience", "grade", "class_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    audience: Mapped[str] = mapped_column(String(16))
    grade: Mapped[str] = mapped_column(String(8), default="")
    class_name: Mapped[str] = mapped_column(String(50), default="")
    half: Mapped[str] = mapped_column(String(1), default="")  # of the classes of its grade, see :mod:`.class_halves`
    structure_hash: Mapped[str] = mapped_column(String(64))
    slug: Mapped[str] = mapped_column(String(16))
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wrong_codes: Mapped[int] = mapped_column(
        default=0, server_default="0"
    )  # well-formed ones that fitted nothing, as of the last run


class CodeBatch(Base):
    """One printing of slips (or of class codes) for a link; printing again voids the ones before, a top-up adds."""

    __tablename__ = "code_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    school_id: Mapped[int]
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"))
    count: Mapped[int]
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used: Mapped[int] = mapped_column(default=0, server_default="0")  # of receipts that were purged


class Invitation(Base):
    """A one-time code, as a hash under the wave's key; nothing says to whom it was handed."""

    __tablename__ = "invitation"
    __table_args__ = ({"sqlite_with_rowid": False},)

    wave_id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    batch_id: Mapped[int]


class ClassCode(Base):
    """The code of a link in class mode, with a cap on the submissions and how many came."""

    __tablename__ = "class_code"
    __table_args__ = (CheckConstraint("used <= cap", name="never_over_cap"),)

    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"), primary_key=True)
    wave_id: Mapped[int]
    school_id: Mapped[int]
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    cap: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
