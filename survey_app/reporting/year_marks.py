"""Marks of an assessment year: the report of its wave under the scheme of the year, with what was imported."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from survey_app.assessment.inspector_ratings import RaterError, Ratings, year_ratings
from survey_app.assessment.inspector_scores import rating_means
from survey_app.assessment.mark_figures import MarkImport
from survey_app.assessment.mark_imports import combine_imports, with_ledger
from survey_app.assessment.mark_report import MarkReport
from survey_app.assessment.models import EARLIER_WAVE, FIRST_WAVE, MAIN_WAVE, AssessmentYear
from survey_app.assessment.schemes import Scheme
from survey_app.assessment.years import adopted_version, latest_version, list_imports, load_scheme_version, wave_of
from survey_app.definition.categories import Categories
from survey_app.followup.mark_counts import ledger_counts
from survey_app.foundation.clock import local_date

from .build import build_report, require_sealed
from .cache import get_or_derive
from .inspector_figures import with_inspector_scores
from .mark_figures import marks_from_report
from .mark_inputs import MarkInputs, mark_inputs
from .period_marks import marks_of_periods
from .tabular.mark_tables import award_rows, mark_rows, proposal_rows
from .tabular.year_ranking import year_ranking_rows
from .wave_report import WaveReport


def year_scheme(session: Session, year: AssessmentYear, categories: Categories) -> Scheme:
    """The latest version of its scheme. Raises :class:`UserError` without one."""
    return load_scheme_version(latest_version(session, year), categories)


def check_computable(session: Session, year: AssessmentYear) -> None:
    """Raises :class:`UserError` where the scheme is not adopted or a wave of the year is not sealed."""
    adopted_version(session, year)
    for role in (FIRST_WAVE, MAIN_WAVE):
        if (wave := wave_of(session, year, role)) is not None:
            require_sealed(wave)


@dataclass(frozen=True, slots=True)
class YearMarks:
    """The marks of a year beside the report that they were made of, and what that was made of."""

    report: WaveReport
    marks: MarkReport
    inputs: MarkInputs

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """Return the tables that are kept, by name: what was computed, digit by digit as it is printed."""
        return {
            "ranking": list(year_ranking_rows(self.report, self.marks)), "marks": list(mark_rows(self.marks)),
            "awards": list(award_rows(self.marks)), "proposals": list(proposal_rows(self.marks)),
            "warnings": [asdict(warning) for warning in self.marks.warnings],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class YearEvidence:
    """What a year has beside its survey: imported marks, its rectifications and evaluations by inspectors.

    ``ratings``: by period, the last one first. Inspectors count in the period that they signed in; of imported scores
    the date decides. ``error``: that of the raters, if it was estimated.
    """

    imported: MarkImport
    ratings: tuple[Ratings, ...]
    error: RaterError | None = None

    def marks(self, report: WaveReport, first: WaveReport | None = None, lists_awards: bool = True) -> MarkReport:
        """Return the marks of the wave of the year, or of both its periods."""
        before = self.with_ratings(first, 1) if first is not None else None
        return self.marks_with_ratings(self.with_ratings(report, 0), before, lists_awards)

    def marks_with_ratings(self, report: WaveReport, first: WaveReport | None, lists_awards: bool = True) -> MarkReport:
        """Return the marks of reports in which the inspectors of their period are already."""
        if first is None:
            return marks_from_report(report, self.imported, lists_awards)
        return marks_of_periods(first, report, self.imported, lists_awards)

    def of_periods(self, *periods: int) -> "YearEvidence":
        """Return what counts of some periods alone."""
        return replace(self, ratings=tuple(self.ratings[one] for one in periods if one < len(self.ratings)))

    def inspectors(self) -> int:
        """Return how many inspectors said something."""
        return len({name for period in self.ratings for own in period.values() for name in own})

    def with_ratings(self, report: WaveReport, period: int) -> WaveReport:
        """Return the report of a period with what its inspectors said; the last one asked for is kept."""
        ratings = self.ratings[period] if period < len(self.ratings) else {}
        means = rating_means(ratings)
        return get_or_derive(report, (means, self.error), lambda: with_inspector_scores(report, means, self.error))


def year_evidence(session: Session, year: AssessmentYear, now: datetime) -> YearEvidence:
    """Return it as it is now, when some rectifications may be overdue."""
    imported = with_ledger(combine_imports(list_imports(session, year)), ledger_counts(session, year, local_date(now)))
    ratings = year_ratings(session, year)
    return YearEvidence(imported, ratings.periods, ratings.rater_error())


def year_marks(session: Session, year: AssessmentYear, categories: Categories, now: datetime) -> YearMarks:
    """Return the marks as they are now; raises what :func:`~.build.build_report` raises."""
    scheme, wave = year_scheme(session, year, categories), wave_of(session, year)
    first, earlier = wave_of(session, year, FIRST_WAVE), wave_of(session, year, EARLIER_WAVE)
    assert wave is not None
    inputs = mark_inputs(session, year, scheme, now)  # before anything is read: what changes meanwhile is told of
    report = build_report(session, wave, categories, scheme, earlier=earlier)
    before = build_report(session, first, categories, scheme, earlier=earlier) if first else None
    return YearMarks(report, year_evidence(session, year, now).marks(report, before), inputs)
