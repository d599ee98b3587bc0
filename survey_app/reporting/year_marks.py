"""Marks of an assessment year: the report of its wave under the scheme of the year, with what was imported."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from survey_app.assessment.inspector_scores import inspector_means, list_inspector_scores
from survey_app.assessment.mark_figures import MarkImport
from survey_app.assessment.mark_imports import combine_imports
from survey_app.assessment.mark_report import MarkReport
from survey_app.assessment.models import EARLIER_WAVE, FIRST_WAVE, AssessmentYear, InspectorScore
from survey_app.assessment.schemes import Scheme
from survey_app.assessment.years import latest_version, list_imports, load_scheme_version, wave_of
from survey_app.definition.categories import Categories

from .build import build_report
from .inspector_figures import with_inspector_scores
from .mark_figures import marks_from_report
from .period_marks import marks_of_periods
from .tabular.mark_tables import award_rows, mark_rows, proposal_rows
from .tabular.year_ranking import year_ranking_rows
from .wave_report import WaveReport


def year_scheme(session: Session, year: AssessmentYear, categories: Categories) -> Scheme:
    """The latest version of its scheme. Raises :class:`UserError` without one."""
    return load_scheme_version(latest_version(session, year), categories)


@dataclass(frozen=True, slots=True)
class YearMarks:
    """The marks of a year beside the report that they were made of."""

    report: WaveReport
    marks: MarkReport

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """Return the tables that are kept, by name: what was computed, digit by digit as it is printed."""
        return {
            "ranking": list(year_ranking_rows(self.report, self.marks)), "marks": list(mark_rows(self.marks)),
            "awards": list(award_rows(self.marks)), "proposals": list(proposal_rows(self.marks)),
            "warnings": [asdict(warning) for warning in self.marks.warnings],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class YearEvidence:
    """What a year has beside its survey: imported marks and evaluations by inspectors.

    ``until``: of two periods, the day on which the first one closed; evaluations count to it until then.
    """

    imported: MarkImport
    scores: Sequence[InspectorScore] = ()
    until: date | None = None

    def marks(self, report: WaveReport, first: WaveReport | None = None) -> MarkReport:
        """Return the marks of the wave of the year, or of both its periods."""
        if first is None or self.until is None:
            return marks_from_report(with_inspector_scores(report, inspector_means(self.scores)), self.imported)
        return marks_of_periods(self._with_scores(first, True), self._with_scores(report, False), self.imported)

    def _with_scores(self, report: WaveReport, is_first: bool) -> WaveReport:
        assert self.until is not None
        scores = [score for score in self.scores if (score.rated_on <= self.until) is is_first]
        return with_inspector_scores(report, inspector_means(scores))


def year_evidence(session: Session, year: AssessmentYear) -> YearEvidence:
    first = wave_of(session, year, FIRST_WAVE)
    return YearEvidence(
        combine_imports(list_imports(session, year)), list_inspector_scores(session, year),
        first.closes_at.date() if first else None,
    )  # fmt: skip


def year_marks(session: Session, year: AssessmentYear, categories: Categories) -> YearMarks:
    """Return the marks as they are now; raises what :func:`~.build.build_report` raises."""
    scheme, wave = year_scheme(session, year, categories), wave_of(session, year)
    first, earlier = wave_of(session, year, FIRST_WAVE), wave_of(session, year, EARLIER_WAVE)
    assert wave is not None
    report = build_report(session, wave, categories, scheme, earlier=earlier)
    before = build_report(session, first, categories, scheme, earlier=earlier) if first else None
    return YearMarks(report, year_evidence(session, year).marks(report, before))
