"""The answers to every item over several schools together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from survey_app.measurement.item_distribution import ItemDistribution, build_item_distribution
from survey_app.measurement.scoring import ANSWER_CLASS_COUNT, CLASS_DONT_KNOW, ItemScoring, Scoring
from survey_app.measurement.statistics.arrays import FloatArray

from ..disclosure.figures import ItemFigures, PublishableCell, PublishableItem

CellItems = tuple[PublishableCell, Mapping[str, ItemFigures]]


@dataclass(frozen=True, slots=True)
class PooledItem:
    """One item with the answers of all cells that show them."""

    scoring: ItemScoring
    distribution: ItemDistribution


def pool_items(cells: Sequence[CellItems], scoring: Scoring, min_n: int) -> Iterator[PooledItem]:
    """Return each item with the counts of the cells that show them; a hidden item or a range adds nothing."""
    shown = [items for cell, items in cells if cell.overall.n >= min_n]
    for item in scoring.items if shown else ():
        if item.asked:
            distribution = build_item_distribution(item, _sum_counts(figures[item.id] for figures in shown))
            if distribution.n >= min_n:
                yield PooledItem(item, distribution)


def _sum_counts(figures: Iterator[ItemFigures]) -> FloatArray:
    """Whole numbers added up as such: an array for each cell would cost a page of 1,000 schools 0.15 s."""
    shown = [item.distribution for item in figures if isinstance(item, PublishableItem)]
    options = [sum(column) for column in zip_longest(*(one.counts for one in shown), fillvalue=0)]
    counts = np.zeros(ANSWER_CLASS_COUNT)
    counts[: len(options)] = options
    counts[CLASS_DONT_KNOW] += sum(one.not_applicable or 0 for one in shown)
    return counts
