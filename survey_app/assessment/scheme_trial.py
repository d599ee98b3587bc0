"""What a scheme would do to a wave: how far marks spread, how stable they are, and how often triggers would err."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from survey_app.measurement.marks import MarkFunction

from .mark_report import MarkReport
from .school_marks import LineMark, SchoolMarks
from .trigger_facts import SIGNIFICANCE, SMALL_CATEGORY, TRIGGER_KINDS

VISIBLE_DIFFERENCE = 1.0  # marks
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(31)


@dataclass(frozen=True, slots=True)
class LineTrial:
    """One line over the schools of a category; None where nobody has a figure.

    ``moved``: share of schools whose mark would differ by 1 or more in a second survey of the same truth;
    ``near``: share within one error of a threshold.
    """

    category: str
    line: str
    schools: int
    lowest: float
    highest: float
    sd: float
    moved: float
    near: float | None


@dataclass(frozen=True, slots=True)
class TriggerTrial:
    """One trigger: how much it looked at, what it proposes, and how many false alarms are to be expected of it."""

    kind: str
    looked_at: int
    proposals: int
    false_alarms: float


@dataclass(frozen=True, slots=True)
class SchoolTrial:
    """One school under the scheme before (None: it gave no marks) and the new one.

    ``surely_full`` and ``surely_nothing``: probability that the composite's truth lies beyond ``full_at`` or
    ``zero_at`` of a threshold line; None where the scheme has no such line.
    """

    after: SchoolMarks
    before: SchoolMarks | None
    surely_full: float | None
    surely_nothing: float | None

    @property
    def change(self) -> float | None:
        if self.before is None or self.before.total is None or self.after.total is None:
            return None
        return round(self.after.total - self.before.total, 9)


def try_lines(report: MarkReport, category: str = "") -> tuple[LineTrial, ...]:
    """Return each line of each category, or of one."""
    return tuple(_line_trials(report, category))


def _line_trials(report: MarkReport, chosen: str) -> Iterator[LineTrial]:
    for category in [chosen] if chosen else dict.fromkeys(entry.school.category for entry in report.schools):
        members = report.in_category(category)
        for line_id in dict.fromkeys(line.line.id for entry in members for line in entry.lines):
            lines = [line for entry in members for line in entry.lines if line.line.id == line_id]
            known = [line for line in lines if line.expected is not None]
            if known:
                expected = np.array([line.expected or 0.0 for line in known])
                yield LineTrial(
                    category, line_id, len(known), float(expected.min()), float(expected.max()),
                    float(expected.std(ddof=1)) if len(known) > 1 else 0.0, float(np.mean(_moves(known))),
                    _near_share(known),
                )  # fmt: skip


def _moves(lines: Sequence[LineMark]) -> list[float]:
    """Return for each the probability that two surveys of the same truth give marks that differ visibly."""
    values = [line.figure.value for line in lines if line.figure]
    mean, sd = float(np.mean(values)), float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
    return [
        _move_probability(line.line.mark_function(mean, sd), line.compared.value, line.compared.error, line.full)
        for line in lines
        if line.compared is not None
    ]


def _move_probability(function: MarkFunction, value: float, error: float, full: float) -> float:
    """By quadrature over both surveys: y₁ and y₂ are normal about the same truth with this error."""
    if error == 0:
        return 0.0
    marks = np.array([function.expected(value + error * float(z), error, full) for z in _NODES])
    weight = _WEIGHTS / _WEIGHTS.sum()
    is_visible = np.abs(marks[:, None] - marks[None, :]) >= VISIBLE_DIFFERENCE
    return float((weight[:, None] * weight[None, :] * is_visible).sum())


def _near_share(lines: Sequence[LineMark]) -> float | None:
    """None where the function has no thresholds or the figures have no error."""
    near = [
        any(abs(line.figure.value - limit) <= line.figure.error for limit in (line.line.zero_at, line.line.full_at)
            if limit is not None)
        for line in lines
        if line.figure is not None and line.line.zero_at is not None and line.figure.error > 0
    ]  # fmt: skip
    return float(np.mean(near)) if near else None


def try_triggers(report: MarkReport) -> tuple[TriggerTrial, ...]:
    """Return each trigger that the scheme states, with the false alarms to expect.

    Notices: at most ``level`` in the whole list (Holm). Reminders: the sum of the probabilities that those proposed are
    not below the line. Interviews and items: how many of so many unremarkable ones lie beyond the limit by chance.
    Watch list: its false discovery rate times its length.
    """
    if report.scheme.rules is None:
        return ()
    triggers, figures = report.scheme.rules.triggers, report.looked_at
    proposed = {kind: [p for p in report.proposals if p.kind == kind] for kind in TRIGGER_KINDS}
    rates, items, outliers = len(figures.rates), figures.items, figures.outliers
    found = []
    if triggers.notice:
        found.append(TriggerTrial("notice", rates, len(proposed["notice"]), triggers.notice.level if rates else 0.0))
    if triggers.reminder:
        chance = sum(proposal.p or 0.0 for proposal in proposed["reminder"])
        found.append(TriggerTrial("reminder", rates, len(proposed["reminder"]), chance))
    if triggers.interview:
        rule = triggers.interview
        chance = sum(rule.small_category if o.schools < SMALL_CATEGORY else rule.outlier for o in outliers)
        found.append(TriggerTrial("interview", len(outliers), len(proposed["interview"]), chance))
    if triggers.ledger:
        tested = int((items.n >= triggers.ledger.n).sum())
        chance = tested * SIGNIFICANCE / 2 + (SIGNIFICANCE / 2 if figures.changes else 0.0)
        found.append(TriggerTrial("ledger", tested + len(figures.changes), len(proposed["ledger"]), chance))
    if triggers.watch_list:
        n = len(proposed["watch_list"])
        found.append(TriggerTrial("watch_list", rates, n, n * triggers.watch_list.false_discovery))
    return tuple(found)


def try_schools(after: MarkReport, before: MarkReport | None, category: str = "") -> tuple[SchoolTrial, ...]:
    """Return school by school what the new scheme changes, in the order of the new one; of one category, or of all."""
    schools = after.in_category(category) if category else after.schools
    old = {entry.school.school: entry for entry in before.schools} if before else {}
    return tuple(SchoolTrial(entry, old.get(entry.school.school), *_certainty(entry)) for entry in schools)


def _certainty(entry: SchoolMarks) -> tuple[float | None, float | None]:
    line = next((m for m in entry.lines if m.line.source.kind == "composite" and m.line.full_at is not None), None)
    if line is None or line.figure is None or line.line.zero_at is None or line.line.full_at is None:
        return None, None
    figure = line.figure
    return _probability_above(figure.value - line.line.full_at, figure.error), _probability_above(
        line.line.zero_at - figure.value, figure.error
    )


def _probability_above(distance: float, error: float) -> float:
    return float(special.ndtr(distance / error)) if error > 0 else float(distance >= 0)
