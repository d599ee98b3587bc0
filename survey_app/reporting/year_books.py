"""The year-end book of a year whose marks are kept: refused where they would not be those any more."""

from datetime import datetime

from sqlalchemy.orm import Session

from survey_app.assessment.models import AssessmentYear, MarkComputation
from survey_app.assessment.year_imports import import_lines
from survey_app.assessment.years import latest_computation
from survey_app.definition.categories import Categories
from survey_app.foundation.clock import format_local
from survey_app.foundation.errors import user_error
from survey_app.foundation.translation import _

from .mark_inputs import input_changes, stale_sentence
from .xlsx.year_book import build_year_book
from .year_marks import YearMarks, year_marks


def kept_computation(session: Session, year: AssessmentYear) -> MarkComputation:
    """Raises :class:`UserError` before marks were computed."""
    computation = latest_computation(session, year)
    if computation is None:
        raise user_error("考核年度“{name}”还没有计分：请先采用方案，等批次封存以后计分", name=year.name)
    return computation


def year_book(session: Session, year: AssessmentYear, categories: Categories, office: str, now: datetime) -> bytes:
    """Return the xlsx file. Raises :class:`UserError` where something changed since the marks were computed."""
    kept_computation(session, year)
    return book_of_marks(session, year, year_marks(session, year, categories, now), office, now)


def book_of_marks(session: Session, year: AssessmentYear, computed: YearMarks, office: str, now: datetime) -> bytes:
    """Return the book of marks that were just computed once more, and are what is kept."""
    computation = kept_computation(session, year)
    if any(computed.tables()[table] != computation.tables[table] for table in ("marks", "awards")):
        changes = stale_sentence(input_changes(session, year, computation, now))
        raise user_error(
            "考核年度“{name}”计分以后，导入的表、整改台账、方案或者答卷有了变化：请先重新计分。{changes}",
            name=year.name, changes=changes,
        )  # fmt: skip
    imports = [(_("导入的表"), _import_text(*line)) for line in import_lines(session, year)]
    evidence = [(_("计分"), _computation_text(computation)), *imports]
    return build_year_book(year.name, computed.report, computed.marks, evidence, office, now)


def _computation_text(computation: MarkComputation) -> str:
    values = {"n": computation.scheme_number, "who": computation.computed_by,
              "at": format_local(computation.computed_at)}  # fmt: skip
    return _("按方案第 {n} 版，{who}，{at}", **values)


def _import_text(file_name: str, _rows: int, who: str, at: datetime) -> str:
    return _("{file}，{who}，{at}", file=file_name, who=who, at=format_local(at))
