"""The careless-response signals of one school × audience, as counts: the second pass over its answers.

The first pass, that of the tally, gives how items go together (:class:`ItemPatternBuilder`).
Counts are all that leaves this module; which form gave a signal is not known afterwards. None of them makes a
response unusable: people look at them, with the district's usual share beside.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .scoring import CLASS_DONT_KNOW, Scoring, symbol_class_table
from .statistics.arrays import BoolArray, FloatArray, IntArray
from .statistics.careless_responding import is_straightlined, longstring, mahalanobis, response_speed_counts
from .statistics.cross_products import CrossProducts, WithinSchoolPool
from .statistics.duplicate_responses import DuplicateResponses, count_duplicate_responses
from .tally_builder import CHUNK_ROWS

RESPONSE_SPEEDS = "123"  # under one second an item, under two, slower; anything else is a form without a time
MIN_PERSONS_PER_ITEM = 5  # fewer of them, and the pattern of the items is not known well enough
OUTLIER_P_VALUE = 0.001
_MIN_UNIQUE_VARIANCE_SHARE = 1e-6  # of an item's variance: with less of its own it repeats the items before it
_SYMBOL_CODES = symbol_class_table().astype(np.int64)
_SYMBOL_CODES[_SYMBOL_CODES >= CLASS_DONT_KNOW] = -1


@dataclass(frozen=True, slots=True)
class Signals:
    """Of ``responses`` (with a scored answer), how many show each signal.

    ``timed_responses`` have a response speed: ``speeding_1s`` under one second an item, ``speeding_2s`` one to two.
    ``longstring``: the same option for at least half of the items one after the other; ``straightlined``: for all;
    ``top_option_only``: the most favourable throughout. ``outliers``: a pattern with p < .001 (None where there are
    too few persons to say). ``duplicates``: varied forms with an identical one in the school, ``expected`` by chance
    (None without any), and ``p_value``, how often chance gives as many.
    """

    responses: int
    timed_responses: int
    speeding_1s: int
    speeding_2s: int
    longstring: int
    straightlined: int
    top_option_only: int
    outliers: int | None
    duplicates: int
    expected: float | None
    p_value: float


@dataclass(frozen=True, slots=True, eq=False)
class GradedForms:
    """The same responses as symbols of the items, and where the grade of each stands in ``grades``: for sums."""

    symbols: NDArray[np.uint8]
    grade_places: IntArray
    grades: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SchoolResponses:
    """The responses of one school that have a scored answer: options by position (−1 for none), and response speeds."""

    school: int
    codes: IntArray
    response_speeds: NDArray[np.str_]
    forms: "GradedForms | None" = None


ObserveFlags = Callable[[list[SchoolResponses], BoolArray], None]


@dataclass(frozen=True, slots=True, eq=False)
class ItemCovariance:
    """How answers go together inside schools: the items that can be used, and their covariances."""

    items: IntArray
    covariance: FloatArray


def decode_responses(
    scoring: Scoring, school: int, symbols: NDArray[np.uint8], grades: Sequence[tuple[str, int]] = ()
) -> SchoolResponses:
    """The responses in symbols: one row each, its answers and, last, its response speed.

    ``grades``: where sums over forms are made, the grade of the first so many rows, of the next, …
    """
    codes = _decode_codes(scoring, symbols)
    is_answered = _is_answered(codes)
    response_speeds = np.ascontiguousarray(symbols[is_answered, -1]).view("S1").astype(np.str_)
    if not grades:
        return SchoolResponses(school, codes[is_answered], response_speeds)
    places = np.repeat(np.arange(len(grades)), [count for _grade, count in grades])
    answers = symbols[is_answered, : len(scoring.items)]
    forms = GradedForms(answers, places[is_answered], tuple(grade for grade, _count in grades))
    return SchoolResponses(school, codes[is_answered], response_speeds, forms)


def _decode_codes(scoring: Scoring, symbols: NDArray[np.uint8]) -> IntArray:
    asked_rows = [row for row, item in enumerate(scoring.items) if item.asked]
    return np.asarray(_SYMBOL_CODES[symbols[:, asked_rows]])


def _is_answered(codes: IntArray) -> BoolArray:
    return np.asarray(codes.max(axis=1, initial=-1) >= 0)


class ItemPatternBuilder:
    """How answers go together inside schools, while the answers of one school after the other are read.

    Persons are centred within their school. Schools of fewer than ``min_persons`` are left out: the answers of a school
    that is not shown must not colour the others. Only sums of the present school are held.
    """

    def __init__(self, min_persons: int = 0) -> None:
        self.min_persons = min_persons
        self._pool = WithinSchoolPool()
        self._persons = 0
        self._school: int | None = None
        self._school_persons = 0
        self._school_products: CrossProducts | None = None

    def add_symbols(self, scoring: Scoring, school: int, symbols: NDArray[np.uint8]) -> None:
        """Add answer strings of a school; those of one school come one after the other."""
        codes = _decode_codes(scoring, symbols)
        self.add_codes(school, codes[_is_answered(codes)])

    def add_codes(self, school: int, codes: IntArray) -> None:
        """Add options by position (−1 for none), one row a form that has a scored answer."""
        if school != self._school:
            self._finish_school()
            self._school = school
        products = CrossProducts.from_scores(_codes_or_nan(codes))
        self._school_persons += len(codes)
        self._school_products = products if self._school_products is None else self._school_products + products

    def build(self) -> ItemCovariance | None:
        """Return the pattern of all schools together; None with too few persons."""
        self._finish_school()
        try:
            covariance = self._pool.covariance()
        except ValueError:
            return None
        usable_items = _select_usable_items(covariance)
        if len(usable_items) < 2 or self._persons < MIN_PERSONS_PER_ITEM * len(usable_items):
            return None
        return ItemCovariance(usable_items, covariance[np.ix_(usable_items, usable_items)])

    def _finish_school(self) -> None:
        if self._school_products is not None and self._school_persons >= self.min_persons:
            self._pool.add(self._school_products)
            self._persons += self._school_persons
        self._school_products, self._school_persons = None, 0


def count_signals(
    scoring: Scoring, schools: Iterable[SchoolResponses], item_covariance: ItemCovariance | None,
    observe: ObserveFlags | None = None,
) -> Iterator[tuple[int, Signals]]:  # fmt: skip
    """Each school with its signals; small schools are worked on together.

    ``observe`` is told of each batch and which of its forms are flagged (:func:`_is_flagged`), to add them up.
    """
    batch: list[SchoolResponses] = []
    for responses in schools:
        batch.append(responses)
        if sum(len(school_responses.codes) for school_responses in batch) >= CHUNK_ROWS:
            yield from _count_batch(scoring, batch, item_covariance, observe)
            batch = []
    if batch:
        yield from _count_batch(scoring, batch, item_covariance, observe)


def _count_batch(
    scoring: Scoring, batch: list[SchoolResponses], item_covariance: ItemCovariance | None,
    observe: ObserveFlags | None,
) -> Iterator[tuple[int, Signals]]:  # fmt: skip
    codes = np.concatenate([responses.codes for responses in batch])
    best_first = _best_first(scoring, codes)
    school_rows = np.repeat(np.arange(len(batch)), [len(responses.codes) for responses in batch])

    def counts(marked: BoolArray) -> list[int]:
        return [int(number) for number in np.bincount(school_rows[marked], minlength=len(batch))]

    longstrings = counts(2 * longstring(codes) >= codes.shape[1])
    is_uniform = is_straightlined(codes)
    straightlined = counts(is_uniform)
    top_option_only = counts((best_first.max(axis=1, initial=-1) == 0) & ((best_first >= 0).sum(axis=1) > 1))
    is_outlier = _is_outlier(batch, item_covariance) if item_covariance else None
    outliers = [None] * len(batch) if is_outlier is None else counts(is_outlier)
    duplicates = count_duplicate_responses(best_first, school_rows)
    if observe is not None:
        observe(batch, _is_flagged(batch, is_uniform, is_outlier, duplicates.is_duplicate))
    duplicate_numbers = _duplicate_numbers(duplicates)
    for position, responses in enumerate(batch):
        speeding_1s, speeding_2s, slow = response_speed_counts(responses.response_speeds, RESPONSE_SPEEDS).tolist()
        duplicate_count, expected, p_value = duplicate_numbers.get(position, (0, None, 1.0))
        yield (
            responses.school,
            Signals(
                responses=len(responses.codes),
                timed_responses=speeding_1s + speeding_2s + slow,
                speeding_1s=speeding_1s,
                speeding_2s=speeding_2s,
                longstring=longstrings[position],
                straightlined=straightlined[position],
                top_option_only=top_option_only[position],
                outliers=outliers[position],
                duplicates=duplicate_count,
                expected=expected,
                p_value=p_value,
            ),
        )


def _duplicate_numbers(found: DuplicateResponses) -> dict[int, tuple[int, float | None, float]]:
    """Return, of each school of a batch that has any, identical forms, what chance would give, and its probability."""
    return {
        int(name): (int(found.observed[row]), float(found.expected[row]), float(found.p_value[row]))
        for row, name in enumerate(found.schools)
        if int(found.observed[row])
    }


def _is_flagged(
    batch: list[SchoolResponses], is_uniform: BoolArray, is_outlier: BoolArray | None, is_duplicate: BoolArray
) -> BoolArray:
    """Mark forms with a signal that may stand for careless answering; haste of 1–2 s and long runs are too common."""
    response_speeds = np.concatenate([responses.response_speeds for responses in batch])
    flagged = is_uniform | is_duplicate | (response_speeds == RESPONSE_SPEEDS[0])
    return np.asarray(flagged if is_outlier is None else flagged | is_outlier)


def _best_first(scoring: Scoring, codes: IntArray) -> IntArray:
    """The same codes with the most favourable option as 0 in every item, and no two options made one."""
    asked = [item for item in scoring.items if item.asked]
    points = [item.points for item in asked]
    worst_first = np.array([values[0] < values[-1] for values in points])
    last = np.array([len(values) - 1 for values in points])
    ranks = np.where((codes >= 0) & worst_first, last - codes, codes)
    for column in (number for number, item in enumerate(asked) if item.has_ideal):
        best_to_worst = np.argsort(-np.array(points[column]), kind="stable")
        answered = codes[:, column] >= 0
        ranks[answered, column] = np.argsort(best_to_worst)[codes[answered, column]]
    return ranks


def _codes_or_nan(codes: IntArray) -> FloatArray:
    return np.where(codes >= 0, codes, np.nan)


def _select_usable_items(covariance: FloatArray) -> IntArray:
    """Items that vary and do not repeat those before them, with every covariance between them known."""
    usable_items: list[int] = []
    for item, variance in enumerate(np.diag(covariance)):
        candidate_covariance = covariance[np.ix_([*usable_items, item], [*usable_items, item])]
        if not variance > 0 or not np.isfinite(candidate_covariance).all():
            continue
        covariances = candidate_covariance[-1, :-1]
        unique_variance = variance - (
            covariances @ np.linalg.solve(candidate_covariance[:-1, :-1], covariances) if usable_items else 0.0
        )
        if unique_variance > _MIN_UNIQUE_VARIANCE_SHARE * variance:
            usable_items.append(item)
    return np.array(usable_items, dtype=np.int64)


def _is_outlier(batch: list[SchoolResponses], item_covariance: ItemCovariance) -> BoolArray:
    """Mark forms that are far from their own school's mean, given how answers go together."""
    deviations = np.concatenate(
        [_deviations_from_mean(_codes_or_nan(responses.codes[:, item_covariance.items])) for responses in batch]
    )
    centre = np.zeros(len(item_covariance.items))
    deviation_blocks = (deviations[start : start + CHUNK_ROWS] for start in range(0, len(deviations), CHUNK_ROWS))
    outlier_blocks = [
        mahalanobis(deviation_block, centre, item_covariance.covariance).p_value < OUTLIER_P_VALUE
        for deviation_block in deviation_blocks
    ]
    return np.concatenate(outlier_blocks) if outlier_blocks else np.zeros(0, dtype=np.bool_)


def _deviations_from_mean(scores: FloatArray) -> FloatArray:
    answered = ~np.isnan(scores)
    mean: FloatArray = np.where(answered, scores, 0.0).sum(axis=0) / np.maximum(answered.sum(axis=0), 1)
    return scores - mean
