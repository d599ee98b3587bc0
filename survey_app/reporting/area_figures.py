"""Areas (学区) as what a category consists of: their figures are made of the schools whose figures may be read."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from survey_app.assessment.mark_figures import Figure, SchoolFigures
from survey_app.assessment.mark_sources import MarkSource
from survey_app.definition.audiences import AUDIENCES
from survey_app.foundation.errors import user_error
from survey_app.measurement.composite import Component, Composite, estimate_composite
from survey_app.measurement.ranking import Candidate, RankingEntry, rank_schools
from survey_app.measurement.scoring import OVERALL
from survey_app.measurement.strata import IndexEstimate
from survey_app.measurement.two_errors import TwoErrors, combine

from .disclosure.figures import PublishableCell, PublishableDimension
from .wave_report import SchoolReport, WaveReport


@dataclass(frozen=True, slots=True)
class Area:
    """The schools of one category that lie in an area; ``id`` is below 0, for no school has such a one."""

    id: int
    name: str
    schools: tuple[SchoolReport, ...]


def areas_of(report: WaveReport, category: str) -> tuple[Area, ...]:
    """Return the areas of a category by name. Raises :class:`UserError` where a school has none."""
    schools = report.in_category(category)
    homeless = [school.name for school in schools if not school.area]
    if homeless:
        raise user_error(
            "类别“{category}”按学区排名，这些学校在名册里没有写片区：{schools}。请在名册里补上再办下一批次，"
            "或者在方案里删去 units 的这一项",
            category=category, schools="、".join(homeless[:10]),
        )  # fmt: skip
    names = sorted({school.area for school in schools})
    return tuple(
        Area(-number, name, tuple(school for school in schools if school.area == name))
        for number, name in enumerate(names, start=1)
    )


class AreaFigures:
    """What lines of marks are of, for the areas of one category."""

    def __init__(self, report: WaveReport, category: str) -> None:
        self.report = report
        self.category = category
        self.areas = areas_of(report, category)
        self.weights = report.scheme.weights_for(category)

    def figures(self, sources: Sequence[MarkSource]) -> list[SchoolFigures]:
        """Return each area with its composite's rank and its figures, or why one is missing."""
        composites = {area.id: self.composite(area) for area in self.areas}
        rankings = self._rankings()
        return [self._area(area, composites[area.id], rankings[area.id], sources) for area in self.areas]

    def composite(self, area: Area, dimension: str = OVERALL) -> Composite:
        asked = [
            name
            for name in AUDIENCES.ids()
            if any(name in (*school.cells, *school.imported) for school in area.schools)
        ]
        components = [self._component(area, audience, dimension) for audience in asked]
        scheme = self.report.scheme
        return estimate_composite(components, self.weights, scheme.minimum_response, scheme.settings)

    def _cells(self, area: Area, audience: str) -> list[PublishableCell]:
        found = (school.cells[audience].publishable for school in area.schools if audience in school.cells)
        return [cell for cell in found if cell is not None]

    def _component(self, area: Area, audience: str, dimension: str) -> Component:
        if dimension == OVERALL and (brought := self._imported(area, audience)) is not None:
            return brought
        cells = self._cells(area, audience)
        shown = [
            (cell.population, figures.index)
            for cell in cells
            for figures in cell.dimensions_and_overall
            if figures.dimension == dimension and isinstance(figures, PublishableDimension)
        ]
        n = sum(
            figures.n
            for cell in cells
            for figures in cell.dimensions_and_overall
            if figures.dimension == dimension and isinstance(figures, PublishableDimension)
        )
        verified = self.report.is_audience_verified(audience)
        return Component(audience, _mean(shown), n, _response_rate(cells), verified)

    def _imported(self, area: Area, audience: str) -> Component | None:
        """What the office brought of the schools, by the roster of the main audience; None where it brought nothing."""
        main = self.report.scheme.settings.main
        parts = [
            (school.cells[main].cell.population, school.imported[audience].index)
            for school in area.schools
            if audience in school.imported and main in school.cells
        ]
        n = sum(school.imported[audience].n for school in area.schools if audience in school.imported)
        return Component(audience, _mean(parts), n, None, verified=True) if parts else None

    def candidates(self) -> dict[str, Candidate]:
        """What each area takes part in the ranking with, by its name."""
        main = self.report.scheme.settings.main
        return {
            area.name: Candidate(
                area.id, self.composite(area), self._component(area, main, OVERALL), self._people(area)
            )
            for area in self.areas
        }

    def _rankings(self) -> dict[int, RankingEntry]:
        settings = self.report.scheme.settings
        ranked = rank_schools(tuple(self.candidates().values()), settings, self.report.ranking_errors)
        return {entry.school: entry for entry in ranked}

    def _people(self, area: Area) -> int:
        return sum(cell.population for cell in self._cells(area, self.report.scheme.settings.main))

    def _area(
        self, area: Area, composite: Composite, ranking: RankingEntry, sources: Sequence[MarkSource]
    ) -> SchoolFigures:
        figures, absences = dict[str, Figure](), dict[str, str]()
        for source in sources:
            found = self._figure(area, composite, source)
            if isinstance(found, Figure):
                figures[str(source)] = found
            elif found:
                absences[str(source)] = found
        return SchoolFigures(
            area.id, area.name, area.name, self.category, self._people(area), ranking, figures, absences
        )

    def _figure(self, area: Area, composite: Composite, source: MarkSource) -> Figure | str:
        """As for a school; value added is the same middle figure for all, for areas are too few to expect anything."""
        if source.kind == "composite":
            return composite_figure(composite)
        if source.kind == "dimension":
            return self._dimension(area, source.argument)
        if source.kind == "value_added":
            found = composite_figure(composite)
            return Figure(0.0, 0.0, is_middle=True) if isinstance(found, Figure) else found
        if source.kind == "response_rate":
            if source.argument not in self.report.audiences(self.category):
                return "not_asked"
            rate = _response_rate(self._cells(area, source.argument))
            return "hidden" if rate is None else Figure(rate)
        return ""

    def _dimension(self, area: Area, dimension: str) -> Figure | str:
        names = {
            figures.dimension
            for school in area.schools for audience, cell in school.cells.items() if self.weights.get(audience, 0) > 0
            for figures in cell.cell.dimensions_and_overall
        }  # fmt: skip
        return composite_figure(self.composite(area, dimension)) if dimension in names else "not_asked"


