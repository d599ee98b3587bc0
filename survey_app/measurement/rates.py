"""Satisfaction rates: the share of scored answers that are favourable, with intervals for answers nested in persons."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .scoring import CLASS_DONT_KNOW, Scoring
from .statistics.intervals import wilson
from .strata import CONFIDENCE_LEVEL


@dataclass(frozen=True, slots=True)
class SatisfactionRate:
    """Counts of answers and shares (0–1) of them; None is undefined."""

    answers: int = 0
    favourable: int = 0
    share: float | None = None
    se_corrected: float | None = None
    low: float | None = None
    high: float | None = None
    dissatisfied: float | None = None
    not_applicable: float | None = None


def estimate_rate(
    moments: NDArray[np.float64], counts: NDArray[np.float64], scoring: Scoring, items: tuple[int, ...],
    respondents: int, population: int,
) -> SatisfactionRate:  # fmt: skip
    """The rate of a dimension: pooled answers of all unit respondents.

    Parameters
    ----------
    moments : ndarray, shape (8,)
        A row of :attr:`Tally.moments`, summed over cells.
    counts : ndarray, shape (items, classes)
        :attr:`Tally.counts`, summed over cells; ``items`` are those of the dimension.
    respondents, population : int
        Unit respondents and roster size; 0 is an unknown population.

    Notes
    -----
    The error linearises the ratio over persons: e = (favourable − R·scored) / Σ scored. The printed interval is
    R ± t(n − 1)·error without finite population correction, clipped to 0–1; Wilson with n persons where R is 0 or 1.
    """
    favourable, scored, favourable2, product, scored2 = (float(value) for value in moments[3:8])
    dont_know = float(counts[list(items), CLASS_DONT_KNOW].sum())
    not_applicable = dont_know / (scored + dont_know) if scored + dont_know else None
    if scored == 0:
        return SatisfactionRate(not_applicable=not_applicable)
    share = favourable / scored
    error_square = max(0.0, favourable2 - 2 * share * product + share**2 * scored2) / scored**2
    error = math.sqrt(error_square * respondents / (respondents - 1)) if respondents > 1 else None
    low, high = _rate_interval(share, error, respondents)
    sampling_fraction = min(1.0, respondents / population) if population else None
    return SatisfactionRate(
        answers=round(scored),
        favourable=round(favourable),
        share=share,
        se_corrected=None if error is None or sampling_fraction is None else error * math.sqrt(1 - sampling_fraction),
        low=low,
        high=high,
        dissatisfied=_count_dissatisfied(counts, scoring, items) / scored,
        not_applicable=not_applicable,
    )


def _rate_interval(share: float, error: float | None, respondents: int) -> tuple[float | None, float | None]:
    if share in (0.0, 1.0):
        limits = wilson(share * respondents, respondents, CONFIDENCE_LEVEL)
        return float(limits.low), float(limits.high)
    if error is None:
        return None, None
    half_width = float(special.stdtrit(respondents - 1, (1 + CONFIDENCE_LEVEL) / 2)) * error
    return max(0.0, share - half_width), min(1.0, share + half_width)


def _count_dissatisfied(counts: NDArray[np.float64], scoring: Scoring, items: tuple[int, ...]) -> float:
    count = 0.0
    for item in items:
        flags = np.array(scoring.items[item].dissatisfied, dtype=np.float64)
        count += float(counts[item, : len(flags)] @ flags)
    return count
