"""A report once more under other weights, made of the cells that it shows: ranks at once, without counting anything."""

from dataclasses import replace

from survey_app.assessment.schemes import Scheme
from survey_app.definition.audiences import AUDIENCES
from survey_app.measurement.composite import Component, Composite, estimate_composite
from survey_app.measurement.ranking import Candidate, RankingEntry, rank_schools
from survey_app.measurement.strata import IndexEstimate

from .wave_report import CellReport, SchoolReport, WaveReport


def can_reweigh(before: Scheme, after: Scheme) -> bool:
    """Return whether two schemes differ in nothing that changes an index of one audience, or who may read it."""
    ranked = replace(
        before.settings, rank_from=after.settings.rank_from, rank_response=after.settings.rank_response,
        rank_unverified=after.settings.rank_unverified, decimals=after.settings.decimals,
    )  # fmt: skip
    return ranked == after.settings and before.dimension_weights == after.dimension_weights


def reweigh(report: WaveReport, scheme: Scheme) -> WaveReport:
    """Return the report with composites and ranks under the weights of ``scheme``.

    Changes and value added stay those of the old weights: they need the wave before. What is shown of a cell is all
    that is read here, so a hidden audience is missing, as it is in the report that is made from nothing.
    """
    if not can_reweigh(report.scheme, scheme):
        raise ValueError("these schemes differ in more than weights")
    asked = {(school.category, audience) for school in report.schools for audience in (*school.cells, *school.imported)}
    composites = {school.school_id: _composite(report, school, scheme, asked) for school in report.schools}
    rankings = _rankings(report, scheme, composites)
    schools = tuple(
        replace(school, composite=composites[school.school_id], ranking=rankings[school.school_id])
        for school in report.schools
    )
    return replace(report, scheme=scheme, schools=schools)


def _composite(report: WaveReport, school: SchoolReport, scheme: Scheme, asked: set[tuple[str, str]]) -> Composite:
    components = [
        school.imported.get(audience) or _component(report, audience, school.cells.get(audience))
        for audience in AUDIENCES.ids()
        if (school.category, audience) in asked
    ]
    weights = scheme.weights_for(school.category)
    return estimate_composite(components, weights, scheme.minimum_response, scheme.settings)


def _component(report: WaveReport, audience: str, cell: CellReport | None) -> Component:
    if cell is None:
        return Component(audience, IndexEstimate(), 0, None)
    shown, verified = cell.publishable, report.is_audience_verified(audience)
    if shown is None:
        return Component(audience, IndexEstimate(), 0, cell.cell.response_rate, verified)
    return Component(audience, shown.overall.index, shown.overall.n, shown.response_rate, verified)


def candidate_of(report: WaveReport, school: SchoolReport, composite: Composite) -> Candidate:
    """Return what a school takes part in the ranking of its category with."""
    main = report.scheme.settings.main
    cell = school.cells.get(main)
    component, people = (_component(report, main, cell), cell.cell.population) if cell else (None, 0)
    return Candidate(school.school_id, composite, component, people)


def _rankings(report: WaveReport, scheme: Scheme, composites: dict[int, Composite]) -> dict[int, RankingEntry]:
    report, rankings = replace(report, scheme=scheme), dict[int, RankingEntry]()
    for category in dict.fromkeys(school.category for school in report.schools):
        candidates = [
            candidate_of(report, school, composites[school.school_id])
            for school in report.schools
            if school.category == category
        ]
        rankings |= {entry.school: entry for entry in rank_schools(candidates, scheme.settings, report.ranking_errors)}
    return rankings
