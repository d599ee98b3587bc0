"""Sums by half of a grade: all that is ever known of how alike the persons of a class answer.

When links are made, the classes of a grade are dealt at random into two halves; an answer carries its half, never its
class, until the seal. Kept are n, Σ and Σ² of the person scores per school, grade, half and dimension. They add up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from .respondent_scores import SCORE_ORIGIN
from .statistics.arrays import FloatArray
from .statistics.class_correlation import GroupCorrelation, HalfSample, group_correlation
from .tally import Tally

HALVES = ("A", "B")
MIN_CLASSES_PER_HALF = 2


@dataclass(frozen=True, slots=True, order=True)
class HalfCell:
    """A school, a grade, and one of the two halves of its classes."""

    school: int
    grade: str
    half: str

    def __post_init__(self) -> None:
        if self.half not in HALVES:
            raise ValueError(f"The half is {self.half!r}; it is one of {', '.join(HALVES)}.")


ClassSizes = Mapping[HalfCell, tuple[int, ...]]  # persons who answered, by class of the half (from the receipts)


@dataclass(frozen=True, eq=False)
class ClassSums:
    """n, Σ and Σ² of (score − 50) per half and dimension (OVERALL last), shape (cells, dimensions + 1, 3)."""

    dimensions: tuple[str, ...]
    cells: tuple[HalfCell, ...]
    sums: FloatArray

    def __add__(self, other: "ClassSums") -> "ClassSums":
        """Return the sums of both; halves that both have are added.

        Raises
        ------
        ValueError
            If the two have other dimensions.
        """
        if self.dimensions != other.dimensions:
            raise ValueError("Sums of different dimensions do not add up; count again with one scoring.")
        cells = tuple(sorted({*self.cells, *other.cells}))
        row = {cell: number for number, cell in enumerate(cells)}
        sums = np.zeros((len(cells), len(self.dimensions), 3))
        for summand in (self, other):
            sums[[row[cell] for cell in summand.cells]] += summand.sums
        return ClassSums(self.dimensions, cells, sums)

    def correlation(self, dimension: str, classes: ClassSizes) -> GroupCorrelation | None:
        """Return the class correlation of a dimension, pooled over all grades that have two usable halves.

        A grade counts only if each half has at least two classes with answers. None if there is no such grade.
        """
        column = self.dimensions.index(dimension)
        halves = {
            cell: _half_sample(self.sums[row, column], classes.get(cell, ())) for row, cell in enumerate(self.cells)
        }
        pairs = [
            (half, halves[HalfCell(cell.school, cell.grade, "B")])
            for cell, half in halves.items()
            if cell.half == "A" and HalfCell(cell.school, cell.grade, "B") in halves
        ]
        return group_correlation(pairs)


def class_sums_of(tallies: Iterable[tuple[str, Tally]]) -> ClassSums:
    """Return the sums of tallies that were each made from the answers of one half; without a grade nothing is kept.

    Raises
    ------
    ValueError
        If there is no tally.
    """
    result: ClassSums | None = None
    for half, tally in tallies:
        rows = [row for row, cell in enumerate(tally.cells) if cell.grade]
        cells = tuple(HalfCell(tally.cells[row].school, tally.cells[row].grade, half) for row in rows)
        part = ClassSums(tally.scoring.dimensions_and_overall(), cells, tally.moments[rows, :, :3].copy())
        result = part if result is None else result + part
    if result is None:
        raise ValueError("There is no tally; pass one for each half.")
    return result


def _half_sample(sums: FloatArray, class_sizes: tuple[int, ...]) -> HalfSample:
    n, total, squares = (float(value) for value in sums)
    mean = SCORE_ORIGIN + total / n if n else SCORE_ORIGIN
    variance = max(0.0, squares - total**2 / n) / (n - 1) if n > 1 else 0.0
    return HalfSample(int(n), mean, variance, class_sizes)


def deal_halves(classes: Iterable[str], order: Iterable[float]) -> dict[str, str]:
    """Return the half of each class of a grade by a random order; empty where a half would get fewer than two.

    Parameters
    ----------
    classes : iterable of str
    order : iterable of float
        One random number a class.

    Examples
    --------
    >>> deal_halves(["1", "2", "3", "4"], [0.3, 0.1, 0.9, 0.5])
    {'2': 'A', '1': 'B', '4': 'A', '3': 'B'}
    >>> deal_halves(["1", "2", "3"], [0.3, 0.1, 0.9])
    {}
    """
    names = [name for _, name in sorted(zip(order, classes, strict=True))]
    if len(names) < 2 * MIN_CLASSES_PER_HALF:
        return {}
    return {name: HALVES[position % 2] for position, name in enumerate(names)}
