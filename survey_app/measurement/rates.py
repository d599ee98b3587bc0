"""Satisfaction rates: the share of scored answers that are favourable, with intervals for answers nested in persons."""

import math
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from .group_sums import GroupSums
from .scoring import CLASS_DONT_KNOW, Scoring
from .two_errors import TwoErrors

BOUND_STEP = 0.05  # a bound is a multiple of it


@dataclass(frozen=True, slots=True)
class SatisfactionRate:
    """Counts of answers and shares (0–1) of them; None is undefined.

    ``share`` is weighted by grade like the index, with the printed interval of this year. ``plain`` is the raw rate of
    all answers together, with the raw errors of other software.
    """

    answers: int = 0
    favourable: int = 0
    share: float | None = None
    low: float | None = None
    high: float | None = None
    plain: float | None = None
    plain_se: float | None = None
    plain_se_corrected: float | None = None
    dissatisfied: float | None = None
    not_applicable: float | None = None
    errors: TwoErrors | None = None

    def with_errors(self, errors: TwoErrors | None) -> "SatisfactionRate":
        """Return the rate with its errors and the interval of this year."""
        return _with_errors(self, errors)

    @property
    def se_year(self) -> float | None:
        """The error of this year."""
        return None if self.errors is None else self.errors.year


@dataclass(frozen=True, slots=True)
class SatisfiedPersons:
    """The share of persons whose answer to the overall item is favourable, weighted by grade; None is undefined.

    ``top3`` is the share of the best three of five options; ``groups`` the persons behind the figure. ``bound``: the
    share is only known to be at least (``at_least``) or at most (``at_most``) so high.
    """

    n: int = 0
    share: float | None = None
    low: float | None = None
    high: float | None = None
    top3: float | None = None
    groups: tuple[GroupSums, ...] = ()
    errors: TwoErrors | None = None
    bound: str = ""

    def as_range(self, unanimity: float) -> "SatisfiedPersons":
        """Return a bound, where nearly everybody chose one option, and figures as if it were the share.

        Examples
        --------
        >>> nineteen = SatisfiedPersons(20, 0.97, top3=1.0, groups=(GroupSums(50, overall_scored=20),))
        >>> nineteen.as_range(0.95).share, nineteen.as_range(0.95).top3, nineteen.as_range(0.95).bound
        (0.95, None, 'at_least')
        >>> SatisfiedPersons(20, 0.021).as_range(0.95).share, SatisfiedPersons(20, 0.93).as_range(0.95).share
        (0.05, 0.9)
        """
        if self.share is None:
            return self
        is_most = self.share > 0.5
        steps = self.share / BOUND_STEP
        edge = (
            min(unanimity, BOUND_STEP * math.floor(steps + 1e-9))
            if is_most
            else max(round(1 - unanimity, 2), BOUND_STEP * math.ceil(steps - 1e-9))
        )
        edge = round(edge, 2)
        groups = tuple(replace(group, overall_favourable=edge * group.overall_scored) for group in self.groups)
        return replace(self, share=edge, top3=None, groups=groups, bound="at_least" if is_most else "at_most")

    def with_errors(self, errors: TwoErrors | None) -> "SatisfiedPersons":
        """Return the share with its errors and the interval of this year."""
        return _with_errors(self, errors)

    @property
    def se_year(self) -> float | None:
        """The error of this year."""
        return None if self.errors is None else self.errors.year


_Figure = TypeVar("_Figure", SatisfactionRate, SatisfiedPersons)


def _with_errors(figure: _Figure, errors: TwoErrors | None) -> _Figure:
    if errors is None:
        return figure
    limits = errors.year_interval()
    return replace(figure, low=limits.low, high=limits.high, errors=errors)


def estimate_rate(
    moments: NDArray[np.float64], counts: NDArray[np.float64], scoring: Scoring, items: tuple[int, ...],
    respondents: int, population: int,
) -> SatisfactionRate:  # fmt: skip
    """The raw rate of a dimension: pooled answers of all unit respondents; ``share`` is still the raw one.

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
    The error linearises the ratio over persons: e = (favourable − R·scored) / Σ scored.
    """
    favourable, scored, favourable2, product, scored2 = (float(value) for value in moments[3:8])
    dont_know = float(counts[list(items), CLASS_DONT_KNOW].sum())
    not_applicable = dont_know / (scored + dont_know) if scored + dont_know else None
    if scored == 0:
        return SatisfactionRate(not_applicable=not_applicable)
    share = favourable / scored
    error_square = max(0.0, favourable2 - 2 * share * product + share**2 * scored2) / scored**2
    error = math.sqrt(error_square * respondents / (respondents - 1)) if respondents > 1 else None
    sampling_fraction = min(1.0, respondents / population) if population else None
    return SatisfactionRate(
        answers=round(scored),
        favourable=round(favourable),
        share=share,
        plain=share,
        plain_se=error,
        plain_se_corrected=(
            None if error is None or sampling_fraction is None else error * math.sqrt(1 - sampling_fraction)
        ),
        dissatisfied=_count_dissatisfied(counts, scoring, items) / scored,
        not_applicable=not_applicable,
    )


def _count_dissatisfied(counts: NDArray[np.float64], scoring: Scoring, items: tuple[int, ...]) -> float:
    count = 0.0
    for item in items:
        flags = np.array(scoring.items[item].dissatisfied, dtype=np.float64)
        count += float(counts[item, : len(flags)] @ flags)
    return count
