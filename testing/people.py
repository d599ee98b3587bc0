"""Answer strings of imagined people, for the statistics."""

import math
from collections.abc import Iterable, Mapping

from hypothesis import strategies as st

from survey_app.measurement.estimate import SchoolAudienceEstimate, estimate_school_audience
from survey_app.measurement.scoring import Scoring, build_scoring
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.strata import IndexEstimate, RosterPopulation
from survey_app.measurement.tally import Tally, TallyCell
from survey_app.measurement.tally_builder import tally_responses
from survey_app.measurement.two_errors import TwoErrors
from testing.instruments import tiny

WIDTH = 6  # signs of an answer to ``not_applicable``: A1 A2 A3 A4 (dimension d), B1 (e), OV1
PERSON = st.text("123?.-", min_size=WIDTH, max_size=WIDTH)
PEOPLE = st.lists(PERSON, max_size=40)


def scoring(name: str = "not_applicable", valid_share: float = 0.5, conditional_items: str = "exclude") -> Scoring:
    return build_scoring(tiny(name), "parent", valid_share, conditional_items=conditional_items)


def counted(people: Iterable[str], found: Scoring | None = None, school: int = 1, grade: str = "") -> Tally:
    return tally_responses(found or scoring(), [(TallyCell(school, grade), person.encode()) for person in people])


def one_item(by_grade: Mapping[str, str], school: int = 1) -> Tally:
    """Answers to the only item of ``grades_from``: by grade, a sign a person (1 = 100, 2 = 50, 3 = 0 points)."""
    return tally_responses(
        scoring("grades_from"), [(TallyCell(school, grade), signs.encode()) for grade, signs in by_grade.items()]
    )


def estimated(by_grade: Mapping[str, str], enrolled: Mapping[str, int], method: MeasurementSettings | None = None,
              school: int = 1) -> SchoolAudienceEstimate:  # fmt: skip
    return estimate_school_audience(
        one_item(by_grade, school), school, RosterPopulation(enrolled), method or MeasurementSettings()
    )


def index_with_errors(points: float, se: float | None) -> IndexEstimate:
    """A figure whose error of the level is its raw one and whose error of this year is half of it, known exactly."""
    if se is None:
        return IndexEstimate(points)
    share, error = points / 100, se / 100
    errors = TwoErrors(share, error / 2, math.inf, 0.0, math.inf, error, math.inf, 0.15, 0.5)
    return IndexEstimate(points, se, se / 2).with_errors(errors)
