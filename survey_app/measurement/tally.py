"""Everything a report needs of the answers, as one value per cell that adds up.

A cell is (school, grade) within one audience and instrument. The tally of a whole is the sum of the tallies of its
parts, however it is cut; indices are computed from tallies and the roster, never from rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from .respondent_scores import CENTRE, People, score_people
from .scoring import CLASSES, Scoring, class_lookup
from .statistics.arrays import FloatArray
from .statistics.cross_products import CrossProducts

__all__ = ["CENTRE", "Cell", "Counting", "Tally", "answer_matrix", "empty", "score_people", "tally", "total"]
CHUNK = 1_000  # rows at a time: memory stays flat, in the processor's cache, and is not given back and taken again
MOMENTS = ("n", "sum", "squares", "favourable", "scored", "favourable2", "favourable_scored", "scored2")
_LOOKUP = class_lookup()


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A school and a grade; the grade is empty where none was given."""

    school: int
    grade: str = ""


@lru_cache(maxsize=64)
def _layout(scoring: Scoring) -> dict[str, tuple[slice, tuple[int, ...]]]:
    """Where each kind of sum stands in the row of a cell, and its shape."""
    dimensions, rows = len(scoring.dimensions), len(scoring.dimensions) + 1
    shapes = {
        "head": (2,), "counts": (len(scoring.items), CLASSES), "moments": (rows, len(MOMENTS)),
        "complete": (dimensions,), "items_together": (3, int(scoring.bound.sum())),
        "dimensions_together": (3, rows, rows),
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
    cells: tuple[Cell, ...]
    sums: FloatArray

    def _part(self, name: str) -> FloatArray:
        place, shape = _layout(self.scoring)[name]
        return self.sums[:, place].reshape(len(self.cells), *shape)

    @property
    def head(self) -> FloatArray:
        """Responses received, and unit respondents among them, shape (cells, 2)."""
        return self._part("head")

    @property
    def counts(self) -> FloatArray:
        """Answers by option position, don't know, blank, not shown, shape (cells, items, classes)."""
        return self._part("counts")

    @property
    def moments(self) -> FloatArray:
        """By dimension and OVERALL, shape (cells, dimensions + 1, 8).

        Valid persons, sum and sum of squares of (score − 50), then over unit respondents favourable and scored
        answers, their squares and product.
        """
        return self._part("moments")

    @property
    def complete(self) -> FloatArray:
        """Persons who scored every item of a dimension, shape (cells, dimensions)."""
        return self._part("complete")

    def items_together(self, rows: list[int], dimension: str) -> CrossProducts:
        """Cross products of the items of a dimension (points − 50) over the persons of some cells."""
        items = list(self.scoring.items_of(dimension))
        table = np.zeros((3, *self.scoring.bound.shape))
        table[:, self.scoring.bound] = self._part("items_together")[rows].sum(axis=0)
        pairs, sums, products = table[:, items][:, :, items]
        return CrossProducts(pairs, sums, products)

    def dimensions_together(self, rows: list[int]) -> CrossProducts:
        """Cross products of the overall item, then the dimensions (points − 50), over the persons of some cells."""
        pairs, sums, products = self._part("dimensions_together")[rows].sum(axis=0)
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
        whole = empty(self.scoring, cells)
        for part in (self, other):
            whole.sums[[rows[cell] for cell in part.cells]] += part.sums
        return whole

    @cached_property
    def _rows_by_school(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for row, cell in enumerate(self.cells):
            found.setdefault(cell.school, []).append(row)
        return found

    def schools(self) -> tuple[int, ...]:
        """The schools that have answers, sorted."""
        return tuple(self._rows_by_school)

    def rows_of(self, school: int) -> list[int]:
        """The rows of the cells of a school, by grade."""
        return self._rows_by_school.get(school, [])


def width(scoring: Scoring) -> int:
    """How many sums a cell has."""
    return max(int(place.stop) for place, _ in _layout(scoring).values())


def empty(scoring: Scoring, cells: tuple[Cell, ...] = ()) -> Tally:
    """A tally of no responses."""
    return Tally(scoring, cells, np.zeros((len(cells), width(scoring))))


def total(scoring: Scoring, parts: Iterable[Tally]) -> Tally:
    """The sum of any number of tallies; a tally of no responses if there are none."""
    return reduce(Tally.__add__, parts, empty(scoring))


def tally(scoring: Scoring, responses: Iterable[tuple[Cell, bytes]]) -> Tally:
    """Count responses that come in batches.

    Parameters
    ----------
    scoring : Scoring
        How answers become points.
    responses : iterable of (Cell, bytes)
        The answer strings of any number of responses of a cell, one after the other, ``scoring.width`` signs each.
        A cell may come several times.

    Raises
    ------
    ValueError
        If a batch is not a whole number of strings (see :func:`answer_matrix`) or has a sign that means nothing.
    """
    counting = Counting(scoring)
    for cell, text in responses:
        counting.add(cell, text)
    return counting.done()


def answer_matrix(text: bytes, width: int, items: int) -> NDArray[np.uint8]:
    """Answer strings of ``width`` signs each as a matrix responses × ``items`` (background signs are cut off)."""
    signs = np.frombuffer(text, dtype=np.uint8)
    if width == 0 or len(signs) % width:
        raise ValueError(
            f"{len(signs)} signs are no whole number of answers of {width} signs; the answers are damaged."
        )
    return signs.reshape(-1, width)[:, :items]


class Counting:
    """A tally in the making. Pieces of about :data:`CHUNK` rows are counted: small cells share one, large ones are cut.

    Several can be fed side by side from one reading of the answers; each holds one piece and its sums.
    """

    def __init__(self, scoring: Scoring) -> None:
        self.scoring = scoring
        self._found: dict[Cell, FloatArray] = {}
        self._cells: list[Cell] = []
        self._matrices: list[NDArray[np.uint8]] = []
        self._rows = 0

    def add(self, cell: Cell, text: bytes) -> None:
        """Answer strings of a cell, as for :func:`tally`."""
        matrix = answer_matrix(text, self.scoring.width, len(self.scoring.items))
        for start in range(0, len(matrix), CHUNK):
            piece = matrix[start : start + CHUNK]
            self._cells.append(cell)
            self._matrices.append(piece)
            self._rows += len(piece)
            if self._rows >= CHUNK:
                self._count()

    def done(self) -> Tally:
        """The tally of all that was added."""
        if self._cells:
            self._count()
        whole = empty(self.scoring, tuple(sorted(self._found)))
        for row, cell in enumerate(whole.cells):
            whole.sums[row] = self._found[cell]
        return whole

    def _count(self) -> None:
        counted = _count(self.scoring, np.concatenate(self._matrices), list(accumulate(map(len, self._matrices))))
        for cell, sums in zip(self._cells, counted, strict=True):
            if cell in self._found:
                self._found[cell] += sums
            else:
                self._found[cell] = sums.copy()
        self._cells, self._matrices, self._rows = [], [], 0


def _count(scoring: Scoring, signs: NDArray[np.uint8], ends: list[int]) -> FloatArray:
    """The sums of each piece; ``ends`` are the rows where the pieces end."""
    classes = _LOOKUP[signs]
    if classes.max(initial=0) == 255:
        raise ValueError("An answer string has a sign that means nothing; the answers are damaged.")
    people = score_people(scoring, classes)
    found = empty(scoring, tuple(Cell(piece) for piece in range(len(ends))))
    starts = [0, *ends[:-1]]
    known = _known(scoring, people)
    bins = len(scoring.items) * CLASSES
    parts = [slice(start, end) for start, end in zip(starts, ends, strict=True)]
    for piece, part in enumerate(parts):
        found.counts[piece].ravel()[:] = np.bincount(people.places[part].ravel(), minlength=bins)
    found.head[:, 0] = np.diff([0, *ends])
    found.head[:, 1] = np.add.reduceat(people.unit, starts, dtype=np.float64)
    items = scoring.membership.sum(axis=0)
    found.complete[:] = np.add.reduceat(people.scored[:, :-1] == items, starts, axis=0, dtype=np.float64)
    _write_moments(found, np.stack([known[part].T @ known[part] for part in parts]))
    answers = people.answers
    _write_items(found, np.stack([answers[part].T @ answers[part] for part in parts]))
    return found.sums


def _known(scoring: Scoring, people: People) -> FloatArray:
    """What is known of each person, side by side, so that one matrix product gives every sum of two of them.

    1, then valid (overall item, dimensions, OVERALL), distances of the same, favourable, scored.
    """
    item = scoring.overall_item
    own = np.zeros((len(people.unit), 2)) if item is None else people.answers[:, 2 * item : 2 * item + 2]
    return np.column_stack(
        [np.ones(len(own)), own[:, 1], people.valid, own[:, 0], people.distances, people.favourable, people.scored]
    )


def _write_moments(found: Tally, squares: FloatArray) -> None:
    """From the products of :func:`_known` with itself, shape (pieces, known, known)."""
    rows = len(found.scoring.dimensions) + 1
    at = np.arange(rows)
    valid, distance, favourable, scored = 2 + at, 3 + rows + at, 3 + 2 * rows + at, 3 + 3 * rows + at
    one = np.zeros_like(at)
    pairs = ((one, valid), (one, distance), (distance, distance), (one, favourable), (one, scored),
             (favourable, favourable), (favourable, scored), (scored, scored))  # fmt: skip
    for column, (first, second) in enumerate(pairs):
        found.moments[:, :, column] = squares[:, first, second]
    present, value = slice(1, 1 + rows), slice(2 + rows, 2 + 2 * rows)
    together = found._part("dimensions_together")
    together[:, 0] = squares[:, present, present]
    together[:, 1] = squares[:, value, present]
    together[:, 2] = squares[:, value, value]


def _write_items(found: Tally, squares: FloatArray) -> None:
    """From the products of points and whether scored, item by item in turn, with themselves."""
    bound = found.scoring.bound
    together = found._part("items_together")
    together[:, 0] = squares[:, 1::2, 1::2][:, bound]
    together[:, 1] = squares[:, 0::2, 1::2][:, bound]
    together[:, 2] = squares[:, 0::2, 0::2][:, bound]
