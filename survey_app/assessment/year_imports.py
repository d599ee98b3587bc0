"""What an office imports for a year: a table of marks and deductions, or one of inspectors' scores."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.frame.models import WaveSchool

from .inspector_scores import (
    Evaluation,
    is_inspector_table,
    keep_inspector_scores,
    list_inspector_scores,
    read_inspector_scores,
)
from .mark_imports import Schools, keep_import, read_mark_table, unit_codes
from .models import AssessmentYear
from .schemes import Scheme
from .years import list_imports

MAX_FILE_NAME = 60  # the end of it: a longer one does not fit on a disk


@dataclass(frozen=True, slots=True)
class YearTable:
    """A table as it was read, of one kind or the other; reading needs no transaction and holds none open."""

    schools: Schools = field(default_factory=dict)
    evaluations: tuple[Evaluation, ...] = ()

    @property
    def rows(self) -> int:
        return len(self.evaluations) or len(self.schools)


def read_year_table(path: Path, scheme: Scheme, schools: Sequence[WaveSchool]) -> YearTable:
    """Return a table, told by its headings. Raises :class:`UserError` with every fault."""
    if is_inspector_table(path):
        return YearTable(evaluations=read_inspector_scores(path, [school.code for school in schools]))
    return YearTable(read_mark_table(path, scheme, unit_codes(scheme, schools)))


def read_uploaded_table(content: bytes, file_name: str, scheme: Scheme, schools: Sequence[WaveSchool]) -> YearTable:
    """Return the table of a file that was sent, under its own name, so that messages call it that."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(file_name.replace("\\", "/")).name[-MAX_FILE_NAME:].lstrip(".") or "table")
        path.write_bytes(content)
        return read_year_table(path, scheme, schools)


def keep_year_table(
    session: Session, year: AssessmentYear, table: YearTable, file_name: str, imported_by: str, now: datetime
) -> None:
    """Keep it with its person and date."""
    if table.evaluations:
        keep_inspector_scores(session, year, file_name, table.evaluations, imported_by, now)
    else:
        keep_import(session, year, file_name, table.schools, imported_by, now)


def import_lines(session: Session, year: AssessmentYear) -> list[tuple[str, int, str, datetime]]:
    """Return each import as file, rows, who and when: tables of marks, then those of inspectors."""
    lines = [(e.file_name, len(e.schools), e.imported_by, e.imported_at) for e in list_imports(session, year)]
    scores = [(e.file_name, e.imported_by, e.imported_at) for e in list_inspector_scores(session, year)]
    return lines + [(file, scores.count((file, who, at)), who, at) for file, who, at in dict.fromkeys(scores)]
