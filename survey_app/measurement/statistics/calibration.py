"""Calibration: weights fitted to counts that are known from the roster.

If mothers, or one grade, answered more than others, weights put them back to their share. Fitting one
set of groups is post-stratification; several at once, without knowing their crossing, is raking.
Estimates from the fitted design have errors that know of the fitting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from .arrays import FloatArray, IntArray
from .sampling import Margin, SampleDesign


def post_stratify(design: SampleDesign, groups: ArrayLike, counts: Mapping[str, float]) -> SampleDesign:
    """Give the design with weights that add up to the known count of each group.

    Parameters
    ----------
    design : SampleDesign
    groups : array_like of str, shape (n,)
        Group of each row.
    counts : mapping
        Population count of each group, above 0; exactly the groups of the sample.

    Raises
    ------
    ValueError
        If a group has no count or a count no row (join small groups first), or a count is not above 0.

    References
    ----------
    Holt & Smith (1979), JRSS A 142, 33–46.

    Examples
    --------
    >>> from survey_app.measurement.statistics.sampling import sample_design
    >>> design = sample_design([10, 10, 10])
    >>> post_stratify(design, ["mother", "mother", "father"], {"mother": 50, "father": 50}).weights.tolist()
    [25.0, 25.0, 50.0]
    """
    code, wanted = _matched_counts(design, groups, counts)
    margin = Margin(code, _fitted(design.weights, code, wanted), design.weights)
    return replace(design, weights=margin.weights, margins=(*design.margins, margin))


def rake(
    design: SampleDesign,
    margins: Sequence[tuple[ArrayLike, Mapping[str, float]]],
    tolerance: float = 1e-6,
    rounds: int = 200,
) -> SampleDesign:
    """Give weights that meet several known counts at once (Deming & Stephan 1940; Deville & al. 1993).

    Parameters
    ----------
    margins : sequence of (groups, counts)
        Each as in `post_stratify`.
    tolerance, rounds : float, int
        Fitting ends when no crossing of groups moves by this many persons, or fails after the rounds.

    Raises
    ------
    ValueError
        As in `post_stratify`, or if the counts have different sums or cannot be met together.

    Examples
    --------
    >>> from survey_app.measurement.statistics.sampling import sample_design
    >>> margins = [(["a", "a", "b"], {"a": 6, "b": 2}), (["x", "x", "x"], {"x": 8})]
    >>> rake(sample_design([1, 1, 1]), margins).weights.tolist()
    [3.0, 3.0, 2.0]
    """
    wanted = [_matched_counts(design, groups, counts) for groups, counts in margins]
    _check_population([float(count.sum()) for _, count in wanted])
    crossing = np.unique(np.column_stack([code for code, _ in wanted]), axis=0, return_inverse=True)[1].ravel()
    weights = design.weights
    for _ in range(rounds):
        start, steps = weights, []
        for code, count in wanted:
            weights = _fitted(weights, code, count)
            steps.append(Margin(code, weights, design.weights))
        if np.abs(np.bincount(crossing, weights - start)).max() < tolerance:
            _check_met(weights, wanted, 10 * tolerance)
            return replace(design, weights=weights, margins=(*design.margins, *steps))
    raise ValueError(f"The weights did not settle in {rounds} rounds; some crossings of groups are empty; join groups.")


def _check_met(weights: FloatArray, wanted: Sequence[tuple[IntArray, FloatArray]], tolerance: float) -> None:
    """Refuse weights that have settled but jump to and fro between counts that cannot be met together."""
    if any(np.abs(np.bincount(code, weights) - count).max() > tolerance for code, count in wanted):
        raise ValueError("The counts cannot be met together, since some crossings of groups are empty; join groups.")


def _check_population(sums: Sequence[float]) -> None:
    if not sums or not np.allclose(sums, sums[0], rtol=1e-6):
        raise ValueError(f"The counts add up to {list(sums)}; give every grouping the same population.")


def _matched_counts(
    design: SampleDesign, groups: ArrayLike, counts: Mapping[str, float]
) -> tuple[IntArray, FloatArray]:
    """Give each row's group as a code, and the wanted count of each code."""
    label = np.asarray(groups, dtype=np.str_)
    if label.shape != design.weights.shape:
        raise ValueError(f"The groups have shape {label.shape}; pass one for each of the {len(design.weights)} rows.")
    names, code = np.unique(label, return_inverse=True)
    if set(names.tolist()) != set(counts):
        odd = ", ".join(sorted(set(names.tolist()) ^ set(counts)))
        raise ValueError(f"Groups of sample and population do not match ({odd}); join groups until both have them.")
    wanted = np.array([counts[name] for name in names.tolist()], dtype=np.float64)
    if not (wanted > 0).all():
        raise ValueError("A population count is not above 0; join that group with another.")
    return code.astype(np.int64), wanted


def _fitted(weights: FloatArray, code: IntArray, wanted: FloatArray) -> FloatArray:
    return np.asarray(weights * (wanted / np.bincount(code, weights))[code], dtype=np.float64)
