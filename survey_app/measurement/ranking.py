"""Ranks inside a category, never without the ranks that a school could also have."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .composite import Component, Composite
from .rounding import round_half_up
from .settings import MeasurementSettings
from .statistics.rank_sets import RankSets, marginal_rank_sets, marginal_rank_sets_holm, simultaneous_rank_sets

UNRANKED_REASONS = ("no_composite", "missing_audience", "few_answers", "low_response", "unverified", "no_error")
MAX_SCHOOLS_FOR_EXACT_SETS = 300  # schools of a category: beyond, the exact sets take too long


@dataclass(frozen=True, slots=True)
class Candidate:
    """A school of one category. ``main`` is its component of the main audience, None if it was not asked."""

    school: int
    composite: Composite
    main_component: Component | None
    population: int


@dataclass(frozen=True, slots=True)
class RankingEntry:
    """A line of the ranking. ``data`` is the printed composite; ranks are None for a school that is only listed.

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
    uses_holm: bool = False


def rank_schools(candidates: Sequence[Candidate], settings: MeasurementSettings) -> list[RankingEntry]:
    """The ranking of one category, best first, then the schools that are only listed.

    Ranks are competition ranks (1, 2, 2, 4) on the printed composite; rank sets use the same values and errors
    without correction. Bands compare the interval with the category's mean, weighted by the main audience's roster.
    """
    reasons = {candidate.school: unranked_reason(candidate, settings) for candidate in candidates}
    ranked = [candidate for candidate in candidates if not reasons[candidate.school]]
    unranked = [
        RankingEntry(c.school, _published_points(c, settings), c.composite.index.se, reasons[c.school])
        for c in candidates
        if reasons[c.school]
    ]
    return [*_rank_entries(ranked, _category_mean(candidates), settings), *unranked]


def unranked_reason(candidate: Candidate, settings: MeasurementSettings) -> str:
    """Why a school is only listed, one of :data:`UNRANKED_REASONS`; empty if it is ranked."""
    index, main = candidate.composite.index, candidate.main_component
    flags = candidate.composite.flags
    checks = {
        "no_composite": index.points is None,
        "missing_audience": "missing_audience" in flags,
        "few_answers": main is None or main.n < settings.rank_from,
        "low_response": main is None or (main.response_rate or 0.0) < settings.rank_response,
        "unverified": "unverified" in flags and not settings.rank_unverified,
        "no_error": index.se is None,
    }
    return next((reason for reason in UNRANKED_REASONS if checks[reason]), "")


def _published_points(candidate: Candidate, settings: MeasurementSettings) -> float | None:
    points = candidate.composite.index.points
    return None if points is None else round_half_up(points, settings.decimals)


def _category_mean(candidates: Sequence[Candidate]) -> float | None:
    """The category's mean composite, weighted by the roster of the main audience."""
    weighted_points = [
        (c.composite.index.points, c.population) for c in candidates if c.composite.index.points is not None
    ]
    population_total = sum(population for _, population in weighted_points)
    return (
        sum(points * population for points, population in weighted_points) / population_total
        if population_total
        else None
    )


def _rank_entries(
    candidates: Sequence[Candidate], mean: float | None, settings: MeasurementSettings
) -> list[RankingEntry]:
    if not candidates:
        return []
    values = tuple(_published_points(candidate, settings) or 0.0 for candidate in candidates)
    errors = tuple(candidate.composite.index.se or 0.0 for candidate in candidates)
    marginal_sets, simultaneous_sets = compute_rank_sets(values, errors)
    entries = [
        RankingEntry(
            school=candidate.school,
            points=float(values[row]),
            se=float(errors[row]),
            rank=int(marginal_sets.rank[row]),
            low=int(marginal_sets.low[row]),
            high=int(marginal_sets.high[row]),
            low_simultaneous=int(simultaneous_sets.low[row]),
            high_simultaneous=int(simultaneous_sets.high[row]),
            band=_band(candidate, mean),
            uses_holm=len(values) > MAX_SCHOOLS_FOR_EXACT_SETS,
        )
        for row, candidate in enumerate(candidates)
    ]
    return sorted(entries, key=lambda line: line.rank or 0)


@lru_cache(maxsize=64)
def compute_rank_sets(values: tuple[float, ...], errors: tuple[float, ...]) -> tuple[RankSets, RankSets]:
    """Each school's own sets and those that hold for the whole list, computed once for the same figures.

    The own sets are exact up to :data:`MAX_SCHOOLS_FOR_EXACT_SETS` schools (300 take 1.4 s), beyond that Holm's.
    """
    marginal_function = marginal_rank_sets if len(values) <= MAX_SCHOOLS_FOR_EXACT_SETS else marginal_rank_sets_holm
    return marginal_function(np.array(values), np.array(errors)), simultaneous_rank_sets(
        np.array(values), np.array(errors)
    )


def _band(candidate: Candidate, mean: float | None) -> str:
    low, high = candidate.composite.index.low, candidate.composite.index.high
    if mean is None or low is None or high is None:
        return ""
    return "A" if low > mean else "C" if high < mean else "B"
