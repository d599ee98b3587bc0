"""Many tests at once: with a hundred schools, five "significant" changes come from chance alone."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import FloatArray, IntArray, float_vector


def holm_adjust(p_values: ArrayLike) -> FloatArray:
    """Give p-values that may be compared with the level although many tests are read together.

    The smallest is multiplied by the number of tests, the next by one less, and so on, never falling:
    the chance of a single false alarm in the whole list then stays below the level, whatever the
    dependence between the tests.

    Parameters
    ----------
    p_values : array_like, shape (m,)
        Values 0–1; NaN stays NaN and is not counted as a test.

    Returns
    -------
    ndarray, shape (m,)
        Adjusted values, 0–1.

    Raises
    ------
    ValueError
        If a value lies outside 0–1.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6, 65–70.

    Examples
    --------
    >>> holm_adjust([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    p = float_vector(p_values, "p_values")
    if (p < 0).any() or (p > 1).any():
        raise ValueError("A p-value lies outside 0–1; pass probabilities, not test statistics.")
    order = np.argsort(p, kind="stable")
    order = order[: int(np.isfinite(p).sum())]
    scaled_p = p[order] * np.arange(len(order), 0, -1)
    adjusted = np.full(len(p), np.nan)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(scaled_p))
    return adjusted


def benjamini_hochberg_adjust(p_values: ArrayLike) -> FloatArray:
    """Give p-values of which at most a share of the level is false among those that are called: for watch-lists.

    Inputs, blanks and errors as in `holm_adjust`; tests independent or positively dependent.

    References
    ----------
    Benjamini & Hochberg (1995), JRSS B 57, 289–300.

    Examples
    --------
    >>> benjamini_hochberg_adjust([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.04, 0.04]
    """
    p = float_vector(p_values, "p_values")
    if (p < 0).any() or (p > 1).any():
        raise ValueError("A p-value lies outside 0–1; pass probabilities, not test statistics.")
    order = np.argsort(p, kind="stable")
    order = order[: int(np.isfinite(p).sum())]
    scaled_p = p[order] * len(order) / np.arange(1, len(order) + 1)
    adjusted = np.full(len(p), np.nan)
    adjusted[order] = np.minimum.accumulate(np.minimum(1.0, scaled_p)[::-1])[::-1]
    return adjusted


def count_holm_rejections(sorted_statistics: FloatArray, test_counts: IntArray, alpha: float) -> IntArray:
    """Count, row by row, how many of the largest statistics Holm's one-sided z tests reject.

    `sorted_statistics` has a family in each row, largest first; `tests` says how many tests each family has
    (more than the columns, if statistics that cannot be rejected were left out; fewer, if the row ends
    in −inf for what is no test).
    """
    tests_left = test_counts[:, None] - np.arange(sorted_statistics.shape[1])
    threshold = -special.ndtri(alpha / np.maximum(tests_left, 1))
    is_rejected = (sorted_statistics > threshold) & (tests_left > 0)
    return np.asarray(np.logical_and.accumulate(is_rejected, axis=1).sum(axis=1), dtype=np.int64)
