"""Ranks inside a category, never without the ranks that a school could also have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .composite import Component, Composite
from .rounding import round_half_up
from .settings import MeasurementSettings
from .statistics.category_model import distances_from_others, shrunken_means
from .statistics.rank_probabilities import expected_ranks, probabilities_of_first
from .statistics.rank_sets import RankSets, marginal_rank_sets, marginal_rank_sets_holm, simultaneous_rank_sets
from .statistics.shrinkage import paule_mandel

UNRANKED_REASONS = (
    "no_composite", "missing_audience", "few_answers", "low_response", "overcount", "unverified", "no_error",
)  # fmt: skip
RANKING_ERRORS = ("level", "sampling")
PLACES = (1, 3, 5, 10)  # of which it is said how likely a school is among them
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
    ``among_first``: numbers of places and how likely the school is among them, a diagnostic beside the rank set.
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
    expected_rank: float | None = None
    reliability: float | None = None
    among_first: tuple[tuple[int, float], ...] = ()


def rank_schools(
    candidates: Sequence[Candidate], settings: MeasurementSettings, errors: str = "level"
) -> list[RankingEntry]:
    """The ranking of one category, best first, then the schools that are only listed.

    Ranks are competition ranks (1, 2, 2, 4) on the printed composite; rank sets use the same values and the errors of
    the level, or, with ``errors="sampling"``, the raw sampling errors of other software. Bands compare a school with
    the mean of the *other* comparable schools, weighted by the main audience's roster (Holm over the list).
    """
    if errors not in RANKING_ERRORS:
        raise ValueError(f"There are no errors {errors!r}; use one of {', '.join(RANKING_ERRORS)}.")
    reasons = {candidate.school: unranked_reason(candidate, settings) for candidate in candidates}
    ranked = [candidate for candidate in candidates if not reasons[candidate.school]]
    unranked = [
        RankingEntry(c.school, _published_points(c, settings), ranking_error(c, errors), reasons[c.school])
        for c in candidates
        if reasons[c.school]
    ]
    return [*_rank_entries(ranked, _bands(candidates, errors), settings, errors), *unranked]


def ranking_error(candidate: Candidate, errors: str = "level") -> float | None:
    """Return the error a school is compared with."""
    index = candidate.composite.index
    return index.se_level if errors == "level" else index.se


def unranked_reason(candidate: Candidate, settings: MeasurementSettings) -> str:
    """Why a school is only listed, one of :data:`UNRANKED_REASONS`; empty if it is ranked."""
    index, main = candidate.composite.index, candidate.main_component
    flags = candidate.composite.flags
    checks = {
        "no_composite": index.points is None,
        "missing_audience": "missing_audience" in flags,
        "few_answers": main is None or main.n < settings.rank_from,
        "low_response": "low_response" in flags or main is None or (main.response_rate or 0.0) < settings.rank_response,
        "overcount": "overcount" in flags,
        "unverified": "unverified" in flags and not settings.rank_unverified,
        "no_error": index.se_level is None or index.se is None,
    }
    return next((reason for reason in UNRANKED_REASONS if checks[reason]), "")


def _published_points(candidate: Candidate, settings: MeasurementSettings) -> float | None:
    points = candidate.composite.index.points
    return None if points is None else round_half_up(points, settings.decimals)


def _bands(candidates: Sequence[Candidate], errors: str) -> dict[int, str]:
    """Return the band of each comparable school: A above the others, C below them, B not told apart."""
    comparable = [
        (candidate, candidate.composite.index.points, error)
        for candidate in candidates
        if candidate.composite.is_comparable and (error := ranking_error(candidate, errors)) is not None
    ]
    found = distances_from_others(
        [points or 0.0 for _, points, _ in comparable],
        [error for _, _, error in comparable],
        [candidate.population for candidate, _, _ in comparable],
    )
    return {candidate.school: band for (candidate, _, _), band in zip(comparable, found.bands(), strict=True)}


def _rank_entries(
    candidates: Sequence[Candidate], bands: Mapping[int, str], settings: MeasurementSettings, kind: str
) -> list[RankingEntry]:
    if not candidates:
        return []
    values = tuple(_published_points(candidate, settings) or 0.0 for candidate in candidates)
    errors = tuple(ranking_error(candidate, kind) or 0.0 for candidate in candidates)
    marginal_sets, simultaneous_sets = compute_rank_sets(values, errors)
    diagnostics = _diagnostics(values, errors)
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
            band=bands.get(candidate.school, "") if len(candidates) > 1 else "",
            uses_holm=len(values) > MAX_SCHOOLS_FOR_EXACT_SETS,
            expected_rank=diagnostics[row].expected_rank,
            reliability=diagnostics[row].reliability,
            among_first=diagnostics[row].among_first,
        )
        for row, candidate in enumerate(candidates)
    ]
    return sorted(entries, key=lambda line: line.rank or 0)


@dataclass(frozen=True, slots=True)
class _Diagnostics:
    expected_rank: float | None = None
    reliability: float | None = None
    among_first: tuple[tuple[int, float], ...] = ()


def _diagnostics(values: Sequence[float], errors: Sequence[float]) -> list[_Diagnostics]:
    """Return what is said beside a rank and its set, where there are two schools with errors.

    The rank to expect, the reliability λ, and, up to :data:`MAX_SCHOOLS_FOR_EXACT_SETS` schools, how likely each is
    among the first 1, 3, 5, 10.
    """
    with_error = [(value, error) for value, error in zip(values, errors, strict=True) if error > 0]
    if len(with_error) < 2:
        return [_Diagnostics()] * len(values)
    effects = paule_mandel([value for value, _ in with_error], [error for _, error in with_error])
    shrunken = shrunken_means(values, errors, effects)
    variance = shrunken.reliability * np.square(errors)
    ranks = expected_ranks(shrunken.mean, variance)
    places = [q for q in PLACES if q < len(values) <= MAX_SCHOOLS_FOR_EXACT_SETS]
    chances = probabilities_of_first(shrunken.mean, variance, places)
    return [
        _Diagnostics(
            round(float(rank), 9),
            round(float(reliability), 9),
            tuple((q, round(float(chances[row, school]), 9)) for row, q in enumerate(places)),
        )
        for school, (rank, reliability) in enumerate(zip(ranks, shrunken.reliability, strict=True))
    ]


@lru_cache(maxsize=64)
def compute_rank_sets(values: tuple[float, ...], errors: tuple[float, ...]) -> tuple[RankSets, RankSets]:
    """Each school's own sets and those that hold for the whole list, computed once for the same figures.

    The own sets are exact up to :data:`MAX_SCHOOLS_FOR_EXACT_SETS` schools (300 take 1.4 s), beyond that Holm's.
    """
    marginal_function = marginal_rank_sets if len(values) <= MAX_SCHOOLS_FOR_EXACT_SETS else marginal_rank_sets_holm
    return marginal_function(np.array(values), np.array(errors)), simultaneous_rank_sets(
        np.array(values), np.array(errors)
    )
