"""One school × audience: from its tally and its roster to indices, rates and their errors."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .rates import Rate, rate_of
from .settings import Method
from .strata import NOBODY, Enrolled, Group, Index, collapsed, index_of
from .tally import Tally

MISSING_GRADES_ALLOWED = 0.05
FLAGS = (
    "suppressed", "zero_variance", "overcount", "census", "unstratified", "missing_grade", "missing_audience",
    "low_response", "unverified",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Estimate:
    """One dimension (or OVERALL) of one school × audience.

    ``index`` is the reported figure, stratified by grade where that is possible; ``plain`` the mean of the ``n``
    valid persons. ``strata`` are the groups behind ``index``, ``whole`` the one behind ``plain``.
    """

    dimension: str
    n: int
    index: Index
    plain: Index
    rate: Rate
    strata: tuple[Group, ...]
    whole: Group
    flags: frozenset[str] = frozenset()

    @property
    def is_unanimous(self) -> bool:
        """Whether all persons of each stratum have one score (at least two persons)."""
        return self.n > 1 and all(stratum.variance == 0.0 for stratum in self.strata)


@dataclass(frozen=True, slots=True)
class CellEstimate:
    """A school × audience: who was there, who came, and the estimate of each dimension, OVERALL last."""

    school: int
    audience: str
    instrument: str
    population: int
    received: int
    respondents: int
    estimates: tuple[Estimate, ...]
    flags: frozenset[str] = frozenset()

    @property
    def response_rate(self) -> float | None:
        return self.respondents / self.population if self.population else None

    @property
    def overall(self) -> Estimate:
        return self.estimates[-1]


def estimate_cell(tally: Tally, school: int, enrolled: Enrolled, method: Method) -> CellEstimate:
    """Everything that can be said of one school × audience by itself.

    Where all persons answered alike the error comes later, from :func:`with_pooled_variance`: it needs other schools.

    Raises
    ------
    ValueError
        If the tally was made from counts alone; see :func:`~.published.estimate_published`.
    """
    rows = tally.rows_of(school)
    if np.isnan(tally.moments[rows]).any():
        raise ValueError(f"Of school {school} only counts are known, not persons; use estimate_published.")
    received, respondents = (int(value) for value in tally.head[rows].sum(axis=0))
    cell = _Cell(tally, rows, enrolled, method, respondents)
    return CellEstimate(
        school=school,
        audience=tally.scoring.audience,
        instrument=tally.scoring.instrument,
        population=enrolled.population,
        received=received,
        respondents=respondents,
        estimates=tuple(cell.estimate(number, name) for number, name in enumerate(tally.scoring.dimension_rows())),
        flags=_participation(respondents, enrolled.population),
    )


def _participation(respondents: int, population: int) -> frozenset[str]:
    if not population or respondents < population:
        return frozenset()
    return frozenset({"overcount" if respondents > population else "census"})


@dataclass(frozen=True, slots=True)
class _Cell:
    tally: Tally
    rows: list[int]
    enrolled: Enrolled
    method: Method
    respondents: int

    def estimate(self, number: int, name: str) -> Estimate:
        groups = self._groups(number)
        whole = replace(sum(groups.values(), NOBODY), population=self.enrolled.population)
        strata, flags = self._strata(groups, whole)
        scoring = self.tally.scoring
        rate = rate_of(
            self.tally.moments[self.rows, number].sum(axis=0), self.tally.counts[self.rows].sum(axis=0), scoring,
            scoring.items_of(name), self.respondents, self.enrolled.population,
        )  # fmt: skip
        return Estimate(
            dimension=name, n=whole.n, index=index_of(strata), plain=index_of([whole]), rate=rate,
            strata=tuple(strata), whole=whole, flags=frozenset(flags),
        )  # fmt: skip

    def _groups(self, number: int) -> dict[str, Group]:
        """Valid persons of this dimension, by grade."""
        found: dict[str, Group] = {}
        for row in self.rows:
            n, total, squares = (float(value) for value in self.tally.moments[row, number, :3])
            grade = self.tally.cells[row].grade
            found[grade] = Group(int(n), self.enrolled.by_grade.get(grade, 0), total, squares)
        return found

    def _strata(self, groups: dict[str, Group], whole: Group) -> tuple[list[Group], set[str]]:
        """The groups that are weighted by enrolment; a single one where the plain mean is used."""
        if not self.enrolled.has_grades or whole.n < self.method.stratify_from:
            return [whole], {"unstratified"}
        on_roster = [
            groups.get(grade, Group(0, population, 0.0, 0.0)) for grade, population in self.enrolled.by_grade.items()
        ]
        left_out = whole.n - sum(group.n for group in on_roster)
        if left_out > MISSING_GRADES_ALLOWED * whole.n:
            return [whole], {"unstratified", "missing_grade"}
        return collapsed(on_roster, self.method.min_cell), {"missing_grade"} if left_out else set()


def with_pooled_variance(
    cells: Sequence[CellEstimate], shown: Sequence[CellEstimate] | None = None
) -> list[CellEstimate]:
    """The cells of one category × audience; unanimous ones get the pooled variance of all and a flag.

    The pooled SD is √(Σ(n−1)s² / Σ(n−1)) over the schools; over those of ``shown``, where given, because an error that
    is made of a hidden cell would tell its variance. If nobody among them differs, it is 0.
    """
    pooled: dict[str, float] = {}
    for name in {estimate.dimension for cell in cells for estimate in cell.estimates}:
        wholes = [
            estimate.whole for cell in shown or cells for estimate in cell.estimates if estimate.dimension == name
        ]
        freedom = sum(whole.n - 1 for whole in wholes if whole.n > 1)
        spread = math.fsum((whole.n - 1) * (whole.variance or 0.0) for whole in wholes if whole.n > 1)
        pooled[name] = spread / freedom if freedom else 0.0
    return [
        replace(cell, estimates=tuple(_pooled(estimate, pooled[estimate.dimension]) for estimate in cell.estimates))
        for cell in cells
    ]


def _pooled(estimate: Estimate, variance: float) -> Estimate:
    if not estimate.is_unanimous:
        return estimate
    return replace(
        estimate,
        index=index_of(estimate.strata, variance),
        plain=index_of([estimate.whole], variance) if estimate.whole.variance == 0.0 else estimate.plain,
        flags=estimate.flags | {"zero_variance"},
    )
