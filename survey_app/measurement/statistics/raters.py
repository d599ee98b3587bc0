"""Raters: how much judges differ in severity, from things that several of them judged.

Two-way random effects: what is judged, who judges, and the rest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class RaterAgreement:
    """Mean squares of a complete table of n targets × k raters, and what follows from them.

    targets, raters, residual : mean squares.
    within : mean square within targets (raters and residual together).
    """

    targets: float
    raters: float
    residual: float
    within: float
    n: int
    k: int

    @property
    def rater_variance(self) -> float:
        """Return how much raters differ in severity, a variance floored at 0."""
        return max(0.0, (self.raters - self.residual) / self.n)

    @property
    def error_variance(self) -> float:
        """Return the variance of one rating of a target: severity and the rest."""
        return self.rater_variance + self.residual

    @property
    def single(self) -> tuple[float, float, float]:
        """Return ICC(1,1), ICC(2,1), ICC(3,1): reliability of one rating."""
        k = self.k
        return (
            (self.targets - self.within) / (self.targets + (k - 1) * self.within),
            (self.targets - self.residual)
            / (self.targets + (k - 1) * self.residual + k * (self.raters - self.residual) / self.n),
            (self.targets - self.residual) / (self.targets + (k - 1) * self.residual),
        )

    @property
    def average(self) -> tuple[float, float, float]:
        """Return ICC(1,k), ICC(2,k), ICC(3,k): reliability of the mean of all raters."""
        return (
            (self.targets - self.within) / self.targets,
            (self.targets - self.residual) / (self.targets + (self.raters - self.residual) / self.n),
            (self.targets - self.residual) / self.targets,
        )


def rater_agreement(ratings: ArrayLike) -> RaterAgreement:
    """Return the analysis of variance of targets × raters without blanks.

    Raises
    ------
    ValueError
        If there are fewer than two targets or raters, a blank, or nothing differs between targets.

    References
    ----------
    Shrout & Fleiss (1979), Psychological Bulletin 86, 420–428.

    Examples
    --------
    >>> found = rater_agreement([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
    >>> round(found.single[1], 4), round(found.average[1], 4)
    (0.2898, 0.6201)
    """
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2 or min(table.shape) < 2 or not np.isfinite(table).all():
        raise ValueError("Ratings need at least two targets and two raters without blanks; leave others out.")
    n, k = table.shape
    target_mean, rater_mean, mean = table.mean(axis=1), table.mean(axis=0), table.mean()
    targets = k * float(((target_mean - mean) ** 2).sum()) / (n - 1)
    raters = n * float(((rater_mean - mean) ** 2).sum()) / (k - 1)
    rest = table - target_mean[:, None] - rater_mean + mean
    within = float(((table - target_mean[:, None]) ** 2).sum()) / (n * (k - 1))
    if targets == 0:
        raise ValueError("Nothing differs between the targets; there is no agreement to measure.")
    return RaterAgreement(targets, raters, float((rest**2).sum()) / ((n - 1) * (k - 1)), within, n, k)
