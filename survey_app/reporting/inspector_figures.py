"""What inspectors signed, or an office imported, becomes one more audience of each school's composite."""

import math
from collections.abc import Mapping
from dataclasses import replace

from survey_app.assessment.inspector_ratings import RaterError
from survey_app.assessment.inspector_scores import InspectorMean
from survey_app.definition.audiences import AudienceId
from survey_app.foundation.errors import user_error
from survey_app.measurement.composite import Component
from survey_app.measurement.strata import IndexEstimate
from survey_app.measurement.two_errors import without_sampling

from .reweigh import reweigh
from .wave_report import WaveReport

INSPECTOR = AudienceId.INSPECTOR.value


def with_inspector_scores(
    report: WaveReport, means: Mapping[str, InspectorMean], error: RaterError | None = None
) -> WaveReport:
    """Return the report with the scores in composites and ranks; a school without one lacks an audience.

    Without an ``error`` from schools that several judged it is the one that the scheme assumes. A category in which
    nobody was evaluated stays as it is. Raises :class:`UserError` if the wave asked inspectors too.
    """
    if not means:
        return report
    if any(INSPECTOR in school.cells for school in report.schools):
        raise user_error("批次里已经有责任督学的问卷，不能再计督学的评价和导入的评分：两样只能用一样")
    rater_sd = report.scheme.settings.rater_sd
    schools = tuple(
        replace(school, imported={INSPECTOR: _component(means[school.code], rater_sd, error)})
        if school.code in means else school
        for school in report.schools
    )  # fmt: skip
    return reweigh(replace(report, schools=schools), report.scheme)


def _component(mean: InspectorMean, rater_sd: float, error: RaterError | None) -> Component:
    """The raters' error of so many persons, as where inspectors filled in a form."""
    sd, df = (error.sd, error.df) if error else (rater_sd, math.inf)
    errors = without_sampling(mean.points / 100, sd / 100 / mean.inspectors**0.5, df)
    index = IndexEstimate(mean.points).with_errors(errors)
    return Component(INSPECTOR, index, mean.inspectors, None, verified=True, measured_error=error is not None)
