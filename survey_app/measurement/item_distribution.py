"""The answers to one item in one school × audience."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .promoters import PromoterScore, promoter_score
from .rounding import percentages
from .scoring import CLASS_BLANK, CLASS_DONT_KNOW, CLASS_NOT_SHOWN, ItemScoring
from .statistics.intervals import wilson


@dataclass(frozen=True, slots=True)
class ItemDistribution:
    """Counts by option (in the order on the screen) and what follows from them; None is undefined."""

    item: str
    n: int
    not_applicable: int | None
    blank: int | None
    not_shown: int | None
    counts: tuple[int, ...]
    percentages: tuple[float, ...]
    index: float | None
    rate: float | None
    rate_low: float | None
    rate_high: float | None
    dissatisfied: float | None
    interpolated_median: float | None
    promoters: PromoterScore | None = None


def build_item_distribution(item: ItemScoring, counts: NDArray[np.float64]) -> ItemDistribution:
    """From the counts of one item by class.

    Parameters
    ----------
    item : ItemScoring
    counts : ndarray, shape (classes,)
        Those of don't know, blank and not shown may be NaN: a published table does not always have them.
    """
    options = tuple(int(count) for count in counts[: len(item.codes)])
    n = sum(options)
    favourable = sum(count for count, is_favourable in zip(options, item.favourable, strict=True) if is_favourable)
    limits = wilson(favourable, n)
    dissatisfied = sum(
        count for count, is_dissatisfied in zip(options, item.dissatisfied, strict=True) if is_dissatisfied
    )
    return ItemDistribution(
        item=item.id,
        n=n,
        not_applicable=_count_or_none(counts[CLASS_DONT_KNOW]),
        blank=_count_or_none(counts[CLASS_BLANK]),
        not_shown=_count_or_none(counts[CLASS_NOT_SHOWN]),
        counts=options,
        percentages=_percentages(item, options),
        index=sum(count * points for count, points in zip(options, item.points, strict=True)) / n if n else None,
        rate=favourable / n if n else None,
        rate_low=float(limits.low) if n else None,
        rate_high=float(limits.high) if n else None,
        dissatisfied=dissatisfied / n if n else None,
        interpolated_median=interpolated_median(_worst_first(item, options)) if n and not item.has_ideal else None,
        promoters=promoter_score(favourable, dissatisfied, n) if item.nps else None,
    )


def _count_or_none(count: float) -> int | None:
    return None if math.isnan(count) else int(count)


def _worst_first(item: ItemScoring, options: tuple[int, ...]) -> tuple[int, ...]:
    return options if item.points[0] <= item.points[-1] else options[::-1]


def _percentages(item: ItemScoring, options: tuple[int, ...]) -> tuple[float, ...]:
    """In the order on the screen; ties go to the more favourable option."""
    best_first = item.points[0] >= item.points[-1]
    shares = percentages(options if best_first else options[::-1])
    return shares if best_first else shares[::-1]


def interpolated_median(counts: tuple[int, ...]) -> float:
    """The median on the scale 1 … k, interpolated within its category: L + (n/2 − F) / f.

    Parameters
    ----------
    counts : tuple of int
        Answers by category, least favourable first; at least one.

    Examples
    --------
    >>> round(interpolated_median((6, 20, 35, 26, 13)), 4)
    3.1857
    """
    half = sum(counts) / 2
    below = 0
    for category, count in enumerate(counts, start=1):
        if count and below + count >= half:
            return category - 0.5 + (half - below) / count
        below += count
    raise ValueError("There are no answers, so there is no median; leave the figure empty.")
