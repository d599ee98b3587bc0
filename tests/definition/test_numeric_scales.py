"""Scales of numbers: points, favourable ends, how they are written and what is refused."""

import pytest

from survey_app.definition.answers import answer_columns, encode_answers, read_answers
from survey_app.definition.canonical import canonical_text, structure_hash, wording_hash
from survey_app.definition.form import form_for
from survey_app.measurement.scoring import build_scoring
from testing.instruments import changed, faults_of, read, tiny

NAME = "numbers"
SCALES = {scale.id: scale for scale in tiny(NAME).scales}


def test_points_are_spread_evenly_unless_they_are_listed() -> None:
    assert [point.points for point in SCALES["recommend"].points] == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    assert [point.points for point in SCALES["stars"].points] == [0, 25, 50, 75, 100]
    assert [point.points for point in SCALES["steps"].points] == [0, 20, 80, 100]
    assert [point.code for point in SCALES["stars"].points if point.favourable] == ["4", "5"]


def test_numbers_are_read_with_what_their_ends_mean() -> None:
    labels = [point.label["zh"] for point in SCALES["recommend"].points]
    assert labels == ["0 完全不可能", *map(str, range(1, 10)), "10 非常可能"]
    assert SCALES["stars"].points[-1].label["en"] == "5 Very good"


def test_codes_are_numbers_and_kept_by_position() -> None:
    form = form_for(tiny(NAME), "parent")
    answers, problems = read_answers(form, {"A1": ["3"], "S1": ["5"], "W1": ["1"], "R1": ["10"]})
    assert (problems, encode_answers(answers)) == ([], "151B")
    assert encode_answers(read_answers(form, {"R1": ["na"]}, enforce_required=False)[0]) == "...?"
    assert "C1" in answers.hidden
    low, _ = read_answers(form, {"R1": ["6"]}, enforce_required=False)
    assert "C1" not in low.hidden
    assert answer_columns(tiny(NAME))[3].codes == tuple(map(str, range(11)))


def test_dissatisfied_are_those_up_to_the_number_that_is_stated() -> None:
    items = {item.id: item for item in build_scoring(tiny(NAME), "parent").items}
    assert items["R1"].dissatisfied == (True,) * 7 + (False,) * 4
    assert items["S1"].dissatisfied == (True, True, False, False, False), "the mirror image, where nothing is stated"
    assert (items["R1"].nps, items["S1"].nps) == (True, False)


def test_a_scale_of_numbers_is_read_back() -> None:
    instrument = tiny(NAME)
    assert read(canonical_text(instrument)) == instrument
    for old, new in (
        ("also: nps, ", ""),
        ("show: stars", "show: words"),
        ("zh: 完全不可能", "zh: 不会"),
        ("[0, 20,", "[0, 30,"),
    ):
        assert structure_hash(read(changed(NAME, old, new))) != structure_hash(instrument), new
    other = read(changed(NAME, "en: Not at all likely", "en: Never"))
    assert structure_hash(other) == structure_hash(instrument)
    assert wording_hash(other) != wording_hash(instrument)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("from: 0, to: 10", "from: 10, to: 0", "的 to 应当比 from 大"),
        ("from: 0, to: 10", "from: 0", "缺少“to”"),
        ("from: 0, to: 10", "from: 0, to: 40", "应当有 2 到 35 个点"),
        ("favourable_from: 9, ", "", "缺少“favourable_from”"),
        ("favourable_from: 9", "favourable_from: 11", "“favourable_from”应当是 1 到 10 之间的数"),
        ("unfavourable_to: 6", "unfavourable_to: 9", "unfavourable_to 应当比 favourable_from 小"),
        ("unfavourable_to: 6, ", "", "also: nps 要写 unfavourable_to，通常是 6"),
        ("also: nps", "also: csat", "“also”的值“csat”不在 nps 之中"),
        ("show: stars", "show: smileys", "“show”的值“smileys”不在 numbers, words, stars 之中"),
        ("[0, 20, 80, 100]", "[0, 20, 100]", "“points”应当是 4 个从小到大的分值"),
        ("[0, 20, 80, 100]", "[0, 80, 20, 100]", "“points”应当是 4 个从小到大的分值"),
        ("[0, 20, 80, 100]", "[0, twenty, 80, 100]", "“points”应当是 0 到 100 之间的数"),
        ("[0, 20, 80, 100]", "[10, 20, 80, 100]", "两端应当是 100 和 0"),
        ("ends: [{zh: 从不, en: Never}, {zh: 每天, en: Every day}], ", "", "缺少“ends”"),
        ("[{zh: 从不, en: Never}, ", "[", "“ends”应当是两段文字"),
        ("  three:\n", "  three:\n    show: stars\n", "“show”的值“stars”不在 words, faces 之中"),
    ],
)
def test_numbers_that_are_no_scale_are_refused(old: str, new: str, said: str) -> None:
    faults = faults_of(changed(NAME, old, new))
    assert any(said in fault for fault in faults), faults
