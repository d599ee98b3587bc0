"""What a part of an expression is worth when an answer is known, in the rules of its own language."""

import math
import re
from collections.abc import Callable, Mapping

from survey_app.definition.messages import message

from .expression import Call, Compare, Dialect, Expression, ExpressionError, Junction, Literal, Negation, Reference

Value = str | float | bool
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)\Z", re.ASCII)
_OF_ONE_TEXT: Mapping[str, Callable[[str], Value]] = {
    "string-length": lambda text: float(len(text)),
    "strlen": lambda text: float(len(text)),
    "count-selected": lambda text: float(len(text.split())),
    "number": lambda text: to_number(text),
    "string": lambda text: text,
    "is_empty": lambda text: text == "",
}
_IS_NOT_CARRIED = message("这个比较在空白时的结果没有定论")


def evaluate(tree: Expression, answers: Mapping[str, str], dialect: Dialect) -> Value:
    """Return the value with the given answers (a blank is the empty text). Raises :class:`ExpressionError`."""
    match tree:
        case Literal(value):
            return value
        case Reference(name):
            return answers[name]
        case Call(function, arguments):
            return _call(function, [evaluate(argument, answers, dialect) for argument in arguments])
        case Compare(sign, left, right):
            return _compare(sign, evaluate(left, answers, dialect), evaluate(right, answers, dialect), dialect)
        case Negation(operand):
            return not is_true(evaluate(operand, answers, dialect))
        case Junction(is_all, operands):
            values = [is_true(evaluate(operand, answers, dialect)) for operand in operands]
            return all(values) if is_all else any(values)


def is_true(value: Value) -> bool:
    """Return what a value means as a condition. A text means different things in different programs."""
    if isinstance(value, bool):
        return value
    raise ExpressionError(message("条件不是一个比较"))


def to_number(text: str) -> float:
    """Return the number that a text is, else NaN, which is equal to nothing and less than nothing."""
    stripped = text.strip()
    return float(stripped) if _NUMBER.match(stripped) else math.nan


def _call(function: str, arguments: list[Value]) -> Value:
    match function, arguments:
        case ("selected", [str(chosen), str() | float() as code]):
            return _written(code) in chosen.split()
        case ("true" | "false", []):
            return function == "true"
        case ("count", [str(), *_]) if all(isinstance(argument, str) for argument in arguments):
            return float(sum(argument != "" for argument in arguments))
        case (_, [str(text)]) if function in _OF_ONE_TEXT:
            return _OF_ONE_TEXT[function](text)
    raise ExpressionError(message("用了这里没有的函数 {function}()", function=function))


def _written(code: str | float) -> str:
    return code if isinstance(code, str) else f"{code:g}"


def _compare(sign: str, left: Value, right: Value, dialect: Dialect) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        raise ExpressionError(message("条件拿答案与真假比较"))
    if dialect is Dialect.LIMESURVEY:
        return _compare_loosely(sign, left, right)
    if sign in ("=", "!=") and isinstance(left, str) and isinstance(right, str):
        return (left == right) == (sign == "=")
    return _ordered(sign, _numeric(left), _numeric(right))


def _compare_loosely(sign: str, left: str | float, right: str | float) -> bool:
    """LimeSurvey compares as numbers what both sides can be; a blank is less than something only in some versions."""
    numbers = _numeric(left), _numeric(right)
    if not any(map(math.isnan, numbers)):
        return _ordered(sign, *numbers)
    if sign in ("=", "!="):
        return (_written(left) == _written(right)) == (sign == "=")
    if "" in (left, right) and (sign in (">", ">=")) == (left == ""):
        return False
    raise ExpressionError(_IS_NOT_CARRIED)


def _numeric(value: str | float) -> float:
    return to_number(value) if isinstance(value, str) else value


def _ordered(sign: str, left: float, right: float) -> bool:
    return {
        "=": left == right, "!=": left != right, "<": left < right, "<=": left <= right, ">": left > right,
        ">=": left >= right,
    }[sign]  # fmt: skip
