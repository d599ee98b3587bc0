"""Schemes of format 2: every key is read, every fault has its line and column, two schemes can be compared."""

from dataclasses import dataclass
from typing import ClassVar

import pytest

from survey_app.assessment.mark_sources import MARK_FUNCTION_TEXTS, MARK_SOURCES, MarkSource
from survey_app.assessment.scheme_difference import SchemeChange, compare_schemes
from survey_app.assessment.scheme_rules import MarkLine, Quota, ReleaseLevel
from survey_app.assessment.schemes import Scheme, parse_scheme, read_scheme
from survey_app.definition.nodes import DefinitionError
from survey_app.measurement.marks import MARK_FUNCTIONS
from survey_app.reporting.xlsx.mark_formulas import SHARE_FORMULAS
from testing.district import written
from testing.instruments import CATEGORIES, QUESTIONNAIRES

SHIPPED = QUESTIONNAIRES / "assessment"
COUNTY = SHIPPED / "county-four-evaluators.yaml"


@pytest.fixture
def read(tmp_path):  # type: ignore[no-untyped-def]
    """The county's scheme with one change."""

    def changed(old: str, new: str) -> Scheme:
        text = COUNTY.read_text("utf-8")
        assert old in text
        return read_scheme(written(tmp_path / "s.yaml", text.replace(old, new, 1)), CATEGORIES)

    return changed


def test_every_block_of_the_county_scheme_is_read() -> None:
    scheme = read_scheme(COUNTY, CATEGORIES)
    rules = scheme.rules
    assert rules is not None
    assert rules.marks is not None
    assert rules.recognition is not None
    assert set(scheme.weights["primary"]) == {"parent", "student", "teacher", "inspector"}
    assert len(scheme.weights) == 5
    assert [(line.id, str(line.source), line.share) for line in rules.marks.lines] == [
        ("status", "composite", 60), ("burden", "dimension/burden", 15),
        ("growth", "value_added", 20), ("response", "response_rate/parent", 5),
    ]  # fmt: skip
    assert (rules.marks.deductions["rectification_failed"], rules.marks.most) == (1, 2)
    assert rules.awards.quota["direct"] == Quota("1/6")
    assert rules.triggers.notice is not None
    assert rules.triggers.notice.tipping == 1.25
    assert rules.recognition.groups["parent"] == 50
    assert rules.release["public"] == ReleaseLevel("none", 20)


def test_a_scheme_of_a_thousand_marks_is_shipped() -> None:
    rules = read_scheme(SHIPPED / "thousand-marks.yaml", CATEGORIES).rules
    assert rules is not None
    assert rules.marks is not None
    assert rules.marks.full == 1000
    assert sum(line.share for line in rules.marks.lines if line.source.kind == "external") == 80
    assert rules.triggers.ledger is None


def test_a_scheme_of_format_1_is_still_read_and_gives_no_marks() -> None:
    scheme = read_scheme(SHIPPED / "default.yaml", CATEGORIES)
    assert scheme.rules is None
    assert scheme.sha256.startswith("e56c33e0e1a85965")


def test_dimension_weights_stand_at_the_top_level(read) -> None:  # type: ignore[no-untyped-def]
    assert read("minimum_response:", "dimension_weights: {teaching: 0.3}\nminimum_response:").dimension_weights == {
        "teaching": 0.3
    }
    with pytest.raises(DefinitionError, match="没有“dimension_weights”"):
        read("  min_n: 10", "  dimension_weights: {teaching: 0.3}\n  min_n: 10")


def test_what_is_not_listed_is_never_proposed(read) -> None:  # type: ignore[no-untyped-def]
    rules = read("  watch_list: {false_discovery: 0.10}\n", "").rules
    assert rules is not None
    assert rules.triggers.watch_list is None
    assert rules.triggers.notice is not None


def test_quotas_are_rounded_down() -> None:
    assert [Quota(text).places(11) for text in ("1/3", "1/6", "2", "20")] == [3, 1, 2, 11]


def test_every_function_that_a_line_can_name_exists_and_is_explained() -> None:
    named = {function for kind in MARK_SOURCES for function in kind.functions}
    assert named == set(MARK_FUNCTIONS) == set(MARK_FUNCTION_TEXTS.ids()) == set(SHARE_FORMULAS)
    assert "0.831、0.900、0.958" in str(MARK_FUNCTION_TEXTS["standardised"].explanation)


@dataclass(frozen=True, slots=True)
class Square:
    """A function that nobody knew before."""

    name: ClassVar[str] = "square"

    def share(self, value: float) -> float:
        return (value / 100) ** 2

    def expected(self, value: float, error: float, full: float) -> float:
        return full * (value**2 + error**2) / 10_000


