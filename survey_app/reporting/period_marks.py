"""A year of two periods (8月、12月): each figure is the mean of both, and marks are given for that once."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from survey_app.assessment.mark_figures import NOTHING_IMPORTED, Figure, MarkImport, SchoolFigures
from survey_app.assessment.mark_report import MarkReport, build_mark_report, mark_sources
from survey_app.measurement.composite import Component, Composite
from survey_app.measurement.ranking import Candidate, RankingEntry, rank_schools
from survey_app.measurement.strata import IndexEstimate
from survey_app.measurement.two_errors import combine

from .mark_figures import ranked_units, trigger_figures
from .wave_report import WaveReport

ONE_PERIOD = "one_period"


def marks_of_periods(
    first: WaveReport, last: WaveReport, imported: MarkImport = NOTHING_IMPORTED, lists_awards: bool = True
) -> MarkReport:
    """Return the marks of a year. Imported marks count once, proposals are those of the last period.

    A school (or area) is the same in both by its code. One that has a figure in one period only has no mean, and
    therefore no mark of that line: it is not compared with schools that were measured twice.
    """
    sources, scheme = mark_sources(last.scheme), last.scheme
    before, after = ranked_units(first, sources), ranked_units(last, sources)
    earlier = {unit.code: unit for unit in before.units}
    candidates = {
        unit.code: _candidate(before.candidates.get(unit.code), after.candidates[unit.code]) for unit in after.units
    }
    rankings = _rankings(last, after.units, candidates)
    units = [
        replace(_figures(earlier.get(unit.code), unit), ranking=rankings[candidates[unit.code].school])
        for unit in after.units
    ]
    name = f"{first.wave}、{last.wave}"
    return build_mark_report(scheme, name, units, trigger_figures(last), imported, after.members, lists_awards)


def _rankings(
    report: WaveReport, units: Sequence[SchoolFigures], candidates: Mapping[str, Candidate]
) -> dict[int, RankingEntry]:
    rankings: dict[int, RankingEntry] = {}
    for category in dict.fromkeys(unit.category for unit in units):
        own = [candidates[unit.code] for unit in units if unit.category == category]
        ranked = rank_schools(own, report.scheme.settings, report.ranking_errors)
        rankings |= {entry.school: entry for entry in ranked}
    return rankings


def _figures(before: SchoolFigures | None, after: SchoolFigures) -> SchoolFigures:
    """Means of the figures that both periods have; else why one is missing, the last period's reason first."""
    old = before.figures if before else {}
    figures, absences = dict[str, Figure](), dict[str, str](before.absences if before else {}) | dict(after.absences)
    for source, figure in after.figures.items():
        if source in old:
            figures[source] = _mean_figure(old[source], figure)
        else:
            absences.setdefault(source, ONE_PERIOD)
    return replace(after, figures=figures, absences=absences)


def _mean_figure(first: Figure, last: Figure) -> Figure:
    error = math.hypot(first.error, last.error) / 2
    return Figure((first.value + last.value) / 2, error, first.is_middle and last.is_middle)


def _candidate(first: Candidate | None, last: Candidate) -> Candidate:
    if first is None:
        flags = last.composite.flags | {"missing_audience"}
        return replace(last, composite=Composite(IndexEstimate(), flags=frozenset(flags)))
    main = _weaker(first.main_component, last.main_component)
    return replace(last, composite=_mean_composite(first.composite, last.composite), main_component=main)


def _weaker(first: Component | None, last: Component | None) -> Component | None:
    """What is known of the main audience where it is known least: a rank needs enough answers in both periods."""
    if first is None or last is None:
        return None
    rates = [rate for rate in (first.response_rate, last.response_rate) if rate is not None]
    return replace(last, n=min(first.n, last.n), response_rate=min(rates) if len(rates) == 2 else None)


def _mean_composite(first: Composite, last: Composite) -> Composite:
    """The mean with its errors; compared with others only where both periods may be."""
    flags, missing = first.flags | last.flags, tuple(dict.fromkeys(first.missing + last.missing))
    one, other = first.index, last.index
    if one.points is None or other.points is None:
        return Composite(IndexEstimate(), last.audiences, flags, missing)
    index = IndexEstimate(
        (one.points + other.points) / 2, _raw_error(one.se, other.se), _raw_error(one.se_corrected, other.se_corrected)
    )
    if one.errors is not None and other.errors is not None:
        index = index.with_errors(combine([(1, one.errors), (1, other.errors)]))
    return Composite(index, last.audiences, flags, missing)


def _raw_error(first: float | None, last: float | None) -> float | None:
    return None if first is None or last is None else math.hypot(first, last) / 2
