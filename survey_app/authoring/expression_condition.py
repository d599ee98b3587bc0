"""An expression of XLSForm or LimeSurvey as a condition that is true for exactly the same answers, blanks included.

There ``!=`` holds for a blank, here it does not; there ``=`` on a question with several answers compares the whole
answer. So nothing is translated by its spelling: a part that asks one question is tried with every answer that it can
have, and the condition says for which it holds. What cannot be said here is reported.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from survey_app.definition.conditions import AllOf, Answered, AnyOf, Comparison, Condition, CountAtLeast, Not
from survey_app.definition.messages import message

from .expression import (
    Call,
    Compare,
    Dialect,
    Expression,
    ExpressionError,
    Junction,
    Literal,
    Negation,
    Reference,
    read_expression,
    references,
)
from .expression_value import evaluate, is_true, to_number

_ELSE = "\0"  # an answer that no expression names


@dataclass(frozen=True, slots=True)
class Subject:
    """What can be asked of a question: its ``codes``, as conditions call them.

    ``is_open``: it may have other codes besides (the grades of a school), which are no numbers. ``is_number``: it is
    kept as a band, so that it can only be asked whether it was answered. ``option``: it is a single box of a question
    with several answers, that is ``Y`` or blank. ``gate``: without it the whole expression is false.
    """

    question: str
    codes: tuple[str, ...]
    takes_several: bool = False
    is_open: bool = False
    is_number: bool = False
    option: str = ""
    gate: Condition | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """``condition`` is None where the expression always holds, or never. ``unknown``: codes that nobody can choose."""

    condition: Condition | None = None
    never: bool = False
    unknown: tuple[tuple[str, str], ...] = ()


def carry_expression(text: str, dialect: Dialect, subjects: Mapping[str, Subject]) -> Carried:
    """Return the condition that an expression is. Raises :class:`ExpressionError`.

    >>> lunch = Subject("lunch", ("yes", "no"))
    >>> from survey_app.definition.conditions import to_source
    >>> to_source(carry_expression("${lunch} != 'no'", Dialect.XLSFORM, {"lunch": lunch}).condition)
    "not (lunch == 'no')"
    """
    tree = read_expression(text, dialect)
    carrier = _Carrier(dialect, subjects)
    truth = carrier.truth(tree)
    gates = {subjects[name].gate for name in references(tree)}
    for gate in (gate for gate in gates if gate is not None):
        truth = _all_of([gate, truth])
    if isinstance(truth, bool):
        return Carried(None, not truth, tuple(carrier.unknown))
    return Carried(truth, False, tuple(carrier.unknown))


Truth = Condition | bool


@dataclass(slots=True)
class _Carrier:
    dialect: Dialect
    subjects: Mapping[str, Subject]
    unknown: dict[tuple[str, str], None] = field(default_factory=dict)

    def truth(self, tree: Expression) -> Truth:
        match tree:
            case Negation(operand):
                return _not(self.truth(operand))
            case Junction(is_all, operands):
                truths = [self.truth(operand) for operand in operands]
                return _all_of(truths) if is_all else _any_of(truths)
        names = list(dict.fromkeys(references(tree)))
        for name in names:
            if name not in self.subjects:
                raise ExpressionError(message("条件问的“{name}”不在问卷里", name=name or "."))
        if not names:
            return is_true(evaluate(tree, {}, self.dialect))
        if len(names) > 1:
            raise ExpressionError(message("条件同时比较几道题：{names}", names="、".join(names)))
        return self.leaf(tree, names[0], self.subjects[names[0]])

    def leaf(self, tree: Expression, name: str, subject: Subject) -> Truth:
        if subject.option:
            checked, blank = (self.holds(tree, name, value) for value in ("Y", ""))
            box = Comparison(subject.question, (subject.option,))
            return checked if checked == blank else box if checked else Not(box)
        if subject.is_number and (blank_test := _blank_test(tree)) is not None:
            return Not(Answered(subject.question)) if blank_test else Answered(subject.question)
        if not subject.codes and not subject.is_open:
            raise ExpressionError(message("条件问的“{name}”不是选择题", name=name))
        self.note_unknown(tree, subject)
        if subject.takes_several:
            return self.several(tree, name, subject)
        return self.single(tree, name, subject)

    def holds(self, tree: Expression, name: str, value: str) -> bool:
        return is_true(evaluate(tree, {name: value}, self.dialect))

    def single(self, tree: Expression, name: str, subject: Subject) -> Truth:
        """The codes for which it holds, and whether it holds for a blank, say everything."""
        codes = list(subject.codes)
        if subject.is_open:
            codes += [code for code in _texts(tree) if code and code not in codes]
        yes = tuple(code for code in codes if self.holds(tree, name, code))
        no = tuple(code for code in codes if code not in yes)
        with_blank = self.holds(tree, name, "")
        if not subject.is_open and yes == tuple(codes):
            return True if with_blank else Answered(subject.question)
        if not subject.is_open and no == tuple(codes):
            return Not(Answered(subject.question)) if with_blank else False
        if not subject.is_open:
            return _not(_one_of(subject.question, no)) if with_blank else _one_of(subject.question, yes)
        with_others = self.holds(tree, name, _ELSE)
        named = _not(_one_of(subject.question, no)) if with_others else _one_of(subject.question, yes)
        if with_others == with_blank:
            return named
        answered = Answered(subject.question)
        return _any_of([named, Not(answered)]) if with_blank else _all_of([answered, named])

    def several(self, tree: Expression, name: str, subject: Subject) -> Truth:
        match tree:
            case Call("selected", (Reference(), Literal(code))):
                written = code if isinstance(code, str) else f"{code:g}"
                return _one_of(subject.question, (written,) if written in subject.codes else ())
            case Compare(sign, Reference(), Literal(value)) | Compare(sign, Literal(value), Reference()) if sign in (
                "=",
                "!=",
            ):
                exactly = self.exactly(value, subject)
                return exactly if sign == "=" else _not(exactly)
        return self.by_count(tree, name, subject)

    def exactly(self, value: str | float, subject: Subject) -> Truth:
        """The whole answer is this text: one code and no other, or nothing at all."""
        if value == "":
            return Not(Answered(subject.question))
        if isinstance(value, str) and len(value.split()) > 1:
            raise ExpressionError(message("“{value}”比较的是几个选项的次序", value=value))
        same = [
            code for code in subject.codes if (code == value if isinstance(value, str) else to_number(code) == value)
        ]
        only = [
            _all_of([
                _one_of(subject.question, (code,)),
                _not(_one_of(subject.question, tuple(other for other in subject.codes if other != code))),
            ])
            for code in same
        ]  # fmt: skip
        return _any_of(only)

    def by_count(self, tree: Expression, name: str, subject: Subject) -> Truth:
        """An expression that looks only at how many options were chosen."""
        if not _counts_only(tree):
            raise ExpressionError(message("多选题“{name}”只能用 selected() 和 count-selected() 来问", name=name))
        answers = [" ".join("x" for _ in range(count)) for count in range(len(subject.codes) + 1)]
        holds = [self.holds(tree, name, answer) for answer in answers]
        parts: list[Truth] = []
        start = None
        for count, holds_here in enumerate([*holds, False]):
            if holds_here and start is None:
                start = count
            elif not holds_here and start is not None:
                parts.append(_all_of([_at_least(subject, start), _not(_at_least(subject, count))]))
                start = None
        return _any_of(parts)

    def note_unknown(self, tree: Expression, subject: Subject) -> None:
        if subject.is_open:
            return
        for code in _texts(tree):
            is_known = code in subject.codes or any(to_number(one) == to_number(code) for one in subject.codes)
            if code and not is_known and not any(part in subject.codes for part in code.split()):
                self.unknown[subject.question, code] = None


def _blank_test(tree: Expression) -> bool | None:
    """True where the expression asks whether an answer is blank, False whether it is not, None if it asks more."""
    match tree:
        case Compare("=" | "!=" as sign, Reference(), Literal("")) | Compare(
            "=" | "!=" as sign, Literal(""), Reference()
        ):
            return sign == "="
        case Call("is_empty", (Reference(),)):
            return True
        case Compare(">", Call("string-length" | "strlen", (Reference(),)), Literal(0.0)):
            return False
    return None


def _texts(tree: Expression) -> list[str]:
    """The texts with which a question is compared."""
    match tree:
        case Compare("=" | "!=", Reference(), Literal(value)) | Compare("=" | "!=", Literal(value), Reference()):
            return [value if isinstance(value, str) else f"{value:g}"]
        case Call("selected", (Reference(), Literal(value))):
            return [value if isinstance(value, str) else f"{value:g}"]
    return []


def _counts_only(tree: Expression) -> bool:
    match tree:
        case Reference():
            return False
        case Call("count-selected", (Reference(),)):
            return True
        case Call(_, arguments):
            return all(map(_counts_only, arguments))
        case Compare(_, left, right):
            return _counts_only(left) and _counts_only(right)
    return True


def _at_least(subject: Subject, count: int) -> Truth:
    if count <= 0:
        return True
    if count > len(subject.codes):
        return False
    return Answered(subject.question) if count == 1 else CountAtLeast(subject.question, count)


def _one_of(question: str, codes: tuple[str, ...]) -> Truth:
    return Comparison(question, codes) if codes else False


def _not(truth: Truth) -> Truth:
    if isinstance(truth, bool):
        return not truth
    return truth.operand if isinstance(truth, Not) else Not(truth)


def _all_of(truths: Iterable[Truth]) -> Truth:
    parts = _flat(truths, AllOf)
    if False in parts:
        return False
    conditions = tuple(part for part in parts if not isinstance(part, bool))
    return True if not conditions else conditions[0] if len(conditions) == 1 else AllOf(conditions)


def _any_of(truths: Iterable[Truth]) -> Truth:
    parts = _flat(truths, AnyOf)
    if True in parts:
        return True
    conditions = tuple(part for part in parts if not isinstance(part, bool))
    return False if not conditions else conditions[0] if len(conditions) == 1 else AnyOf(conditions)


def _flat(truths: Iterable[Truth], kind: type[AllOf] | type[AnyOf]) -> list[Truth]:
    parts: dict[Truth, None] = {}
    for truth in truths:
        parts.update(dict.fromkeys(truth.operands if isinstance(truth, kind) else (truth,)))
    return list(parts)


def both(first: Condition | None, second: Condition | None) -> Condition | None:
    """Return the condition that both hold; None always holds."""
    given = [one for one in (first, second) if one is not None]
    joined = _all_of(given)
    return None if isinstance(joined, bool) else joined
