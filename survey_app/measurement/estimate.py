"""One school × audience: from its tally and its roster to indices, rates and their errors."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from survey_app.definition.audiences import AUDIENCES

from .group_sums import (
    GroupSums,
    collapse_groups,
    combined_rate,
    index_group,
    rate_groups,
    satisfied_group,
    weighted_share,
)
from .rates import SatisfactionRate, SatisfiedPersons, estimate_rate
from .scoring import Scoring
from .settings import MeasurementSettings
from .statistics.dispersion import ScaledChiSquarePrior
from .strata import IndexEstimate, RosterPopulation, Stratum, estimate_index
from .suppression import is_nearly_unanimous, near_unanimity_share
from .tally import Tally
from .two_errors import BINOMIAL, TwoErrors, estimate_two_errors, fit_dispersion_prior, without_sampling

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

    @property
    def pooled_stratum(self) -> Stratum:
        """All valid persons as one stratum."""
        return _stratum(self.together)


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

    The errors of this year and of the level come later, from :func:`with_errors`: they need other schools.

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


def _stratum(sums: GroupSums) -> Stratum:
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
            index=estimate_index([_stratum(group) for group in groups]),
            unweighted_index=estimate_index([_stratum(together)]),
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


@dataclass(frozen=True, slots=True)
class DispersionPriors:
    """Priors of the dispersion of indices and of rates, by dimension."""

    index: Mapping[str, ScaledChiSquarePrior]
    rate: Mapping[str, ScaledChiSquarePrior]


def fit_priors(own: Iterable[DimensionEstimate], wider: Iterable[DimensionEstimate] = ()) -> DispersionPriors:
    """Return what cells of one kind may borrow, from the dimensions of them that are shown; see ``docs/method.md``.

    Parameters
    ----------
    own, wider : iterable of DimensionEstimate
        Of the category × audience, and of the audience in all categories, which serves where the first is too small.
    """
    own_by_name, wider_by_name = _by_dimension(own), _by_dimension(wider)
    names = own_by_name.keys() | wider_by_name.keys()
    index, rate = {}, {}
    for name in names:
        kinds = [by_name.get(name, []) for by_name in (own_by_name, wider_by_name)]
        index[name] = fit_dispersion_prior(*([[index_group(group) for group in one.groups] for one in kind]
                                             for kind in kinds))  # fmt: skip
        rate[name] = fit_dispersion_prior(*([rate_groups(one.groups) for one in kind] for kind in kinds))
    return DispersionPriors(index, rate)


def _by_dimension(estimates: Iterable[DimensionEstimate]) -> dict[str, list[DimensionEstimate]]:
    result: dict[str, list[DimensionEstimate]] = {}
    for estimate in estimates:
        if estimate.n > 0:
            result.setdefault(estimate.dimension, []).append(estimate)
    return result


def with_errors(
    cell: SchoolAudienceEstimate,
    priors: DispersionPriors,
    settings: MeasurementSettings,
    correlations: Mapping[str, float] = MappingProxyType({}),
    class_size: float | None = None,
) -> SchoolAudienceEstimate:
    """Return the cell with the errors of this year and of the level.

    Parameters
    ----------
    cell : SchoolAudienceEstimate
    priors : DispersionPriors
        What cells of its kind may borrow.
    settings : MeasurementSettings
    correlations : mapping of str to float
        The measured correlation of persons of one class by dimension; where there is none the assumed one of the
        settings, with a flag.
    class_size : float, optional
        Σm²/Σm of the classes that answered; ``class_size`` of the settings × response rate otherwise.
    """
    if not AUDIENCES[cell.audience].is_sample:
        return replace(cell, estimates=tuple(_with_rater_error(one, settings) for one in cell.estimates))
    assumed = settings.correlation_in_classes(cell.audience)
    rate = min(1.0, cell.response_rate or 1.0)
    size = max(1.0, settings.class_size * rate) if class_size is None else class_size

    def context(dimension: str) -> _ErrorContext:
        flags = frozenset({"assumed_correlation"} if dimension not in correlations and assumed > 0 else ())
        correlation = correlations.get(dimension, assumed)
        return _ErrorContext(cell.response_rate, settings.nonresponse, correlation, size, flags)

    return replace(cell, estimates=tuple(context(one.dimension).apply(one, priors) for one in cell.estimates))


def _with_rater_error(estimate: DimensionEstimate, settings: MeasurementSettings) -> DimensionEstimate:
    """Inspectors are no sample: a figure without an interval of its own, whose error is that of its raters."""
    if estimate.index.points is None:
        return estimate
    errors = without_sampling(estimate.index.points / 100, settings.rater_sd / 100 / max(1, estimate.n) ** 0.5)
    index = IndexEstimate(estimate.index.points, errors=errors)
    return replace(estimate, index=index, flags=estimate.flags | {"assumed_rater"})


@dataclass(frozen=True, slots=True)
class _ErrorContext:
    response_rate: float | None
    nonresponse: float
    correlation: float
    class_size: float
    flags: frozenset[str]

    def apply(self, estimate: DimensionEstimate, priors: DispersionPriors) -> DimensionEstimate:
        if estimate.n == 0:
            return estimate
        index_prior = priors.index.get(estimate.dimension) or fit_dispersion_prior([])
        rate_prior = priors.rate.get(estimate.dimension) or fit_dispersion_prior([])
        groups = [index_group(group) for group in estimate.groups]
        index_errors = estimate_two_errors(
            groups, index_group(estimate.together), index_prior, self.response_rate, self.nonresponse,
            self.class_size, self.correlation,
        )  # fmt: skip
        flags = estimate.flags | self.flags
        if index_errors is not None and index_errors.is_borrowed:
            flags |= {"borrowed"}
        return replace(
            estimate,
            index=estimate.index.with_errors(index_errors),
            rate=estimate.rate.with_errors(self._rate_errors(estimate, rate_prior)),
            satisfied=estimate.satisfied.with_errors(self._satisfied_errors(estimate.satisfied)),
            satisfied_range=estimate.satisfied_range
            and estimate.satisfied_range.with_errors(self._satisfied_errors(estimate.satisfied_range)),
            correlation=self.correlation,
            flags=flags,
        )

    def _rate_errors(self, estimate: DimensionEstimate, prior: ScaledChiSquarePrior) -> TwoErrors | None:
        together = rate_groups([estimate.together])
        if estimate.rate.share is None or not together:
            return None
        return estimate_two_errors(
            rate_groups(estimate.groups), together[0], prior, self.response_rate, self.nonresponse,
            self.class_size, self.correlation, estimate.rate.share,
        )  # fmt: skip

    def _satisfied_errors(self, satisfied: SatisfiedPersons) -> TwoErrors | None:
        if satisfied.share is None:
            return None
        together = satisfied_group(sum(satisfied.groups, GroupSums()))
        return estimate_two_errors(
            [satisfied_group(group) for group in satisfied.groups], together, BINOMIAL, self.response_rate,
            self.nonresponse, self.class_size, self.correlation,
        )  # fmt: skip
