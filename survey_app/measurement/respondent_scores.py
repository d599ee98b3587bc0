"""From answers to person scores, and from persons to sums: the inner loop of every tally."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .scoring import CLASS_DONT_KNOW, CLASS_NOT_SHOWN, CLASSES, Scoring
from .statistics.arrays import BoolArray, FloatArray, IntArray

CENTRE = 50.0  # scores are summed as distances from here, so that squares lose no digits
_SHIFT = 4096.0  # two counts of items travel in one number: favourable + 4096 · answerable


@dataclass(frozen=True, eq=False)
class AnswerTables:
    """What each class of answer to each item is worth, item after item: one look-up instead of many.

    ``worth``: (items · classes, 2), points − 50 (0 without a score) beside 1 where scored. ``packed``: favourable +
    4096 · answerable. ``spread``: from the first to sums by dimension and answers scored by dimension and in all.
    """

    worth: FloatArray
    packed: FloatArray
    spread: FloatArray


@lru_cache(maxsize=64)
def answer_tables(scoring: Scoring) -> AnswerTables:
    """The tables of a scoring, made once."""
    points = scoring.point_table
    scored = ~np.isnan(points)
    answerable = np.ones(CLASSES)
    answerable[[CLASS_DONT_KNOW, CLASS_NOT_SHOWN]] = 0
    worth = np.stack([np.where(scored, points - CENTRE, 0.0), scored], axis=2).reshape(-1, 2)
    items, dimensions = scoring.membership.shape
    spread = np.zeros((items, 2, 2 * dimensions + 1))
    spread[:, 0, :dimensions] = spread[:, 1, dimensions : 2 * dimensions] = scoring.membership
    spread[:, 1, -1] = 1
    packed = scoring.favourable_table + _SHIFT * answerable
    return AnswerTables(worth, packed.ravel(), spread.reshape(2 * items, -1))


@dataclass(frozen=True, eq=False)
class People:
    """A batch of persons; rows are persons, columns dimensions and OVERALL unless said otherwise.

    ``places``: where each answer stands in the tables (persons × items). ``answers``: points − 50 and whether scored,
    item by item in turn (persons × 2 · items). ``distances``: score − 50, 0 where not valid.
    """

    places: IntArray
    answers: FloatArray
    unit: BoolArray
    valid: BoolArray
    distances: FloatArray
    favourable: FloatArray
    scored: FloatArray

    @property
    def scores(self) -> FloatArray:
        """Person scores in points; NaN where not valid."""
        return np.where(self.valid, self.distances + CENTRE, np.nan)


def score_people(scoring: Scoring, classes: NDArray[np.uint8]) -> People:
    """Person scores from classes (persons × items); the rules of ``docs/method.md``, section 1."""
    tables, dimensions = answer_tables(scoring), len(scoring.dimensions)
    places = classes.astype(np.int64) + np.arange(0, classes.shape[1] * CLASSES, CLASSES)
    answers = np.take(tables.worth, places, axis=0).reshape(len(places), -1)
    summed = answers @ tables.spread
    sums, answered = summed[:, :dimensions], summed[:, dimensions:-1]
    packed = np.take(tables.packed, places) @ scoring.membership
    answerable = np.floor(packed / _SHIFT)
    favourable = packed - answerable * _SHIFT
    valid = (answered >= 1) & (answered >= scoring.valid_share * answerable - 1e-9)
    distances = np.where(valid, sums / np.maximum(answered, 1), 0.0)
    weight = valid @ scoring.weights
    enough = (weight >= scoring.weights.sum() / 2 - 1e-12) & (weight > 0)
    overall = np.where(enough, distances @ scoring.weights / np.where(enough, weight, 1), 0.0)
    return People(
        places=places,
        answers=answers,
        unit=summed[:, -1] > 0,
        valid=np.column_stack([valid, enough]),
        distances=np.column_stack([distances, overall]),
        favourable=_with_total(favourable),
        scored=_with_total(answered),
    )


def _with_total(by_dimension: FloatArray) -> FloatArray:
    return np.column_stack([by_dimension, by_dimension.sum(axis=1)])
