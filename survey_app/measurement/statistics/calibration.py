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
from .sampling import CalibrationMargin, SampleDesign


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
    group_codes, target_counts = _encode_population_counts(design, groups, counts)
    margin = CalibrationMargin(
        group_codes, _scale_to_counts(design.weights, group_codes, target_counts), design.weights
    )
    return replace(design, weights=margin.weights, margins=(*design.margins, margin))


def rake(
    design: SampleDesign,
    margins: Sequence[tuple[ArrayLike, Mapping[str, float]]],
    tolerance: float = 1e-6,
    max_iterations: int = 200,
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
    targets = [_encode_population_counts(design, groups, counts) for groups, counts in margins]
    _check_equal_totals([float(target_counts.sum()) for _, target_counts in targets])
    crossing = np.unique(np.column_stack([group_codes for group_codes, _ in targets]), axis=0, return_inverse=True)[
        1
    ].ravel()
    weights = design.weights
    for _ in range(max_iterations):
        previous_weights, steps = weights, []
        for group_codes, target_counts in targets:
            weights = _scale_to_counts(weights, group_codes, target_counts)
            steps.append(CalibrationMargin(group_codes, weights, design.weights))
        if np.abs(np.bincount(crossing, weights - previous_weights)).max() < tolerance:
            _check_margins_met(weights, targets, 10 * tolerance)
            return replace(design, weights=weights, margins=(*design.margins, *steps))
    raise ValueError(
        f"The weights did not settle in {max_iterations} rounds; some crossings of groups are empty; join groups."
    )


def _check_margins_met(weights: FloatArray, targets: Sequence[tuple[IntArray, FloatArray]], tolerance: float) -> None:
    """Refuse weights that have settled but jump to and fro between counts that cannot be met together."""
    if any(np.abs(np.bincount(code, weights) - count).max() > tolerance for code, count in targets):
        raise ValueError("The counts cannot be met together, since some crossings of groups are empty; join groups.")


def _check_equal_totals(sums: Sequence[float]) -> None:
    if not sums or not np.allclose(sums, sums[0], rtol=1e-6):
        raise ValueError(f"The counts add up to {list(sums)}; give every grouping the same population.")


def _encode_population_counts(
    design: SampleDesign, groups: ArrayLike, counts: Mapping[str, float]
) -> tuple[IntArray, FloatArray]:
    """Give each row's group as a code, and the wanted count of each code."""
    group_labels = np.asarray(groups, dtype=np.str_)
    if group_labels.shape != design.weights.shape:
        raise ValueError(
            f"The groups have shape {group_labels.shape}; pass one for each of the {len(design.weights)} rows."
        )
    names, group_codes = np.unique(group_labels, return_inverse=True)
    if set(names.tolist()) != set(counts):
        unmatched_groups = ", ".join(sorted(set(names.tolist()) ^ set(counts)))
        raise ValueError(
            f"Groups of sample and population do not match ({unmatched_groups}); join groups until both have them."
        )
    target_counts = np.array([counts[name] for name in names.tolist()], dtype=np.float64)
    if not (target_counts > 0).all():
        raise ValueError("A population count is not above 0; join that group with another.")
    return group_codes.astype(np.int64), target_counts


def _scale_to_counts(weights: FloatArray, group_codes: IntArray, target_counts: FloatArray) -> FloatArray:
    return np.asarray(weights * (target_counts / np.bincount(group_codes, weights))[group_codes], dtype=np.float64)
