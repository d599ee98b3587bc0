"""What is kept of an answer, and, apart from it, that a submission came.

No table here holds an address, agent, session, time of day, order, or a key from one table to the other: who holds the
database must not be able to say who answered what (``docs/ways-in.md``). Both tables are stored by key, which is
random, so their order tells nothing of the order of arrival.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.foundation.db import Base, UtcDateTime

MIN_EXCLUDED = 10  # responses of one school and audience that can be left out together, and that must then remain


class Response(Base):
    """The closed answers of one respondent, as one string of the instrument's fixed shape."""

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("audience <> 'teacher' OR grade = ''", name="teachers_have_no_grade"),
        CheckConstraint("half = '' OR half IN ('A', 'B') AND grade <> ''", name="halves_are_of_a_grade"),
        {"sqlite_with_rowid": False},
    )

    wave_id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    audience: Mapped[str] = mapped_column(String(16))
    structure_hash: Mapped[str] = mapped_column(String(64))
    grade: Mapped[str] = mapped_column(String(8), default="")
    answers: Mapped[str] = mapped_column(Text)
    response_speed: Mapped[str] = mapped_column(String(1))
    half: Mapped[str] = mapped_column(String(1), default="", server_default="")  # of the classes; blanked by the seal
    imported_file: Mapped[int] = mapped_column(default=0, server_default="0")  # its number; 0 where groups are small


class Comment(Base):
    """One comment, with no key to the answers beside which it was written."""

    __tablename__ = "comment"
    __table_args__ = ({"sqlite_with_rowid": False},)

    wave_id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    audience: Mapped[str] = mapped_column(String(16))
    question: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)


class SubmissionReceipt(Base):
    """That a submission came over this link on this day. Hashes are keyed; the keys are not in the database.

    ``link_id`` is below zero where it came over none and the school has links of classes only: it is of no class.
    """

    __tablename__ = "submission_receipt"
    __table_args__ = (
        Index("uq_submission_receipt_code", "wave_id", "school_id", "code_hash", unique=True),
        Index("ix_submission_receipt_link", "wave_id", "school_id", "link_id"),
        {"sqlite_with_rowid": False},
    )

    wave_id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(primary_key=True)
    submission_hash: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    link_id: Mapped[int]
    day: Mapped[date]
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary(16))


class ReceiptCount(Base):
    """How many receipts of a link there were when they were purged: results count them, nobody needs them any more."""

    __tablename__ = "receipt_count"

    wave_id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]


class ImportedFile(Base):
    """A file of answers collected elsewhere: its digest, so that it cannot be imported twice, and its number."""

    __tablename__ = "imported_file"

    wave_id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    rows: Mapped[int]
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    day: Mapped[date]


class AnswerUpload(Base):
    """A table of answers between its dry run and its import; emptied by either the import, a day, or the seal."""

    __tablename__ = "answer_upload"
    __table_args__ = ({"sqlite_autoincrement": True},)  # an old page must not import what somebody uploaded later

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    uploaded_by: Mapped[str] = mapped_column(String(80))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ExcludedResponse(Base):
    """That a sealed response is not counted, and by which change that two people made.

    A row is part of a group that was chosen as a whole (a file, copies of one form), never of one chosen response.
    """

    __tablename__ = "excluded_response"
    __table_args__ = ({"sqlite_with_rowid": False},)

    wave_id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("change_request.id"))


class FormActivity(Base):
    """The minute in which a form of a wave was last opened by anybody, so that closing can spare open forms."""

    __tablename__ = "form_activity"

    wave_id: Mapped[int] = mapped_column(primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
