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
MIN_PAIRS = 10  # fewer pairs of halves tell too little: the error of the correlation would be as large as itself


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

    def only(self, cells: Iterable[HalfCell]) -> "ClassSums":
        """Return the sums of some of the halves."""
        kept = tuple(sorted(cells))
        row = {cell: number for number, cell in enumerate(self.cells)}
        return ClassSums(self.dimensions, kept, self.sums[[row[cell] for cell in kept]])

    def correlation(self, dimension: str, classes: ClassSizes) -> GroupCorrelation | None:
        """Return the class correlation of a dimension, pooled over all grades that have two usable halves.

        A grade counts only if each half has at least two classes with answers. None with fewer than
        :data:`MIN_PAIRS` such grades.
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
        pooled = group_correlation(pairs)
        return pooled if pooled is not None and pooled.pairs >= MIN_PAIRS else None


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


def cells_that_serve(sums: ClassSums, classes: ClassSizes, min_n: int) -> set[HalfCell]:
    """Return the halves of grades in which both halves have two classes with answers and ``min_n`` valid persons.

    Sums of fewer would say how single persons answered, or be those of one class.
    """

    def serves(cell: HalfCell) -> bool:
        return n.get(cell, 0) >= min_n and sum(size > 0 for size in classes.get(cell, ())) >= 2

    n = {cell: sums.sums[row, :, 0].min() for row, cell in enumerate(sums.cells)}
    return {cell for cell in sums.cells if all(serves(HalfCell(cell.school, cell.grade, half)) for half in HALVES)}


def _half_sample(sums: FloatArray, class_sizes: tuple[int, ...]) -> HalfSample:
    n, total, squares = (float(value) for value in sums)
    mean = SCORE_ORIGIN + total / n if n else SCORE_ORIGIN
    variance = max(0.0, squares - total**2 / n) / (n - 1) if n > 1 else 0.0
    return HalfSample(int(n), mean, variance, class_sizes)
