"""Marks, awards, proposals and what a scheme would do, as rows with the columns of the command line."""

from collections.abc import Iterator
from typing import Any

from survey_app.assessment.mark_figures import SchoolFigures
from survey_app.assessment.mark_report import MarkReport
from survey_app.assessment.scheme_trial import LineTrial, SchoolTrial, TriggerTrial
from survey_app.assessment.school_marks import LineMark, SchoolMarks
from survey_app.measurement.rounding import round_half_up

MARK_COLUMNS = (
    "wave", "category", "school_code", "school_name", "line", "value", "se", "share", "mark", "expected_mark",
    "deduction", "total", "rank", "reason",
)  # fmt: skip
AWARD_COLUMNS = (
    "wave", "category", "school_code", "school_name", "quota", "places", "rank", "rank_low_simultaneous",
    "rank_high_simultaneous", "outcome", "probability", "excluded_by",
)  # fmt: skip
PROPOSAL_COLUMNS = (
    "wave", "kind", "category", "school_code", "school_name", "audience", "item", "value", "limit", "p", "tipping_odds",
    "days",
)  # fmt: skip
SCHOOL_TRIAL_COLUMNS = (
    "category", "school_code", "school_name", "composite_before", "composite", "rank_before", "rank_low_before",
    "rank_high_before", "rank", "rank_low", "rank_high", "total_before", "total", "change", "surely_full",
    "surely_nothing", "reason",
)  # fmt: skip
LINE_TRIAL_COLUMNS = ("category", "line", "schools", "lowest", "highest", "sd", "moved", "near")
TRIGGER_TRIAL_COLUMNS = ("kind", "looked_at", "proposals", "false_alarms")
TOTAL = "total"


def mark_rows(report: MarkReport) -> Iterator[dict[str, Any]]:
    """Yield one row a school and line, and one for its total."""
    for entry in report.schools:
        school = {**_school(report, entry), "rank": entry.rank}
        for line in entry.lines:
            yield school | _line(line, report.scheme.settings.decimals)
        yield school | {
            "line": TOTAL, "deduction": entry.deduction, "total": entry.total, "reason": "|".join(entry.reasons),
        }  # fmt: skip


def _school(report: MarkReport, entry: SchoolMarks) -> dict[str, Any]:
    return _figures(report, entry.school)


def _figures(report: MarkReport, school: SchoolFigures) -> dict[str, Any]:
    return {"wave": report.wave, "category": school.category, "school_code": school.code, "school_name": school.name}


def _line(line: LineMark, decimals: int) -> dict[str, Any]:
    figure = line.figure
    has_error = figure is not None and figure.error > 0
    return {
        "line": line.line.id,
        "value": _rounded(figure.value if figure else None, decimals + 2),
        "se": _rounded(figure.error if figure and has_error else None, decimals + 2),
        "share": line.full,
        "mark": _rounded(line.mark, decimals),
        "expected_mark": _rounded(line.expected, decimals),
        "reason": line.reason or ("middle" if figure and figure.is_middle else ""),
    }


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round_half_up(value, decimals)


def award_rows(report: MarkReport) -> Iterator[dict[str, Any]]:
    """Yield the ranked schools of each category with a quota."""
    for awards in report.awards:
        for entry in awards.entries:
            ranking = entry.school.ranking
            yield {
                "wave": report.wave, "category": awards.category, "school_code": entry.school.code,
                "school_name": entry.school.name, "quota": awards.quota, "places": awards.places, "rank": ranking.rank,
                "rank_low_simultaneous": ranking.low_simultaneous, "rank_high_simultaneous": ranking.high_simultaneous,
                "outcome": "excluded" if entry.excluded_by else str(entry.outcome),
                "probability": _rounded(entry.probability, 4), "excluded_by": "|".join(entry.excluded_by),
            }  # fmt: skip


def proposal_rows(report: MarkReport) -> Iterator[dict[str, Any]]:
    """Yield what the triggers propose."""
    schools = {school.school: school for school in (*(entry.school for entry in report.schools), *report.members)}
    for proposal in report.proposals:
        if proposal.school in schools:
            tipping = proposal.tipping
            yield {
                **_figures(report, schools[proposal.school]),
                "kind": proposal.kind, "audience": proposal.audience, "item": proposal.item,
                "value": _rounded(proposal.value, 4), "limit": proposal.limit, "p": _rounded(proposal.p, 6),
                "tipping_odds": None if tipping is None else "inf" if tipping == float("inf") else round(tipping, 2),
                "days": proposal.days,
            }  # fmt: skip


def school_trial_rows(trials: tuple[SchoolTrial, ...]) -> Iterator[dict[str, Any]]:
    """Yield each school under the scheme before and the new one."""
    for trial in trials:
        school, ranking = trial.after.school, trial.after.school.ranking
        before = trial.before.school.ranking if trial.before else None
        yield {
            "category": school.category, "school_code": school.code, "school_name": school.name,
            "composite_before": before.points if before else None, "composite": ranking.points,
            "rank_before": before.rank if before else None, "rank_low_before": before.low if before else None,
            "rank_high_before": before.high if before else None, "rank": ranking.rank, "rank_low": ranking.low,
            "rank_high": ranking.high, "total_before": trial.before.total if trial.before else None,
            "total": trial.after.total, "change": trial.change, "surely_full": _rounded(trial.surely_full, 4),
            "surely_nothing": _rounded(trial.surely_nothing, 4), "reason": "|".join(trial.after.reasons),
        }  # fmt: skip


def line_trial_rows(trials: tuple[LineTrial, ...]) -> Iterator[dict[str, Any]]:
    """Yield spread and stability of each line."""
    for trial in trials:
        yield {
            "category": trial.category, "line": trial.line, "schools": trial.schools,
            "lowest": _rounded(trial.lowest, 2), "highest": _rounded(trial.highest, 2), "sd": _rounded(trial.sd, 3),
            "moved": _rounded(trial.moved, 4), "near": _rounded(trial.near, 4),
        }  # fmt: skip


def trigger_trial_rows(trials: tuple[TriggerTrial, ...]) -> Iterator[dict[str, Any]]:
    """Yield how often each trigger would fire, and err."""
    for trial in trials:
        yield {
            "kind": trial.kind, "looked_at": trial.looked_at, "proposals": trial.proposals,
            "false_alarms": _rounded(trial.false_alarms, 3),
        }  # fmt: skip
