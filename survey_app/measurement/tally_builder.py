"""Counts responses into a tally, in pieces that stay in the processor's cache."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from .respondent_scores import SCORE_ORIGIN, Respondents, score_respondents
from .scoring import ANSWER_CLASS_COUNT, Scoring, symbol_class_table
from .statistics.arrays import FloatArray, IntArray
from .tally import END_TOLERANCE, MOMENTS, RATE_MOMENTS, Tally, TallyCell, empty_tally

CHUNK_ROWS = 1_000  # rows at a time: memory stays flat, in the processor's cache, and is not given back and taken again
PIECE_BYTES = 4 * 1024 * 1024  # more than the arrays of a piece take together
CLASS_OF_SYMBOL = symbol_class_table()


def tally_responses(scoring: Scoring, responses: Iterable[tuple[TallyCell, bytes]]) -> Tally:
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
        If a batch is not a whole number of strings (see :func:`symbol_matrix`) or has a sign that means nothing.
    """
    builder = TallyBuilder(scoring)
    for cell, text in responses:
        builder.add(cell, text)
    return builder.build()


def symbol_matrix(text: bytes, width: int, items: int) -> NDArray[np.uint8]:
    """Return answer strings of ``width`` symbols each as a matrix responses × ``items``, without background symbols."""
    symbols = np.frombuffer(text, dtype=np.uint8)
    if width == 0 or len(symbols) % width:
        raise ValueError(
            f"{len(symbols)} signs are no whole number of answers of {width} signs; the answers are damaged."
        )
    return symbols.reshape(-1, width)[:, :items]


def _keep_freed_memory() -> None:
    """Let the allocator keep what a piece needed for the next one; half of the time went into giving it back.

    The C library of Linux gives freed memory back beyond twice the largest block that it has seen freed.
    """
    np.empty(PIECE_BYTES, dtype=np.uint8).fill(0)


class TallyBuilder:
    """A tally in the making. Pieces of about :data:`CHUNK_ROWS` rows are counted: small cells share one, large are cut.

    Several can be fed side by side from one reading of the answers; each holds one piece and its sums.
    """

    def __init__(self, scoring: Scoring) -> None:
        _keep_freed_memory()
        self.scoring = scoring
        self._sums_by_cell: dict[TallyCell, FloatArray] = {}
        self._cells: list[TallyCell] = []
        self._matrices: list[NDArray[np.uint8]] = []
        self._rows = 0

    def add(self, cell: TallyCell, text: bytes) -> None:
        """Answer strings of a cell, as for :func:`tally_responses`."""
        width = self.scoring.answer_length
        matrix = symbol_matrix(text, width, width)[:, self.scoring.counted_columns]
        for start in range(0, len(matrix), CHUNK_ROWS):
            piece = matrix[start : start + CHUNK_ROWS]
            self._cells.append(cell)
            self._matrices.append(piece)
            self._rows += len(piece)
            if self._rows >= CHUNK_ROWS:
                self._flush()

    def build(self) -> Tally:
        """The tally of all that was added."""
        if self._cells:
            self._flush()
        result = empty_tally(self.scoring, tuple(sorted(self._sums_by_cell)))
        for row, cell in enumerate(result.cells):
            result.sums[row] = self._sums_by_cell[cell]
        return result

    def _flush(self) -> None:
        piece_sums = _sum_pieces(
            self.scoring, np.concatenate(self._matrices), list(accumulate(map(len, self._matrices)))
        )
        for cell, sums in zip(self._cells, piece_sums, strict=True):
            if cell in self._sums_by_cell:
                self._sums_by_cell[cell] += sums
            else:
                self._sums_by_cell[cell] = sums.copy()
        self._cells, self._matrices, self._rows = [], [], 0


def _sum_pieces(scoring: Scoring, symbols: NDArray[np.uint8], ends: list[int]) -> FloatArray:
    """The sums of each piece; ``ends`` are the rows where the pieces end."""
    classes = CLASS_OF_SYMBOL[symbols]
    if classes.max(initial=0) == 255:
        raise ValueError("An answer string has a sign that means nothing; the answers are damaged.")
    follow_ups = classes[:, len(scoring.items) :]
    respondents = score_respondents(scoring, classes[:, : len(scoring.items)])
    result = empty_tally(scoring, tuple(TallyCell(piece) for piece in range(len(ends))))
    starts = [0, *ends[:-1]]
    person_vectors = _person_vectors(scoring, respondents)
    bin_count = len(scoring.items) * ANSWER_CLASS_COUNT
    slices = [slice(start, end) for start, end in zip(starts, ends, strict=True)]
    for piece, rows in enumerate(slices):
        for place in range(follow_ups.shape[1]):
            result.follow_up_counts[piece, place] = np.bincount(follow_ups[rows, place], minlength=ANSWER_CLASS_COUNT)
        result.counts[piece].ravel()[:] = np.bincount(respondents.table_positions[rows].ravel(), minlength=bin_count)
    result.response_counts[:, 0] = np.diff([0, *ends])
    is_complete = respondents.scored_counts[:, :-1] == scoring.membership.sum(axis=0)
    end_flags = _end_flags(scoring, respondents)
    for piece, rows in enumerate(slices):
        result.response_counts[piece, 1] = np.count_nonzero(respondents.is_unit_respondent[rows])
        result.complete_counts[piece] = np.count_nonzero(is_complete[rows], axis=0)
        result.end_counts[piece] = np.count_nonzero(end_flags[rows], axis=0)
    _write_moments(result, np.stack([person_vectors[rows].T @ person_vectors[rows] for rows in slices]))
    answers = respondents.centred_answers
    _write_item_products(result, np.stack([answers[rows].T @ answers[rows] for rows in slices]))
    return result.sums


