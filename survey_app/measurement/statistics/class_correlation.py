"""Groups that answer alike: what classes and their teachers add to the error of a school's level.

Forty persons of one class are fewer than forty witnesses. Who belongs to which class is not known; but groups are
dealt at random into two halves, and how much more the means of two halves differ than persons explain tells how
much groups differ, pooled over many pairs of halves.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import FloatArray, require_nonnegative


@dataclass(frozen=True, slots=True)
class HalfSample:
    """One half: persons, mean and variance (n − 1) of their scores, and the persons of each of its groups."""

    n: int
    mean: float
    variance: float
    group_sizes: tuple[int, ...]

    @property
    def is_usable(self) -> bool:
        """Return whether there are at least two groups and two persons."""
        return self.n >= 2 and sum(size > 0 for size in self.group_sizes) >= 2

    @property
    def _concentration(self) -> float:
        """Σm²/(Σm)²: the variance of the half's mean in units of the variance between groups."""
        sizes = np.array(self.group_sizes, dtype=np.float64)
        return float((sizes**2).sum() / sizes.sum() ** 2)

    @property
    def _share_in_variance(self) -> float:
        """(n − Σm²/n)/(n − 1): how much of the variance between groups is in the variance of the persons."""
        sizes = np.array(self.group_sizes, dtype=np.float64)
        n = float(sizes.sum())
        return (n - float((sizes**2).sum()) / n) / (n - 1)

    @property
    def mean_error_square(self) -> float:
        """Return s²/n."""
        return self.variance / self.n

    @property
    def expected_excess(self) -> float:
        """Return what one unit of variance between groups adds to the square of the difference of two means."""
        return self._concentration - self._share_in_variance / self.n

    @property
    def share_in_variance(self) -> float:
        """Return k, the share of the variance between groups that the half's own variance already has."""
        return self._share_in_variance


@dataclass(frozen=True, slots=True)
class GroupCorrelation:
    """Correlation of persons of one group, 0–1, the variance between groups, and the pairs of halves behind it."""

    correlation: float
    variance: float
    pairs: int


def group_correlation(pairs: Iterable[tuple[HalfSample, HalfSample]]) -> GroupCorrelation | None:
    """Return the correlation within groups, pooled over pairs of halves; None if no pair tells anything.

    σ² = Σ[(ȳ_A − ȳ_B)² − s_A²/n_A − s_B²/n_B] / Σ[c_A + c_B − k_A/n_A − k_B/n_B], floored at 0, c = Σm²/(Σm)²,
    k = (n − Σm²/n)/(n − 1); correlation σ²/(mean s² + σ²(1 − mean k)).

    Examples
    --------
    >>> half, other = HalfSample(20, 80.0, 90.0, (10, 10)), HalfSample(20, 84.0, 90.0, (10, 10))
    >>> found = group_correlation([(half, other)])
    >>> round(found.variance, 3), round(found.correlation, 4)
    (7.389, 0.079)
    """
    usable = [pair for pair in pairs if pair[0].is_usable and pair[1].is_usable]
    excess = sum((a.mean - b.mean) ** 2 - a.mean_error_square - b.mean_error_square for a, b in usable)
    expected = sum(a.expected_excess + b.expected_excess for a, b in usable)
    if not usable or expected <= 0:
        return None
    between = max(0.0, excess / expected)
    halves = [half for pair in usable for half in pair]
    within = float(np.mean([half.variance for half in halves]))
    share = float(np.mean([half.share_in_variance for half in halves]))
    total = within + between * (1 - share)
    return GroupCorrelation(min(1.0, between / total) if total > 0 else 0.0, between, len(usable))


def mean_group_size(sizes: ArrayLike) -> float:
    """Return Σm²/Σm, the size of the group of an average person; 1 where nobody is in a group.

    Examples
    --------
    >>> mean_group_size([10, 30])
    25.0
    """
    size = require_nonnegative(np.asarray(sizes, dtype=np.float64), "sizes")
    total = float(size.sum())
    return max(1.0, float((size**2).sum()) / total) if total > 0 else 1.0


def design_effect(group_size: ArrayLike, correlation: float) -> FloatArray:
    """Return 1 + (m̄ − 1)ρ, by which groups multiply the variance of a mean.

    Raises
    ------
    ValueError
        If the correlation lies outside 0–1.

    References
    ----------
    Kish (1965), Survey Sampling, § 5.4.

    Examples
    --------
    >>> round(float(design_effect(24.0, 0.1)), 6)
    3.3
    """
    if not 0 <= correlation <= 1:
        raise ValueError(f"The correlation within groups is {correlation}; give a number from 0 to 1.")
    return np.asarray(1 + np.maximum(np.asarray(group_size, dtype=np.float64) - 1, 0) * correlation)
