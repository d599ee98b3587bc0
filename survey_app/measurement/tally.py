"""Everything a report needs of the answers, as one value per cell that adds up.

A cell is (school, grade) within one audience and instrument. The tally of a whole is the sum of the tallies of its
parts, however it is cut; indices are computed from tallies and the roster, never from rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce
from itertools import accumulate

import numpy as np

from .scoring import ANSWER_CLASS_COUNT, Scoring
from .statistics.arrays import FloatArray
from .statistics.cross_products import CrossProducts

MOMENTS = ("n", "sum", "squares", "favourable", "scored", "favourable2", "favourable_scored", "scored2")
ENDS = ("lowest", "highest", "none_favourable", "all_favourable")
RATE_MOMENTS = MOMENTS[3:]
END_TOLERANCE = 1e-9  # a score so near an end stands at it


@dataclass(frozen=True, slots=True, order=True)
class TallyCell:
    """A school and a grade; the grade is empty where none was given."""

    school: int
    grade: str = ""


@lru_cache(maxsize=64)
def _row_layout(scoring: Scoring) -> dict[str, tuple[slice, tuple[int, ...]]]:
    """Where each kind of sum stands in the row of a cell, and its shape."""
    dimensions, rows = len(scoring.dimensions), len(scoring.dimensions) + 1
    shapes = {
        "head": (2,), "counts": (len(scoring.items), ANSWER_CLASS_COUNT), "moments": (rows, len(MOMENTS)),
        "complete": (dimensions,), "ends": (rows, len(ENDS)), "comparing": (rows, len(RATE_MOMENTS)),
        "items_together": (3, int(scoring.same_dimension.sum())),
        "dimensions_together": (3, rows, rows), "follow_ups": (len(scoring.follow_ups), ANSWER_CLASS_COUNT),
    }  # fmt: skip
    ends = list(accumulate(int(np.prod(shape)) for shape in shapes.values()))
    return {
        name: (slice(start, end), shape)
        for (name, shape), start, end in zip(shapes.items(), [0, *ends], ends, strict=False)
    }


@dataclass(frozen=True, eq=False)
class Tally:
    """Sums over the responses of each cell.

    Attributes
    ----------
    scoring : Scoring
        How answers became points; only tallies of one scoring add up.
    cells : tuple of Cell
        Sorted, each once.
    sums : ndarray, shape (cells, width)
        All sums of a cell in one row; the properties are views of it.
    """

    scoring: Scoring
    cells: tuple[TallyCell, ...]
    sums: FloatArray

    def part(self, name: str) -> FloatArray:
        """The sums of one kind, as a view that can be written: one entry a cell."""
        columns, shape = _row_layout(self.scoring)[name]
        return self.sums[:, columns].reshape(len(self.cells), *shape)

    @property
    def response_counts(self) -> FloatArray:
        """Responses received, and unit respondents among them, shape (cells, 2)."""
        return self.part("head")

    @property
    def counts(self) -> FloatArray:
        """Answers by option position, don't know, blank, not shown, shape (cells, items, classes)."""
        return self.part("counts")

    @property
    def follow_up_counts(self) -> FloatArray:
        """The same of follow-ups, shape (cells, columns of follow-ups, classes)."""
        return self.part("follow_ups")

    @property
    def moments(self) -> FloatArray:
        """By dimension and OVERALL, shape (cells, dimensions + 1, 8).

        Valid persons, sum and sum of squares of (score − 50), then over unit respondents favourable and scored
        answers, their squares and product.
        """
        return self.part("moments")

    @property
    def complete_counts(self) -> FloatArray:
        """Persons who scored every item of a dimension, shape (cells, dimensions)."""
        return self.part("complete")

    @property
    def end_counts(self) -> FloatArray:
        """By dimension and OVERALL, shape (cells, dimensions + 1, 4).

        Valid persons with the lowest and with the highest score that can be had; persons with scored answers of which
        none and of which every one is favourable.
        """
        return self.part("ends")

    @property
    def comparing_moments(self) -> FloatArray:
        """As the last five of :attr:`moments`, of the items that scores are made of: (cells, dimensions + 1, 5)."""
        return self.part("comparing")

    def item_cross_products(self, rows: list[int], dimension: str) -> CrossProducts:
        """Cross products of the items of a dimension (points − 50) over the persons of some cells."""
        items = list(self.scoring.item_positions(dimension))
        table = np.zeros((3, *self.scoring.same_dimension.shape))
        table[:, self.scoring.same_dimension] = self.part("items_together")[rows].sum(axis=0)
        pairs, sums, products = table[:, items][:, :, items]
        return CrossProducts(pairs, sums, products)

    def dimension_cross_products(self, rows: list[int]) -> CrossProducts:
        """Cross products of the overall item, then the dimensions (points − 50), over the persons of some cells."""
        pairs, sums, products = self.part("dimensions_together")[rows].sum(axis=0)
        return CrossProducts(pairs, sums, products)

    def __add__(self, other: "Tally") -> "Tally":
        """The tally of both; cells that both have are added.

        Raises
        ------
        ValueError
            If the two were scored differently.
        """
        if self.scoring.fingerprint != other.scoring.fingerprint:
            raise ValueError("Tallies of different scorings do not add up; count again with one scoring.")
        cells = tuple(sorted({*self.cells, *other.cells}))
        rows = {cell: row for row, cell in enumerate(cells)}
        result = empty_tally(self.scoring, cells)
        for summand in (self, other):
            result.sums[[rows[cell] for cell in summand.cells]] += summand.sums
        return result

    @cached_property
    def _rows_by_school(self) -> dict[int, list[int]]:
        rows_by_school: dict[int, list[int]] = {}
        for row, cell in enumerate(self.cells):
            rows_by_school.setdefault(cell.school, []).append(row)
        return rows_by_school

    def schools(self) -> tuple[int, ...]:
        """The schools that have answers, sorted."""
        return tuple(self._rows_by_school)

    def rows_for_school(self, school: int) -> list[int]:
        """The rows of the cells of a school, by grade."""
        return self._rows_by_school.get(school, [])


def sums_per_cell(scoring: Scoring) -> int:
    """How many sums a cell has."""
    return max(int(columns.stop) for columns, _ in _row_layout(scoring).values())


def empty_tally(scoring: Scoring, cells: tuple[TallyCell, ...] = ()) -> Tally:
    """A tally of no responses."""
    return Tally(scoring, cells, np.zeros((len(cells), sums_per_cell(scoring))))


def sum_tallies(scoring: Scoring, parts: Iterable[Tally]) -> Tally:
    """The sum of any number of tallies; a tally of no responses if there are none."""
    return reduce(Tally.__add__, parts, empty_tally(scoring))
