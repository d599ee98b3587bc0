"""The careless-response signals of one school × audience, as counts: the second pass over its answers.

Counts are all that leaves this module; which form gave a signal is not known afterwards. None of them makes a
response unusable: people look at them, with the district's usual share beside.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .scoring import CLASS_DONT_KNOW, Scoring, class_lookup
from .statistics.arrays import BoolArray, FloatArray, IntArray
from .statistics.careless_responding import all_alike, longstring, mahalanobis, pace_counts
from .statistics.cross_products import CrossProducts, covariance_within
from .statistics.duplicate_responses import identical_strings
from .tally import CHUNK

PACES = "123"  # under one second an item, under two, slower; anything else is a form without a time
PERSONS_AN_ITEM = 5  # fewer of them, and the pattern of the items is not known well enough
FAR = 0.001
_OWN_SHARE = 1e-6  # of an item's variance: with less of its own it repeats the items before it
_CODES = class_lookup().astype(np.int64)
_CODES[_CODES >= CLASS_DONT_KNOW] = -1


@dataclass(frozen=True, slots=True)
class Signals:
    """Of ``forms`` (responses with a scored answer), how many show each signal.

    ``timed`` forms have a pace: ``fast`` under one second an item, ``quick`` one to two. ``run``: the same option for
    at least half of the items one after the other; ``alike``: for all; ``top``: the most favourable throughout.
    ``far``: a pattern with p < .001 (None where there are too few persons to say). ``twins``: varied forms with an
    identical one in the school, ``expected`` by chance (None without twins), and how often chance gives as many.
    """

    forms: int
    timed: int
    fast: int
    quick: int
    run: int
    alike: int
    top: int
    far: int | None
    twins: int
    expected: float | None
    p_value: float


@dataclass(frozen=True, slots=True, eq=False)
class Forms:
    """The responses of one school that have a scored answer: options by position (−1 for none), and paces."""

    school: int
    codes: IntArray
    pace: NDArray[np.str_]


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """How answers go together inside schools: the items that can be used, and their covariances."""

    items: IntArray
    covariance: FloatArray


def forms_of(scoring: Scoring, school: int, signs: NDArray[np.uint8]) -> Forms:
    """The forms in signs: one row a response, its answers and, last, its pace."""
    asked = [row for row, item in enumerate(scoring.items) if item.asked]
    codes = _CODES[signs[:, asked]]
    answered = codes.max(axis=1, initial=-1) >= 0
    pace = np.ascontiguousarray(signs[answered, -1]).view("S1").astype(np.str_)
    return Forms(school, codes[answered], pace)


def pattern_of(schools: Iterable[Forms]) -> Pattern | None:
    """The pattern of all schools together, persons centred within their school; None with too few persons."""
    persons = 0

    def sums() -> Iterator[CrossProducts]:
        nonlocal persons
        for forms in schools:
            persons += len(forms.codes)
            yield CrossProducts.from_scores(_scores(forms.codes))

    try:
        covariance = covariance_within(sums())
    except ValueError:
        return None
    items = _usable(covariance)
    if len(items) < 2 or persons < PERSONS_AN_ITEM * len(items):
        return None
    return Pattern(items, covariance[np.ix_(items, items)])


def signals_of(scoring: Scoring, schools: Iterable[Forms], pattern: Pattern | None) -> Iterator[tuple[int, Signals]]:
    """Each school with its signals; small schools are worked on together."""
    batch: list[Forms] = []
    for forms in schools:
        batch.append(forms)
        if sum(len(each.codes) for each in batch) >= CHUNK:
            yield from _of_batch(scoring, batch, pattern)
            batch = []
    if batch:
        yield from _of_batch(scoring, batch, pattern)


def _of_batch(scoring: Scoring, batch: list[Forms], pattern: Pattern | None) -> Iterator[tuple[int, Signals]]:
    codes = np.concatenate([forms.codes for forms in batch])
    best = _best_first(scoring, codes)
    school = np.repeat(np.arange(len(batch)), [len(forms.codes) for forms in batch])

    def counts(marked: BoolArray) -> list[int]:
        return [int(number) for number in np.bincount(school[marked], minlength=len(batch))]

    run = counts(2 * longstring(codes) >= codes.shape[1])
    alike = counts(all_alike(codes))
    top = counts((best.max(axis=1, initial=-1) == 0) & ((best >= 0).sum(axis=1) > 1))
    far = counts(_far(batch, pattern)) if pattern else [None] * len(batch)
    found = identical_strings(best, school)
    twins = {int(name): at for at, name in enumerate(found.schools)}
    for at, forms in enumerate(batch):
        fast, quick, slow = pace_counts(forms.pace, PACES).tolist()
        row = twins.get(at)
        copied = 0 if row is None else int(found.observed[row])
        yield forms.school, Signals(
            forms=len(forms.codes), timed=fast + quick + slow, fast=fast, quick=quick, run=run[at], alike=alike[at],
            top=top[at], far=far[at], twins=copied,
            expected=float(found.expected[row]) if copied else None,
            p_value=float(found.p_value[row]) if copied else 1.0,
        )  # fmt: skip


def _best_first(scoring: Scoring, codes: IntArray) -> IntArray:
    """The same codes with the most favourable option as 0 in every item."""
    points = [item.points for item in scoring.items if item.asked]
    worst_first = np.array([values[0] < values[-1] for values in points])
    last = np.array([len(values) - 1 for values in points])
    return np.where((codes >= 0) & worst_first, last - codes, codes)


def _scores(codes: IntArray) -> FloatArray:
    return np.where(codes >= 0, codes, np.nan)


def _usable(covariance: FloatArray) -> IntArray:
    """Items that vary and do not repeat those before them, with every covariance between them known."""
    kept: list[int] = []
    for item, variance in enumerate(np.diag(covariance)):
        together = covariance[np.ix_([*kept, item], [*kept, item])]
        if not variance > 0 or not np.isfinite(together).all():
            continue
        beside = together[-1, :-1]
        own = variance - (beside @ np.linalg.solve(together[:-1, :-1], beside) if kept else 0.0)
        if own > _OWN_SHARE * variance:
            kept.append(item)
    return np.array(kept, dtype=np.int64)


def _far(batch: list[Forms], pattern: Pattern) -> BoolArray:
    """Mark forms that are far from their own school's mean, given how answers go together."""
    away = np.concatenate([_from_mean(_scores(forms.codes[:, pattern.items])) for forms in batch])
    centre = np.zeros(len(pattern.items))
    parts = (away[start : start + CHUNK] for start in range(0, len(away), CHUNK))
    found = [mahalanobis(part, centre, pattern.covariance).p_value < FAR for part in parts]
    return np.concatenate(found) if found else np.zeros(0, dtype=np.bool_)


def _from_mean(scores: FloatArray) -> FloatArray:
    answered = ~np.isnan(scores)
    mean: FloatArray = np.where(answered, scores, 0.0).sum(axis=0) / np.maximum(answered.sum(axis=0), 1)
    return scores - mean
