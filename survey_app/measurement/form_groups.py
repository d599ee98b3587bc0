"""Sums over two groups of forms, those with a signal and those of paper, and what the index is without or beside them.

Paper are forms that nobody was timed on: typed in by the office, or imported.
Both are made in the second reading at the seal, under the shipped settings; they add up and never say which form.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from .estimate import DimensionEstimate, SchoolAudienceEstimate, grade_sums, select_grades
from .group_sums import SCALE, GroupSums, collapse_groups
from .rates import SatisfactionRate
from .respondent_scores import SCORE_ORIGIN, score_respondents
from .scoring import Scoring, symbol_class_table
from .settings import MeasurementSettings
from .signals import RESPONSE_SPEEDS, GradedForms, SchoolResponses
from .statistics.arrays import BoolArray, FloatArray, IntArray
from .statistics.score_intervals import satterthwaite_df, t_quantile
from .strata import RosterPopulation, Stratum, estimate_index
from .tally import END_TOLERANCE, Tally

FLAGGED, PAPER = "flagged", "paper"
FORM_SUMS = ("n", "score", "score2", "at_lowest", "at_highest")  # as in GroupSums
SumsByGrade = Mapping[str, GroupSums]
_CLASS_OF_SYMBOL = symbol_class_table()


@dataclass(frozen=True, slots=True, order=True)
class FormCell:
    """A school, a group of its forms, and a grade."""

    school: int
    group: str
    grade: str = ""


class FormSumsBuilder:
    """:data:`FORM_SUMS` of each cell by dimension, OVERALL last, while signals are counted."""

    def __init__(self, scoring: Scoring) -> None:
        self.scoring = scoring
        self._sums: dict[FormCell, FloatArray] = {}

    def add(self, batch: Sequence[SchoolResponses], is_flagged: BoolArray) -> None:
        """Add the forms of some schools; what :func:`~.signals.count_signals` calls."""
        speeds = np.concatenate([responses.response_speeds for responses in batch])
        is_paper = np.logical_and.reduce([speeds != code for code in RESPONSE_SPEEDS])  # isin would sort them first
        chosen = np.flatnonzero(is_flagged | is_paper)
        if not len(chosen):
            return
        forms = [_graded_forms(responses) for responses in batch]
        cells = [(responses.school, grade) for responses, own in zip(batch, forms, strict=True) for grade in own.grades]
        offsets = accumulate((len(own.grades) for own in forms), initial=0)
        places = np.concatenate([own.grade_places + offset for own, offset in zip(forms, offsets, strict=False)])
        values = _person_values(self.scoring, np.concatenate([own.symbols for own in forms])[chosen])
        for group, members in ((FLAGGED, is_flagged[chosen]), (PAPER, is_paper[chosen])):
            self._add_group(group, cells, places[chosen][members], values[members])

    def build(self, min_persons: int) -> dict[FormCell, FloatArray]:
        """Return the sums of every group of a school that has so many valid persons; of fewer nothing is kept."""
        persons: dict[tuple[int, str], float] = {}
        for cell, sums in self._sums.items():
            persons[cell.school, cell.group] = persons.get((cell.school, cell.group), 0.0) + sums[-1, 0]
        return {
            cell: self._sums[cell] for cell in sorted(self._sums) if persons[cell.school, cell.group] >= min_persons
        }

    def _add_group(self, group: str, cells: Sequence[tuple[int, str]], places: IntArray, values: FloatArray) -> None:
        order = places.argsort(kind="stable")
        ordered = places[order]
        starts = np.flatnonzero(np.diff(ordered, prepend=-1))
        for place, sums in zip(
            ordered[starts], np.add.reduceat(values[order], starts) if len(starts) else [], strict=True
        ):
            cell = FormCell(cells[place][0], group, cells[place][1])
            self._sums[cell] = self._sums[cell] + sums if cell in self._sums else sums


def _graded_forms(responses: SchoolResponses) -> GradedForms:
    if responses.forms is None:
        raise ValueError("Sums over forms need their symbols and grades; pass grades to decode_responses.")
    return responses.forms


def _person_values(scoring: Scoring, symbols: np.ndarray) -> FloatArray:
    """What a person adds to :data:`FORM_SUMS`, shape (persons, dimensions + 1, 5)."""
    persons = score_respondents(scoring, _CLASS_OF_SYMBOL[symbols])
    lowest, highest = (ends - SCORE_ORIGIN for ends in scoring.attainable_ends)
    scores, valid = persons.centred_scores, persons.is_valid
    at_ends = [valid & (scores <= lowest + END_TOLERANCE), valid & (scores >= highest - END_TOLERANCE)]
    return np.stack([valid, scores, scores**2, *at_ends], axis=2).astype(np.float64)


@dataclass(frozen=True, slots=True)
class IndexWithout:
    """The index of a school × audience as if the forms of ``left_out`` valid persons had not come."""

    left_out: int
    estimate: DimensionEstimate

    @property
    def n(self) -> int:
        return self.estimate.n


@dataclass(frozen=True, slots=True)
class ModeEstimates:
    """The index of paper and of online forms over the same groups of grades, so that they can be compared."""

    paper: DimensionEstimate
    online: DimensionEstimate


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference of two indices in points, its error and its interval; None where a group has a single person."""

    points: float
    se: float | None = None
    low: float | None = None
    high: float | None = None