def _person_vectors(scoring: Scoring, respondents: Respondents) -> FloatArray:
    """What is known of each person, side by side, so that one matrix product gives every sum of two of them.

    1, then valid (overall item, dimensions, OVERALL), distances of the same, favourable, scored; then the last two of
    the items that scores are made of, where these are others.
    """
    overall_position = scoring.overall_item_position
    overall_answers = (
        np.zeros((len(respondents.is_unit_respondent), 2))
        if overall_position is None
        else respondents.centred_answers[:, 2 * overall_position : 2 * overall_position + 2]
    )
    vectors = [
        np.ones(len(overall_answers)), overall_answers[:, 1], respondents.is_valid, overall_answers[:, 0],
        respondents.centred_scores, respondents.favourable_counts, respondents.scored_counts,
    ]  # fmt: skip
    if respondents.comparing_scored is not respondents.scored_counts:
        vectors += [respondents.comparing_favourable, respondents.comparing_scored]
    return np.column_stack(vectors)


def _end_flags(scoring: Scoring, respondents: Respondents) -> NDArray[np.bool_]:
    """Return which persons stand at the ends, in the order of :data:`ENDS`, shape (persons, dimensions + 1, 4)."""
    lowest, highest = (ends - SCORE_ORIGIN for ends in scoring.attainable_ends)
    scores, favourable, scored = (
        respondents.centred_scores,
        respondents.comparing_favourable,
        respondents.comparing_scored,
    )
    return np.stack(
        [
            respondents.is_valid & (scores <= lowest + END_TOLERANCE),
            respondents.is_valid & (scores >= highest - END_TOLERANCE),
            (scored > 0) & (favourable == 0),
            (scored > 0) & (favourable == scored),
        ],
        axis=2,
    )


@lru_cache(maxsize=64)
def _moment_places(rows: int, has_conditional: bool) -> tuple[IntArray, IntArray]:
    """Where the moments stand in the products: by dimension and OVERALL, :data:`MOMENTS` then :data:`RATE_MOMENTS`."""
    one, offsets = np.zeros(rows, dtype=np.int64), np.arange(rows)
    valid, distance, favourable, scored = (
        2 + offsets,
        3 + rows + offsets,
        3 + 2 * rows + offsets,
        3 + 3 * rows + offsets,
    )

    def rate_pairs(shift: int) -> list[tuple[IntArray, IntArray]]:
        fav, all_scored = favourable + shift, scored + shift
        return [(one, fav), (one, all_scored), (fav, fav), (fav, all_scored), (all_scored, all_scored)]

    pairs = [(one, valid), (one, distance), (distance, distance), *rate_pairs(0)]
    pairs += rate_pairs(2 * rows if has_conditional else 0)
    return np.stack([first for first, _ in pairs], axis=1), np.stack([second for _, second in pairs], axis=1)


def _write_moments(tally_result: Tally, products: FloatArray) -> None:
    """From the products of :func:`_person_vectors` with itself, shape (pieces, known, known)."""
    rows = len(tally_result.scoring.dimensions) + 1
    first, second = _moment_places(rows, products.shape[1] > 3 + 4 * rows)
    moments = products[:, first, second]
    tally_result.moments[:] = moments[:, :, : len(MOMENTS)]
    tally_result.comparing_moments[:] = moments[:, :, -len(RATE_MOMENTS) :]
    valid_columns, score_columns = slice(1, 1 + rows), slice(2 + rows, 2 + 2 * rows)
    cross_products = tally_result.part("dimensions_together")
    cross_products[:, 0] = products[:, valid_columns, valid_columns]
    cross_products[:, 1] = products[:, score_columns, valid_columns]
    cross_products[:, 2] = products[:, score_columns, score_columns]


def _write_item_products(tally_result: Tally, products: FloatArray) -> None:
    """From the products of points and whether scored, item by item in turn, with themselves."""
    same_dimension = tally_result.scoring.same_dimension
    cross_products = tally_result.part("items_together")
    cross_products[:, 0] = products[:, 1::2, 1::2][:, same_dimension]
    cross_products[:, 1] = products[:, 0::2, 1::2][:, same_dimension]
    cross_products[:, 2] = products[:, 0::2, 0::2][:, same_dimension]
