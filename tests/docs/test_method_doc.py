"""Every number of the worked examples in docs/method.md is computed again, and so is every printed sum."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from scipy import special

from survey_app.definition.languages import Text
from survey_app.definition.model import Dimension, Instrument, Item, Option, Scale, ScalePoint
from survey_app.measurement.composite import Component, Composite, estimate_composite
from survey_app.measurement.estimate import FLAGS, SchoolAudienceEstimate, estimate_school_audience, stratum_of
from survey_app.measurement.estimate_errors import fit_priors, with_errors
from survey_app.measurement.group_sums import GroupSums, collapse_groups
from survey_app.measurement.item_distribution import interpolated_median
from survey_app.measurement.marks import Threshold
from survey_app.measurement.ranking import Candidate, RankingEntry, rank_schools
from survey_app.measurement.respondent_scores import SCORE_ORIGIN
from survey_app.measurement.rounding import percentages, round_half_up
from survey_app.measurement.scoring import build_scoring
from survey_app.measurement.settings import MIN_N_FLOOR, POINT_MAPS, MeasurementSettings
from survey_app.measurement.statistics.category_model import deleted_residuals
from survey_app.measurement.statistics.change import answers_to_decide
from survey_app.measurement.statistics.class_correlation import HalfSample, design_effect, group_correlation
from survey_app.measurement.statistics.max_studentized_difference import OneSidedTests, max_studentized_difference_cdf
from survey_app.measurement.statistics.rank_sets import marginal_rank_sets
from survey_app.measurement.strata import IndexEstimate, RosterPopulation, estimate_index
from survey_app.measurement.tally import TallyCell
from survey_app.measurement.tally_builder import tally_responses
from survey_app.measurement.two_errors import BINOMIAL, PersonGroup, estimate_two_errors, without_sampling
from survey_app.reporting.tabular.headings import COLUMN_HEADINGS
from survey_app.reporting.tabular.tables import INDEX_COLUMNS, ITEM_COLUMNS, RANKING_COLUMNS
from testing.documents import anchors, document, section, sums, tables

DOCUMENTS = ("method.md", "method.en.md")
ANCHORS = (
    "points blank respondent person index interval rate distribution response-rate suppression composite rank rank-set "
    "band level line between change value-added drivers marks flags columns pressed class-response form-groups "
    "example example-marks "
    "coverage coverage-size"
)
EXAMPLE = MeasurementSettings(rank_from=3, rank_response=0.1, rank_unverified="example")
WEIGHTS = {"parent": 70.0, "inspector": 30.0}
SIGN = {"5": "1", "4": "2", "3": "3", "2": "4", "1": "5", "9": "?", "—": "."}
each = pytest.mark.parametrize("name", DOCUMENTS)


def rows(name: str, anchor: str) -> list[list[str]]:
    """The only table of a section, by position, so that both languages are read alike."""
    (table,) = tables(section(document(name), anchor))
    return [list(row.values()) for row in table]


def instrument() -> Instrument:
    label = Text.of(zh="题", en="item")
    points = tuple(ScalePoint(str(5 - n), label, 100 - 25 * n, n < 2) for n in range(5))
    scale = Scale("s5", points, Option("9", label))
    items = tuple(Item(f"T{n}", label, scale, ("parent",), reverse=n == 3) for n in (1, 2, 3))
    return Instrument(
        "example", "1", label, ("parent",), ("primary",), (scale,), (Dimension("all", label, 1.0, items),)
    )


SCORING = build_scoring(instrument(), "parent")


def strings(name: str) -> dict[str, list[str]]:
    """The answer strings of each school in the table of answers."""
    found: dict[str, list[str]] = {}
    for school, _parent, *codes in rows(name, "example-answers"):
        found.setdefault(school, []).append("".join(SIGN[code] for code in codes[:3]))
    return found


@dataclass(frozen=True, slots=True)
class School:
    estimate: SchoolAudienceEstimate
    composite: Composite
    component: Component


def signed_figure(points: float) -> IndexEstimate:
    """What one inspector says."""
    return IndexEstimate(points, errors=without_sampling(points / 100, EXAMPLE.rater_sd / 100))


@cache
def schools(name: str) -> dict[str, School]:
    rosters = {row[0]: int(row[1]) for row in rows(name, "example-indices")}
    inspectors = {row[0]: float(row[1]) for row in rows(name, "example-composite")}
    found, raw = {}, {}
    for number, (school, answers) in enumerate(strings(name).items()):
        counted = tally_responses(SCORING, [(TallyCell(number), "".join(answers).encode())])
        raw[school] = estimate_school_audience(counted, number, RosterPopulation({"": rosters[school]}), EXAMPLE)
    priors = fit_priors([one for cell in raw.values() for one in cell.estimates])
    for school, cell in raw.items():
        estimate = with_errors(cell, priors, EXAMPLE)
        shown = Component("parent", estimate.overall.index, MIN_N_FLOOR * 2, estimate.response_rate)  # min_n lowered
        signed = Component(
            "inspector",
            signed_figure(inspectors[school]),
            1,
            None,
        )
        main = Component("parent", estimate.overall.index, estimate.overall.n, estimate.response_rate)
        found[school] = School(estimate, estimate_composite([shown, signed], WEIGHTS, {}, EXAMPLE), main)
    return found


def ranked(name: str) -> dict[str, RankingEntry]:
    found = schools(name)
    candidates = [
        Candidate(number, school.composite, school.component, school.estimate.population)
        for number, school in enumerate(found.values())
    ]
    lines = {line.school: line for line in rank_schools(candidates, EXAMPLE)}
    return {school: lines[number] for number, school in enumerate(found)}


def printed(*values: float | None) -> list[str]:
    return ["" if value is None else f"{round_half_up(value):.2f}" for value in values]


def shares(*values: float | None) -> list[str]:
    return [f"{text}%" for text in printed(*(None if value is None else 100 * value for value in values))]


@each
def test_sections_and_flags_are_there(name: str) -> None:
    assert not set(ANCHORS.split()) - set(anchors(document(name)))
    assert [row[0] for row in rows(name, "flags")] == list(FLAGS)
    assert anchors(document("method.md")) == anchors(document("method.en.md"))


@each
def test_the_measured_correlation_is_that_of_the_example(name: str) -> None:
    half, other = (HalfSample(20, mean, 90.0, (10, 10)) for mean in (80.0, 84.0))
    measured = group_correlation([(half, other)])
    assert measured is not None
    text = section(document(name), "class-correlation")
    effect = math.sqrt(design_effect(20.0, measured.correlation))
    for value in (f"= {measured.variance:.3f}`", f"= {measured.correlation:.3f}`", f"= {effect:.2f}`"):
        assert value in text


@each
def test_every_printed_sum_is_right(name: str) -> None:
    found = sums(document(name))
    assert len(found) >= 30
    assert not [text for text, value, number, decimals in found if round_half_up(value, decimals) != number]


@each
def test_defaults_are_the_programs(name: str) -> None:
    text, method = document(name), MeasurementSettings()
    for key in ("valid_share", "stratify_from", "min_cell", "rank_from", "rank_response", "decimals"):
        assert any(f"`{key}`{bracket}{getattr(method, key)}" in text for bracket in (" (", "（")), key
    assert f"`min_n`（{method.min_n}" in text or f"`min_n` valid persons ({method.min_n}" in text
    for map_name in ("cn100", "cn100_0"):
        values = POINT_MAPS[map_name]
        assert values is not None
        assert any(mark.join(str(int(value)) for value in values) in text for mark in ("、", ", "))


@each
def test_weighting_by_grade(name: str) -> None:
    groups = [
        GroupSums(people, n, n * (mean - SCORE_ORIGIN), s2 * (n - 1) + n * (mean - SCORE_ORIGIN) ** 2)
        for people, n, mean, s2 in ([int(cell) for cell in row[1:]] for row in rows(name, "index"))
    ]
    index = estimate_index([stratum_of(group) for group in collapse_groups(groups, EXAMPLE.min_cell)])
    text = section(document(name), "index") + section(document(name), "interval")
    assert index.se is not None
    for value in printed(index.points, estimate_index([stratum_of(sum(groups[1:], groups[0]))]).points, index.se):
        assert f"= {value}`" in text


@each
def test_small_examples_in_the_text(name: str) -> None:
    text = document(name)
    sizes = [group.n for group in collapse_groups([GroupSums(50, n) for n in (3, 4, 9, 2)], 5)]
    assert f"{sizes[0]}、{sizes[1]} 两组" in text or f"groups of {sizes[0]} and {sizes[1]}" in text
    assert any(mark.join(map(str, percentages([1, 1, 1]))) in text for mark in ("、", ", "))
    assert f"= {round_half_up(interpolated_median((6, 20, 35, 26, 13))):.2f}`" in text


@each
def test_scores_of_persons(name: str) -> None:
    everybody = rows(name, "example-answers")
    assert len(everybody) == 12
    for _school, _parent, *codes, total, scored, score in everybody:
        counted = tally_responses(SCORING, [(TallyCell(0), "".join(SIGN[code] for code in codes).encode())])
        valid, distance = counted.moments[0, 0, :2]
        assert counted.moments[0, 0, 4] == int(scored)
        if valid:
            assert printed(SCORE_ORIGIN + distance) == [score]
            assert printed(int(total) / int(scored)) == [score]
        else:
            assert score in ("无效", "not valid")


@each
def test_indices(name: str) -> None:
    for school, *cells in rows(name, "example-indices"):
        cell = schools(name)[school].estimate
        overall, index = cell.overall, cell.overall.index
        assert cells == [
            str(cell.population), str(cell.respondents), *shares(cell.response_rate), str(overall.n),
            *printed(index.points, stratum_of(overall.together).variance, index.se, index.se_year, index.df_year,
                     index.low, index.high, index.se_level),
        ]  # fmt: skip


@each
def test_rates(name: str) -> None:
    for school, *cells in rows(name, "example-rates"):
        rate = schools(name)[school].estimate.overall.rate
        assert cells == [str(rate.answers), str(rate.favourable), *shares(rate.share, rate.low, rate.high)]


@each
def test_answers_that_would_decide_on_the_line(name: str) -> None:
    (least,) = re.findall(r"deff = 1[,，] ?m = `(\d+)`", section(document(name), "line"))
    one_grade = sampling_error(0.9, 60, 300)
    assert answers_to_decide(0.9, 0.85, 60, one_grade, 300, 1.1) == int(least)


def sampling_error(share: float, n: int, population: int) -> float:
    """The sampling part of the error of satisfied persons of one grade."""
    persons = PersonGroup(n, population, share, share * (1 - share) * n / (n - 1))
    found = estimate_two_errors([persons], persons, BINOMIAL, n / population)
    return found.sampling if found else math.nan


@each
def test_composites(name: str) -> None:
    for school, _inspector, *cells in rows(name, "example-composite"):
        index = schools(name)[school].composite.index
        assert cells == printed(index.points, index.se, index.se_year, index.low, index.high, index.se_level)


@each
def test_ranks(name: str) -> None:
    lines = ranked(name)
    for school, *cells in rows(name, "example-ranks"):
        line = lines[school]
        sets = [f"{line.low}–{line.high}", f"{line.low_simultaneous}–{line.high_simultaneous}"]
        assert cells == [str(line.rank), *sets, line.band]
    exact = marginal_rank_sets(
        [float(line.points or 0) for line in lines.values()], [float(line.se or 0) for line in lines.values()]
    )
    assert [(line.low, line.high) for line in lines.values()] == list(zip(exact.low, exact.high, strict=True))


@each
def test_an_outlier_a_gain_of_marks_and_what_is_known_of_them(name: str) -> None:
    """The last section: distance from the others, its probability, and an expected mark."""
    lines = ranked(name)
    values, errors = (
        [float(line.points or 0) for line in lines.values()],
        [float(line.se or 0) for line in lines.values()],
    )
    found = deleted_residuals(values, errors)
    function = Threshold(60, 95)
    for row, (school, *cells) in enumerate(rows(name, "example-marks")):
        line = lines[school]
        mark = function.expected(float(line.points or 0), float(line.se or 0), 10)
        assert cells == [
            *printed(found.centre[row], found.t[row]), f"{found.p_value[row]:.3f}",
            *printed(10 * function.share(float(line.points or 0)), mark),
        ]  # fmt: skip


@each
def test_columns_are_those_of_the_exports(name: str) -> None:
    explained = {column for row in rows(name, "columns") for column in re.findall(r"\w+", row[0])}
    counts = {"count_代码", "count_CODE"} & explained
    assert len(counts) == 1
    assert explained - counts == {*COLUMN_HEADINGS, "se"}
    assert {*INDEX_COLUMNS, *RANKING_COLUMNS, *ITEM_COLUMNS} <= explained


@each
def test_critical_values(name: str) -> None:
    text = section(document(name), "example-ranks")
    for tests in (1, 2, 3, 4, 6):
        assert f"{-special.ndtri(0.05 / tests):.4f}" in text
    errors = [school.composite.index.se_level or 0.0 for school in schools(name).values()]
    first = OneSidedTests(errors[1], np.array(errors), _flags(1, 0, 1), _flags(1, 0, 1))
    second = OneSidedTests(errors[1], np.array(errors), _flags(1, 0, 1), _flags(1, 0, 0))
    for tests_left, value in ((first, "2.2139"), (second, "2.1070")):
        assert value in text
        assert math.isclose(max_studentized_difference_cdf(tests_left, float(value)), 0.95, abs_tol=1e-5)


def _flags(*values: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array(values, dtype=np.bool_)


def test_both_documents_print_the_same_trial() -> None:
    for anchor, sizes in (("coverage", {"20", "60", "300"}), ("coverage-size", {"60", "450", "1800"})):
        found: Sequence[list[list[list[str]]]] = [_tables(name, anchor) for name in DOCUMENTS]
        assert found[0] == found[1]
        assert {row[0] for row in found[0][0]} == sizes


def _tables(name: str, anchor: str) -> list[list[list[str]]]:
    """Every table of a section and its parts."""
    return [[list(row.values()) for row in table] for table in tables(section(document(name), anchor))]
