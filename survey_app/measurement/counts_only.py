"""Published tables: answers of which only the counts of each item are known.

Which answers one person gave together is not in such a table. So item figures are exact, a dimension is the mean of its
items and not of persons, its error has a known upper bound but no value, and alpha, drivers and a person's validity
are not known at all. What is not known is NaN in the tally and None in an estimate: it is never made up.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from survey_app.definition.answers import BLANK, DONT_KNOW, NOT_SHOWN

from .item_distribution import ItemDistribution, distribution_of
from .rates import Rate
from .scoring import CLASS_BLANK, CLASS_DONT_KNOW, CLASS_NOT_SHOWN, CLASSES, OVERALL, ItemScoring, Scoring
from .statistics.arrays import FloatArray
from .strata import CONFIDENCE
from .tally import Cell, Tally, empty

ItemTable = Mapping[str, float]  # option code, or ? . - for don't know, blank, not shown, to the number of answers
_SIGNS = {DONT_KNOW: CLASS_DONT_KNOW, BLANK: CLASS_BLANK, NOT_SHOWN: CLASS_NOT_SHOWN}
FAVOURABLE, SCORED = 3, 4  # columns of Tally.moments that follow from counts


@dataclass(frozen=True, slots=True)
class PublishedEstimate:
    """A dimension (or OVERALL) as far as counts tell; None is not known.

    Attributes
    ----------
    answers : int
        Answers to the item that fewest people answered.
    points : float or None
        Mean of the items' means, 0–100.
    error_at_most : float or None
        The standard error of ``points`` cannot be larger, however the items go together.
    low, high : float or None
        95 % limits with that error: at least as wide as the true ones.
    rate : Rate
        Share of favourable answers, without an error.
    flags : frozenset of str
        ``item_means``: somebody may have left an item out, so the mean of persons may differ. ``error_bound``: the
        error is a bound, because it is not known which answers came from one person.
    """

    dimension: str
    answers: int
    points: float | None
    error_at_most: float | None
    low: float | None
    high: float | None
    rate: Rate
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class PublishedCell:
    """One school as far as counts tell: its items and dimensions, OVERALL last. ``received`` is None if not known."""

    school: int
    audience: str
    received: int | None
    items: tuple[ItemDistribution, ...]
    estimates: tuple[PublishedEstimate, ...]


def published_tally(scoring: Scoring, tables: Mapping[Cell, Mapping[str, ItemTable]]) -> Tally:
    """A tally from counts alone; every sum that counts do not give is NaN.

    Such tallies add up among themselves and with tallies of answers: what one part does not know, the sum does not.

    Parameters
    ----------
    scoring : Scoring
    tables : mapping
        By cell and item id, how many gave each answer: option codes, and ``?`` (don't know), ``.`` (blank), ``-`` (not
        shown) where the table has them. An option that is not listed was chosen by nobody; a sign that is not listed is
        not known; neither is an item that is not listed.

    Raises
    ------
    ValueError
        If an item or option does not exist, or a count is not a whole number of 0 or more.
    """
    cells = tuple(sorted(tables))
    found = empty(scoring, cells)
    found.sums[:] = np.nan
    places = {item.id: at for at, item in enumerate(scoring.items)}
    for row, cell in enumerate(cells):
        for name, counts in tables[cell].items():
            if name not in places:
                raise ValueError(f"There is no item {name!r}; use the ids of instrument {scoring.instrument}.")
            found.counts[row, places[name]] = _classes(scoring.items[places[name]], counts)
        _write_totals(found, row)
    return found


def _classes(item: ItemScoring, table: ItemTable) -> FloatArray:
    """The counts of one item by class; NaN where the table does not say."""
    counts = np.zeros(CLASSES)
    counts[list(_SIGNS.values())] = np.nan
    classes = {code: at for at, code in enumerate(item.codes)} | _SIGNS
    for code, count in table.items():
        if code not in classes:
            raise ValueError(f"Item {item.id} has no option {code!r}; use {', '.join(item.codes)} or ? . -")
        if not (count >= 0 and float(count).is_integer()):
            raise ValueError(f"Item {item.id} has {count} answers {code!r}; give a whole number of 0 or more.")
        counts[classes[code]] = count
    return counts


def _write_totals(found: Tally, row: int) -> None:
    """Received, where every item accounts for every response, and the answers of each dimension."""
    scoring, counts = found.scoring, found.counts[row]
    asked = [at for at, item in enumerate(scoring.items) if item.asked]
    received = counts[asked].sum(axis=1)
    if len(np.unique(received)) == 1:
        found.head[row, 0] = received[0]
    for number, name in enumerate(scoring.dimension_rows()):
        own = list(scoring.items_of(name))
        points, favourable = scoring.point_table[own], scoring.favourable_table[own]
        answers = np.where(np.isnan(points), 0.0, counts[own])
        found.moments[row, number, FAVOURABLE] = (answers * favourable).sum()
        found.moments[row, number, SCORED] = answers.sum()


def estimate_published(tally: Tally, school: int) -> PublishedCell:
    """Everything that counts tell of one school.

    The mean of the item means has the standard error √Var(Σ w_i·m_i); whatever the correlations of the items, it is at
    most Σ w_i·s_i/√n_i, the value for items that go together perfectly.

    Raises
    ------
    ValueError
        If the tally has no table of this school.

    Notes
    -----
    The bound is Minkowski's inequality for standard deviations (Hardy, Littlewood and Pólya 1934, section 2.11).
    """
    rows = tally.rows_of(school)
    if not rows:
        raise ValueError(f"There is no table of school {school}; leave it out.")
    counts = tally.counts[rows].sum(axis=0)
    items = {
        item.id: distribution_of(item, counts[at])
        for at, item in enumerate(tally.scoring.items)
        if item.asked and not np.isnan(counts[at, : len(item.codes)]).any()
    }
    received = float(tally.head[rows, 0].sum())
    cell = _Counted(tally.scoring, counts, items)
    dimensions = [cell.dimension(name) for name in tally.scoring.dimensions]
    return PublishedCell(
        school=school, audience=tally.scoring.audience, received=int(received) if math.isfinite(received) else None,
        items=tuple(items.values()), estimates=(*dimensions, cell.overall(dimensions)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Counted:
    scoring: Scoring
    counts: FloatArray
    items: Mapping[str, ItemDistribution]

    def dimension(self, name: str) -> PublishedEstimate:
        own = [self.scoring.items[at] for at in self.scoring.items_of(name)]
        found = [(item, self.items[item.id]) for item in own if item.id in self.items and self.items[item.id].n]
        means = [distribution.index or 0.0 for _item, distribution in found]
        errors = [_error(item, distribution) for item, distribution in found]
        flags = set() if len(own) == 1 else {"error_bound"}
        if len(own) > 1 and not _answered_by_all([self.items.get(item.id) for item in own]):
            flags.add("item_means")
        answers = min((distribution.n for _item, distribution in found), default=0)
        points = sum(means) / len(means) if means else None
        return self._estimate(name, answers, points, _mean(errors), flags)

    def overall(self, dimensions: Sequence[PublishedEstimate]) -> PublishedEstimate:
        """By the weights of the dimensions; None if those with answers have less than half of the weight."""
        weights = self.scoring.weights
        known = [(float(weight), found) for weight, found in zip(weights, dimensions, strict=True) if found.answers]
        whole = sum(weight for weight, _found in known)
        flags = frozenset().union(*(found.flags for found in dimensions))
        if len(dimensions) > 1:
            flags |= {"error_bound"}
        if whole <= 0 or whole < float(weights.sum()) / 2 - 1e-12:
            return self._estimate(OVERALL, 0, None, None, flags)
        points = sum(weight * (found.points or 0.0) for weight, found in known) / whole
        errors = [None if found.error_at_most is None else found.error_at_most * weight / whole * len(known)
                  for weight, found in known]  # fmt: skip
        return self._estimate(OVERALL, min(found.answers for _weight, found in known), points, _mean(errors), flags)

    def _estimate(
        self, name: str, answers: int, points: float | None, error: float | None, flags: set[str] | frozenset[str]
    ) -> PublishedEstimate:
        low = high = None
        if points is not None and error is not None:
            half = float(special.stdtrit(answers - 1, (1 + CONFIDENCE) / 2)) * error
            low, high = max(0.0, points - half), min(100.0, points + half)
        return PublishedEstimate(name, answers, points, error, low, high, self._rate(name), frozenset(flags))

    def _rate(self, name: str) -> Rate:
        own = [at for at in self.scoring.items_of(name) if self.scoring.items[at].id in self.items]
        items = [self.scoring.items[at] for at in own]
        answers, favourable, against = (
            round(sum(float(self.counts[at, : len(flags)] @ np.array(flags, float)) for at, flags in marked))
            for marked in (
                [(at, (True,) * len(item.codes)) for at, item in zip(own, items, strict=True)],
                [(at, item.favourable) for at, item in zip(own, items, strict=True)],
                [(at, item.dissatisfied) for at, item in zip(own, items, strict=True)],
            )
        )
        doubt = float(self.counts[own, CLASS_DONT_KNOW].sum())
        not_applicable = doubt / (answers + doubt) if math.isfinite(doubt) and answers + doubt else None
        if answers == 0:
            return Rate(not_applicable=not_applicable)
        return Rate(
            answers, favourable, favourable / answers, dissatisfied=against / answers, not_applicable=not_applicable
        )


def _answered_by_all(items: Sequence[ItemDistribution | None]) -> bool:
    """Whether it is known that everybody gave a scored answer to every item."""
    return all(
        item is not None and item.n > 0 and (item.not_applicable, item.blank, item.not_shown) == (0, 0, 0)
        for item in items
    )


def _error(item: ItemScoring, found: ItemDistribution) -> float | None:
    """s/√n of one item; None for one answer."""
    if found.n < 2 or found.index is None:
        return None
    pairs = zip(found.counts, item.points, strict=True)
    spread = math.fsum(count * (points - found.index) ** 2 for count, points in pairs)
    return math.sqrt(spread / (found.n - 1) / found.n)


def _mean(errors: Sequence[float | None]) -> float | None:
    known = [error for error in errors if error is not None]
    return sum(known) / len(known) if known and len(known) == len(errors) else None