def composite_figure(composite: Composite) -> Figure | str:
    """Return the figure of a composite, or the reason why it is none to give marks for."""
    index = composite.index
    if index.points is None:
        return "no_composite"
    for flag in ("missing_audience", "overcount"):
        if flag in composite.flags:
            return flag
    return "no_error" if index.se_level is None else Figure(index.points, index.se_level)


def _mean(shown: Sequence[tuple[int, IndexEstimate]]) -> IndexEstimate:
    """Σ N·I / ΣN of the schools; raw errors in squares, the others as in :func:`~..measurement.two_errors.combine`."""
    known = [(people, index) for people, index in shown if index.points is not None and people > 0]
    total = sum(people for people, _ in known)
    if not known:
        return IndexEstimate()
    index = IndexEstimate(
        sum(people / total * (index.points or 0.0) for people, index in known),
        _raw_error([(people / total, index.se) for people, index in known]),
        _raw_error([(people / total, index.se_corrected) for people, index in known]),
    )
    parts: list[tuple[float, TwoErrors]] = [(people, index.errors) for people, index in known if index.errors]
    return index.with_errors(combine(parts)) if len(parts) == len(known) else index


def _raw_error(parts: Sequence[tuple[float, float | None]]) -> float | None:
    """None where the error of a part is not known."""
    known = [share * error for share, error in parts if error is not None]
    return math.hypot(*known) if len(known) == len(parts) else None


def _response_rate(cells: Sequence[PublishableCell]) -> float | None:
    """Of the schools that may be read; None where there are none."""
    people = sum(cell.population for cell in cells)
    came = sum(cell.respondents or 0 for cell in cells)
    return came / people if people else None
