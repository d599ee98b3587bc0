"""Funnel: which schools lie further from the mean than their size and ordinary differences explain.

A small school strays more by chance, so its limits are wider. Schools also differ for reasons nobody is
to blame for; that overdispersion τ² is added to every school's own variance. Extreme schools must not
widen the limits they are judged by: the outermost tenth on each side is drawn in before τ² is computed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import FloatArray, IntArray, estimates_with_positive_errors, float_vector, require_nonnegative
from .intervals import Interval
from .shrinkage import weight_spread

WARNING_Z, ALARM_Z = 1.96, 3.09  # about 95 % and 99.8 % of schools that are like the others lie inside


@dataclass(frozen=True, slots=True, eq=False)
class FunnelLimits:
    """Centre, overdispersion, and each school's place.

    mean, tau2 : the centre line and the additive overdispersion variance (≥ 0).
    z : shape (p,), distance from the centre in units of √(SE² + τ²).
    zone : shape (p,), 0 inside, ±1 beyond the 95 % limits, ±2 beyond the 99.8 % limits; sign as z.
    """

    mean: float
    tau2: float
    z: FloatArray
    zone: IntArray

    def limits(self, errors: ArrayLike, z: float = WARNING_Z) -> Interval:
        """Give the limits μ ± z·√(SE² + τ²) at these standard errors, to draw the funnel; blanks stay blank."""
        error = require_nonnegative(float_vector(errors, "errors"), "errors")
        half = z * np.sqrt(error**2 + self.tau2)
        return Interval(self.mean - half, self.mean + half)


def winsorize(values: FloatArray, share: float = 0.1) -> FloatArray:
    """Draw the lowest and the highest `share` of the values in to the nearest value that stays.

    Examples
    --------
    >>> winsorize(np.array([-9.0, 1, 2, 3, 4, 5, 6, 7, 8, 50])).tolist()
    [1.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 8.0]
    """
    if not 0 <= share < 0.5:
        raise ValueError(f"The share to draw in is {share}; give a share from 0 to below 0.5.")
    sorted_values = np.sort(values)
    cut_count = int(share * len(values) + 1e-9)
    return np.clip(values, sorted_values[cut_count], sorted_values[len(values) - 1 - cut_count])


def overdispersion_variance(z: FloatArray, errors: FloatArray, share: float = 0.1) -> float:
    """Give the additive overdispersion variance from naive z-scores, winsorised (Spiegelhalter 2005)."""
    excess = float((winsorize(z, share) ** 2).sum()) - (len(z) - 1)
    return max(0.0, excess / weight_spread(1 / errors**2))


def fit_funnel(estimates: ArrayLike, errors: ArrayLike, mean: float | None = None, share: float = 0.1) -> FunnelLimits:
    """Place schools in a funnel around their mean.

    Parameters
    ----------
    estimates, errors : array_like, shape (p,)
        Indices and standard errors above 0 of p ≥ 2 schools of one category.
    mean : float, optional
        The centre; by default the mean weighted by 1/SE².
    share : float
        Share winsorised on each side, 0 to below 0.5.

    Raises
    ------
    ValueError
        If a value is blank, an error is 0, or there are fewer than 2 schools.

    References
    ----------
    Spiegelhalter (2005), Quality and Safety in Health Care 14, 347–351.

    Examples
    --------
    >>> place = fit_funnel([80.0, 81.0, 79.0, 70.0, 80.0], [1.0, 1.0, 1.0, 1.0, 1.0], mean=80.0, share=0.2)
    >>> place.tau2, place.zone.tolist()
    (0.0, [0, 0, 0, -2, 0])
    """
    value, error = estimates_with_positive_errors(estimates, errors)
    weight = 1 / error**2
    centre = float(weight @ value / weight.sum()) if mean is None else mean
    tau2 = overdispersion_variance((value - centre) / error, error, share)
    z = (value - centre) / np.sqrt(error**2 + tau2)
    limits_exceeded = (np.abs(z) > WARNING_Z).astype(np.int64) + (np.abs(z) > ALARM_Z)
    return FunnelLimits(centre, tau2, z, np.sign(z).astype(np.int64) * limits_exceeded)
