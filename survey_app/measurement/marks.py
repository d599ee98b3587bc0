"""Mark functions: from a figure with its error to marks, without a cliff.

A function says which share g of the full marks a figure deserves. It is used in expectation over the figure's error,
M = F·E[g(θ)], θ ~ N(value, error²): a school a hair below a threshold gets a hair less, not nothing. A figure without
an error gets g itself. A scheme names a function; the assessment looks it up in :data:`MARK_FUNCTIONS`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from scipy import special


class MarkFunction(Protocol):
    """What every function offers: the share of full marks for a value known exactly, and the expected marks."""

    name: ClassVar[str]

    def share(self, value: float) -> float:
        """Return the share 0–1 of the full marks that this value deserves if it is known exactly."""

    def expected(self, value: float, error: float, full: float) -> float:
        """Return the marks to be expected, 0 to full, for a value with this standard error."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """Nothing up to ``zero_at``, everything from ``full_at``, linear between; also for response rates and gains."""

    zero_at: float
    full_at: float
    name: ClassVar[str] = "threshold"

    def __post_init__(self) -> None:
        if not self.zero_at < self.full_at:
            raise ValueError(f"zero_at is {self.zero_at} and full_at {self.full_at}; zero_at must be the smaller one.")

    def share(self, value: float) -> float:
        """Return the share of full marks for a value known exactly."""
        return min(1.0, max(0.0, (value - self.zero_at) / (self.full_at - self.zero_at)))

    def expected(self, value: float, error: float, full: float) -> float:
        """Return F·{1 − Φ(b) + (C − T₀)/(T₁ − T₀)·(Φ(b) − Φ(a)) + s/(T₁ − T₀)·(φ(a) − φ(b))}.

        a = (T₀ − C)/s, b = (T₁ − C)/s.

        Examples
        --------
        >>> round(Threshold(60, 95).expected(94, 2, 10), 6), Threshold(60, 95).expected(95, 0, 10)
        (9.601259, 10.0)
        """
        if error == 0:
            return full * self.share(value)
        a, b = (self.zero_at - value) / error, (self.full_at - value) / error
        span = self.full_at - self.zero_at
        inside = float(special.ndtr(b) - special.ndtr(a))
        share = (
            float(special.ndtr(-b))
            + (value - self.zero_at) / span * inside
            + error / span * (_normal_density(a) - _normal_density(b))
        )
        return full * min(1.0, max(0.0, share))


def _normal_density(z: float) -> float:
    return float(np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)) if abs(z) < 40 else 0.0


@dataclass(frozen=True, slots=True)
class Proportional:
    """The figure itself as a share of 100: F·C/100."""

    name: ClassVar[str] = "proportional"

    def share(self, value: float) -> float:
        """Return the share of full marks for a value known exactly."""
        return min(1.0, max(0.0, value / 100))

    def expected(self, value: float, error: float, full: float) -> float:
        """Return F·C/100; the error cancels out, as the function is linear on the whole scale.

        Examples
        --------
        >>> Proportional().expected(84.0, 2.0, 10)
        8.4
        """
        return full * self.share(value)


@dataclass(frozen=True, slots=True)
class Band:
    """Everything above the others, nothing below: the value is the distance Δ from the mean of the *other* schools."""

    name: ClassVar[str] = "band"

    def share(self, value: float) -> float:
        """Return 1 above, 0 below, ½ at the others."""
        return 1.0 if value > 0 else 0.0 if value < 0 else 0.5

    def expected(self, value: float, error: float, full: float) -> float:
        """Return F·Φ(Δ/√Var), the expected share between C and A.

        Examples
        --------
        >>> Band().expected(0.0, 1.5, 10), round(Band().expected(2.0, 1.0, 10), 3)
        (5.0, 9.772)
        """
        return full * (self.share(value) if error == 0 else float(special.ndtr(value / error)))


@dataclass(frozen=True, slots=True)
class Standardised:
    """F·clip(0.6 + 0.2·z, 0, 1), z in standard deviations of the category, as New York City's reports did.

    With few schools full marks cannot be reached at all: :func:`largest_standardised_share`.
    """

    mean: float
    sd: float
    name: ClassVar[str] = "standardised"
    CENTRE: ClassVar[float] = 0.6
    SLOPE: ClassVar[float] = 0.2

    def _as_threshold(self) -> Threshold:
        return Threshold(
            self.mean - self.CENTRE / self.SLOPE * self.sd, self.mean + (1 - self.CENTRE) / self.SLOPE * self.sd
        )

    def share(self, value: float) -> float:
        """Return the share of full marks for a value known exactly; 0.6 where all schools are alike."""
        return self._as_threshold().share(value) if self.sd > 0 else self.CENTRE

    def expected(self, value: float, error: float, full: float) -> float:
        """Return the expected marks.

        Examples
        --------
        >>> Standardised(80.0, 4.0).expected(84.0, 0.0, 10), Standardised(80.0, 0.0).expected(80.0, 1.0, 10)
        (8.0, 6.0)
        """
        return self._as_threshold().expected(value, error, full) if self.sd > 0 else full * self.CENTRE


def largest_standardised_share(schools: int) -> float:
    """Return the best share that one of so few schools can reach: z is at most (p − 1)/√p.

    Examples
    --------
    >>> [round(largest_standardised_share(p), 3) for p in (3, 4, 5)]
    [0.831, 0.9, 0.958]
    """
    if schools < 1:
        raise ValueError("There is no school; give the schools of the category.")
    z: float = (schools - 1) / schools**0.5
    return min(1.0, Standardised.CENTRE + Standardised.SLOPE * z)


MARK_FUNCTIONS: dict[str, type[MarkFunction]] = {
    function.name: function for function in (Threshold, Proportional, Band, Standardised)
}


def largest_useful_spread(full: float, reliabilities: Sequence[float]) -> float | None:
    """Return F·median λ where the median is below 0.7: the most by which marks of these schools may differ.

    None where the schools can be told apart well enough, or there are none.

    Examples
    --------
    >>> largest_useful_spread(10, [0.5, 0.6, 0.9]), largest_useful_spread(10, [0.9, 0.8])
    (6.0, None)
    """
    median = float(np.median(reliabilities)) if len(reliabilities) else 1.0
    return full * median if median < LOW_RELIABILITY else None


LOW_RELIABILITY = 0.7
