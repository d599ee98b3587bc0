"""Awards by quota: who has a place beyond doubt, who perhaps, with which probability, and who is kept from one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_app.measurement.statistics.category_model import shrunken_means
from survey_app.measurement.statistics.rank_probabilities import probability_of_first
from survey_app.measurement.statistics.rank_sets import (
    Award,
    classify_awards,
    simultaneous_rank_sets,
    top_set,
)
from survey_app.measurement.statistics.shrinkage import paule_mandel

from .mark_figures import SchoolFigures
from .scheme_rules import Awards


@dataclass(frozen=True, slots=True)
class AwardEntry:
    """A school of the list. ``excluded_by``: facts that keep it from an award; then it has no other entry."""

    school: SchoolFigures
    outcome: Award
    probability: float | None = None
    excluded_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AwardList:
    """The ranked schools of one category. ``places`` are a share of all of them, rounded down."""

    category: str
    quota: str
    places: int
    entries: tuple[AwardEntry, ...]

    def schools(self, outcome: Award) -> tuple[SchoolFigures, ...]:
        return tuple(entry.school for entry in self.entries if entry.outcome is outcome and not entry.excluded_by)


def award_lists(
    awards: Awards, schools: Sequence[SchoolFigures], facts: Mapping[str, frozenset[str]]
) -> tuple[AwardList, ...]:
    """Return a list for each category that has a quota and ranked schools.

    Places go by the composite and its rank sets. A school that is kept from an award leaves the list before it is
    made, so the others are compared among themselves, for the same number of places.
    """
    found = []
    for category, quota in awards.quota.items():
        ranked = [school for school in schools if school.category == category and school.ranking.rank is not None]
        if ranked:
            places = quota.places(len(ranked))
            kept = {school.code: tuple(sorted(set(awards.excluded_by) & facts.get(school.code, frozenset())))
                    for school in ranked}  # fmt: skip
            eligible = [school for school in ranked if not kept[school.code]]
            excluded = [AwardEntry(s, Award.OUT, excluded_by=kept[s.code]) for s in ranked if kept[s.code]]
            found.append(AwardList(category, quota.text, places, (*_entries(eligible, places), *excluded)))
    return tuple(found)


def _entries(schools: Sequence[SchoolFigures], places: int) -> list[AwardEntry]:
    ordered = sorted(schools, key=lambda school: (school.ranking.rank or 0, school.code))
    if places == 0:
        return [AwardEntry(school, Award.OUT, 0.0) for school in ordered]
    if len(ordered) <= places:
        return [AwardEntry(school, Award.CERTAIN, 1.0) for school in ordered]
    values = [school.ranking.points or 0.0 for school in ordered]
    errors = [school.ranking.se or 0.0 for school in ordered]
    sets = simultaneous_rank_sets(values, errors)
    certain = classify_awards(sets.low, sets.high, places)
    possible = top_set(values, errors, places)
    probability = _probabilities(values, errors, places)
    return [
        AwardEntry(
            school,
            Award.CERTAIN if certain[row] is Award.CERTAIN else Award.POSSIBLE if possible[row] else Award.OUT,
            probability[row],
        )
        for row, school in enumerate(ordered)
    ]


def _probabilities(values: Sequence[float], errors: Sequence[float], places: int) -> list[float | None]:
    """Return P(rank ≤ places) by shrunken figures; None where no two schools have an error."""
    with_error = [(value, error) for value, error in zip(values, errors, strict=True) if error > 0]
    if len(with_error) < 2:
        return [None] * len(values)
    effects = paule_mandel([value for value, _ in with_error], [error for _, error in with_error])
    shrunken = shrunken_means(values, errors, effects)
    variance = [reliability * error**2 for reliability, error in zip(shrunken.reliability, errors, strict=True)]
    return [round(float(p), 9) for p in probability_of_first(shrunken.mean, variance, places)]
