"""The job that computes the marks of an assessment year and keeps them; what was not counted is counted first."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from survey_app.accounts.audit import add_audit_entry
from survey_app.assessment.years import keep_computation, year_by_id
from survey_app.foundation.errors import user_error
from survey_app.foundation.job import JobContext
from survey_app.foundation.translation import use_language
from survey_app.integrity.tally_job import make_tallies
from survey_app.reporting.build import TalliesMissing
from survey_app.reporting.year_marks import YearMarks, year_marks

COUNTED = 80  # of a hundred: what counting takes of the work, where there is something to count


def compute_marks(context: JobContext, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the marks under the adopted version; done again, they are computed and kept once more."""
    with use_language(parameters["language"]):
        computed = _computed(context, parameters["year_id"])
        with context.database.write_session() as session:
            year, now, who = year_by_id(session, parameters["year_id"]), context.clock.now(), parameters["asked_by"]
            assert year is not None
            scheme = computed.marks.scheme
            keep_computation(session, year, scheme, computed.tables(), computed.inputs, who, now)
            add_audit_entry(session, now, who, "year.compute", f"{year.name} {scheme.sha256[:16]}")
    return {"schools": len(computed.report.schools)}


def _computed(context: JobContext, year_id: int) -> YearMarks:
    counting = replace(context, report_percent=lambda percent: context.report_percent(percent * COUNTED // 100))
    while True:
        try:
            with context.database.read_session() as session:
                year = year_by_id(session, year_id)
                if year is None:
                    raise user_error("没有这个考核年度")
                return year_marks(session, year, context.categories, context.clock.now())
        except TalliesMissing as missing:
            for request in missing.parameters:
                make_tallies(counting, request)
