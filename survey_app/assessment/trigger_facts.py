"""Triggers as evaluated facts: what a scheme's conditions propose, with the evidence. People decide."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import compress

import numpy as np
from numpy.typing import NDArray

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


@dataclass(frozen=True, slots=True, eq=False)
class ItemRates:
    """How many of the ``n`` answers to an item are dissatisfied, item by item: a large district has 100,000 of them.

    ``cells``: schools and audiences; ``cell``: the number of the one that a row is of; all arrays of shape (rows,).
    """

    cells: tuple[tuple[int, str], ...]
    cell: NDArray[np.int64]
    items: tuple[str, ...]
    dissatisfied: NDArray[np.int64]
    n: NDArray[np.int64]

    @classmethod
    def of(cls, cells: Mapping[tuple[int, str], Sequence[tuple[str, int, int]]]) -> "ItemRates":
        """By school and audience: item, dissatisfied and n of each of its items."""
        rows = [(place, *row) for place, found in enumerate(cells.values()) for row in found]
        place, items, dissatisfied, n = zip(*rows, strict=True) if rows else ((), (), (), ())
        return cls(
            tuple(cells), np.array(place, np.int64), items, np.array(dissatisfied, np.int64), np.array(n, np.int64)
        )

    def of_cells(self, kept: Set[tuple[int, str]]) -> "ItemRates":
        """Return the rows of these cells."""
        is_kept = np.array([cell in kept for cell in self.cells], dtype=bool)
        if is_kept.all():
            return self
        rows = is_kept[self.cell]
        return ItemRates(
            self.cells, self.cell[rows], tuple(compress(self.items, rows)), self.dissatisfied[rows], self.n[rows]
        )


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
    items: ItemRates = field(default_factory=lambda: ItemRates.of({}))
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
    below = _Below(figures.rates)
    notices = list(_notices(triggers.notice, figures.rates, below)) if triggers.notice else []
    noticed = {(proposal.school, proposal.audience) for proposal in notices}
    return (
        *notices,
        *(_reminders(triggers.reminder, figures.rates, below, noticed) if triggers.reminder else ()),
        *(_interviews(triggers.interview, figures.outliers) if triggers.interview else ()),
        *(_ledger(triggers.ledger, figures) if triggers.ledger else ()),
        *(_watch_list(triggers.watch_list, triggers, figures.rates, below) if triggers.watch_list else ()),
    )


class _Below:
    """How surely each figure is below a line; triggers mostly share one line."""

    def __init__(self, rates: Sequence[CellRate]) -> None:
        self.rates = rates
        self._known: dict[float, list[float]] = {}

    def p_values(self, line: float) -> list[float]:
        if line not in self._known:
            self._known[line] = [
                probability_below(rate.share, rate.errors.year, rate.errors.df_year, line) for rate in self.rates
            ]
        return self._known[line]


def _notices(trigger: NoticeTrigger, rates: Sequence[CellRate], below: _Below) -> Iterator[Proposal]:
    """Surely below the line, after Holm over all school × audience cells, and standing whoever answered."""
    adjusted = holm_adjust(below.p_values(trigger.line)) if rates else ()
    for rate, p in zip(rates, adjusted, strict=True):
        if rate.share < trigger.line and p <= trigger.level:
            tipping = rate.errors.tipping_odds(trigger.line)
            if tipping >= trigger.tipping:
                yield Proposal(
                    "notice", rate.school, rate.audience, rate.share, trigger.line, float(p), tipping=tipping,
                    days=trigger.days,
                )  # fmt: skip


def _reminders(
    trigger: ReminderTrigger, rates: Sequence[CellRate], below: _Below, noticed: set[tuple[int, str]]
) -> Iterator[Proposal]:
    for rate, p in zip(rates, below.p_values(trigger.line), strict=True):
        if rate.share < trigger.line and (rate.school, rate.audience) not in noticed:
            yield Proposal("reminder", rate.school, rate.audience, rate.share, trigger.line, p, days=trigger.days)


def _interviews(trigger: InterviewTrigger, outliers: Sequence[CategoryOutlier]) -> Iterator[Proposal]:
    for outlier in outliers:
        limit = trigger.small_category if outlier.schools < SMALL_CATEGORY else trigger.outlier
        if outlier.p <= limit:
            yield Proposal("interview", outlier.school, "composite", outlier.p, limit, outlier.p)


def _ledger(trigger: LedgerTrigger, figures: TriggerFigures) -> Iterator[Proposal]:
    found = figures.items
    is_sure = (found.n >= trigger.n) & (wilson(found.dissatisfied, found.n).low > trigger.item_dissatisfied)
    for row in np.flatnonzero(is_sure):
        school, audience = found.cells[found.cell[row]]
        share = int(found.dissatisfied[row]) / int(found.n[row])
        yield Proposal("ledger", school, audience, share, trigger.item_dissatisfied, item=found.items[row])
    for change in figures.changes:
        if change.p <= SIGNIFICANCE and change.difference <= -trigger.drop:
            yield Proposal("ledger", change.school, change.audience, change.difference, -trigger.drop, change.p)


def _watch_list(
    trigger: WatchListTrigger, triggers: Triggers, rates: Sequence[CellRate], below: _Below
) -> Iterator[Proposal]:
    """Benjamini–Hochberg over all cells, on the line of the notice."""
    line = (triggers.notice or NoticeTrigger()).line
    adjusted = benjamini_hochberg_adjust(below.p_values(line)) if rates else ()
    for rate, p in zip(rates, adjusted, strict=True):
        if p <= trigger.false_discovery:
            yield Proposal("watch_list", rate.school, rate.audience, rate.share, line, float(p))
