"""Who did not answer: how far the figure of those who did can be from that of all, and what it would take.

If one standard deviation of the figure multiplies the odds of answering by e^β, those who answered and those who did
not differ by about β standard deviations, and the figure is off by (1 − r)·β·s. That does not shrink with size.
"""

import numpy as np
from numpy.typing import ArrayLike

from .arrays import float_vector, require_equal_lengths


def nonresponse_error(response_rate: float, odds: float, sd: float) -> float:
    """Return max(0, 1 − r)·ln(odds)·s: what non-response of this selectivity adds to the error; 0 at a census.

    Raises
    ------
    ValueError
        If the odds are below 1.

    Examples
    --------
    >>> round(nonresponse_error(0.4, 1.25, 16.7), 2), nonresponse_error(1.2, 1.25, 16.7)
    (2.24, 0.0)
    """
    if not odds >= 1:
        raise ValueError(f"The odds of answering are multiplied by {odds}; give 1 (no selection) or more, as 1.1.")
    return max(0.0, 1 - response_rate) * float(np.log(odds)) * sd


def tipping_odds(low: float, high: float, line: float, response_rate: float, sd: float) -> float:
    """Return from which odds on one SD more of the figure would make a verdict on a line fall.

    exp(D/((1 − r)·s)), D the distance from the line to the nearer end of the interval, which must be one without an
    allowance for non-response. 1 where the interval holds the line (undecided), infinity where nobody is missing.

    Examples
    --------
    >>> round(tipping_odds(0.87, 0.93, 0.85, 0.6, 0.3), 3), tipping_odds(0.8, 0.9, 0.85, 0.6, 0.3)
    (1.181, 1.0)
    >>> tipping_odds(0.87, 0.93, 0.85, 1.0, 0.3)
    inf
    """
    distance = low - line if low >= line else line - high if high < line else -1.0
    if distance < 0:
        return 1.0
    missing = max(0.0, 1 - response_rate) * sd
    if missing == 0:
        return float("inf")
    return float(np.exp(min(distance / missing, 700.0)))


def r_indicator(sizes: ArrayLike, responses: ArrayLike) -> float:
    """Return how alike groups answered, 1 − 2·S: 1 if all at one rate, 0 if some wholly and some not at all.

    S² is the variance of the groups' response rates over persons less what chance alone gives, floored at 0.

    Parameters
    ----------
    sizes, responses : array_like, shape (c,)
        Persons of each group and those who answered; groups without persons are left out, rates above 1 count as 1.

    Returns
    -------
    float
        NaN if fewer than two persons are in groups.

    References
    ----------
    Schouten, Cobben & Bethlehem (2009), Survey Methodology 35, 101–113.

    Examples
    --------
    >>> round(r_indicator([50, 50], [50, 0]), 4), r_indicator([40, 40], [20, 20])
    (-0.005, 1.0)
    """
    size, answered = float_vector(sizes, "sizes"), float_vector(responses, "responses")
    require_equal_lengths(sizes=size, responses=answered)
    size, answered = size[size > 0], answered[size > 0]
    persons = float(size.sum())
    if persons < 2:
        return float("nan")
    rate = np.clip(answered / size, 0, 1)
    mean = float(size @ rate / persons)
    chance = float(size @ (rate * (1 - rate) / size)) / persons
    variance = max(0.0, float(size @ (rate - mean) ** 2) / (persons - 1) - chance)
    return 1 - 2 * float(np.sqrt(variance))
