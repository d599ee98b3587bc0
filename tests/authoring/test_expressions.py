"""A condition that is carried over is true for exactly the answers for which the original is, blanks included."""

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.authoring.expression import Dialect, ExpressionError, read_expression
from survey_app.authoring.expression_condition import Subject, both, carry_expression
from survey_app.definition.conditions import Comparison, Condition, to_source

ONE = ("x", "y", "5", "05")
SEVERAL = ("p", "q", "r")
SUBJECTS = {
    "a": Subject("a", ONE),
    "b": Subject("b", ("1", "2", "3", "9")),
    "m": Subject("m", SEVERAL, takes_several=True),
    "n": Subject("n", (), is_number=True),
    "grade": Subject("grade", tuple(map(str, range(1, 13))), is_open=True),
}
Answers = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Given:
    """The answers of one person, as conditions ask for them."""

    answers: Answers

    def codes(self, question: str) -> tuple[str, ...]:
        return self.answers.get(question, ())

    def any_at_most(self, dimension: str, code: str) -> bool:
        raise AssertionError

    def reaches(self, question: str, code: str, or_worse: bool) -> bool:
        raise NotImplementedError  # no expression becomes one


class Part:
    """A piece of an expression that knows how it is written and, by the rules of XPath, whether it holds."""

    def __init__(self, text: str, holds) -> None:  # type: ignore[no-untyped-def]
        self.text, self.holds = text, holds

    def __repr__(self) -> str:
        return self.text


def xpath_number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


ORDER = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b, "!=": lambda a, b: a != b,
}  # fmt: skip
FULL_WIDTH = str.maketrans("=!<>()'\"", "＝！＜＞（）’”")


@st.composite
def comparisons(draw: st.DrawFn) -> Part:
    """One question against a text or a number."""
    name = draw(st.sampled_from(["a", "b", "grade"]))
    codes = SUBJECTS[name].codes
    if draw(st.booleans()):
        sign = draw(st.sampled_from(["=", "!="]))
        choices = [*codes[:5], "zz", ""]
        text = draw(st.sampled_from(choices))
        quote = draw(st.sampled_from(["''", '""', "‘’", "“”"]))
        written = f"${{{name}}} {sign} {quote[0]}{text}{quote[1]}"
        return Part(written, lambda answers: ORDER[sign]("".join(answers.get(name, ())), text))
    sign = draw(st.sampled_from(sorted(ORDER)))
    number = draw(st.integers(-1, 12))
    written = f"${{{name}}}{sign}{number}"
    return Part(written, lambda answers: ORDER[sign](xpath_number("".join(answers.get(name, ()))), number))


@st.composite
def functions(draw: st.DrawFn) -> Part:
    kind = draw(st.sampled_from(["selected", "count", "length", "whole"]))
    if kind == "selected":
        name = draw(st.sampled_from(["a", "m", "b"]))
        code = draw(st.sampled_from([*SUBJECTS[name].codes, "zz"]))
        return Part(f"selected(${{{name}}}, '{code}')", lambda answers: code in answers.get(name, ()))
    sign = draw(st.sampled_from(sorted(ORDER)))
    if kind == "whole":
        sign = draw(st.sampled_from(["=", "!="]))
        code = draw(st.sampled_from([*SEVERAL, "", "zz"]))
        return Part(f"${{m}} {sign} '{code}'", lambda answers: ORDER[sign](" ".join(answers.get("m", ())), code))
    number = draw(st.integers(-1, 4))
    if kind == "count":
        return Part(
            f"count-selected(${{m}}) {sign} {number}", lambda answers: ORDER[sign](len(answers.get("m", ())), number)
        )
    return Part(
        f"string-length(${{a}}) {sign} {number}",
        lambda answers: ORDER[sign](len("".join(answers.get("a", ()))), number),
    )


def joined(parts: st.SearchStrategy[Part]) -> st.SearchStrategy[Part]:
    def negated(part: Part) -> Part:
        return Part(f"not({part.text})", lambda answers: not part.holds(answers))

    def junction(pair: tuple[list[Part], bool]) -> Part:
        several, is_all = pair
        text = (" and " if is_all else " or ").join(f"({part.text})" for part in several)
        decide = all if is_all else any
        return Part(text, lambda answers: decide(part.holds(answers) for part in several))

    lists = st.tuples(st.lists(parts, min_size=2, max_size=3), st.booleans())
    return parts.map(negated) | lists.map(junction)


EXPRESSIONS = st.recursive(comparisons() | functions(), joined, max_leaves=6)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "a": st.sampled_from(ONE).map(lambda code: (code,)),
        "b": st.sampled_from(("1", "2", "3", "9")).map(lambda code: (code,)),
        "m": st.lists(st.sampled_from(SEVERAL), min_size=1, unique=True).map(tuple),
        "grade": st.sampled_from(("1", "4", "12", "K2")).map(lambda code: (code,)),
    },
)


def holds(condition: Condition | None, never: bool, answers: Answers) -> bool:
    return condition.holds(Given(answers)) if condition else not never