def test_a_line_is_scored_by_the_function_it_names_and_by_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recipe “Add a mark function”: one that the reader of lines did not know was scored as ``proportional``."""
    monkeypatch.setitem(MARK_FUNCTIONS, "square", Square)
    assert MarkLine("status", MarkSource("composite"), 100, "square").mark_function().expected(50, 10, 10) == 2.6
    with pytest.raises(KeyError):
        MarkLine("status", MarkSource("composite"), 100, "cube").mark_function()


FAULTY = {
    "shares": ("share: 60", "share: 50", "各行的 share 合计是 90，应当是 100"),
    "source": ("of: composite", "of: composit", "没有“composit”这样的一项"),
    "argument not wanted": ("of: composite", "of: composite/parent", "“composite”后面不要写“/”"),
    "audience": ("response_rate/parent", "response_rate/parents", "方案里有权重的对象"),
    "dimension": ("dimension/burden", "dimension/双减", "问卷里维度的 id"),
    "column": ("of: value_added", "of: external/", "Excel 的列名"),
    "function": ("share: 60, function: threshold", "share: 60, function: treshold", "不能用函数“treshold”"),
    "function of another kind": (
        "share: 20, function: threshold", "share: 20, function: band", "可用：threshold",
    ),
    "limits the wrong way": ("zero_at: 60, full_at: 95", "zero_at: 95, full_at: 60", "full_at 应当大于 zero_at"),
    "limits without use": ("function: threshold, zero_at: 60", "function: band, zero_at: 60", "只有函数 threshold 有"),
    "limit beyond the scale": ("zero_at: 0.1, full_at: 0.5", "zero_at: 0.1, full_at: 50", "0 到 1 之间"),
    "line twice": ("id: burden", "id: status", "id“status”用了两次"),
    "line is no mapping": ("- {id: status", "- status\n    - {id: status", "应当是“键: 值”的形式"),
    "deduction": ("rectification_failed: 1", "rectification_fail: 1", "是不是“rectification_failed”"),
    "quota": ('primary: "1/3"', 'primary: "4/3"', "名额应当写成"),
    "quota of a category without weights": ("{primary: \"1/3\"", "{kindergarten: \"1/3\"", "没有权重，不参加考核"),
    "quota of an unknown category": ("{primary: \"1/3\"", "{primery: \"1/3\"", "没有类别“primery”"),
    "fact": ("[notice_open]", "[notice]", "“notice”不在 notice_open"),
    "trigger": ("tipping: 1.25", "tipping: 0.9", "1 到 100 之间"),
    "groups": ("groups: {parent: 50", "groups: {parent: 40", "合计是 90"),
    "ranks": ("ranks: none", "ranks: some", "“some”不在 all"),
    "small numbers": ("ranks: none, min_n: 20", "ranks: none, min_n: 2", "5 到 10000 之间"),
    "format": ("format: 2", "format: 3", "只支持 format: 1 和 format: 2"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), FAULTY.values(), ids=FAULTY)
def test_faults_are_named_with_their_place(read, old: str, new: str, expected: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DefinitionError) as caught:
        read(old, new)
    found = [fault for fault in caught.value.issues if expected in str(fault)]
    assert found, caught.value
    changed = COUNTY.read_text("utf-8").replace(old, new, 1).splitlines()
    assert all(0 < fault.position.line <= len(changed) and fault.position.column >= 1 for fault in found)


def test_the_difference_names_lines_by_their_id(read) -> None:  # type: ignore[no-untyped-def]
    before = read_scheme(COUNTY, CATEGORIES)
    after = read("share: 60, function: threshold, zero_at: 60", "share: 60, function: threshold, zero_at: 70")
    assert compare_schemes(before, after) == (SchemeChange("rules.marks.lines.status.zero_at", "60", "70"),)
    assert compare_schemes(before, before) == ()
    assert before.sha256 != after.sha256


def test_a_category_may_be_ranked_by_area() -> None:
    text = (SHIPPED / "ten-marks.yaml").read_text("utf-8")
    rules = parse_scheme(text + "units: {primary: area, direct: school}\n", "x.yaml", CATEGORIES).rules
    assert rules is not None
    assert [rules.ranks_areas(category) for category in ("primary", "direct", "senior")] == [True, False, False]
    with pytest.raises(DefinitionError) as caught:
        parse_scheme(text + "units: {primary: town, other: area, nowhere: area}\n", "x.yaml", CATEGORIES)
    faults = "\n".join(map(str, caught.value.issues))
    for words in ("town", "“other”没有权重", "nowhere", "x.yaml:45:"):
        assert words in faults, faults
