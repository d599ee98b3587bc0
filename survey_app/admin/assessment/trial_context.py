"""What the trial of a scheme shows: schools under the old and the new one, lines, triggers, and what is certain."""

from collections.abc import Iterator
from dataclasses import dataclass

from survey_app.assessment.mark_figures import ABSENCE_REASONS
from survey_app.assessment.mark_report import SPREAD_SENTENCE, MarkReport, marks_of
from survey_app.assessment.scheme_trial import LineTrial, SchoolTrial, try_lines, try_schools, try_triggers
from survey_app.definition.categories import Categories
from survey_app.foundation.translation import _, language, render
from survey_app.reporting.labels import RANKING_REASON_LABELS, mark_lines, rank_range
from survey_app.reporting.wave_report import WaveReport

from .scheme_fields import TRIGGER_LABELS

SURE = 0.975


@dataclass(frozen=True, slots=True)
class TrialSchool:
    """One school, ready to be printed; ``moves``: how many ranks it rises (+) or falls."""

    name: str
    rank_before: str
    rank: str
    moves: int
    set: str
    total_before: str
    total: str
    change: str
    full: str
    nothing: str
    is_sure: bool
    why: str


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One line of marks in the category: how far it spreads, how stable it is."""

    name: str
    schools: int
    spread: str
    sd: str
    moved: str
    near: str


@dataclass(frozen=True, slots=True)
class TrialTrigger:
    """One trigger over the district."""

    label: str
    looked_at: int
    proposals: int
    false_alarms: str


@dataclass(frozen=True, slots=True)
class TrialPage:
    """The figures of one trial. ``categories``: those that are assessed, of which one is shown."""

    categories: tuple[tuple[str, str], ...]
    category: str
    schools: tuple[TrialSchool, ...]
    lines: tuple[TrialLine, ...]
    triggers: tuple[TrialTrigger, ...]
    warning: str
    has_thresholds: bool


def trial_page(
    report: WaveReport, after: MarkReport, before: MarkReport | None, categories: Categories, category: str
) -> TrialPage:
    """The figures of one category, by default the first; triggers are counted over the district."""
    assessed = {entry.school.category for entry in after.schools}
    present = tuple((entry.id, entry.label.in_language(language())) for entry in categories.all if entry.id in assessed)
    chosen = category if category in assessed else present[0][0] if present else ""
    trials = try_schools(after, before, chosen) if chosen else ()
    headings = mark_lines(report, marks_of(after.scheme))
    warning = next((entry for entry in after.warnings if entry.category == chosen), None)
    words = {"category": dict(present)[chosen], "reliability": warning.reliability, "most": warning.most} \
        if warning else {}  # fmt: skip
    return TrialPage(
        present, chosen, tuple(_school(trial) for trial in trials),
        tuple(_line(line, headings[line.line]) for line in (try_lines(after, chosen) if chosen else ())),
        tuple(_triggers(after)),
        _(SPREAD_SENTENCE.template, **words) if warning else "",
        any(trial.surely_full is not None for trial in trials),
    )  # fmt: skip


def _school(trial: SchoolTrial) -> TrialSchool:
    before, after = trial.before, trial.after
    old_rank = (before.rank if before.lines else before.school.ranking.rank) if before else None
    ranking = after.school.ranking
    certainties = (trial.surely_full, trial.surely_nothing)
    return TrialSchool(
        after.school.name, str(old_rank or ""), str(after.rank or ""),
        old_rank - after.rank if old_rank and after.rank else 0,
        rank_range(ranking.low, ranking.high), _number(before.total if before else None), _number(after.total),
        "" if trial.change is None else f"{trial.change:+.2f}", percent(trial.surely_full),
        percent(trial.surely_nothing), any(value is not None and value >= SURE for value in certainties),
        _("；").join(_reasons(trial)),
    )  # fmt: skip


def _reasons(trial: SchoolTrial) -> Iterator[str]:
    yield from (render(ABSENCE_REASONS[reason].sentence) for reason in trial.after.reasons)
    if not trial.after.reasons and trial.after.school.ranking.reason:
        yield render(RANKING_REASON_LABELS[trial.after.school.ranking.reason])


def _line(line: LineTrial, heading: str) -> TrialLine:
    return TrialLine(
        heading, line.schools, f"{line.lowest:.2f}–{line.highest:.2f}", f"{line.sd:.2f}", percent(line.moved),
        percent(line.near),
    )  # fmt: skip


def _triggers(marks: MarkReport) -> Iterator[TrialTrigger]:
    for trial in try_triggers(marks):
        alarms = f"{trial.false_alarms:.2f}" if trial.false_alarms >= 0.005 or not trial.false_alarms else "<0.01"
        yield TrialTrigger(render(TRIGGER_LABELS[trial.kind]), trial.looked_at, trial.proposals, alarms)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def percent(share: float | None) -> str:
    """Whole percent; never 0 or 100 for what is not certain."""
    if share is None:
        return ""
    return "<1%" if 0 < share < 0.005 else ">99%" if 0.995 <= share < 1 else f"{share:.0%}"
