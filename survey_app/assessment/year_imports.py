"""What an office imports for a year: a table of marks and deductions, or one of inspectors' scores."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.frame.models import WaveSchool

from .inspector_scores import is_inspector_table, keep_inspector_scores, list_inspector_scores, read_inspector_scores
from .mark_imports import keep_import, read_mark_table, unit_codes
from .models import AssessmentYear
from .schemes import Scheme
from .years import list_imports


def import_year_table(
    session: Session, year: AssessmentYear, path: Path, file_name: str, scheme: Scheme, schools: Sequence[WaveSchool],
    imported_by: str, now: datetime,
) -> int:  # fmt: skip
    """Keep a table, told by its headings, and return how many rows it has. Raises :class:`UserError`."""
    if is_inspector_table(path):
        evaluations = read_inspector_scores(path, [school.code for school in schools])
        keep_inspector_scores(session, year, file_name, evaluations, imported_by, now)
        return len(evaluations)
    rows = read_mark_table(path, scheme, unit_codes(scheme, schools))
    keep_import(session, year, file_name, rows, imported_by, now)
    return len(rows)


def import_lines(session: Session, year: AssessmentYear) -> list[tuple[str, int, str, datetime]]:
    """Return each import as file, rows, who and when: tables of marks, then those of inspectors."""
    lines = [(e.file_name, len(e.schools), e.imported_by, e.imported_at) for e in list_imports(session, year)]
    scores = [(e.file_name, e.imported_by, e.imported_at) for e in list_inspector_scores(session, year)]
    return lines + [(file, scores.count((file, who, at)), who, at) for file, who, at in dict.fromkeys(scores)]
