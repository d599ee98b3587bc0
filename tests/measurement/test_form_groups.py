"""Sums over flagged and paper forms: they are those of the persons, and figures without them those of the rest."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.measurement.estimate import estimate_school_audience
from survey_app.measurement.estimate_errors import fit_priors, with_errors
from survey_app.measurement.form_groups import (
    FLAGGED,
    FORM_SUMS,
    PAPER,
    FormCell,
    FormSumsBuilder,
    as_cell,
    estimate_modes,
    estimate_without,
    mode_difference,
    overall_sums,
)
from survey_app.measurement.group_sums import GroupSums
from survey_app.measurement.scoring import OVERALL
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.signals import count_signals, decode_responses
from survey_app.measurement.strata import RosterPopulation
from survey_app.measurement.tally import Tally, TallyCell
from survey_app.measurement.tally_builder import tally_responses
from testing.people import PERSON, scoring

SETTINGS = MeasurementSettings()
ROSTER = RosterPopulation({"1": 60, "2": 40})
Form = tuple[str, str, str]  # grade, answers, response speed


def sums_of(forms: list[Form], min_persons: int = 0) -> dict[FormCell, np.ndarray]:
    """What the second reading makes of the forms of school 1."""
    builder = FormSumsBuilder(scoring())
    ordered = sorted(forms)
    grades = sorted({grade for grade, _answers, _speed in ordered})
    counts = [(name, sum(form[0] == name for form in ordered)) for name in grades]
    symbols = np.array([list((answers + speed).encode()) for _grade, answers, speed in ordered], dtype=np.uint8)
    schools = [decode_responses(scoring(), 1, symbols, counts)]
    list(count_signals(scoring(), schools, None, builder.add))
    return builder.build(min_persons)


def by_grade(sums: dict[FormCell, np.ndarray], group: str) -> dict[str, GroupSums]:
    return {cell.grade: overall_sums(row) for cell, row in sums.items() if cell.group == group}


def tally_of(forms: list[Form]) -> Tally:
    return tally_responses(scoring(), [(TallyCell(1, grade), answers.encode()) for grade, answers, _ in forms])


def varied(number: int) -> str:
    """Forms that are all different and none of one option only."""
    return "".join(str((number // 3**place) % 3 + 1) for place in range(4)) + "12"


MIXED = [
    *(("1", "111111", "3") for _ in range(4)),  # one option throughout
    *(("1", varied(number), "1") for number in range(3)),  # in haste
    *(("2", "123123", "3") for _ in range(3)),  # word for word alike
    *(("1", varied(number), "3") for number in range(10, 22)),
    *(("2", varied(number), "2") for number in range(30, 40)),
    *(("2", varied(number), "-") for number in range(50, 56)),  # paper
    *(("1", varied(number), "-") for number in range(60, 67)),
    ("1", "......", "1"),  # received only
]  # fmt: skip
FLAGGED_FORMS, PAPER_FORMS = MIXED[:10], [form for form in MIXED if form[2] == "-"]


def test_flagged_forms_are_those_in_haste_uniform_or_alike() -> None:
    sums = sums_of(MIXED)
    assert {(cell.group, cell.grade): row[-1, 0] for cell, row in sums.items()} == {
        (FLAGGED, "1"): 7, (FLAGGED, "2"): 3, (PAPER, "1"): 7, (PAPER, "2"): 6
    }  # fmt: skip
    tally = tally_of(FLAGGED_FORMS)
    for row, cell in enumerate(tally.cells):
        assert sums[FormCell(1, FLAGGED, cell.grade)][:, :3] == pytest.approx(tally.moments[row, :, :3])
        assert sums[FormCell(1, FLAGGED, cell.grade)][:, 3:] == pytest.approx(tally.end_counts[row, :, :2])


def test_of_a_group_that_is_too_small_nothing_is_kept() -> None:
    assert {cell.group for cell in sums_of(MIXED, 10)} == {FLAGGED, PAPER}
    assert {cell.group for cell in sums_of(MIXED, 11)} == {PAPER}
    assert sums_of(MIXED, 14) == {}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("12"), PERSON, st.sampled_from("123-")), min_size=1, max_size=60))
def test_the_index_without_is_that_of_a_wave_in_which_they_never_came(forms: list[Form]) -> None:
    sums = sums_of(forms)
    everybody = tally_of(forms)
    for group, members in ((PAPER, [form for form in forms if form[2] == "-"]),):
        rest = [form for form in forms if form not in members]
        found = estimate_without(everybody, 1, by_grade(sums, group), ROSTER, SETTINGS)
        expected = estimate_school_audience(tally_of(rest), 1, ROSTER, SETTINGS).overall
        assert found.n == expected.n
        assert found.n + found.left_out == estimate_school_audience(everybody, 1, ROSTER, SETTINGS).overall.n
        assert found.estimate.index.points == pytest.approx(expected.index.points, abs=1e-9)
        assert found.estimate.index.se == pytest.approx(expected.index.se, abs=1e-6)


def test_modes_are_compared_grade_by_grade_with_the_weights_of_the_roster() -> None:
    """Paper comes from grade 2 for the most part; without the same weights the grades would look like the modes."""
    tally, sums = tally_of(MIXED), sums_of(MIXED)
    whole = estimate_school_audience(tally, 1, ROSTER, SETTINGS)
    found = estimate_modes(tally, 1, by_grade(sums, PAPER), ROSTER, SETTINGS)
    online = [form for form in MIXED if form[2] != "-"]

    def mean(forms: list[Form], grade: str) -> float:
        one = estimate_school_audience(
            tally_of([form for form in forms if form[0] == grade]), 1, RosterPopulation({}), SETTINGS
        )
        assert one.overall.unweighted_index.points is not None
        return one.overall.unweighted_index.points

    expected = [0.6 * mean(forms, "1") + 0.4 * mean(forms, "2") for forms in (PAPER_FORMS, online)]
    assert [found.paper.index.points, found.online.index.points] == pytest.approx(expected)
    priors = fit_priors(whole.estimates)
    of_paper, of_online = (
        with_errors(as_cell(whole, one, one.n), priors, SETTINGS, {OVERALL: 0.1}, 20.0).overall
        for one in (found.paper, found.online)
    )
    difference = mode_difference(of_paper, of_online)
    assert difference.points == pytest.approx(expected[0] - expected[1])
    assert difference.se == pytest.approx(np.hypot(of_paper.index.se_level or 0, of_online.index.se_level or 0))
    assert difference.low is not None
    assert difference.high is not None
    assert difference.points - difference.low == pytest.approx(difference.high - difference.points)
    assert difference.high - difference.points > 1.96 * (difference.se or 0), "t, with the fewest degrees of freedom"


def test_a_grade_that_answered_in_one_way_only_joins_its_neighbour() -> None:
    forms = [form for form in MIXED if form[2] != "-" or form[0] == "2"]
    found = estimate_modes(tally_of(forms), 1, by_grade(sums_of(forms), PAPER), ROSTER, SETTINGS)
    assert len(found.paper.groups) == len(found.online.groups) == 1
    assert found.paper.groups[0].population == 100
    few = [form for form in MIXED if form[2] == "-"][:4] + [form for form in MIXED if form[2] != "-"]
    found = estimate_modes(tally_of(few), 1, by_grade(sums_of(few), PAPER), ROSTER, SETTINGS)
    assert found.paper.n == 4
    assert found.paper.index.points == pytest.approx(found.paper.unweighted_index.points)


def test_one_person_has_no_interval_and_nobody_no_difference() -> None:
    alone = GroupSums(population=10, n=1, score=20, score2=400)
    forms = [("1", varied(number), "3") for number in range(6)]
    found = estimate_modes(tally_of(forms), 1, {"1": alone}, RosterPopulation({"1": 10}), SETTINGS)
    assert mode_difference(found.paper, found.online).se is None
    nobody = estimate_modes(tally_of([]), 1, {}, ROSTER, SETTINGS)
    with pytest.raises(ValueError, match="no index"):
        mode_difference(nobody.paper, nobody.online)
    with pytest.raises(ValueError, match="pass grades"):
        FormSumsBuilder(scoring()).add([decode_responses(scoring(), 1, np.array([list(b"1111111")], np.uint8))],
                                       np.array([True]))  # fmt: skip


def test_sums_are_the_same_however_schools_are_batched() -> None:
    parts = [MIXED[start : start + 9] for start in range(0, len(MIXED), 9)]
    together = FormSumsBuilder(scoring())
    alone = FormSumsBuilder(scoring())
    schools = []
    for number, part in enumerate(parts):
        symbols = np.array([list((answers + speed).encode()) for _g, answers, speed in part], dtype=np.uint8)
        schools.append(decode_responses(scoring(), number, symbols, [(part[0][0], len(part))]))
    flags = [np.arange(len(one.codes)) % 2 == 0 for one in schools]
    together.add(schools, np.concatenate(flags))
    for school, flag in zip(schools, flags, strict=True):
        alone.add([school], flag)
    assert together.build(0).keys() == alone.build(0).keys()
    for cell, row in together.build(0).items():
        assert row == pytest.approx(alone.build(0)[cell])
        assert row.shape == (3, len(FORM_SUMS))
