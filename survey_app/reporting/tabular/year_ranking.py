"""The year-end ranking: marks beside what is certain about them, one row a school."""

from collections.abc import Iterator
from typing import Any

from survey_app.assessment.mark_report import MarkReport
from survey_app.assessment.school_marks import SchoolMarks
from survey_app.measurement.rounding import round_half_up

from ..analysis.change import SchoolChange
from ..analysis.models import COMPOSITE, RateVerdict
from ..wave_report import WaveReport

YEAR_RANKING_COLUMNS = (
    "category", "rank", "school_code", "school_name", "total", "deduction", "composite", "composite_rank", "rank_low",
    "rank_high", "band", "change", "change_verdict", "satisfied", "line_verdict", "tipping_odds", "reason",
)  # fmt: skip


def year_ranking_rows(report: WaveReport, marks: MarkReport) -> Iterator[dict[str, Any]]:
    """Yield schools by category, best total first, then those without a total; ``lines`` has the mark of each line."""
    comparison = report.comparison
    changes = comparison.changes_of(COMPOSITE) if comparison else None
    by_school = {change.school: change for change in changes.changes} if changes else {}
    main, decimals = report.scheme.settings.main, report.scheme.settings.decimals
    for entry in marks.schools:
        school = entry.school.school
        yield {
            **_school(entry),
            **_change(by_school.get(school), decimals),
            **_verdict(report.findings.rate_verdicts.get((school, main))),
            "lines": {
                line.line.id: None if line.expected is None else round_half_up(line.expected, decimals)
                for line in entry.lines
            },
        }


def _school(entry: SchoolMarks) -> dict[str, Any]:
    school, ranking = entry.school, entry.school.ranking
    return {
        "category": school.category, "rank": entry.rank, "school_code": school.code, "school_name": school.name,
        "total": entry.total, "deduction": entry.deduction, "composite": ranking.points,
        "composite_rank": ranking.rank, "rank_low": ranking.low, "rank_high": ranking.high, "band": ranking.band,
        "reason": "|".join(entry.reasons) or ranking.reason,
    }  # fmt: skip


def _change(change: SchoolChange | None, decimals: int) -> dict[str, Any]:
    if change is None:
        return {"change": None, "change_verdict": ""}
    return {"change": round_half_up(change.difference, decimals), "change_verdict": change.verdict}


def _verdict(verdict: RateVerdict | None) -> dict[str, Any]:
    if verdict is None:
        return {"satisfied": None, "line_verdict": "", "tipping_odds": None}
    odds = verdict.tipping_odds
    return {
        "satisfied": _satisfied(verdict), "line_verdict": str(verdict.verdict),
        "tipping_odds": "inf" if odds == float("inf") else round(odds, 2),
    }  # fmt: skip


def _satisfied(verdict: RateVerdict) -> float | str:
    """A bound is no number that anybody could go on with."""
    signs = {"at_least": "≥", "at_most": "≤"}
    share = round_half_up(verdict.share, 4)
    return f"{signs[verdict.bound]}{share}" if verdict.bound else share
