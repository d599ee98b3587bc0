"""What the statistics take in: vectors and matrices of numbers, checked once, at the door.

A blank is NaN. Where a statistic cannot do without a number, the check here says which input is at
fault and what to do about it; where a blank may stand, the function that takes it says so.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]


def float_vector(values: ArrayLike, name: str) -> FloatArray:
    """Give the values as a flat array of floats; blanks (NaN) may stand."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise ValueError(f"{name} has {array.ndim} dimensions; pass one flat row of numbers.")
    return array


def finite_vector(values: ArrayLike, name: str) -> FloatArray:
    """Give the values as a flat array of floats without a blank or an infinity."""
    array = float_vector(values, name)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} has a blank or infinite value; leave that school out before the call.")
    return array


def require_nonnegative(array: FloatArray, name: str) -> FloatArray:
    """Give the array back if nothing in it lies below 0; blanks may stand."""
    if (array < 0).any():
        raise ValueError(f"{name} has a value below 0; check how it was computed.")
    return array


def require_equal_lengths(**vectors: FloatArray) -> None:
    """Refuse vectors of different length, naming each with its length."""
    if len({len(array) for array in vectors.values()}) > 1:
        lengths = ", ".join(f"{name} {len(array)}" for name, array in vectors.items())
        raise ValueError(f"The inputs differ in length ({lengths}); pass one value a school in each.")


def estimates_with_errors(estimates: ArrayLike, errors: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Give estimates and their standard errors (0 allowed), both known, in equal number."""
    value, error = finite_vector(estimates, "estimates"), require_nonnegative(finite_vector(errors, "errors"), "errors")
    require_equal_lengths(estimates=value, errors=error)
    return value, error


def estimates_with_positive_errors(estimates: ArrayLike, errors: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Give estimates and errors that can be turned into weights 1/SE²: at least two, every error above 0."""
    value, error = estimates_with_errors(estimates, errors)
    if len(value) < 2:
        raise ValueError(f"There are {len(value)} estimates; at least 2 are needed to compare schools.")
    if (error == 0).any():
        raise ValueError("An error is 0, so its weight 1/SE² is infinite; leave estimates without sampling error out.")
    return value, error


def symmetric_matrix(matrix: ArrayLike, name: str) -> FloatArray:
    """Give a square symmetric matrix of floats; blanks may stand."""
    array = np.asarray(matrix, dtype=np.float64)
    if array.ndim != 2 or array.shape[0] != array.shape[1]:
        raise ValueError(f"{name} has shape {array.shape}; pass a square matrix, one row and one column an item.")
    if not np.allclose(array, array.T, equal_nan=True):
        raise ValueError(f"{name} is not symmetric; pass covariances or correlations.")
    return array
