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

from survey_app.definition.answer_string import BLANK, DONT_KNOW, NOT_SHOWN

from .item_distribution import ItemDistribution, build_item_distribution
from .rates import SatisfactionRate
from .scoring import ANSWER_CLASS_COUNT, CLASS_BLANK, CLASS_DONT_KNOW, CLASS_NOT_SHOWN, OVERALL, ItemScoring, Scoring
from .statistics.arrays import FloatArray
from .strata import CONFIDENCE_LEVEL
from .tally import Tally, TallyCell, empty_tally

ItemCounts = Mapping[str, float]  # option code, or ? . - for don't know, blank, not shown, to the number of answers
_SYMBOL_CLASSES = {DONT_KNOW: CLASS_DONT_KNOW, BLANK: CLASS_BLANK, NOT_SHOWN: CLASS_NOT_SHOWN}
FAVOURABLE_COLUMN, SCORED_COLUMN = 3, 4  # columns of Tally.moments that follow from counts


@dataclass(frozen=True, slots=True)
class CountsOnlyEstimate:
    """A dimension (or OVERALL) as far as counts tell; None is not known.

    Attributes
    ----------
    answers : int
        Answers to the item that fewest people answered.
    points : float or None
        Mean of the items' means, 0–100.
    error_at_most : float or None
        The standard error of ``data`` cannot be larger, however the items go together.
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
    max_error: float | None
    low: float | None
    high: float | None
    rate: SatisfactionRate
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class CountsOnlySchool:
    """One school as far as counts tell: its items and dimensions, OVERALL last. ``received`` is None if not known."""

    school: int
    audience: str
    received: int | None
    items: tuple[ItemDistribution, ...]
    estimates: tuple[CountsOnlyEstimate, ...]


def tally_from_counts(scoring: Scoring, tables: Mapping[TallyCell, Mapping[str, ItemCounts]]) -> Tally:
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
    result = empty_tally(scoring, cells)
    result.sums[:] = np.nan
    item_rows = {item.id: at for at, item in enumerate(scoring.items)}
    for row, cell in enumerate(cells):
        for name, counts in tables[cell].items():
            if name not in item_rows:
                raise ValueError(f"There is no item {name!r}; use the ids of instrument {scoring.instrument}.")
            result.counts[row, item_rows[name]] = _class_counts(scoring.items[item_rows[name]], counts)
        _write_totals(result, row)
    return result


def _class_counts(item: ItemScoring, table: ItemCounts) -> FloatArray:
    """The counts of one item by class; NaN where the table does not say."""
    counts = np.zeros(ANSWER_CLASS_COUNT)
    counts[list(_SYMBOL_CLASSES.values())] = np.nan
    classes = {code: at for at, code in enumerate(item.codes)} | _SYMBOL_CLASSES
    for code, count in table.items():
        if code not in classes:
            raise ValueError(f"Item {item.id} has no option {code!r}; use {', '.join(item.codes)} or ? . -")
        if not (count >= 0 and float(count).is_integer()):
            raise ValueError(f"Item {item.id} has {count} answers {code!r}; give a whole number of 0 or more.")
        counts[classes[code]] = count
    return counts


def _write_totals(tally_result: Tally, row: int) -> None:
    """Received, where every item accounts for every response, and the answers of each dimension."""
    scoring, counts = tally_result.scoring, tally_result.counts[row]
    asked_positions = [at for at, item in enumerate(scoring.items) if item.asked]
    received = counts[asked_positions].sum(axis=1)
    if len(np.unique(received)) == 1:
        tally_result.response_counts[row, 0] = received[0]
    for number, name in enumerate(scoring.dimensions_and_overall()):
        positions = list(scoring.item_positions(name))
        points, favourable = scoring.point_table[positions], scoring.favourable_table[positions]
        answers = np.where(np.isnan(points), 0.0, counts[positions])
        tally_result.moments[row, number, FAVOURABLE_COLUMN] = (answers * favourable).sum()
        tally_result.moments[row, number, SCORED_COLUMN] = answers.sum()


def estimate_from_counts(tally: Tally, school: int) -> CountsOnlySchool:
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
    rows = tally.rows_for_school(school)
    if not rows:
        raise ValueError(f"There is no table of school {school}; leave it out.")
    counts = tally.counts[rows].sum(axis=0)
    items = {
        item.id: build_item_distribution(item, counts[at])
        for at, item in enumerate(tally.scoring.items)
        if item.asked and not np.isnan(counts[at, : len(item.codes)]).any()
    }
    received = float(tally.response_counts[rows, 0].sum())
    cell = _SchoolCounts(tally.scoring, counts, items)
    dimensions = [cell.dimension(name) for name in tally.scoring.dimensions]
    return CountsOnlySchool(
        school=school, audience=tally.scoring.audience, received=int(received) if math.isfinite(received) else None,
        items=tuple(items.values()), estimates=(*dimensions, cell.overall(dimensions)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _SchoolCounts:
    scoring: Scoring
    counts: FloatArray
    items: Mapping[str, ItemDistribution]

    def dimension(self, name: str) -> CountsOnlyEstimate:
        dimension_items = [self.scoring.items[at] for at in self.scoring.item_positions(name)]
        answered_items = [
            (item, self.items[item.id]) for item in dimension_items if item.id in self.items and self.items[item.id].n
        ]
        means = [distribution.index or 0.0 for _item, distribution in answered_items]
        errors = [_item_error(item, distribution) for item, distribution in answered_items]
        flags = set() if len(dimension_items) == 1 else {"error_bound"}
        if len(dimension_items) > 1 and not _has_complete_answers(
            [self.items.get(item.id) for item in dimension_items]
        ):
            flags.add("item_means")
        answers = min((distribution.n for _item, distribution in answered_items), default=0)
        points = sum(means) / len(means) if means else None
        return self._estimate(name, answers, points, _mean_or_none(errors), flags)

    def overall(self, dimensions: Sequence[CountsOnlyEstimate]) -> CountsOnlyEstimate:
        """By the weights of the dimensions; None if those with answers have less than half of the weight."""
        weights = self.scoring.weights
        weighted_estimates = [
            (float(weight), dimension_estimate)
            for weight, dimension_estimate in zip(weights, dimensions, strict=True)
            if dimension_estimate.answers
        ]
        total_weight = sum(weight for weight, _found in weighted_estimates)
        flags = frozenset().union(*(dimension_estimate.flags for dimension_estimate in dimensions))
        if len(dimensions) > 1:
            flags |= {"error_bound"}
        if total_weight <= 0 or total_weight < float(weights.sum()) / 2 - 1e-12:
            return self._estimate(OVERALL, 0, None, None, flags)
        points = (
            sum(weight * (dimension_estimate.points or 0.0) for weight, dimension_estimate in weighted_estimates)
            / total_weight
        )
        errors = [
            None
            if dimension_estimate.max_error is None
            else dimension_estimate.max_error * weight / total_weight * len(weighted_estimates)
            for weight, dimension_estimate in weighted_estimates
        ]
        return self._estimate(
            OVERALL,
            min(dimension_estimate.answers for _weight, dimension_estimate in weighted_estimates),
            points,
            _mean_or_none(errors),
            flags,
        )

    def _estimate(
        self, name: str, answers: int, points: float | None, error: float | None, flags: set[str] | frozenset[str]
    ) -> CountsOnlyEstimate:
        low = high = None
        if points is not None and error is not None:
            half_width = float(special.stdtrit(answers - 1, (1 + CONFIDENCE_LEVEL) / 2)) * error
            low, high = max(0.0, points - half_width), min(100.0, points + half_width)
        return CountsOnlyEstimate(name, answers, points, error, low, high, self._rate(name), frozenset(flags))

    def _rate(self, name: str) -> SatisfactionRate:
        positions = [at for at in self.scoring.item_positions(name) if self.scoring.items[at].id in self.items]
        items = [self.scoring.items[at] for at in positions]
        answers, favourable, dissatisfied = (
            round(sum(float(self.counts[at, : len(flags)] @ np.array(flags, float)) for at, flags in flag_sets))
            for flag_sets in (
                [(at, (True,) * len(item.codes)) for at, item in zip(positions, items, strict=True)],
                [(at, item.favourable) for at, item in zip(positions, items, strict=True)],
                [(at, item.dissatisfied) for at, item in zip(positions, items, strict=True)],
            )
        )
        dont_know = float(self.counts[positions, CLASS_DONT_KNOW].sum())
        not_applicable = dont_know / (answers + dont_know) if math.isfinite(dont_know) and answers + dont_know else None
        if answers == 0:
            return SatisfactionRate(not_applicable=not_applicable)
        return SatisfactionRate(
            answers,
            favourable,
            favourable / answers,
            plain=favourable / answers,
            dissatisfied=dissatisfied / answers,
            not_applicable=not_applicable,
        )


def _has_complete_answers(items: Sequence[ItemDistribution | None]) -> bool:
    """Whether it is known that everybody gave a scored answer to every item."""
    return all(
        item is not None and item.n > 0 and (item.not_applicable, item.blank, item.not_shown) == (0, 0, 0)
        for item in items
    )


def _item_error(item: ItemScoring, distribution: ItemDistribution) -> float | None:
    """s/√n of one item; None for one answer."""
    if distribution.n < 2 or distribution.index is None:
        return None
    pairs = zip(distribution.counts, item.points, strict=True)
    sum_of_squares = math.fsum(count * (points - distribution.index) ** 2 for count, points in pairs)
    return math.sqrt(sum_of_squares / (distribution.n - 1) / distribution.n)


def _mean_or_none(errors: Sequence[float | None]) -> float | None:
    defined_errors = [error for error in errors if error is not None]
    return sum(defined_errors) / len(defined_errors) if defined_errors and len(defined_errors) == len(errors) else None
