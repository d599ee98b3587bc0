"""Ranks inside a category, never without the ranks that a school could also have."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .composite import Component, Composite
from .rounding import half_up
from .settings import Method
from .statistics.rank_sets import RankSets, marginal, marginal_holm, simultaneous

REASONS = ("no_composite", "missing_audience", "few_answers", "low_response", "unverified", "no_error")
MOST_FOR_EXACT_SETS = 300  # schools of a category: beyond, the exact sets take too long


@dataclass(frozen=True, slots=True)
class Candidate:
    """A school of one category. ``main`` is its component of the main audience, None if it was not asked."""

    school: int
    composite: Composite
    main: Component | None
    population: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """A line of the ranking. ``points`` is the printed composite; ranks are None for a school that is only listed.

    ``holm`` says that the school's own set comes from Holm's tests, as the category is too large for the exact one.
    """

    school: int
    points: float | None
    se: float | None
    reason: str = ""
    rank: int | None = None
    low: int | None = None
    high: int | None = None
    low_simultaneous: int | None = None
    high_simultaneous: int | None = None
    band: str = ""
    holm: bool = False


def ranking_of(candidates: Sequence[Candidate], method: Method) -> list[Ranked]:
    """The ranking of one category, best first, then the schools that are only listed.

    Ranks are competition ranks (1, 2, 2, 4) on the printed composite; rank sets use the same values and errors
    without correction. Bands compare the interval with the category's mean, weighted by the main audience's roster.
    """
    reasons = {candidate.school: reason_not_ranked(candidate, method) for candidate in candidates}
    ranked = [candidate for candidate in candidates if not reasons[candidate.school]]
    listed = [
        Ranked(c.school, _printed(c, method), c.composite.index.se, reasons[c.school])
        for c in candidates
        if reasons[c.school]
    ]
    return [*_ranks(ranked, _mean(candidates), method), *listed]


def reason_not_ranked(candidate: Candidate, method: Method) -> str:
    """Why a school is only listed, one of :data:`REASONS`; empty if it is ranked."""
    index, main = candidate.composite.index, candidate.main
    flags = candidate.composite.flags
    checks = {
        "no_composite": index.points is None,
        "missing_audience": "missing_audience" in flags,
        "few_answers": main is None or main.n < method.rank_from,
        "low_response": main is None or (main.response_rate or 0.0) < method.rank_response,
        "unverified": "unverified" in flags and not method.rank_unverified,
        "no_error": index.se is None,
    }
    return next((reason for reason in REASONS if checks[reason]), "")


def _printed(candidate: Candidate, method: Method) -> float | None:
    points = candidate.composite.index.points
    return None if points is None else half_up(points, method.decimals)


def _mean(candidates: Sequence[Candidate]) -> float | None:
    """The category's mean composite, weighted by the roster of the main audience."""
    known = [(c.composite.index.points, c.population) for c in candidates if c.composite.index.points is not None]
    people = sum(population for _, population in known)
    return sum(points * population for points, population in known) / people if people else None


def _ranks(candidates: Sequence[Candidate], mean: float | None, method: Method) -> list[Ranked]:
    if not candidates:
        return []
    values = tuple(_printed(candidate, method) or 0.0 for candidate in candidates)
    errors = tuple(candidate.composite.index.se or 0.0 for candidate in candidates)
    own, whole = rank_sets_of(values, errors)
    lines = [
        Ranked(
            school=candidate.school, points=float(values[at]), se=float(errors[at]), rank=int(own.rank[at]),
            low=int(own.low[at]), high=int(own.high[at]), low_simultaneous=int(whole.low[at]),
            high_simultaneous=int(whole.high[at]), band=_band(candidate, mean),
            holm=len(values) > MOST_FOR_EXACT_SETS,
        )
        for at, candidate in enumerate(candidates)
    ]  # fmt: skip
    return sorted(lines, key=lambda line: line.rank or 0)


@lru_cache(maxsize=64)
def rank_sets_of(values: tuple[float, ...], errors: tuple[float, ...]) -> tuple[RankSets, RankSets]:
    """Each school's own sets and those that hold for the whole list, computed once for the same figures.

    The own sets are exact up to :data:`MOST_FOR_EXACT_SETS` schools (300 take 1.4 s), beyond that Holm's.
    """
    own = marginal if len(values) <= MOST_FOR_EXACT_SETS else marginal_holm
    return own(np.array(values), np.array(errors)), simultaneous(np.array(values), np.array(errors))


def _band(candidate: Candidate, mean: float | None) -> str:
    low, high = candidate.composite.index.low, candidate.composite.index.high
    if mean is None or low is None or high is None:
        return ""
    return "A" if low > mean else "C" if high < mean else "B"
