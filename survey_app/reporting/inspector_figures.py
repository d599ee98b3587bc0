"""Scores of inspectors that were imported become one more audience of each school's composite."""

from collections.abc import Mapping
from dataclasses import replace

from survey_app.assessment.inspector_scores import InspectorMean
from survey_app.definition.audiences import AudienceId
from survey_app.foundation.errors import user_error
from survey_app.measurement.composite import Component
from survey_app.measurement.strata import IndexEstimate
from survey_app.measurement.two_errors import without_sampling

from .reweigh import reweigh
from .wave_report import WaveReport

INSPECTOR = AudienceId.INSPECTOR.value


def with_inspector_scores(report: WaveReport, means: Mapping[str, InspectorMean]) -> WaveReport:
    """Return the report with the scores in composites and ranks; a school without one lacks an audience.

    A category in which nobody was evaluated stays as it is. Raises :class:`UserError` if the wave asked inspectors too.
    """
    if not means:
        return report
    if any(INSPECTOR in school.cells for school in report.schools):
        raise user_error("批次里已经有责任督学的问卷，不能再导入督学的评分：两样只能用一样")
    rater_sd = report.scheme.settings.rater_sd
    schools = tuple(
        replace(school, imported={INSPECTOR: _component(means[school.code], rater_sd)})
        if school.code in means else school
        for school in report.schools
    )  # fmt: skip
    return reweigh(replace(report, schools=schools), report.scheme)


def _component(mean: InspectorMean, rater_sd: float) -> Component:
    """The raters' error of so many persons, as where inspectors filled in a form."""
    errors = without_sampling(mean.points / 100, rater_sd / 100 / mean.inspectors**0.5)
    return Component(INSPECTOR, IndexEstimate(mean.points).with_errors(errors), mean.inspectors, None, verified=True)
