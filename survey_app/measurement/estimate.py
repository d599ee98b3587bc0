"""One school × audience: from its tally and its roster to indices, rates and their errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .group_sums import (
    GroupSums,
    collapse_groups,
    combined_rate,
    weighted_share,
)
from .rates import SatisfactionRate, SatisfiedPersons, estimate_rate
from .scoring import Scoring
from .settings import MeasurementSettings
from .strata import IndexEstimate, RosterPopulation, Stratum, estimate_index
from .suppression import is_nearly_unanimous, near_unanimity_share
from .tally import Tally

NOBODY_ASKED = SatisfiedPersons()
MAX_MISSING_GRADE_SHARE = 0.05
FLAGS = (
    "suppressed", "borrowed", "overcount", "census", "unstratified", "conditional", "missing_grade",
    "missing_audience", "low_response", "assumed_correlation", "assumed_rater", "satisfied_range", "unverified",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DimensionEstimate:
    """One dimension (or OVERALL) of one school × audience.

    ``index`` is the reported figure, stratified by grade where that is possible; ``unweighted_index`` the mean of the
    ``n`` valid persons. ``groups`` are the persons behind ``index``, ``together`` those behind the unweighted one.
    ``satisfied`` is there for OVERALL only, and ``satisfied_range``, to be read instead, where nearly everybody chose
    one option; ``correlation`` is that of persons of one class in the error of the level.
    """

    dimension: str
    n: int
    index: IndexEstimate
    unweighted_index: IndexEstimate
    rate: SatisfactionRate
    groups: tuple[GroupSums, ...]
    together: GroupSums
    satisfied: SatisfiedPersons = NOBODY_ASKED
    satisfied_range: SatisfiedPersons | None = None
    correlation: float | None = None
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SchoolAudienceEstimate:
    """A school × audience: who was there, who came, and the estimate of each dimension, OVERALL last."""

    school: int
    audience: str
    instrument: str
    population: int
    received: int
    respondents: int
    estimates: tuple[DimensionEstimate, ...]
    flags: frozenset[str] = frozenset()

    @property
    def response_rate(self) -> float | None:
        return self.respondents / self.population if self.population else None

    @property
    def overall(self) -> DimensionEstimate:
        return self.estimates[-1]


def estimate_school_audience(
    tally: Tally, school: int, roster: RosterPopulation, settings: MeasurementSettings
) -> SchoolAudienceEstimate:
    """Everything that can be said of one school × audience by itself.

    The errors of this year and of the level need other schools: they come from :func:`~.estimate_errors.with_errors`.

    Raises
    ------
    ValueError
        If the tally was made from counts alone; see :func:`~.counts_only.estimate_from_counts`.
    """
    rows = tally.rows_for_school(school)
    if np.isnan(tally.moments[rows]).any():
        raise ValueError(f"Of school {school} only counts are known, not persons; use estimate_from_counts.")
    received, respondents = (int(value) for value in tally.response_counts[rows].sum(axis=0))
    cell = _SchoolAudience(tally, rows, roster, settings, respondents)
    return SchoolAudienceEstimate(
        school=school,
        audience=tally.scoring.audience,
        instrument=tally.scoring.instrument,
        population=roster.population,
        received=received,
        respondents=respondents,
        estimates=tuple(
            cell.estimate(number, name) for number, name in enumerate(tally.scoring.dimensions_and_overall())
        ),
        flags=_participation_flags(respondents, roster.population),
    )


def _participation_flags(respondents: int, population: int) -> frozenset[str]:
    if not population or respondents < population:
        return frozenset()
    return frozenset({"overcount" if respondents > population else "census"})


def stratum_of(sums: GroupSums) -> Stratum:
    """Return the persons of a group as a stratum of the index."""
    return Stratum(int(sums.n), int(sums.population), sums.score, sums.score2)


@dataclass(frozen=True, slots=True)
class _SchoolAudience:
    tally: Tally
    rows: list[int]
    roster: RosterPopulation
    settings: MeasurementSettings
    respondents: int

    def estimate(self, number: int, name: str) -> DimensionEstimate:
        by_grade = self._sums_by_grade(number)
        together = replace(sum(by_grade.values(), GroupSums()), population=self.roster.population)
        grades, flags = select_grades(by_grade, together, self.roster, self.settings)
        groups = collapse_groups(grades, self.settings.min_cell) if len(grades) > 1 else grades
        scoring = self.tally.scoring
        rate = estimate_rate(
            self.tally.moments[self.rows, number].sum(axis=0), self.tally.counts[self.rows].sum(axis=0), scoring,
            scoring.item_positions(name), self.respondents, self.roster.population,
        )  # fmt: skip
        satisfied = self._satisfied(grades) if number == len(scoring.dimensions) else NOBODY_ASKED
        return DimensionEstimate(
            dimension=name,
            n=int(together.n),
            index=estimate_index([stratum_of(group) for group in groups]),
            unweighted_index=estimate_index([stratum_of(together)]),
            rate=replace(rate, share=combined_rate(groups) if rate.plain is not None else None),
            groups=tuple(groups),
            together=together,
            satisfied=satisfied,
            satisfied_range=self._satisfied_range(satisfied),
            flags=flags | ({"conditional"} if scoring.is_conditional(name) else set()),
        )

    def _satisfied(self, grades: Sequence[GroupSums]) -> SatisfiedPersons:
        """Who answered the overall item favourably; groups are made of those who answered it."""
        groups = collapse_groups(grades, self.settings.min_cell, lambda group: group.overall_scored)
        if not any(group.overall_scored for group in groups):
            return NOBODY_ASKED
        return SatisfiedPersons(
            n=int(sum(group.overall_scored for group in groups)),
            share=weighted_share(groups, lambda group: group.overall_favourable),
            top3=weighted_share(groups, lambda group: group.overall_top3) if self._has_five_options() else None,
            groups=tuple(groups),
        )

    def _satisfied_range(self, satisfied: SatisfiedPersons) -> SatisfiedPersons | None:
        """As the overall item itself: of nearly everybody only a bound is said."""
        position = self.tally.scoring.overall_item_position
        if position is None or satisfied.share is None:
            return None
        options = len(self.tally.scoring.items[position].codes)
        counts = [int(count) for count in self.tally.counts[self.rows, position, :options].sum(axis=0)]
        return satisfied.as_range(near_unanimity_share(sum(counts))) if is_nearly_unanimous(counts) else None

    def _has_five_options(self) -> bool:
        position = self.tally.scoring.overall_item_position
        return position is not None and len(self.tally.scoring.items[position].codes) == 5

    def _sums_by_grade(self, number: int) -> dict[str, GroupSums]:
        """What is known of the persons of this dimension, by grade."""
        return {
            self.tally.cells[row].grade: replace(
                grade_sums(self.tally, row, number),
                population=self.roster.by_grade.get(self.tally.cells[row].grade, 0),
            )
            for row in self.rows
        }


def select_grades(
    by_grade: Mapping[str, GroupSums], together: GroupSums, roster: RosterPopulation, settings: MeasurementSettings
) -> tuple[list[GroupSums], frozenset[str]]:
    """Return the grades that are weighted by enrolment; a single group where the plain mean is used, and why."""
    if not roster.has_grades or together.n < settings.stratify_from:
        return [together], frozenset({"unstratified"})
    grades = [by_grade.get(grade, GroupSums(population=population)) for grade, population in roster.by_grade.items()]
    persons_without_grade = together.n - sum(group.n for group in grades)
    if persons_without_grade > MAX_MISSING_GRADE_SHARE * together.n:
        return [together], frozenset({"unstratified", "missing_grade"})
    return grades, frozenset({"missing_grade"} if persons_without_grade else ())


def grade_sums(tally: Tally, row: int, number: int) -> GroupSums:
    """Return what a tally knows of the persons of one of its cells in one dimension, without their population."""
    known = [
        tally.moments[row, number, :3],
        tally.end_counts[row, number, :2],
        tally.response_counts[row, 1:],
        tally.comparing_moments[row, number],
        tally.end_counts[row, number, 2:],
        np.array(_overall_answers(tally.scoring, tally.counts[row])),
    ]
    return GroupSums(0.0, *(float(value) for value in np.concatenate(known)))


def _overall_answers(scoring: Scoring, counts: np.ndarray) -> tuple[float, float, float]:
    """Return the scored and the favourable answers to the overall item, and those among the best three."""
    position = scoring.overall_item_position
    if position is None:
        return 0.0, 0.0, 0.0
    points = scoring.point_table[position]
    is_scored = ~np.isnan(points)
    best = np.argsort(-points[is_scored], kind="stable")[:3]
    answers = counts[position][is_scored]
    return (
        float(answers.sum()),
        float(answers @ scoring.favourable_table[position][is_scored]),
        float(answers[best].sum()),
    )