def overall_sums(sums: FloatArray) -> GroupSums:
    """Return what a stored row says of OVERALL."""
    return GroupSums(**dict(zip(FORM_SUMS, map(float, sums[-1]), strict=True)))


def estimate_without(
    tally: Tally, school: int, group: SumsByGrade, roster: RosterPopulation, settings: MeasurementSettings
) -> IndexWithout:
    """Return the index without the persons of a group, by the rules of the index: weights are those of the roster.

    Parameters
    ----------
    tally : Tally
        Made with the same settings as ``group``.
    school : int
    group : mapping of str to GroupSums
        The persons that are left out, by grade.
    roster : RosterPopulation
    settings : MeasurementSettings
    """
    rest = dict(_remainder(_sums_by_grade(tally, school, roster), group))
    together = replace(sum(rest.values(), GroupSums()), population=roster.population)
    grades, flags = select_grades(rest, together, roster, settings)
    groups = collapse_groups(grades, settings.min_cell) if len(grades) > 1 else grades
    return IndexWithout(int(sum(sums.n for sums in group.values())), _estimate(groups, together, flags))


def estimate_modes(
    tally: Tally, school: int, paper: SumsByGrade, roster: RosterPopulation, settings: MeasurementSettings
) -> ModeEstimates:
    """Return the index of paper and of online forms; groups of grades are closed when both have enough persons.

    Both are weighted by the same shares of the roster, so that a grade that answered on paper only is no difference
    of modes.
    """
    everybody = _sums_by_grade(tally, school, roster)
    online = dict(_remainder(everybody, paper))
    together = [replace(sum(sums.values(), GroupSums()), population=roster.population) for sums in (paper, online)]
    grades, flags = select_grades(everybody, sum(everybody.values(), GroupSums()), roster, settings)
    groups = [together]
    if len(grades) > 1:
        pairs = [
            [replace(sums.get(grade, GroupSums()), population=population) for sums in (paper, online)]
            for grade, population in roster.by_grade.items()
        ]
        groups = _collapse_pairs(pairs, settings.min_cell) or groups
    of_paper, of_online = (
        _estimate([pair[mode] for pair in groups], together[mode], flags) for mode in range(len(together))
    )
    return ModeEstimates(of_paper, of_online)


def mode_difference(paper: DimensionEstimate, online: DimensionEstimate) -> Difference:
    """Return paper − online with its 95 % interval from the errors of the level, t by Satterthwaite."""
    first, second = paper.index, online.index
    if first.points is None or second.points is None:
        raise ValueError("One of the modes has no index; compare modes that both have persons.")
    points = first.points - second.points
    if first.errors is None or second.errors is None:
        return Difference(points)
    parts = [first.errors.level**2, second.errors.level**2]
    se = SCALE * math.sqrt(math.fsum(parts))
    half = t_quantile(satterthwaite_df(parts, [first.errors.df_level, second.errors.df_level])) * se if se else 0.0
    return Difference(points, se, points - half, points + half)


def as_cell(whole: SchoolAudienceEstimate, estimate: DimensionEstimate, respondents: int) -> SchoolAudienceEstimate:
    """Return the cell as if only these persons had answered, for :func:`~.estimate_errors.with_errors`."""
    return replace(whole, respondents=respondents, estimates=(estimate,))


def _sums_by_grade(tally: Tally, school: int, roster: RosterPopulation) -> dict[str, GroupSums]:
    number = len(tally.scoring.dimensions)
    result = {}
    for row in tally.rows_for_school(school):
        grade = tally.cells[row].grade
        known = grade_sums(tally, row, number)
        index_sums = {name: getattr(known, name) for name in FORM_SUMS}
        result[grade] = GroupSums(population=roster.by_grade.get(grade, 0), **index_sums)
    return result


def _remainder(everybody: SumsByGrade, group: SumsByGrade) -> Iterator[tuple[str, GroupSums]]:
    """By grade, whoever is not in the group; squares of a difference are not less than 0."""
    for grade, sums in everybody.items():
        away = group.get(grade, GroupSums())
        rest = {name: getattr(sums, name) - getattr(away, name) for name in FORM_SUMS}
        if rest["n"] <= 0:
            rest = dict.fromkeys(FORM_SUMS, 0.0)
        yield grade, GroupSums(population=sums.population, **rest | {"score2": max(0.0, rest["score2"])})


def _collapse_pairs(pairs: Iterable[Sequence[GroupSums]], minimum: int) -> list[list[GroupSums]]:
    """Join neighbouring grades until both modes have enough persons and there is a population; none may be left."""
    result: list[list[GroupSums]] = []
    current = [GroupSums(), GroupSums()]
    for pair in pairs:
        current = [one + other for one, other in zip(current, pair, strict=True)]
        if min(one.n for one in current) >= minimum and current[0].population > 0:
            result.append(current)
            current = [GroupSums(), GroupSums()]
    if result:
        result[-1] = [one + other for one, other in zip(result[-1], current, strict=True)]
    return result


def _estimate(groups: Sequence[GroupSums], together: GroupSums, flags: frozenset[str]) -> DimensionEstimate:
    return DimensionEstimate(
        dimension="OVERALL",
        n=int(together.n),
        index=estimate_index([_stratum(group) for group in groups]),
        unweighted_index=estimate_index([_stratum(together)]),
        rate=SatisfactionRate(),
        groups=tuple(groups),
        together=together,
        flags=flags,
    )


def _stratum(sums: GroupSums) -> Stratum:
    return Stratum(int(sums.n), int(sums.population), sums.score, sums.score2)
