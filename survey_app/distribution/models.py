"""A link leads one audience of one school (or one class) to its form."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.foundation.db import Base


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
    structure_hash: Mapped[str] = mapped_column(String(64))
    slug: Mapped[str] = mapped_column(String(16))
