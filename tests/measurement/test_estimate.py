"""One school × audience: indices, both errors, rates. The arithmetic stands in the comments."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from survey_app.measurement.estimate import SchoolAudienceEstimate, estimate_school_audience, with_pooled_variance
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.strata import IndexEstimate, RosterPopulation, Stratum, collapse_strata, estimate_index
from survey_app.measurement.tally import _CLASS_OF_SYMBOL, score_respondents
from testing.people import PEOPLE, counted, estimated, scoring

SMALL = MeasurementSettings(stratify_from=4, min_cell=2)


def close(found: float | None, expected: float) -> bool:
    return found is not None and math.isclose(found, expected, rel_tol=0, abs_tol=5e-5)


def test_the_plain_index_with_both_errors() -> None:
    cell = estimated({"": "1123"}, {"": 10})
    # 100, 100, 50, 0: mean 62.5; squares 2·37.5² + 12.5² + 62.5² = 6875; s² = 6875/3; s/√4 = 23.9357; ·√(1 − 4/10)
    index = cell.overall.index
    assert index.points == 62.5
    assert close(index.se, 23.9357)
    assert close(index.se_corrected, 18.5405)
    assert (index.low, index.high) == (0, 100)  # 62.5 ± 3.18·23.9, clipped
    assert cell.overall.flags == {"unstratified"}
    assert (cell.received, cell.respondents, cell.population, cell.response_rate) == (4, 4, 10, 0.4)


def test_the_stratified_index_with_both_errors() -> None:
    overall = estimated({"1": "12", "2": "32"}, {"1": 30, "2": 10}, SMALL).overall
    # grade 1: mean 75, s² 1250, W 3/4; grade 2: mean 25, s² 1250, W 1/4 → 62.5; plain 50
    # without correction √(.5625·625 + .0625·625) = √390.625; with √(351.5625·28/30 + 39.0625·8/10) = √359.375
    assert (overall.index.points, overall.unweighted_index.points) == (62.5, 50)
    assert close(overall.index.se, 19.7642)
    assert close(overall.index.se_corrected, 18.9572)
    assert overall.flags == frozenset()
    # plain: squares 50² + 0 + 50² + 0 = 5000, s² = 1666.6667, s/2 = 20.4124; N 40: ·√(36/40) = 19.3649
    assert close(overall.unweighted_index.se, 20.4124)
    assert close(overall.unweighted_index.se_corrected, 19.3649)


def test_the_interval_uses_student_t_with_persons_minus_groups() -> None:
    narrow = estimate_index([Stratum(20, 400, 200, 2100), Stratum(20, 400, 100, 700)])
    # variances (2100 − 200²/20)/19 = 100/19 and (700 − 500)/19 = 200/19; se² = ¼·(100/19)/20 + ¼·(200/19)/20 = .197368
    half = stats.t.ppf(0.975, 38) * math.sqrt(0.25 * 300 / 19 / 20)
    assert narrow.points == 57.5
    assert close(narrow.low, 57.5 - half)
    assert close(narrow.high, 57.5 + half)


def test_the_published_stratified_sample(reference: Path) -> None:
    """R survey, api stratified sample: mean 662.29, error 9.4089, without correction 9.5361 (Lumley 2004)."""
    schools: dict[str, list[float]] = {}
    people: dict[str, int] = {}
    with (reference / "published" / "apistrat.csv").open() as file:
        for row in csv.DictReader(file):
            schools.setdefault(row["stype"], []).append(float(row["api00"]) - 50)
            people[row["stype"]] = int(row["fpc"])
    groups = [Stratum(len(x), people[kind], sum(x), sum(v * v for v in x)) for kind, x in schools.items()]
    found = estimate_index(groups)
    assert len(groups) == 3
    assert round(found.points or 0, 2) == 662.29
    assert round(found.se_corrected or 0, 4) == 9.4089
    assert round(found.se or 0, 4) == 9.5361


@pytest.mark.parametrize(
    ("parts", "expected"),
    [([(5, 9), (5, 9)], [(5, 9), (5, 9)]), ([(4, 9), (4, 9), (4, 9)], [(12, 27)]), ([(5, 0), (1, 9)], [(6, 9)]),
     ([(2, 9), (1, 9)], [(3, 18)]), ([(9, 9), (0, 7)], [(9, 16)]), ([(0, 7), (9, 9)], [(9, 16)]), ([], [(0, 0)])],
)  # fmt: skip
def test_collapsing(parts: list[tuple[int, int]], expected: list[tuple[int, int]]) -> None:
    found = collapse_strata([Stratum(n, population, 0, 0) for n, population in parts], 5)
    assert [(group.n, group.population) for group in found] == expected


def test_up_to_five_percent_without_a_grade_are_left_out() -> None:
    method, enrolled = MeasurementSettings(stratify_from=20, min_cell=5), {"1": 100, "2": 100}
    few = estimated({"1": "1" * 9 + "2", "2": "2" * 9, "": "3"}, enrolled, method).overall  # 1 of 20 = 5 %
    assert few.flags == {"missing_grade"}
    assert few.index.points == 72.5  # (95 + 50)/2
    assert few.unweighted_index.points == 70  # (900 + 50 + 450 + 0)/20
    assert few.n == 20
    strange = estimated({"1": "1" * 9 + "2", "2": "2" * 9, "9": "3"}, enrolled, method).overall  # not on the roster
    assert strange.index == few.index
    many = estimated({"1": "1" * 9, "2": "2" * 9, "": "33"}, enrolled, method).overall  # 2 of 20
    assert many.flags == {"unstratified", "missing_grade"}
    assert many.index == many.unweighted_index
    assert many.index.points == 67.5  # (900 + 450)/20


def test_stratified_only_from_enough_people_and_with_grades_for_all() -> None:
    answers = {"1": "12", "2": "32"}
    assert estimated(answers, {"1": 30, "2": 10}, MeasurementSettings(stratify_from=5, min_cell=2)).overall.flags == {
        "unstratified"
    }
    assert "unstratified" in estimated(answers, {"1": 30, "2": 10, "": 5}, SMALL).overall.flags


def test_one_person_has_no_error() -> None:
    index = estimated({"": "2"}, {"": 10}).overall.index
    assert index == IndexEstimate(50.0)
    assert estimated({"": ""}, {"": 10}).overall.index == IndexEstimate()


def test_where_all_answered_alike_the_pooled_error_is_used() -> None:
    cells = [estimated({"": "111"}, {"": 30}, school=1), estimated({"": "13"}, {"": 20}, school=2),
             estimated({"": "223"}, {"": 30}, school=3), estimated({"": "1"}, {"": 9}, school=4)]  # fmt: skip
    # s²: 0 (n 3), 5000 (n 2), 2500/3 (n 3) → (2·0 + 1·5000 + 2·2500/3)/(2 + 1 + 2) = 4000/3; √(4000/3/3) = 21.0819
    alike, differing, _, single = with_pooled_variance(cells)
    assert close(alike.overall.index.se, 21.0819)
    assert close(alike.overall.index.se_corrected, 21.0819 * math.sqrt(0.9))
    assert "zero_variance" in alike.overall.flags
    assert differing == cells[1]
    assert single.overall.index.se is None, "one person is not unanimous"


def test_groups_that_are_alike_inside_but_differ_keep_their_plain_error() -> None:
    first = estimated({"1": "11", "2": "33"}, {"1": 30, "2": 10}, SMALL, school=1)
    second = estimated({"1": "12", "2": "32"}, {"1": 30, "2": 10}, SMALL, school=2)
    found = with_pooled_variance([first, second])[0].overall
    # 100, 100, 0, 0: squares 4·2500, s² = 3333.3333, s/2 = 28.8675
    assert close(found.unweighted_index.se, 28.8675)


def test_overcount_and_census() -> None:
    assert estimated({"": "1213"}, {"": 4}).flags == {"census"}
    over = estimated({"": "1213"}, {"": 3})
    assert over.flags == {"overcount"}
    assert over.response_rate == 4 / 3
    assert over.overall.index.se_corrected == 0, "N′ = max(N, n)"
    assert over.overall.index.se > 0  # type: ignore[operator]
    assert estimated({"": "1213"}, {"": 5}).flags == frozenset()


def test_unit_respondents_count_for_the_response_rate() -> None:
    cell = estimate_school_audience(
        counted(["111111", ".....1", "......", "??????"]), 1, RosterPopulation({"": 10}), MeasurementSettings()
    )
    assert (cell.received, cell.respondents, cell.response_rate, cell.overall.n) == (4, 2, 0.2, 1)


def test_the_rate_pools_answers_of_persons() -> None:
    rate = estimated({"": "1123"}, {"": 10}).overall.rate
    # R = 2/4; e = ±1/8; √(4/3·4/64) = .288675; corrected ·√.6 = .223607; .5 ± 3.18·.2887, clipped to 0–1
    assert (rate.answers, rate.favourable, rate.share, rate.dissatisfied) == (4, 2, 0.5, 0.25)
    assert close(rate.se_corrected, 0.223607)
    assert (rate.low, rate.high) == (0, 1)
    nobody = estimated({"": "3" * 20}, {"": 100}).overall.rate  # Newcombe 1998: 0/20 → 0–.1611
    assert (nobody.share, nobody.low, round(nobody.high or 0, 4)) == (0, 0, 0.1611)
    assert estimated({"": "."}, {"": 9}).overall.rate.share is None


@given(PEOPLE.filter(bool), st.integers(1, 60))
def test_sums_and_two_passes_agree_and_indices_stay_on_the_scale(people: list[str], population: int) -> None:
    found = scoring()
    cell: SchoolAudienceEstimate = estimate_school_audience(
        counted(people, found), 1, RosterPopulation({"": population}), MeasurementSettings()
    )
    classes = _CLASS_OF_SYMBOL[np.array([list(person.encode()) for person in people])][:, :6]
    scores = score_respondents(found, classes).scores
    for column, estimate in enumerate(cell.estimates):
        own = scores[:, column][~np.isnan(scores[:, column])]
        assert estimate.n == len(own)
        if len(own) == 0:
            assert estimate.index == IndexEstimate()
            continue
        assert math.isclose(estimate.index.points or 0, float(own.mean()), abs_tol=1e-9)
        assert 0 <= (estimate.index.points or 0) <= 100
        if len(own) > 1:
            assert math.isclose(
                estimate.pooled_stratum.variance or 0, float(own.var(ddof=1)), rel_tol=1e-9, abs_tol=1e-9
            )
            assert 0 <= (estimate.index.low or 0) <= (estimate.index.points or 0) <= (estimate.index.high or 0) <= 100
            assert (estimate.index.se_corrected or 0) <= (estimate.index.se or 0)
