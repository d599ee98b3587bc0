"""The small language of ``show_if``."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.definition.condition_reader import MAX_LENGTH, ConditionError, read_condition
from survey_app.definition.conditions import (
    AllOf,
    Answered,
    AnyAtMost,
    AnyOf,
    Comparison,
    Condition,
    CountAtLeast,
    Not,
    Threshold,
    leaves,
    to_source,
)


@dataclass
class Given:
    """Answers of somebody, by question."""

    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    poor: frozenset[tuple[str, str]] = frozenset()

    def codes(self, question: str) -> tuple[str, ...]:
        return self.chosen.get(question, ())

    def any_at_most(self, dimension: str, code: str) -> bool:
        return (dimension, code) in self.poor

    def reaches(self, question: str, code: str, or_worse: bool) -> bool:
        return any((chosen <= code) if or_worse else (chosen >= code) for chosen in self.codes(question))


A, B, C = Comparison("a", ("1",)), Comparison("b", ("2",)), Comparison("c", ("3",))
EXAMPLES = {
    "a == '1'": A,
    'a=="1"': A,
    "a ＝＝ “1”": A,
    "a！＝‘1’": Comparison("a", ("1",), negated=True),
    "a in ['1', '2']": Comparison("a", ("1", "2")),
    "a in 【“1”、“2”】": Comparison("a", ("1", "2")),
    "a not in ['1']": Comparison("a", ("1",), negated=True),
    "a == '1' or b == '2' and c == '3'": AnyOf((A, AllOf((B, C)))),
    "（a == '1' or b == '2'） and c == '3'": AllOf((AnyOf((A, B)), C)),
    "not a == '1' and b == '2'": AllOf((Not(A), B)),
    "not (a == '1' and b == '2')": Not(AllOf((A, B))),
    "a == '1' and b == '2' and c == '3'": AllOf((A, B, C)),
    "any_at_most(teaching， ‘2’)": AnyAtMost("teaching", "2"),
    "at_most（T1，“2”）": Threshold("T1", "2", at_most=True),
    "at_least(T1, '4')": Threshold("T1", "4", at_most=False),
    "answered (T1)": Answered("T1"),
    "count(why) ＞＝ 2": CountAtLeast("why", 2),
    "count(why)≥12": CountAtLeast("why", 12),
    "count == '1'": Comparison("count", ("1",)),
    "answered in ['1']": Comparison("answered", ("1",)),
}


@pytest.mark.parametrize(("text", "expected"), EXAMPLES.items(), ids=EXAMPLES)
def test_reading(text: str, expected: Condition) -> None:
    assert read_condition(text) == expected


FAULTY = {
    "": (0, "题号"),
    "a": (1, "==、!= 或 in"),
    "a = '1'": (2, "判断相等请写“==”"),
    "a == 1": (5, "带引号的选项代码"),
    "a == '1": (5, "引号没有成对"),
    "a == '1' b": (9, "多出了“b”"),
    "(a == '1'": (9, "应当是)"),
    "a in []": (6, "带引号的选项代码"),
    "a == '1' && b == '2'": (9, "无法识别“&”"),
    "年级 == '1'": (0, "无法识别“年”"),
    "any_at_most(d)": (13, "应当是,"),
    "count(a)": (8, "应当是>="),
    "count(a) >= '2'": (12, "1 到 35 的整数"),
    "count(a) >= 0": (12, "1 到 35 的整数"),
    "count(a) >= 2b": (12, "1 到 35 的整数"),
    "count(a) > 2": (9, "无法识别“>”"),
    "at_most(a)": (9, "应当是,"),
    "answered(a, '1')": (10, "应当是)"),
    "a < '2'": (2, "无法识别“<”"),
    "a == '1' or": (11, "题号"),
    "a == '" + "x" * MAX_LENGTH + "'": (0, "超过 500 个字符"),
}


@pytest.mark.parametrize(("text", "expected"), FAULTY.items(), ids=range(len(FAULTY)))
def test_a_fault_names_the_place(text: str, expected: tuple[int, str]) -> None:
    with pytest.raises(ConditionError) as caught:
        read_condition(text)
    assert caught.value.offset == expected[0]
    assert expected[1] in str(caught.value)


@pytest.mark.parametrize("text", ["a == '1'", "a != '1'", "a in ['1', '2']", "a not in ['1']"])
def test_a_blank_compares_false(text: str) -> None:
    assert not read_condition(text).holds(Given())
    assert read_condition(f"not {text}").holds(Given())


def test_what_holds() -> None:
    somebody = Given({"a": ("1",), "b": ("2", "4")}, frozenset({("d", "2")}))
    true = ["a == '1'", "a != '2'", "b in ['4', '5']", "b == '2'", "any_at_most(d, '2')", "a == '2' or b == '4'"]
    true += ["at_most(b, '3')", "at_least(b, '3')", "answered(a)", "count(b) >= 2", "not answered(c)"]
    false = ["a == '2'", "a != '1'", "b not in ['2']", "any_at_most(d, '1')", "a == '1' and c == '3'"]
    false += [
        "at_most(b, '1')",
        "at_least(a, '2')",
        "at_least(c, '1')",
        "answered(c)",
        "count(b) >= 3",
        "count(c) >= 1",
    ]
    assert [text for text in true if not read_condition(text).holds(somebody)] == []
    assert [text for text in false if read_condition(text).holds(somebody)] == []


def test_leaves_are_all_questions_that_are_asked() -> None:
    found = list(leaves(read_condition("not (a == '1' or b == '2') and any_at_most(d, '1')")))
    assert found == [A, B, AnyAtMost("d", "1")]


names = st.sampled_from(["a", "b1", "grade", "boarding"])
codes = st.lists(st.text("0123456789abcXYZ_-", min_size=1, max_size=4), min_size=1, max_size=3).map(tuple)
code = codes.map(lambda several: several[0])
leaf: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Comparison, names, codes, st.booleans()),
    st.builds(AnyAtMost, names, code),
    st.builds(Threshold, names, code, st.booleans()),
    st.builds(Answered, names),
    st.builds(CountAtLeast, names, st.integers(1, 35)),
)


def joined(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.builds(Not, inner) | st.builds(AllOf, parts) | st.builds(AnyOf, parts)


conditions = st.recursive(leaf, joined, max_leaves=6).filter(lambda condition: len(to_source(condition)) <= MAX_LENGTH)


@given(conditions)
def test_the_canonical_spelling_reads_back_to_the_same_condition(condition: Condition) -> None:
    assert read_condition(to_source(condition)) == condition


@given(st.text("ab'\"()[],=!“”（）＝ notinador12&", max_size=60))
def test_any_text_is_read_or_refused_with_a_place_inside_it(text: str) -> None:
    try:
        read_condition(text)
    except ConditionError as error:
        assert 0 <= error.offset <= len(text)  # noqa: PT017 - both ways out are fine


def test_what_is_accepted_can_be_frozen() -> None:
    # questionnaire of an open wave cannot be read any more
    for count in (20, 25, 30, 40):
        try:
            condition = read_condition(" or ".join(["a=='1'"] * count))
        except ConditionError as error:
            assert "500" in str(error)  # noqa: PT017 - refusing it in time is as good
        else:
            assert read_condition(to_source(condition)) == condition


@pytest.mark.parametrize("depth", [50, 120, 200, 240])
def test_no_nesting_ends_the_program(depth: int) -> None:
    for text in ("(" * depth + "a == '1'" + ")" * depth, "not " * (depth // 2) + "a == '1'"):
        try:
            read_condition(text)
        except ConditionError as error:
            assert str(error)  # noqa: PT017 - a sentence is as good as a condition
