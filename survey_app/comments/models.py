"""What is decided about comments, and the words that cover and sort them. Nothing here leads to an answer."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.foundation.db import Base, UtcDateTime


class CommentReview(Base):
    """What somebody decided about a comment of a sealed wave, and the text that was read and may be passed on.

    The text is kept because words may be taken from the list of names later: what was covered then stays covered.
    """

    __tablename__ = "comment_review"
    __table_args__ = (
        CheckConstraint("decision IN ('release', 'withhold')", name="decision_known"),
        {"sqlite_with_rowid": False},
    )

    wave_id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    decision: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    reviewed_by: Mapped[str] = mapped_column(String(80))
    reviewed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CommentTopic(Base):
    """A topic as the office has it; as long as there is no row, those that come with the program are used."""

    __tablename__ = "comment_topic"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    position: Mapped[int]
    is_red_line: Mapped[bool]
    keywords: Mapped[list[str]] = mapped_column(JSON)


class MaskedName(Base):
    """A name that is covered wherever a comment is shown."""

    __tablename__ = "masked_name"

    name: Mapped[str] = mapped_column(String(30), primary_key=True)
