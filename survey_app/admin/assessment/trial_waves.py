"""What a scheme is tried on: a wave alone, or the year's own with its first period and its inspectors' scores."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from survey_app.assessment.mark_report import MarkReport
from survey_app.assessment.models import EARLIER_WAVE, FIRST_WAVE, AssessmentYear
from survey_app.assessment.schemes import Scheme
from survey_app.assessment.years import wave_of
from survey_app.foundation.translation import _
from survey_app.frame.models import Wave
from survey_app.reporting.mark_figures import ranking_only
from survey_app.reporting.reweigh import reweigh
from survey_app.reporting.wave_report import WaveReport
from survey_app.reporting.year_marks import YearEvidence, year_evidence

from ..results.report import report_under


@dataclass(frozen=True, slots=True)
class TrialWaves:
    """The wave that was chosen, the first period that counts with it, and the wave that changes are from."""

    wave_id: int
    evidence: YearEvidence
    first_id: int | None = None
    earlier_id: int | None = None

    def reports(self, scheme: Scheme) -> "TrialReports":
        """Return the reports under a scheme; raises what :func:`report_under` raises."""
        main = report_under(self.wave_id, scheme, self.earlier_id)
        first = report_under(self.first_id, scheme, self.earlier_id) if self.first_id else None
        return TrialReports(main, first, self.evidence)

    def counted(self) -> list[tuple[int, int | None]]:
        """Return the waves that must be counted, each with the one that it is compared with."""
        return [(one, self.earlier_id) for one in (self.wave_id, self.first_id) if one is not None]

    def note(self) -> str:
        """What the marks are made of besides the wave."""
        parts = []
        if self.first_id:
            parts.append(_("两期的平均"))
        if people := self.evidence.inspectors():
            parts.append(_("{n} 位责任督学的评分", n=people))
        return _("得分按：{parts}。", parts=_("、").join(parts)) if parts else ""


@dataclass(frozen=True, slots=True)
class TrialReports:
    """The report of the chosen wave, and of the first period where there is one."""

    report: WaveReport
    first: WaveReport | None
    evidence: YearEvidence
    rated: bool = False  # whether what the inspectors said is in the reports

    def reweighed(self, scheme: Scheme) -> "TrialReports":
        report, first = self._with_ratings()
        return replace(
            self, report=reweigh(report, scheme), first=reweigh(first, scheme) if first else None, rated=True
        )

    def marks(self) -> MarkReport:
        """Return the marks as the year computes them, without awards; raises :class:`UserError` where it would."""
        return self.evidence.marks_with_ratings(*self._with_ratings(), lists_awards=False)

    def _with_ratings(self) -> tuple[WaveReport, WaveReport | None]:
        if self.rated:
            return self.report, self.first
        before = self.evidence.with_ratings(self.first, 1) if self.first else None
        return self.evidence.with_ratings(self.report, 0), before

    def marks_or_ranks(self) -> MarkReport:
        """Return the marks, or only ranks where the scheme gives none."""
        rules = self.report.scheme.rules
        return self.marks() if rules is not None and rules.marks is not None else ranking_only(self.report)


def trial_waves(session: Any, year: AssessmentYear, asked: Wave, now: datetime) -> TrialWaves:
    """Return what counts with a wave: what belongs to a year, only with the year's own waves."""
    evidence, first = year_evidence(session, year, now), wave_of(session, year, FIRST_WAVE)
    earlier, main = wave_of(session, year, EARLIER_WAVE), wave_of(session, year)
    earlier_id = earlier.id if earlier and earlier.id != asked.id else None
    if main is not None and asked.id == main.id:
        is_mean = first is not None and first.sealed_at is not None
        if first is None or not is_mean:
            return TrialWaves(asked.id, evidence.of_periods(0), None, earlier_id)
        return TrialWaves(asked.id, evidence, first.id, earlier_id)
    if first is not None and asked.id == first.id:
        return TrialWaves(asked.id, evidence.of_periods(1), None, earlier_id)
    return TrialWaves(asked.id, evidence.of_periods())
