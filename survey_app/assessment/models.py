"""The assessment year: the waves it uses, the versions of its scheme, what was imported, and marks as computed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.accounts.staff import BEARS_NAME
from survey_app.foundation.db import Base, UtcDateTime

MAIN_WAVE, FIRST_WAVE, EARLIER_WAVE = "main", "first", "earlier"


class AssessmentYear(Base):
    """One year of assessment; what has been done of it follows from the rows that belong to it."""

    __tablename__ = "assessment_year"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AssessmentWave(Base):
    """A wave of a year. ``main`` is what marks are of, ``earlier`` what changes and value added are measured from.

    A year of two periods has a ``first`` wave too; figures are then the means of both.
    """

    __tablename__ = "assessment_wave"
    __table_args__ = (
        UniqueConstraint("year_id", "role"),
        CheckConstraint("role IN ('main', 'first', 'earlier')", name="role_known"),
    )

    year_id: Mapped[int] = mapped_column(ForeignKey("assessment_year.id"), primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(16))


class SchemeVersion(Base):
    """A scheme of a year, as the file says it. ``difference``: from the version before, entry by entry."""

    __tablename__ = "scheme_version"
    __table_args__ = (CheckConstraint("(adopted_at IS NULL) = (adopted_by IS NULL)", name="adopted_by_somebody"),)

    year_id: Mapped[int] = mapped_column(ForeignKey("assessment_year.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    difference: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    saved_by: Mapped[str] = mapped_column(String(80))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    adopted_by: Mapped[str | None] = mapped_column(String(80))
    adopted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportedMarks(Base):
    """A table of marks, deductions and facts by school code, with who imported it when; a later one overrides it."""

    __tablename__ = "imported_marks"

    id: Mapped[int] = mapped_column(primary_key=True)
    year_id: Mapped[int] = mapped_column(ForeignKey("assessment_year.id"))
    file_name: Mapped[str] = mapped_column(String(200))
    schools: Mapped[dict[str, dict[str, float]]] = mapped_column(JSON)
    imported_by: Mapped[str] = mapped_column(String(80))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class InspectorScore(Base):
    """One evaluation of a school by an inspector, 0 to 100, from a table of the office; the latest import counts."""

    __tablename__ = "inspector_score"
    __table_args__ = (CheckConstraint("score >= 0 AND score <= 100", name="score_in_range"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year_id: Mapped[int] = mapped_column(ForeignKey("assessment_year.id"))
    school_code: Mapped[str] = mapped_column(String(32))
    inspector: Mapped[str] = mapped_column(String(80))
    rated_on: Mapped[date]
    score: Mapped[float]
    file_name: Mapped[str] = mapped_column(String(200))
    imported_by: Mapped[str] = mapped_column(String(80))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MarkComputation(Base):
    """Marks as they were computed, with the version and the hash of the scheme; ``tables`` by their name.

    ``inputs``: what they were computed from, by kind; what is different since then makes them out of date.
    """

    __tablename__ = "mark_computation"
    __table_args__ = (
        ForeignKeyConstraint(["year_id", "scheme_number"], ["scheme_version.year_id", "scheme_version.number"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year_id: Mapped[int] = mapped_column(ForeignKey("assessment_year.id"))
    scheme_number: Mapped[int]
    scheme_sha256: Mapped[str] = mapped_column(String(64))
    tables: Mapped[dict[str, list[dict[str, Any]]]] = mapped_column(JSON)
    inputs: Mapped[dict[str, Any]] = mapped_column(JSON)
    computed_by: Mapped[str] = mapped_column(String(80))
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EvaluationForm(Base):
    """A version of what inspectors sign, as it was when somebody first signed it; evaluations are read with it."""

    __tablename__ = "evaluation_form"

    structure_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    instrument_id: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(32))
    document: Mapped[str] = mapped_column(Text)


class InspectorEvaluation(Base):
    """An inspector's evaluation of a school: a draft until it is signed, history once it is withdrawn.

    It belongs to a year and to that wave of the year whose period it was begun in. ``rater`` is the name of the
    account, and stays when the account is gone. ``answers`` are codes and words by question; ``withdrawn_for`` says why
    it was withdrawn.
    """

    __tablename__ = "inspector_evaluation"
    __table_args__ = (
        ForeignKeyConstraint(["year_id", "wave_id"], ["assessment_wave.year_id", "assessment_wave.wave_id"]),
        CheckConstraint("score >= 0 AND score <= 100", name="score_in_range"),
        CheckConstraint("(signed_at IS NULL) = (score IS NULL)", name="signed_with_score"),
        CheckConstraint("withdrawn_at IS NULL OR signed_at IS NOT NULL", name="signed_before_withdrawn"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_by_somebody"),
        Index(
            "uq_inspector_evaluation_year_id_wave_id_school_code_rater", "year_id", "wave_id", "school_code",
            "rater", unique=True, sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    year_id: Mapped[int]
    wave_id: Mapped[int]
    school_code: Mapped[str] = mapped_column(String(32))
    rater: Mapped[str] = mapped_column(String(50), info={BEARS_NAME: True})
    visited_on: Mapped[date]
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    structure_hash: Mapped[str | None] = mapped_column(ForeignKey("evaluation_form.structure_hash"))
    score: Mapped[float | None]
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[str | None] = mapped_column(String(80))
    withdrawn_for: Mapped[str] = mapped_column(String(200), default="", server_default="")


class DeclaredConflict(Base):
    """That somebody does not evaluate a school, such as the own former one; declared by the person or the office."""

    __tablename__ = "declared_conflict"
    __table_args__ = (
        CheckConstraint("kind IN ('former_school', 'family', 'other')", name="kind_known"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rater: Mapped[str] = mapped_column(String(50), info={BEARS_NAME: True})
    school_code: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(String(200))
    declared_by: Mapped[str] = mapped_column(String(80))
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by: Mapped[str | None] = mapped_column(String(80))
