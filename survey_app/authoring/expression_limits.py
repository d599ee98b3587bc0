"""A constraint on a question's own answer as limits that the format has: how many, which one alone, how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from .expression import (
    Call,
    Compare,
    Dialect,
    Expression,
    ExpressionError,
    Junction,
    Literal,
    Reference,
    read_expression,
)
from .expression_value import evaluate, is_true

_MAX_TRIED = 10  # options of which every set is tried


@dataclass(frozen=True, slots=True)
class Limits:
    """``exclusive`` are codes that can only be chosen alone. ``is_whole``: the constraint says nothing else."""

    at_least: int | None = None
    at_most: int | None = None
    exclusive: tuple[str, ...] = ()
    max_length: int | None = None
    is_whole: bool = True


def limits_of_choices(text: str, codes: Sequence[str]) -> Limits:
    """Return the limits that a constraint sets on a question with several answers.

    >>> limits_of_choices("count-selected(.) <= 2", ["a", "b", "c"])
    Limits(at_least=None, at_most=2, exclusive=(), max_length=None, is_whole=True)
    >>> limits_of_choices("not(selected(., 'c') and count-selected(.) > 1)", ["a", "b", "c"]).exclusive
    ('c',)
    """
    try:
        tree = read_expression(text, Dialect.XLSFORM)
        if len(codes) > _MAX_TRIED:
            return _by_pattern(tree, "count-selected")
        return _by_trial(tree, codes)
    except (ExpressionError, KeyError):
        return Limits(is_whole=False)


def limits_of_text(text: str) -> Limits:
    """Return the longest answer that a constraint on a text allows."""
    try:
        limits = _by_pattern(read_expression(text, Dialect.XLSFORM), "string-length")
    except ExpressionError:
        return Limits(is_whole=False)
    is_whole = limits.is_whole and limits.at_least in (None, 0, 1)
    return Limits(max_length=limits.at_most, is_whole=is_whole)


def _by_trial(tree: Expression, codes: Sequence[str]) -> Limits:
    """Try every set of options, and see whether limits say the same."""
    sets = [chosen for size in range(1, len(codes) + 1) for chosen in combinations(codes, size)]
    allowed = {chosen for chosen in sets if is_true(evaluate(tree, {"": " ".join(chosen)}, Dialect.XLSFORM))}
    exclusive = tuple(
        code for code in codes if (code,) in allowed and not any(code in chosen for chosen in allowed - {(code,)})
    )
    if len(exclusive) == len(codes):
        exclusive = ()
    free = [len(chosen) for chosen in allowed if not set(chosen) & set(exclusive)]
    at_most = max(free, default=0)
    at_least = min(free, default=0)
    same = {chosen for chosen in sets if _fits(chosen, at_least, at_most, exclusive)} == allowed
    room = len(codes) - len(exclusive)
    return Limits(
        at_least if same and at_least > 1 else None, at_most if same and at_most < room else None,
        exclusive if same else (), is_whole=same,
    )  # fmt: skip


def _fits(chosen: tuple[str, ...], at_least: int, at_most: int, exclusive: tuple[str, ...]) -> bool:
    if set(chosen) & set(exclusive):
        return len(chosen) == 1
    return at_least <= len(chosen) <= at_most


def _by_pattern(tree: Expression, function: str) -> Limits:
    match tree:
        case Compare(sign, Call(name, (Reference(""),)), Literal(float(number))) if name == function:
            return _one_limit(sign, int(number))
        case Junction(True, operands):
            parts = [_by_pattern(operand, function) for operand in operands]
            least = max((part.at_least for part in parts if part.at_least is not None), default=None)
            most = min((part.at_most for part in parts if part.at_most is not None), default=None)
            return Limits(least, most, is_whole=all(part.is_whole for part in parts))
    return Limits(is_whole=False)


def _one_limit(sign: str, number: int) -> Limits:
    match sign:
        case "<" | "<=":
            return Limits(at_most=number - (sign == "<"))
        case ">" | ">=":
            return Limits(at_least=number + (sign == ">"))
        case "=":
            return Limits(at_least=number, at_most=number)
    return Limits(is_whole=False)