@given(EXPRESSIONS, st.lists(ANSWERS, min_size=1, max_size=12), st.booleans())
def test_a_carried_condition_has_the_truth_of_the_original(part: Part, people: list[Answers], wide: bool) -> None:
    text = part.text.translate(FULL_WIDTH) if wide else part.text
    carried = carry_expression(text, Dialect.XLSFORM, SUBJECTS)
    for answers in [*people, {}]:
        assert holds(carried.condition, carried.never, answers) == part.holds(answers), (text, answers)


def carried(text: str, dialect: Dialect = Dialect.XLSFORM) -> str:
    condition = carry_expression(text, dialect, SUBJECTS | boxes()).condition
    return to_source(condition) if condition else ""


def boxes() -> dict[str, Subject]:
    """A question with several answers as LimeSurvey names it: one variable a box, and a question that may be hidden."""
    gate = Comparison("b", ("1",))
    return {
        "7X1X2p.NAOK": Subject("m", ("p",), option="p"), "m_q": Subject("m", ("q",), option="q"),
        "hidden": Subject("a", ONE, gate=gate),
    }  # fmt: skip


def test_unequal_is_true_for_a_blank() -> None:
    assert carried("${b} != '1'") == "not (b == '1')"
    assert carried("${grade} != '1'") == "not (grade == '1')"


def test_equality_on_several_answers_means_this_one_alone() -> None:
    assert carried("${m} = 'p'") == "(m == 'p') and (not (m in ['q', 'r']))"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("((7X1X2p.NAOK == \"Y\"))", "m == 'p'"),
        ("!is_empty(b)", "answered(b)"), ("is_empty(n) or n == ''", "not (answered(n))"),
        ("b ne '1' && m_q == ''", "(not (b == '1')) and (not (m == 'q'))"),
        ("hidden == 'x'", "(b == '1') and (a == 'x')"),
        ("b >= 2 or a eq \"x\"", "(b in ['2', '3', '9']) or (a == 'x')"),
        ("strlen(a) == 2", "a == '05'"),
    ],
)  # fmt: skip
def test_limesurvey_goes_through_the_same_tree(text: str, expected: str) -> None:
    assert carried(text, Dialect.LIMESURVEY) == expected


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("${a} + 1 > 2", Dialect.XLSFORM), ("../a = 'x'", Dialect.XLSFORM), ("${a} = ${b}", Dialect.XLSFORM),
        ("if(${a} = 'x', 1, 0) = 1", Dialect.XLSFORM), ("${a}", Dialect.XLSFORM), ("${nobody} = 1", Dialect.XLSFORM),
        ("${m} = 'p q'", Dialect.XLSFORM), ("${m} > 3", Dialect.XLSFORM), ("${n} > 3", Dialect.XLSFORM),
        ("${a} = true()", Dialect.XLSFORM), ("b < 2", Dialect.LIMESURVEY), ("a.shown == 1", Dialect.LIMESURVEY),
    ],
)  # fmt: skip
def test_what_cannot_be_carried_is_said_and_not_guessed(text: str, dialect: Dialect) -> None:
    with pytest.raises(ExpressionError) as raised:
        carry_expression(text, dialect, SUBJECTS)
    assert not raised.value.is_syntax


@pytest.mark.parametrize(
    "text",
    ["${a} = 'x", "(${a} = 'x'", "${a} = 'x' and", "${a} = x", "${a} = 'x' ${b} = '1'", "${a} # 1", "", "a" * 5000,
     "(" * 200, "1 = 1 = 1", "selected(${a} 'x')", "!" * 200],
)  # fmt: skip
def test_what_is_no_expression_is_a_fault_of_spelling(text: str) -> None:
    dialect = Dialect.LIMESURVEY if text.startswith("!") else Dialect.XLSFORM
    with pytest.raises(ExpressionError) as raised:
        read_expression(text, dialect)
    assert raised.value.is_syntax


@given(st.text(max_size=60), st.sampled_from(Dialect))
def test_no_text_makes_the_reader_fall_over(text: str, dialect: Dialect) -> None:
    with suppress(ExpressionError):
        carry_expression(text, dialect, SUBJECTS)


def test_a_code_that_nobody_can_choose_is_named() -> None:
    assert carry_expression("${b} = '7' or selected(${m}, 'z')", Dialect.XLSFORM, SUBJECTS).unknown == (
        ("b", "7"), ("m", "z"),
    )  # fmt: skip


def test_conditions_of_a_group_and_a_question_hold_together() -> None:
    group, question = Comparison("b", ("1",)), Comparison("a", ("x",))
    assert both(group, None) == group
    assert both(group, group) == group
    joint = both(group, question)
    assert joint is not None
    assert to_source(joint) == "(b == '1') and (a == 'x')"
    assert both(None, None) is None


def test_how_many_were_chosen_is_counted() -> None:
    assert carried("count-selected(${m}) >= 2") == "count(m) >= 2"
    assert carried("count-selected(${m}) = 1") == "(answered(m)) and (not (count(m) >= 2))"
    assert carried("count-selected(${m}) > 0 and string-length(${n}) > 0") == "(answered(m)) and (answered(n))"
    always = carry_expression("count-selected(${m}) >= 0 and 1 = 1", Dialect.XLSFORM, SUBJECTS)
    assert always.condition is None
    assert not always.never
