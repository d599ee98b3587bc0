"""From answers to person scores, and from persons to sums: the inner loop of every tally."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .scoring import ANSWER_CLASS_COUNT, CLASS_DONT_KNOW, CLASS_NOT_SHOWN, Scoring
from .statistics.arrays import BoolArray, FloatArray, IntArray

SCORE_ORIGIN = 50.0  # scores are summed as distances from here, so that squares lose no digits
_PACKING_BASE = 4096.0  # two counts of items travel in one number: favourable + 4096 · answerable


@dataclass(frozen=True, eq=False)
class AnswerTables:
    """What each class of answer to each item is worth, item after item: one look-up instead of many.

    ``centred_points``: (items · classes, 2), points − 50 (0 without a score) beside 1 where scored. ``packed_counts``:
    favourable + 4096 · answerable. ``dimension_matrix``: from the first to sums by dimension, scored answers by
    dimension and OVERALL, and scored answers of all items. ``comparing``, ``membership``: items × (dimensions and
    OVERALL).
    """

    centred_points: FloatArray
    packed_counts: FloatArray
    dimension_matrix: FloatArray
    comparing: FloatArray
    membership: FloatArray


@lru_cache(maxsize=64)
def build_answer_tables(scoring: Scoring) -> AnswerTables:
    """The tables of a scoring, made once."""
    points = scoring.point_table
    scored = ~np.isnan(points)
    answerable = np.ones(ANSWER_CLASS_COUNT)
    answerable[[CLASS_DONT_KNOW, CLASS_NOT_SHOWN]] = 0
    centred_points = np.stack([np.where(scored, points - SCORE_ORIGIN, 0.0), scored], axis=2).reshape(-1, 2)
    items, dimensions = scoring.membership.shape
    comparing = _append_total(scoring.comparing)
    dimension_matrix = np.zeros((items, 2, 2 * dimensions + 2))
    dimension_matrix[:, 0, :dimensions] = scoring.comparing
    dimension_matrix[:, 1, dimensions:-1] = comparing
    dimension_matrix[:, 1, -1] = 1
    packed_counts = scoring.favourable_table + _PACKING_BASE * answerable
    return AnswerTables(
        centred_points,
        packed_counts.ravel(),
        dimension_matrix.reshape(2 * items, -1),
        comparing,
        comparing if scoring.comparing is scoring.membership else _append_total(scoring.membership),
    )


@dataclass(frozen=True, eq=False)
class Respondents:
    """A batch of persons; rows are persons, columns dimensions and OVERALL unless said otherwise.

    ``places``: where each answer stands in the tables (persons × items). ``answers``: points − 50 and whether scored,
    item by item in turn (persons × 2 · items). ``centred_scores``: score − 50, 0 where not valid. Counts of favourable
    and scored answers are of all items of the form; those that begin with ``comparing`` of what scores are made of.
    """

    table_positions: IntArray
    centred_answers: FloatArray
    is_unit_respondent: BoolArray
    is_valid: BoolArray
    centred_scores: FloatArray
    favourable_counts: FloatArray
    scored_counts: FloatArray
    comparing_favourable: FloatArray
    comparing_scored: FloatArray

    @property
    def scores(self) -> FloatArray:
        """Person scores in points; NaN where not valid."""
        return np.where(self.is_valid, self.centred_scores + SCORE_ORIGIN, np.nan)


def score_respondents(scoring: Scoring, classes: NDArray[np.uint8]) -> Respondents:
    """Person scores from classes (persons × items); the rules of ``docs/method.md``, section 1."""
    tables, dimensions = build_answer_tables(scoring), len(scoring.dimensions)
    table_positions = classes.astype(np.int64) + np.arange(0, classes.shape[1] * ANSWER_CLASS_COUNT, ANSWER_CLASS_COUNT)
    centred_answers = np.take(tables.centred_points, table_positions, axis=0).reshape(len(table_positions), -1)
    sums_by_dimension = centred_answers @ tables.dimension_matrix
    sums, comparing_scored = sums_by_dimension[:, :dimensions], sums_by_dimension[:, dimensions:-1]
    packed = np.take(tables.packed_counts, table_positions)
    comparing_favourable, answerable = _unpack(packed @ tables.comparing)
    favourable_counts, scored_counts = comparing_favourable, comparing_scored
    if tables.comparing is not tables.membership:
        favourable_counts = _unpack(packed @ tables.membership)[0]
        scored_counts = centred_answers[:, 1::2] @ tables.membership
    answered_counts = comparing_scored[:, :-1]
    is_valid = (answered_counts >= 1) & (answered_counts >= scoring.valid_share * answerable[:, :-1] - 1e-9)
    centred_scores = np.where(is_valid, sums / np.maximum(answered_counts, 1), 0.0)
    valid_weight = is_valid @ scoring.weights
    has_overall = (valid_weight >= scoring.weights.sum() / 2 - 1e-12) & (valid_weight > 0)
    overall = np.where(has_overall, centred_scores @ scoring.weights / np.where(has_overall, valid_weight, 1), 0.0)
    return Respondents(
        table_positions=table_positions,
        centred_answers=centred_answers,
        is_unit_respondent=sums_by_dimension[:, -1] > 0,
        is_valid=np.column_stack([is_valid, has_overall]),
        centred_scores=np.column_stack([centred_scores, overall]),
        favourable_counts=favourable_counts,
        scored_counts=scored_counts,
        comparing_favourable=comparing_favourable,
        comparing_scored=comparing_scored,
    )


def _unpack(packed: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return favourable and answerable counts."""
    answerable = np.floor(packed / _PACKING_BASE)
    return packed - answerable * _PACKING_BASE, answerable


def _append_total(by_dimension: FloatArray) -> FloatArray:
    return np.column_stack([by_dimension, by_dimension.sum(axis=1)])
