"""Triggers as evaluated facts: what a scheme's conditions propose, with the evidence. People decide."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from survey_app.measurement.statistics.intervals import wilson
from survey_app.measurement.statistics.multiplicity import benjamini_hochberg_adjust, holm_adjust
from survey_app.measurement.statistics.score_intervals import probability_below
from survey_app.measurement.two_errors import TwoErrors

from .scheme_rules import InterviewTrigger, LedgerTrigger, NoticeTrigger, ReminderTrigger, Triggers, WatchListTrigger

SIGNIFICANCE = 0.05
SMALL_CATEGORY = 10  # schools; below it the limits of the scheme for a small category hold
TRIGGER_KINDS = ("notice", "reminder", "interview", "ledger", "watch_list")


@dataclass(frozen=True, slots=True)
class CellRate:
    """Satisfied persons (``of_persons``), or else the satisfaction rate, of one school × audience; share 0–1."""

    school: int
    audience: str
    share: float
    errors: TwoErrors
    of_persons: bool = True


@dataclass(frozen=True, slots=True)
class ItemRate:
    """How many of the ``n`` answers to an item are dissatisfied."""

    school: int
    audience: str
    item: str
    dissatisfied: int
    n: int


@dataclass(frozen=True, slots=True)
class IndexChange:
    """Change of an index since the wave before; ``p`` adjusted for the schools of the report."""

    school: int
    audience: str
    difference: float
    p: float


@dataclass(frozen=True, slots=True)
class CategoryOutlier:
    """How far a school's composite lies from its category: one-sided probability of lying so low or lower."""

    school: int
    p: float
    schools: int


@dataclass(frozen=True, slots=True)
class TriggerFigures:
    """Everything that triggers look at; nothing of it may not be read."""

    rates: tuple[CellRate, ...] = ()
    items: tuple[ItemRate, ...] = ()
    changes: tuple[IndexChange, ...] = ()
    outliers: tuple[CategoryOutlier, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal: ``value`` is what was looked at, ``limit`` what it was held against, ``p`` how surely it is beyond.

    ``tipping``: from which selectivity of non-response it would fall. ``days``: until when it is to be answered.
    """

    kind: str
    school: int
    audience: str
    value: float
    limit: float
    p: float | None = None
    item: str = ""
    tipping: float | None = None
    days: int | None = None


def propose(triggers: Triggers, figures: TriggerFigures) -> tuple[Proposal, ...]:
    """Return what the triggers of a scheme propose, by kind; a trigger it does not state proposes nothing."""
    notices = list(_notices(triggers.notice, figures.rates)) if triggers.notice else []
    noticed = {(proposal.school, proposal.audience) for proposal in notices}
    return (
        *notices,
        *(_reminders(triggers.reminder, figures.rates, noticed) if triggers.reminder else ()),
        *(_interviews(triggers.interview, figures.outliers) if triggers.interview else ()),
        *(_ledger(triggers.ledger, figures) if triggers.ledger else ()),
        *(_watch_list(triggers.watch_list, triggers, figures.rates) if triggers.watch_list else ()),
    )


def _p_values(rates: Sequence[CellRate], line: float) -> list[float]:
    return [probability_below(rate.share, rate.errors.year, rate.errors.df_year, line) for rate in rates]


def _notices(trigger: NoticeTrigger, rates: Sequence[CellRate]) -> Iterator[Proposal]:
    """Surely below the line, after Holm over all school × audience cells, and standing whoever answered."""
    adjusted = holm_adjust(_p_values(rates, trigger.line)) if rates else ()
    for rate, p in zip(rates, adjusted, strict=True):
        if rate.share < trigger.line and p <= trigger.level:
            tipping = rate.errors.tipping_odds(trigger.line)
            if tipping >= trigger.tipping:
                yield Proposal(
                    "notice", rate.school, rate.audience, rate.share, trigger.line, float(p), tipping=tipping,
                    days=trigger.days,
                )  # fmt: skip


def _reminders(
    trigger: ReminderTrigger, rates: Sequence[CellRate], noticed: set[tuple[int, str]]
) -> Iterator[Proposal]:
    for rate, p in zip(rates, _p_values(rates, trigger.line), strict=True):
        if rate.share < trigger.line and (rate.school, rate.audience) not in noticed:
            yield Proposal("reminder", rate.school, rate.audience, rate.share, trigger.line, p, days=trigger.days)


def _interviews(trigger: InterviewTrigger, outliers: Sequence[CategoryOutlier]) -> Iterator[Proposal]:
    for outlier in outliers:
        limit = trigger.small_category if outlier.schools < SMALL_CATEGORY else trigger.outlier
        if outlier.p <= limit:
            yield Proposal("interview", outlier.school, "composite", outlier.p, limit, outlier.p)


def _ledger(trigger: LedgerTrigger, figures: TriggerFigures) -> Iterator[Proposal]:
    for item in figures.items:
        if item.n >= trigger.n and float(wilson(item.dissatisfied, item.n).low) > trigger.item_dissatisfied:
            yield Proposal(
                "ledger", item.school, item.audience, item.dissatisfied / item.n, trigger.item_dissatisfied,
                item=item.item,
            )  # fmt: skip
    for change in figures.changes:
        if change.p <= SIGNIFICANCE and change.difference <= -trigger.drop:
            yield Proposal("ledger", change.school, change.audience, change.difference, -trigger.drop, change.p)


def _watch_list(trigger: WatchListTrigger, triggers: Triggers, rates: Sequence[CellRate]) -> Iterator[Proposal]:
    """Benjamini–Hochberg over all cells, on the line of the notice."""
    line = (triggers.notice or NoticeTrigger()).line
    adjusted = benjamini_hochberg_adjust(_p_values(rates, line)) if rates else ()
    for rate, p in zip(rates, adjusted, strict=True):
        if p <= trigger.false_discovery:
            yield Proposal("watch_list", rate.school, rate.audience, rate.share, line, float(p))
