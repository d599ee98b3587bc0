"""Marks by line and in all: a value of the scheme, the figures, and what was imported; nothing is counted here."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from survey_app.measurement.marks import Band, MarkFunction, Standardised
from survey_app.measurement.rounding import round_half_up
from survey_app.measurement.statistics.category_model import distances_from_others

from .mark_figures import ABSENCE_REASONS, NOTHING_IMPORTED, Figure, MarkImport, SchoolFigures
from .scheme_rules import MarkLine, Marks

MIN_SCHOOLS_TO_COMPARE = 2


@dataclass(frozen=True, slots=True)
class LineMark:
    """One line of one school. ``full``: its full marks; ``mark``: as if there were no error; ``expected`` counts.

    Without a figure ``reason`` names one of :data:`~.mark_figures.ABSENCE_REASONS`. ``compared``: the distance from
    the others and its error, where the function is about that.
    """

    line: MarkLine
    full: float
    figure: Figure | None = None
    mark: float | None = None
    expected: float | None = None
    reason: str = ""
    compared: Figure | None = None


@dataclass(frozen=True, slots=True)
class SchoolMarks:
    """All lines of a school. ``total`` is None where a line has no figure; ``rank`` only among schools with a rank."""

    school: SchoolFigures
    lines: tuple[LineMark, ...]
    deduction: float = 0.0
    total: float | None = None
    rank: int | None = None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why there is no total."""
        return tuple(dict.fromkeys(line.reason for line in self.lines if line.reason))


def compute_marks(
    marks: Marks, schools: Sequence[SchoolFigures], imported: MarkImport = NOTHING_IMPORTED, decimals: int = 2
) -> tuple[SchoolMarks, ...]:
    """Return the marks of all schools, category by category, best total first.

    The total is the sum of the *printed* expected marks less the deductions, 0 at the least, so that anybody can add
    it up. A line that a whole category is not asked for is left out there, and the others are worth more in proportion.
    """
    by_category: dict[str, list[SchoolFigures]] = defaultdict(list)
    for school in schools:
        by_category[school.category].append(_with_imported(school, marks, imported))
    found = []
    for members in by_category.values():
        category_marks = _CategoryMarks(marks, members, decimals)
        found += _rank_totals([category_marks.of(school, _deduction(school, marks, imported)) for school in members])
    return tuple(found)


def _with_imported(school: SchoolFigures, marks: Marks, imported: MarkImport) -> SchoolFigures:
    columns = imported.external.get(school.code, {})
    figures, absences = dict(school.figures), dict(school.absences)
    for line in marks.lines:
        if line.source.kind == "external":
            if line.source.argument in columns:
                figures[str(line.source)] = Figure(columns[line.source.argument])
            else:
                absences[str(line.source)] = "not_imported"
    return replace(school, figures=figures, absences=absences)


def _deduction(school: SchoolFigures, marks: Marks, imported: MarkImport) -> float:
    counts = imported.deductions.get(school.code, {})
    points = sum(marks.deductions.get(kind, 0.0) * count for kind, count in counts.items())
    return points if marks.most is None else min(points, marks.most)


class _CategoryMarks:
    """Marks of the schools of one category: what a line is worth there, and what schools are compared with."""

    def __init__(self, marks: Marks, members: Sequence[SchoolFigures], decimals: int) -> None:
        self.members = members
        self.decimals = decimals
        self.known = {str(line.source): self._known(str(line.source)) for line in marks.lines}
        self.lines = [line for line in marks.lines if not self._is_dropped(line)]
        total = sum(line.share for line in self.lines)
        self.full = {line.id: marks.full * line.share / total for line in self.lines}
        self.functions = {line.id: self._function(line) for line in self.lines}
        self.distances = {line.id: dict(self._distances(line)) for line in self.lines if line.function == Band.name}

    def of(self, school: SchoolFigures, deduction: float) -> SchoolMarks:
        lines = tuple(self._line_mark(line, school) for line in self.lines)
        expected = [line.expected for line in lines]
        total = None
        if lines and None not in expected:
            printed = sum(round_half_up(value or 0.0, self.decimals) for value in expected)
            total = round_half_up(max(0.0, printed - deduction), self.decimals)
        return SchoolMarks(school, lines, deduction, total)

    def _is_dropped(self, line: MarkLine) -> bool:
        return all(ABSENCE_REASONS[reason].drops_line for reason in self._reasons(line))

    def _reasons(self, line: MarkLine) -> Iterator[str]:
        """Yield the reason of each school; one that keeps the line where there is a figure."""
        for school in self.members:
            yield self._reason(line, school) or "no_composite"

    def _reason(self, line: MarkLine, school: SchoolFigures) -> str:
        if str(line.source) not in school.figures:
            return school.absences.get(str(line.source), "no_composite")
        is_comparison = line.function in (Band.name, Standardised.name)
        return "single_school" if is_comparison and len(self.known[str(line.source)]) < MIN_SCHOOLS_TO_COMPARE else ""

    def _known(self, source: str) -> list[tuple[SchoolFigures, Figure]]:
        return [(school, school.figures[source]) for school in self.members if source in school.figures]

    def _function(self, line: MarkLine) -> MarkFunction:
        values = [figure.value for _, figure in self.known[str(line.source)]]
        mean = float(np.mean(values)) if values else 0.0
        return line.mark_function(mean, float(np.std(values, ddof=1)) if len(values) > 1 else 0.0)

    def _distances(self, line: MarkLine) -> Iterator[tuple[int, Figure]]:
        figures = self.known[str(line.source)]
        found = distances_from_others(
            [figure.value for _, figure in figures], [figure.error for _, figure in figures],
            [school.population for school, _ in figures],
        )  # fmt: skip
        for row, (school, _) in enumerate(figures):
            yield school.school, Figure(float(found.difference[row]), float(found.error[row]))

    def _line_mark(self, line: MarkLine, school: SchoolFigures) -> LineMark:
        full, reason = self.full[line.id], self._reason(line, school)
        if reason:
            return LineMark(line, full, school.figures.get(str(line.source)), reason=reason)
        figure = school.figures[str(line.source)]
        compared = self.distances.get(line.id, {}).get(school.school, figure)
        function = self.functions[line.id]
        expected = function.expected(compared.value, compared.error, full)
        return LineMark(line, full, figure, full * function.share(compared.value), expected, compared=compared)


def _rank_totals(marked: Sequence[SchoolMarks]) -> list[SchoolMarks]:
    """Return them best first; ranks are competition ranks of the printed totals among schools that have a rank."""
    totals = sorted(m.total for m in marked if m.total is not None and m.school.ranking.rank is not None)
    ranked = [
        replace(m, rank=1 + len(totals) - bisect_right(totals, m.total))
        if m.total is not None and m.school.ranking.rank is not None
        else m
        for m in marked
    ]
    return sorted(ranked, key=lambda m: (m.rank or 10**9, -(m.total or 0.0), m.school.code))
