"""From the report of a wave to what marks, awards and triggers look at: figures that may be read, nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from survey_app.assessment.mark_figures import NOTHING_IMPORTED, Figure, MarkImport, SchoolFigures
from survey_app.assessment.mark_report import MarkReport, build_mark_report, mark_sources
from survey_app.assessment.mark_sources import MarkSource
from survey_app.assessment.school_marks import SchoolMarks
from survey_app.assessment.trigger_facts import CategoryOutlier, CellRate, IndexChange, TriggerFigures
from survey_app.measurement.composite import Component, estimate_composite
from survey_app.measurement.ranking import Candidate
from survey_app.measurement.strata import IndexEstimate

from .analysis.models import COMPOSITE
from .area_figures import AreaFigures, composite_figure
from .disclosure.figures import PublishableDimension
from .reweigh import candidate_of
from .wave_report import CellReport, SchoolReport, WaveReport


def marks_from_report(
    report: WaveReport, imported: MarkImport = NOTHING_IMPORTED, lists_awards: bool = True
) -> MarkReport:
    """Return the marks of a wave under the scheme that it was reported with; the scheme must give marks."""
    ranked = ranked_units(report, mark_sources(report.scheme))
    return build_mark_report(
        report.scheme, report.wave, ranked.units, trigger_figures(report), imported, ranked.members, lists_awards
    )


@dataclass(frozen=True, slots=True)
class RankedUnits:
    """What is ranked: schools, and areas in place of the schools (``members``) of a category that consists of them.

    ``candidates``: by code, what each takes part in the ranking with.
    """

    units: tuple[SchoolFigures, ...]
    members: tuple[SchoolFigures, ...]
    candidates: Mapping[str, Candidate]


def ranked_units(report: WaveReport, sources: tuple[MarkSource, ...]) -> RankedUnits:
    """Return them category by category."""
    rules, schools = report.scheme.rules, school_figures(report, sources)
    units, members, candidates = list[SchoolFigures](), list[SchoolFigures](), dict[str, Candidate]()
    for category in dict.fromkeys(school.category for school in schools):
        own = [school for school in schools if school.category == category]
        if rules is not None and rules.ranks_areas(category):
            areas = AreaFigures(report, category)
            units += areas.figures(sources)
            members += own
            candidates |= areas.candidates()
        else:
            units += own
            candidates |= {s.code: candidate_of(report, s, s.composite) for s in report.in_category(category)}
    return RankedUnits(tuple(units), tuple(members), candidates)


def ranking_only(report: WaveReport) -> MarkReport:
    """Return a wave under a scheme that gives no marks: ranks, and nothing else."""
    schools = tuple(SchoolMarks(school, ()) for school in school_figures(report, ()))
    return MarkReport(report.scheme, report.wave, schools, (), (), ())


def school_figures(report: WaveReport, sources: tuple[MarkSource, ...]) -> tuple[SchoolFigures, ...]:
    """Return each assessed school with the figures that the lines of marks are of; imported ones are added later."""
    reader = _FigureReader(report)
    return tuple(
        reader.school(school, sources) for school in report.schools if report.scheme.weights_for(school.category)
    )


class _FigureReader:
    def __init__(self, report: WaveReport) -> None:
        self.report = report
        comparison = report.comparison
        changes = comparison.changes_of(COMPOSITE) if comparison else None
        self.gains = {change.school: change for change in changes.changes} if changes else {}
        self.dimensions = {
            (school.category, audience): {figures.dimension for figures in cell.cell.dimensions_and_overall}
            for school in report.schools
            for audience, cell in school.cells.items()
        }

    def school(self, school: SchoolReport, sources: tuple[MarkSource, ...]) -> SchoolFigures:
        figures: dict[str, Figure] = {}
        absences: dict[str, str] = {}
        for source in sources:
            found = self._figure(school, source)
            if isinstance(found, Figure):
                figures[str(source)] = found
            elif found:
                absences[str(source)] = found
        main = school.cells.get(self.report.scheme.settings.main)
        return SchoolFigures(
            school.school_id, school.code, school.name, school.category, main.cell.population if main else 0,
            school.ranking, figures, absences,
        )  # fmt: skip

    def _figure(self, school: SchoolReport, source: MarkSource) -> Figure | str:
        """Return the figure, or the id of the reason why there is none; empty for what is imported."""
        if source.kind == "composite":
            return composite_figure(school.composite)
        if source.kind == "dimension":
            return self._dimension(school, source.argument)
        if source.kind == "value_added":
            return self._value_added(school)
        if source.kind == "response_rate":
            return self._response_rate(school, source.argument)
        return ""

    def _dimension(self, school: SchoolReport, dimension: str) -> Figure | str:
        weights = self.report.scheme.weights_for(school.category)
        asked = [
            audience for audience in self.report.audiences(school.category)
            if dimension in self.dimensions.get((school.category, audience), ()) and weights.get(audience, 0) > 0
        ]  # fmt: skip
        if not asked:
            return "not_asked"
        components = [self._component(school.cells.get(audience), audience, dimension) for audience in asked]
        scheme = self.report.scheme
        return composite_figure(estimate_composite(components, weights, scheme.minimum_response, scheme.settings))

    def _component(self, cell: CellReport | None, audience: str, dimension: str) -> Component:
        if cell is None:
            return Component(audience, IndexEstimate(), 0, None)
        figures = next((d for d in cell.cell.dimensions_and_overall if d.dimension == dimension), None)
        verified, rate = self.report.is_audience_verified(audience), cell.cell.response_rate
        if not isinstance(figures, PublishableDimension):
            return Component(audience, IndexEstimate(), 0, rate, verified)
        return Component(audience, figures.index, figures.n, rate, verified)

    def _value_added(self, school: SchoolReport) -> Figure | str:
        """The middle figure, certain, where nothing can be told: no wave before, or too few schools."""
        composite = composite_figure(school.composite)
        if not isinstance(composite, Figure):
            return composite
        gain = self.gains.get(school.school_id)
        if gain is None or gain.value_added is None or not gain.value_added_se:
            return Figure(0.0, 0.0, is_middle=True)
        return Figure(gain.value_added, gain.value_added_se)

    def _response_rate(self, school: SchoolReport, audience: str) -> Figure | str:
        if audience not in self.report.audiences(school.category):
            return "not_asked"
        cell = school.cells.get(audience)
        rate = cell.cell.response_rate if cell else None
        return "hidden" if rate is None else Figure(rate)


def trigger_figures(report: WaveReport) -> TriggerFigures:
    """Return what the triggers look at, of assessed schools and audiences."""
    assessed = {school.school_id: report.scheme.weights_for(school.category) for school in report.schools}
    cells = [
        (school, audience, cell)
        for school in report.schools
        for audience, cell in school.cells.items()
        if assessed[school.school_id].get(audience, 0) > 0
    ]
    return TriggerFigures(
        tuple(rate for school, audience, cell in cells for rate in _cell_rate(school, audience, cell)),
        report.item_rates.of_cells({(school.school_id, audience) for school, audience, _cell in cells}),
        tuple(_changes(report)),
        tuple(_outliers(report)),
    )


def _cell_rate(school: SchoolReport, audience: str, cell: CellReport) -> Iterator[CellRate]:
    shown = cell.publishable
    if shown is None:
        return
    satisfied, rate = shown.overall.satisfied, shown.overall.rate
    figure = rate if satisfied.share is None else satisfied
    if figure.share is not None and figure.errors is not None:
        yield CellRate(school.school_id, audience, figure.share, figure.errors, satisfied.share is not None)


def _changes(report: WaveReport) -> Iterator[IndexChange]:
    for audience_changes in report.comparison.audience_changes if report.comparison else ():
        for change in audience_changes.changes:
            yield IndexChange(change.school, audience_changes.audience, change.difference, change.p)


def _outliers(report: WaveReport) -> Iterator[CategoryOutlier]:
    for group in report.findings.groups:
        if group.audience == COMPOSITE and group.funnel is not None:
            for school in group.funnel.schools:
                p = school.p / 2 if school.z < 0 else 1 - school.p / 2
                yield CategoryOutlier(school.school, p, len(group.funnel.schools))
