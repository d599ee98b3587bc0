"""Everything a report needs of the answers, as one value per cell that adds up.

A cell is (school, grade) within one audience and instrument. The tally of a whole is the sum of the tallies of its
parts, however it is cut; indices are computed from tallies and the roster, never from rows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np
from numpy.typing import NDArray

from .scoring import CLASS_DONT_KNOW, CLASS_NOT_SHOWN, CLASSES, Scoring, class_lookup

CENTRE = 50.0  # scores are summed as distances from here, so that squares lose no digits
CHUNK = 20_000  # rows at a time: memory stays flat
MOMENTS = ("n", "sum", "squares", "favourable", "scored", "favourable2", "favourable_scored", "scored2")
_LOOKUP = class_lookup()


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A school and a grade; the grade is empty where none was given."""

    school: int
    grade: str = ""


@dataclass(frozen=True, eq=False)
class Tally:
    """Sums over the responses of each cell.

    Attributes
    ----------
    scoring : Scoring
        How answers became points; only tallies of one scoring add up.
    cells : tuple of Cell
        Sorted, each once.
    head : ndarray, shape (cells, 2)
        Responses received, and unit respondents among them.
    counts : ndarray, shape (cells, items, classes)
        Answers by option position, don't know, blank, not shown.
    moments : ndarray, shape (cells, dimensions + 1, 8)
        By dimension and OVERALL: valid persons, sum and sum of squares of (score − 50), then over unit respondents
        favourable and scored answers, their squares and product.
    """

    scoring: Scoring
    cells: tuple[Cell, ...]
    head: NDArray[np.float64]
    counts: NDArray[np.float64]
    moments: NDArray[np.float64]

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
        total = empty(self.scoring, cells)
        for part in (self, other):
            at = [rows[cell] for cell in part.cells]
            total.head[at] += part.head
            total.counts[at] += part.counts
            total.moments[at] += part.moments
        return total

    @cached_property
    def _rows_by_school(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for row, cell in enumerate(self.cells):
            found.setdefault(cell.school, []).append(row)
        return found

    def schools(self) -> tuple[int, ...]:
        return tuple(self._rows_by_school)

    def rows_of(self, school: int) -> list[int]:
        """The rows of the cells of a school, by grade."""
        return self._rows_by_school.get(school, [])


def empty(scoring: Scoring, cells: tuple[Cell, ...] = ()) -> Tally:
    """A tally of no responses."""
    size, rows = len(cells), len(scoring.dimensions) + 1
    return Tally(
        scoring, cells, np.zeros((size, 2)), np.zeros((size, len(scoring.items), CLASSES)),
        np.zeros((size, rows, len(MOMENTS))),
    )  # fmt: skip


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
    found: dict[Cell, Tally] = {}
    for cell, matrix in _chunks(scoring, responses):
        part = _one_cell(scoring, cell, matrix)
        found[cell] = found[cell] + part if cell in found else part
    return _joined(scoring, found)


def answer_matrix(text: bytes, width: int, items: int) -> NDArray[np.uint8]:
    """Answer strings of ``width`` signs each as a matrix responses × ``items`` (background signs are cut off)."""
    signs = np.frombuffer(text, dtype=np.uint8)
    if width == 0 or len(signs) % width:
        raise ValueError(
            f"{len(signs)} signs are no whole number of answers of {width} signs; the answers are damaged."
        )
    return signs.reshape(-1, width)[:, :items]


def _chunks(scoring: Scoring, responses: Iterable[tuple[Cell, bytes]]) -> Iterator[tuple[Cell, NDArray[np.uint8]]]:
    for cell, text in responses:
        matrix = answer_matrix(text, scoring.width, len(scoring.items))
        for start in range(0, len(matrix), CHUNK):
            yield cell, matrix[start : start + CHUNK]


def _one_cell(scoring: Scoring, cell: Cell, signs: NDArray[np.uint8]) -> Tally:
    classes = _LOOKUP[signs]
    if (classes == 255).any():
        raise ValueError("An answer string has a sign that means nothing; the answers are damaged.")
    part = empty(scoring, (cell,))
    offsets = np.arange(len(scoring.items)) * CLASSES
    counted = np.bincount((classes + offsets).ravel(), minlength=len(scoring.items) * CLASSES)
    part.counts[0] = counted.reshape(len(scoring.items), CLASSES)
    part.head[0, 0] = len(signs)
    people = score_people(scoring, classes)
    part.head[0, 1] = people.unit.sum()
    part.moments[0] = people.moments()
    return part


@dataclass(frozen=True, eq=False)
class People:
    """Person scores of a batch; rows are persons, columns dimensions and OVERALL; NaN where not valid."""

    unit: NDArray[np.bool_]
    scores: NDArray[np.float64]
    favourable: NDArray[np.float64]
    scored: NDArray[np.float64]

    def moments(self) -> NDArray[np.float64]:
        """Shape (dimensions + 1, 8), in the order of :data:`MOMENTS`."""
        valid = ~np.isnan(self.scores)
        distance = np.where(valid, self.scores - CENTRE, 0.0)
        columns = (
            valid.sum(axis=0), distance.sum(axis=0), (distance**2).sum(axis=0),
            self.favourable.sum(axis=0), self.scored.sum(axis=0), (self.favourable**2).sum(axis=0),
            (self.favourable * self.scored).sum(axis=0), (self.scored**2).sum(axis=0),
        )  # fmt: skip
        return np.stack(columns, axis=1).astype(np.float64)


def score_people(scoring: Scoring, classes: NDArray[np.uint8]) -> People:
    """Person scores from classes (persons × items); the rules of ``docs/method.md``, section 1."""
    items = np.arange(len(scoring.items))
    points = scoring.point_table[items, classes]
    is_scored = ~np.isnan(points)
    answered = is_scored @ scoring.membership
    answerable = ((classes != CLASS_NOT_SHOWN) & (classes != CLASS_DONT_KNOW)) @ scoring.membership
    sums = np.where(is_scored, points, 0.0) @ scoring.membership
    valid = (answered >= 1) & (answered >= scoring.valid_share * answerable - 1e-9)
    scores = np.where(valid, sums / np.maximum(answered, 1), np.nan)
    favourable = scoring.favourable_table[items, classes] @ scoring.membership
    return People(
        unit=np.asarray(is_scored.any(axis=1)),
        scores=np.column_stack([scores, _overall(scoring, scores, valid)]),
        favourable=np.column_stack([favourable, favourable.sum(axis=1)]),
        scored=np.column_stack([answered, answered.sum(axis=1)]),
    )


def _overall(scoring: Scoring, scores: NDArray[np.float64], valid: NDArray[np.bool_]) -> NDArray[np.float64]:
    weight = valid @ scoring.weights
    weighted = np.where(valid, scores, 0.0) @ scoring.weights
    enough = weight >= scoring.weights.sum() / 2 - 1e-12
    return np.where(enough & (weight > 0), weighted / np.where(weight > 0, weight, 1), np.nan)


def _joined(scoring: Scoring, parts: dict[Cell, Tally]) -> Tally:
    cells = tuple(sorted(parts))
    joined = empty(scoring, cells)
    for row, cell in enumerate(cells):
        joined.head[row] = parts[cell].head[0]
        joined.counts[row] = parts[cell].counts[0]
        joined.moments[row] = parts[cell].moments[0]
    return joined
