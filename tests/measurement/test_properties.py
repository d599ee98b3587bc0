"""What must hold for all answers, from the answers to the index and the rank.

Others of the kind stand where they belong: partitions and "don't know" in ``test_tally``, two passes in
``test_estimate`` and ``test_cross_sums``, smaller errors in ``test_rank_sets``, suppression in ``test_suppression``.
"""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from survey_app.measurement.composite import Component, estimate_composite
from survey_app.measurement.estimate import SchoolAudienceEstimate, estimate_school_audience
from survey_app.measurement.estimate_errors import fit_priors, with_errors
from survey_app.measurement.ranking import Candidate, rank_schools
from survey_app.measurement.respondent_scores import score_respondents
from survey_app.measurement.scoring import Scoring, build_scoring
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.strata import RosterPopulation
from survey_app.measurement.tally import TallyCell
from survey_app.measurement.tally_builder import CLASS_OF_SYMBOL, tally_responses
from testing.instruments import tiny
from testing.people import PERSON, scoring

GRADES = {"1": 30, "2": 50, "3": 20}
ANSWERS = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["1", "2", "3", ""]), PERSON), min_size=1, max_size=60)
METHOD = MeasurementSettings(
    stratify_from=6, min_cell=2, min_n=5, rank_from=5, rank_response=0.0, rank_unverified="a test"
)
People = list[tuple[int, str, str]]


def cells_of(answers: People, found: Scoring | None = None) -> dict[int, SchoolAudienceEstimate]:
    """The cells of four schools by number, with what unanimous ones borrow."""
    counted = tally_responses(
        found or scoring(), [(TallyCell(school, grade), person.encode()) for school, grade, person in answers]
    )
    cells = [estimate_school_audience(counted, school, RosterPopulation(GRADES), METHOD) for school in range(1, 5)]
    priors = fit_priors([estimate for cell in cells for estimate in cell.estimates])
    return {cell.school: with_errors(cell, priors, METHOD) for cell in cells}


def figures(cell: SchoolAudienceEstimate) -> list[list[float | None]]:
    """Index, errors, limits and rate of each dimension."""
    return [
        [
            one.n,
            one.index.points,
            one.index.se,
            one.index.se_corrected,
            one.index.se_year,
            one.index.se_level,
            one.index.low,
            one.index.high,
            one.unweighted_index.points,
            one.rate.share,
            one.rate.low,
            one.rate.high,
        ]
        for one in cell.estimates
    ]


def same(first: list[list[float | None]], second: list[list[float | None]]) -> bool:
    flat = [[np.nan if value is None else value for row in one for value in row] for one in (first, second)]
    return bool(np.allclose(flat[0], flat[1], rtol=0, atol=1e-9, equal_nan=True))


@given(ANSWERS, st.randoms())
def test_the_order_of_the_answers_does_not_matter(answers: People, chance: random.Random) -> None:
    shuffled = list(answers)
    chance.shuffle(shuffled)
    first, second = cells_of(answers), cells_of(shuffled)
    assert all(same(figures(first[school]), figures(second[school])) for school in first)
    assert all(first[school].flags == second[school].flags for school in first)


@given(ANSWERS, st.permutations(range(1, 5)))
def test_the_names_of_the_schools_do_not_matter(answers: People, names: list[int]) -> None:
    renamed = dict(zip(range(1, 5), names, strict=True))
    first = cells_of(answers)
    second = cells_of([(renamed[school], grade, person) for school, grade, person in answers])
    assert all(same(figures(first[school]), figures(second[renamed[school]])) for school in first)
    one, other = ranked(first), ranked(second)
    assert {renamed[school]: place for school, place in one.items()} == other


def ranked(cells: dict[int, SchoolAudienceEstimate]) -> dict[int, tuple[object, ...]]:
    """Rank, set, band and reason of each school."""
    candidates = []
    for cell in cells.values():
        part = Component("parent", cell.overall.index, cell.overall.n, cell.response_rate)
        candidates.append(Candidate(cell.school, estimate_composite([part], {"parent": 100}, {}, METHOD), part, 100))
    return {
        line.school: (line.points, line.rank, line.low, line.high, line.low_simultaneous, line.band, line.reason)
        for line in rank_schools(candidates, METHOD)
    }


@given(ANSWERS)
def test_reversing_every_item_mirrors_the_index(answers: People) -> None:
    instrument = tiny("not_applicable")
    turned = replace(instrument, dimensions=tuple(
        replace(dimension, items=tuple(replace(item, reverse=True) for item in dimension.items))
        for dimension in instrument.dimensions
    ))  # fmt: skip
    first, second = cells_of(answers), cells_of(answers, build_scoring(turned, "parent"))
    for school, cell in first.items():
        for one, other in zip(cell.estimates, second[school].estimates, strict=True):
            assert one.n == other.n
            if one.n:
                assert other.index.points == pytest.approx(100 - (one.index.points or 0), abs=1e-9)
                assert other.index.se == pytest.approx(one.index.se, abs=1e-9)
                assert other.unweighted_index.points == pytest.approx(
                    100 - (one.unweighted_index.points or 0), abs=1e-9
                )


@given(ANSWERS)
def test_figures_stay_on_their_scales(answers: People) -> None:
    """Weighted by grade or not; an interval holds its figure; a figure is there exactly where there are people."""
    for cell in cells_of(answers).values():
        for one in cell.estimates:
            for index in (one.index, one.unweighted_index):
                assert (index.points is None) == (one.n == 0)
                assert index.points is None or -1e-9 <= index.points <= 100 + 1e-9
                if index.low is not None and index.high is not None and index.points is not None:
                    assert 0 <= index.low <= index.points + 1e-9
                    assert index.points - 1e-9 <= index.high <= 100
            rate = one.rate
            assert rate.share is None or 0 <= rate.share <= 1
            if rate.low is not None and rate.high is not None and rate.share is not None:
                assert 0 <= rate.low <= rate.share + 1e-12
                assert rate.share - 1e-12 <= rate.high <= 1


@given(st.lists(PERSON, min_size=1, max_size=6), st.sampled_from([1, 700, 20_000]), PERSON)
@example(["112?11"], 700, "112?11")  # all alike, with a score that no binary fraction is
@settings(max_examples=40)
def test_sums_agree_with_two_passes_for_many_people_too(people: list[str], times: int, odd: str) -> None:
    """A hundred thousand people who nearly agree: the worst case for sums of squares."""
    found = scoring()
    text = "".join(people).encode() * times + odd.encode()
    cell = estimate_school_audience(
        tally_responses(found, [(TallyCell(1), text)]), 1, RosterPopulation({"": 1}), MeasurementSettings()
    )
    classes = CLASS_OF_SYMBOL[np.frombuffer(text, dtype=np.uint8).reshape(-1, 6)]
    scores = score_respondents(found, classes).scores
    for column, one in enumerate(cell.estimates):
        own = scores[:, column][~np.isnan(scores[:, column])]
        assert one.n == len(own)
        if len(own) > 1:
            mean = own.mean()
            error = np.sqrt(((own - mean) ** 2).sum() / (len(own) - 1) / len(own))
            assert one.unweighted_index.points == pytest.approx(mean, abs=1e-9)
            assert one.unweighted_index.se == pytest.approx(error, abs=1e-9)
