"""Sums over the persons of a grade, and the three figures that are made of them: index, rate, satisfied persons."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from operator import add, attrgetter

from .respondent_scores import SCORE_ORIGIN
from .two_errors import PersonGroup

SCALE = 100.0
ROUNDING = 1e-12  # a sum of squares below this share of its parts is dust of binary fractions


@dataclass(frozen=True, slots=True)
class GroupSums:
    """What is known of the persons of a grade or of several; all sums add up.

    n, score, score2 : valid persons, sum and sum of squares of (score − 50).
    at_lowest, at_highest : valid persons at the ends of what can be scored.
    respondents, favourable, scored, favourable2, favourable_scored, scored2 : unit respondents, their favourable and
        scored answers, squares and product.
    none_favourable, all_favourable : persons with scored answers of which none or every one is favourable.
    overall_scored, overall_favourable, overall_top3 : answers to the overall item, and those of the best three options.
    """

    population: float = 0
    n: float = 0
    score: float = 0
    score2: float = 0
    at_lowest: float = 0
    at_highest: float = 0
    respondents: float = 0
    favourable: float = 0
    scored: float = 0
    favourable2: float = 0
    favourable_scored: float = 0
    scored2: float = 0
    none_favourable: float = 0
    all_favourable: float = 0
    overall_scored: float = 0
    overall_favourable: float = 0
    overall_top3: float = 0

    def __add__(self, other: "GroupSums") -> "GroupSums":
        return GroupSums(*map(add, _values(self), _values(other)))


_values = attrgetter(*(one.name for one in fields(GroupSums)))


def collapse_groups(
    groups: Sequence[GroupSums], minimum: int, count: Callable[[GroupSums], float] = lambda group: group.n
) -> list[GroupSums]:
    """Return neighbouring grades joined until each group has enough persons and a population.

    Examples
    --------
    >>> parts = [GroupSums(40, 3), GroupSums(40, 4), GroupSums(50, 9), GroupSums(30, 2)]
    >>> [(group.n, group.population) for group in collapse_groups(parts, 5)]
    [(7, 80), (11, 80)]
    """
    result: list[GroupSums] = []
    current = GroupSums()
    for group in groups:
        current = current + group
        if count(current) >= minimum and current.population > 0:
            result.append(current)
            current = GroupSums()
    if not result:
        return [current]
    result[-1] = result[-1] + current
    return result


def _variance(n: float, total: float, squares: float) -> float:
    """Return the variance with n − 1; exactly 0 where all are equal, and for a single person."""
    if n < 2:
        return 0.0
    excess = squares - total**2 / n
    return excess / (n - 1) if excess > ROUNDING * abs(squares) else 0.0


def index_group(sums: GroupSums) -> PersonGroup:
    """Return the persons' scores as a share of the scale.

    Examples
    --------
    >>> index_group(GroupSums(population=10, n=2, score=100, score2=5000, at_highest=2))
    PersonGroup(n=2, population=10, mean=1.0, variance=0.0, at_low_end=0, at_high_end=2)
    """
    mean = (SCORE_ORIGIN + sums.score / sums.n) / SCALE if sums.n else 0.0
    return PersonGroup(
        int(sums.n), int(sums.population), min(1.0, max(0.0, mean)),
        _variance(sums.n, sums.score, sums.score2) / SCALE**2, sums.at_lowest, sums.at_highest,
    )  # fmt: skip


def combined_rate(groups: Sequence[GroupSums]) -> float | None:
    """Return R = ΣW_h·F̄_h/ΣW_h·Ā_h, favourable and scored answers per person; None without scored answers.

    References
    ----------
    Cochran (1977), Sampling Techniques, § 6.11.

    Examples
    --------
    >>> combined_rate([GroupSums(population=30, respondents=2, favourable=2, scored=4),
    ...                GroupSums(population=10, respondents=2, favourable=4, scored=4)])
    0.625
    """
    if len(groups) == 1:  # without weights, so without their rounding
        return groups[0].favourable / groups[0].scored if groups[0].scored > 0 else None
    favourable, scored = _mean_answers(groups)
    return favourable / scored if scored > 0 else None


def _mean_answers(groups: Sequence[GroupSums]) -> tuple[float, float]:
    population = sum(group.population for group in groups)
    weights = [group.population / population if population else 1.0 for group in groups]
    terms = [(weight / group.respondents, group) for weight, group in zip(weights, groups, strict=True)
             if group.respondents]  # fmt: skip
    return (
        math.fsum(factor * group.favourable for factor, group in terms),
        math.fsum(factor * group.scored for factor, group in terms),
    )


def rate_groups(groups: Sequence[GroupSums]) -> list[PersonGroup]:
    """Return the persons of each group by what they add to the combined rate, e = (f − R·a)/ΣW_h·Ā_h.

    The mean is the group's own rate, the variance that of e; both ends are persons with no favourable answer and with
    nothing else.
    """
    rate, scored_mean = combined_rate(groups), _mean_answers(groups)[1]
    return [] if rate is None else [_rate_group(group, rate, scored_mean) for group in groups]


def _rate_group(sums: GroupSums, rate: float, scored_mean: float) -> PersonGroup:
    squares = sums.favourable2 - 2 * rate * sums.favourable_scored + rate**2 * sums.scored2
    total = sums.favourable - rate * sums.scored
    dust = ROUNDING * (sums.favourable2 + sums.scored2)
    excess = squares - total**2 / sums.respondents if sums.respondents else 0.0
    variance = excess / (sums.respondents - 1) / scored_mean**2 if sums.respondents > 1 and excess > dust else 0.0
    own = sums.favourable / sums.scored if sums.scored else rate
    return PersonGroup(
        int(sums.respondents), int(sums.population), own, variance, sums.none_favourable, sums.all_favourable
    )


def weighted_share(groups: Sequence[GroupSums], count: Callable[[GroupSums], float]) -> float:
    """Return Σ W_h·x_h/n_h over the answers to the overall item; plain without a population.

    Examples
    --------
    >>> half, all_of_few = GroupSums(300, overall_scored=10), GroupSums(100, overall_scored=2)
    >>> weighted_share([half, all_of_few], lambda group: 5 if group is half else 2)
    0.625
    """
    population = sum(group.population for group in groups)
    if not population:
        return sum(count(group) for group in groups) / sum(group.overall_scored for group in groups)
    return math.fsum(group.population / population * count(group) / group.overall_scored for group in groups
                     if group.overall_scored)  # fmt: skip


def satisfied_group(sums: GroupSums) -> PersonGroup:
    """Return who answered the overall item favourably, as persons at one end or the other.

    Examples
    --------
    >>> satisfied_group(GroupSums(population=50, overall_scored=10, overall_favourable=9)).mean
    0.9
    """
    n, satisfied = sums.overall_scored, sums.overall_favourable
    mean = satisfied / n if n else 0.0
    variance = mean * (1 - mean) * n / (n - 1) if n > 1 else 0.0
    return PersonGroup(int(n), int(sums.population), mean, variance, n - satisfied, satisfied)
