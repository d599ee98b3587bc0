"""One school × audience: indices, both errors, rates. The arithmetic stands in the comments."""

import csv
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.measurement.estimate import SchoolAudienceEstimate, estimate_school_audience, stratum_of
from survey_app.measurement.estimate_errors import fit_priors, with_errors
from survey_app.measurement.group_sums import GroupSums, collapse_groups
from survey_app.measurement.respondent_scores import score_respondents
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.strata import IndexEstimate, RosterPopulation, Stratum, estimate_index
from survey_app.measurement.tally import TallyCell
from survey_app.measurement.tally_builder import CLASS_OF_SYMBOL, tally_responses
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
    found = collapse_groups([GroupSums(population, n) for n, population in parts], 5)
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


def priced(*cells: SchoolAudienceEstimate, settings: MeasurementSettings | None = None) -> list[SchoolAudienceEstimate]:
    """Cells of one category with their errors."""
    priors = fit_priors([estimate for cell in cells for estimate in cell.estimates])
    return [with_errors(cell, priors, settings or MeasurementSettings()) for cell in cells]


def test_a_unanimous_school_borrows_and_is_never_certain() -> None:
    """E5: the raw error is 0; those that are printed and compared are not."""
    cells = [estimated({"": "1" * 12}, {"": 40}, school=1)] + [
        estimated({"": "1123" * 4}, {"": 60}, school=number) for number in range(2, 7)
    ]
    alike, other = priced(*cells)[:2]
    assert (alike.overall.index.points, alike.overall.index.se) == (100, 0)
    assert (alike.overall.index.se_year or 0) > 0
    assert (alike.overall.index.se_level or 0) > 0
    assert (alike.overall.index.low or 100) < 100 == alike.overall.index.high
    assert "borrowed" in alike.overall.flags
    assert other.overall.index.se == cells[1].overall.index.se, "raw errors stay as they were"


def test_without_anybody_to_borrow_from_a_unanimous_school_has_wilsons_interval() -> None:
    alone = priced(estimated({"": "1" * 20}, {"": 10**6}))[0].overall
    assert alone.index.errors is not None
    limits = alone.index.errors.level_interval()
    assert round(limits.low, 2) == 0.84  # 1 − .1611 (Newcombe 1998), and what classes add


def test_one_person_has_no_errors_at_all() -> None:
    single = priced(estimated({"": "1"}, {"": 9}))[0].overall.index
    assert (single.points, single.se, single.se_year, single.se_level, single.low) == (100, None, None, None, None)


def test_this_year_and_the_level_are_two_errors() -> None:
    cells = [estimated({"1": "112" * 8, "2": "2231" * 6}, {"1": 60, "2": 50}, SMALL, school=n) for n in range(5)]
    plain = priced(*cells, settings=MeasurementSettings(nonresponse=1, class_correlation={"parent": 0.0}))[0].overall
    index = plain.index
    assert close(index.se_year, 100 * (index.errors.sampling if index.errors else 0))
    assert (index.se_level or 0) > (index.se_year or 0), "no finite correction"
    selective = priced(*cells)[0].overall
    # (1 − 48/110)·ln 1.1·SD is added in squares; the level is multiplied by √(1 + (40·48/110 − 1)·.05)
    assert index.errors is not None
    hidden = (1 - 48 / 110) * math.log(1.1) * 100 * index.errors.sd
    assert close(selective.index.se_year, math.hypot(index.se_year or 0, hidden))
    assert close(selective.index.se_level, (index.se_level or 0) * math.sqrt(1 + (40 * 48 / 110 - 1) * 0.05))
    assert selective.flags >= {"assumed_correlation"}
    assert selective.correlation == 0.05
    measured = with_errors(cells[0], fit_priors(cells[0].estimates), MeasurementSettings(), {"OVERALL": 0.2}, 10.0)
    assert "assumed_correlation" not in measured.overall.flags


def test_inspectors_have_the_error_of_their_raters() -> None:
    """E10: two evaluations that agree printed 0–100; they are no sample and have no interval of their own."""
    cell = replace(estimated({"": "11"}, {"": 0}), audience="inspector")
    index = priced(cell, settings=MeasurementSettings(rater_sd=6.0))[0].overall.index
    assert (index.points, index.se, index.low, index.high) == (100, None, None, None)
    assert close(index.se_level, 6 / math.sqrt(2))


def test_satisfied_persons_are_weighted_by_grade() -> None:
    # overall item is the last sign of ``not_applicable``: 1 favourable; 8 of 10 in grade 1, all 5 in grade 2
    tally = tally_responses(
        scoring(), [(TallyCell(1, "1"), b"111111" * 8 + b"111113" * 2), (TallyCell(1, "2"), b"111111" * 5)]
    )
    cell = estimate_school_audience(tally, 1, RosterPopulation({"1": 300, "2": 100}), MeasurementSettings())
    satisfied = priced(cell)[0].overall.satisfied
    assert satisfied.n == 15
    assert close(satisfied.share, 0.75 * 0.8 + 0.25)
    assert 0 < (satisfied.low or 0) < 0.85 < (satisfied.high or 0) < 1
    assert cell.estimates[0].satisfied.share is None
    assert satisfied.top3 is None, "three options"


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
    # R = 2/4; e = ±1/8; √(4/3·4/64) = .288675; corrected ·√.6 = .223607
    assert (rate.answers, rate.favourable, rate.plain, rate.share, rate.dissatisfied) == (4, 2, 0.5, 0.5, 0.25)
    assert close(rate.plain_se, 0.288675)
    assert close(rate.plain_se_corrected, 0.223607)
    settings = MeasurementSettings(nonresponse=1)
    nobody = priced(estimated({"": "3" * 20}, {"": 10**6}), settings=settings)[0].overall.rate  # Newcombe: 0/20 → .1611
    assert (nobody.share, nobody.low, round(nobody.high or 0, 4)) == (0, 0, 0.1611)
    assert estimated({"": "."}, {"": 9}).overall.rate.share is None


@given(PEOPLE.filter(bool), st.integers(1, 60))
def test_sums_and_two_passes_agree_and_indices_stay_on_the_scale(people: list[str], population: int) -> None:
    found = scoring()
    cell: SchoolAudienceEstimate = estimate_school_audience(
        counted(people, found), 1, RosterPopulation({"": population}), MeasurementSettings()
    )
    classes = CLASS_OF_SYMBOL[np.array([list(person.encode()) for person in people])][:, :6]
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
            variance = stratum_of(estimate.together).variance or 0
            assert math.isclose(variance, float(own.var(ddof=1)), rel_tol=1e-9, abs_tol=1e-9)
            assert (estimate.index.se_corrected or 0) <= (estimate.index.se or 0)
