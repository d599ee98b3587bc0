"""Two sources of what inspectors say are one; and their own error, once enough was judged by several."""

import math
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from survey_app.assessment.evaluations import current_period
from survey_app.assessment.inspector_ratings import (
    YearRatings,
    analyse_ratings,
    merged_ratings,
    names_of_both,
    year_ratings,
)
from survey_app.assessment.inspector_scores import Evaluation, keep_inspector_scores, rating_means
from survey_app.assessment.models import FIRST_WAVE, AssessmentWave, InspectorScore
from survey_app.assessment.years import list_years
from survey_app.foundation.clock import local_date
from testing.district import District
from testing.inspection import assessed, make_inspector, signed_for


def score(inspector: str, points: float, code: str = "0101", day: date = date(2026, 11, 1)) -> InspectorScore:
    return InspectorScore(school_code=code, inspector=inspector, rated_on=day, score=points)


@pytest.fixture
def district(small_district: District) -> District:
    return assessed(small_district)


@pytest.fixture
def session(district: District) -> Iterator[Session]:
    with district.app.extensions["database"].write_session() as session:
        yield session


def test_who_signed_and_was_imported_counts_once(district: District, session: Session) -> None:
    """What was signed stands; others of the table count beside it, and their names are shown to be looked at."""
    now, staff = district.clock.at, make_inspector(session, district, "李督学", ["0101"])
    year = list_years(session)[0]
    rows = [
        Evaluation("0101", "李督学", date(2026, 11, 1), 40.0),
        Evaluation("0101", "王督学", date(2026, 11, 1), 65.0),
    ]
    keep_inspector_scores(session, year, "督学.xlsx", rows, "王督导", now)
    assert rating_means(year_ratings(session, year).periods[0])["0101"].points == 52.5
    signed = signed_for(session, district, staff, "0101")
    (ratings,) = year_ratings(session, year).periods
    assert ratings == {"0101": {"李督学": 75.0, "王督学": 65.0}}
    assert rating_means(ratings)["0101"].inspectors == 2
    scores = [score("李督学", 40), score("王督学", 65)]
    assert names_of_both(scores, [signed]) == {"0101": (["李督学"], ["王督学"])}
    assert names_of_both(scores[:1], [signed]) == {}
    assert merged_ratings(scores, []) == {"0101": {"李督学": 40, "王督学": 65}}


def test_the_error_is_estimated_from_ten_schools_that_three_share_and_assumed_before() -> None:
    strictness, rest = {"A": 6.0, "B": 0.0, "C": -6.0}, (2.0, -1.0, -2.0, 1.0)
    pairs = (("A", "B"), ("B", "C"), ("A", "C"))

    def judged(schools: int, raters: int = 3) -> YearRatings:
        ratings = {
            f"{number:04}": {
                rater: 60 + number + strictness[rater] + rest[(number + place) % 4]
                for place, rater in enumerate(pairs[number % 3 if raters == 3 else 0])
            }
            for number in range(schools)
        }
        return analyse_ratings(ratings)

    assert judged(9).rater_error() is None
    assert judged(5).severities() == {}, "one or two schools too many say nothing yet"
    severities = judged(9).severities()
    assert severities["A"].difference > 6 > severities["B"].difference
    assert severities["A"].half_width > 2 * severities["A"].error
    assert judged(40, raters=2).rater_error() is None, "two persons tell little of how persons differ"
    found = judged(12).rater_error()
    assert found is not None
    assert (found.schools, found.raters) == (12, 3)
    assert 4 < found.sd < 10
    assert 1 < found.df < 20
    alone = analyse_ratings({"0101": {"A": 70.0}})
    assert alone.rater_error() is None
    assert analyse_ratings({}).rater_error() is None


def test_nobody_differing_is_no_evidence_and_two_periods_are_two_visits() -> None:
    same = {f"{number}": {"A": 70.0 + number, "B": 70.0 + number, "C": 70.0 + number} for number in range(12)}
    assert analyse_ratings(same).rater_error() is None
    halves = [{code: own for code, own in same.items() if int(code) % 2 == half} for half in (0, 1)]
    moved = tuple({code: {k: v + (k == "A") * 3 + int(code) % 3 * (k == "B") for k, v in own.items()}
                   for code, own in half.items()} for half in halves)  # fmt: skip
    found = analyse_ratings(*moved).rater_error()
    assert found is not None
    assert found.schools == 12
    assert not math.isnan(found.sd)


def test_a_year_of_two_periods_has_two_rounds_of_ratings(district: District, session: Session) -> None:
    """What was signed belongs to the wave that it was begun for; an imported score to the period of its date."""
    year, now = list_years(session)[0], district.clock.at
    period = current_period(session, now)
    assert period is not None
    kept = session.get(AssessmentWave, (year.id, period.wave.id))
    assert kept is not None
    staff = make_inspector(session, district, "李督学", ["0101"])
    signed_for(session, district, staff, "0101")
    kept.role = FIRST_WAVE
    late = local_date(period.wave.closes_at) + timedelta(days=5)
    rows = [Evaluation("0101", "王督学", local_date(now), 60.0), Evaluation("0101", "李督学", late, 90.0)]
    keep_inspector_scores(session, year, "督学.xlsx", rows, "王督导", now)
    last, first = year_ratings(session, year).periods
    assert first == {"0101": {"李督学": 75.0, "王督学": 60.0}}
    assert last == {"0101": {"李督学": 90.0}}
