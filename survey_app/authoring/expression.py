"""Conditions as XLSForm and LimeSurvey write them, as one tree.

Both are small languages of comparisons, ``and``, ``or`` and functions; they differ in how names and equality are
spelt. Curly quotes and full-width signs, which Chinese keyboards produce, are understood.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from survey_app.definition.messages import Message, message

MAX_LENGTH = 4000
MAX_NESTING = 40

_HALF_WIDTH = str.maketrans(
    "＝！＜＞（），“”„‟＂‘’‛＇＄｛｝＆｜．－＋　\xa0\t\r\n≠≤≥",
    '=!<>(),"""""\'\'\'\'${}&|.-+     ≠≤≥',
)
_CLOSING = {'"': '"”“＂„‟', "'": "'’‘＇‛"}
_SIGNS = ("==", "!=", "<=", ">=", "&&", "||", "≠", "≤", "≥", "=", "<", ">", "(", ")", ",", "!", "+", "-", "*")
_SPELT = {
    "=": "=", "==": "=", "eq": "=", "!=": "!=", "≠": "!=", "ne": "!=", "<": "<", "lt": "<", "<=": "<=", "≤": "<=",
    "le": "<=", ">": ">", "gt": ">", ">=": ">=", "≥": ">=", "ge": ">=",
}  # fmt: skip
_WORD_SIGNS = {"eq", "ne", "lt", "le", "gt", "ge"}


class Dialect(Enum):
    """Whose language an expression is written in."""

    XLSFORM = "xlsform"
    LIMESURVEY = "limesurvey"


class ExpressionError(Exception):
    """An expression cannot be read, or says something that conditions here cannot say."""

    def __init__(self, text: Message, is_syntax: bool = False) -> None:
        self.message = text
        self.is_syntax = is_syntax
        super().__init__(str(text))


@dataclass(frozen=True, slots=True)
class Reference:
    """The answer to a question; ``name`` is empty for the question itself (``.``)."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    value: str | float


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """``sign`` is one of = != < <= > >=, whatever the spelling."""

    sign: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Junction:
    """All of the operands, or any of them."""

    is_all: bool
    operands: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Negation:
    operand: "Expression"


Expression = Reference | Literal | Call | Compare | Junction | Negation


def references(tree: Expression) -> Iterator[str]:
    """Yield the name of every question that the expression asks, in order and with repetitions."""
    match tree:
        case Reference(name):
            yield name
        case Call(_, arguments):
            for argument in arguments:
                yield from references(argument)
        case Compare(_, left, right):
            yield from references(left)
            yield from references(right)
        case Junction(_, operands):
            for operand in operands:
                yield from references(operand)
        case Negation(operand):
            yield from references(operand)


def read_expression(text: str, dialect: Dialect) -> Expression:
    """Return the tree of an expression. Raises :class:`ExpressionError`.

    >>> read_expression("${a} ＝ “x”", Dialect.XLSFORM)
    Compare(sign='=', left=Reference(name='a'), right=Literal(value='x'))
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(message("条件超过 {limit} 个字符", limit=MAX_LENGTH), is_syntax=True)
    parser = _Parser(list(_tokens(text, dialect)))
    tree = parser.either()
    if parser.index < len(parser.tokens):
        raise _unexpected(parser.tokens[parser.index])
    return tree


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # name, word, text, number, or the sign itself
    value: str


_XLSFORM_WORDS = re.compile(
    r"\$\{\s*(?P<name>[^{}]*?)\s*\}|(?P<number>\d+(?:\.\d*)?|\.\d+)|(?P<path>\.\.|/)|(?P<self>\.)"
    r"|(?P<word>[A-Za-z_][\w.:-]*)",
    re.ASCII,
)
_LIMESURVEY_WORDS = re.compile(
    r"(?P<number>\d+(?:\.\d+)?(?![\w.]))|(?P<word>[A-Za-z0-9_]+(?:\.[A-Za-z]+)*)|(?P<self>\.)", re.ASCII
)


def _tokens(text: str, dialect: Dialect) -> Iterator[_Token]:
    plain = text.translate(_HALF_WIDTH)
    words = _XLSFORM_WORDS if dialect is Dialect.XLSFORM else _LIMESURVEY_WORDS
    offset = 0
    while offset < len(plain):
        letter = plain[offset]
        if letter.isspace():
            offset += 1
        elif letter in _CLOSING:
            end = next((i for i in range(offset + 1, len(text)) if text[i] in _CLOSING[letter]), None)
            if end is None:
                raise ExpressionError(message("引号没有成对"), is_syntax=True)
            yield _Token("text", text[offset + 1 : end])
            offset = end + 1
        elif found := words.match(plain, offset):
            yield from _word(found, dialect)
            offset = found.end()
        else:
            sign = next((sign for sign in _SIGNS if plain.startswith(sign, offset)), None)
            if sign is None:
                raise ExpressionError(message("无法识别“{letter}”", letter=text[offset]), is_syntax=True)
            yield _Token(sign, sign)
            offset += len(sign)


def _word(found: re.Match[str], dialect: Dialect) -> Iterator[_Token]:
    kind, value = found.lastgroup or "", found.group(found.lastgroup or 0)
    if kind == "path":
        raise ExpressionError(message("用了相对路径，只能写成 ${{题号}}"))
    if kind == "self":
        yield _Token("name", "")
        return
    if kind == "word" and dialect is Dialect.LIMESURVEY:
        is_function = found.string[found.end() :].lstrip().startswith("(")
        if value.lower() not in {"and", "or", "not"} | _WORD_SIGNS and not is_function:
            kind = "name"
    yield _Token(kind, value)


def _unexpected(token: _Token | None) -> ExpressionError:
    if token is None:
        return ExpressionError(message("条件没有写完"), is_syntax=True)
    return ExpressionError(message("多出了“{value}”", value=token.value), is_syntax=True)


class _Parser:
    """Recursive descent from ``or`` down to a value; nesting is bounded."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.index = 0
        self.depth = 0

    def peek(self) -> _Token | None:
        return self.tokens[self.index] if self.index < len(self.tokens) else None

    def take(self, *values: str) -> _Token | None:
        token = self.peek()
        if token and token.kind not in ("text", "name") and token.value.lower() in values:
            self.index += 1
            return token
        return None

    def either(self) -> Expression:
        return self.nested(self.any_of)

    def any_of(self) -> Expression:
        operands = [self.both()]
        while self.take("or", "||"):
            operands.append(self.both())
        return operands[0] if len(operands) == 1 else Junction(False, tuple(operands))

    def both(self) -> Expression:
        operands = [self.comparison()]
        while self.take("and", "&&"):
            operands.append(self.comparison())
        return operands[0] if len(operands) == 1 else Junction(True, tuple(operands))

    def comparison(self) -> Expression:
        left = self.value()
        token = self.take(*_SPELT)
        if token is None:
            return left
        tree = Compare(_SPELT[token.value.lower()], left, self.value())
        if self.take(*_SPELT):
            raise ExpressionError(message("一次只能比较两个值"), is_syntax=True)
        return tree

    def value(self) -> Expression:
        token = self.peek()
        if token is None:
            raise _unexpected(None)
        self.index += 1
        if token.kind == "!":
            return Negation(self.nested(self.value))
        if token.kind == "-" and (number := self.peek()) and number.kind == "number":
            self.index += 1
            return Literal(-float(number.value))
        return self.no_sum(self.plain_value(token))

    def plain_value(self, token: _Token) -> Expression:
        match token.kind:
            case "text":
                return Literal(token.value)
            case "number":
                return Literal(float(token.value))
            case "name":
                return Reference(token.value)
            case "word":
                return self.call(token.value.lower())
            case "(":
                tree = self.either()
                self.close()
                return tree
        raise _unexpected(token)

    def nested(self, read: Callable[[], Expression]) -> Expression:
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise ExpressionError(message("括号嵌套超过 {limit} 层", limit=MAX_NESTING), is_syntax=True)
        tree = read()
        self.depth -= 1
        return tree

    def no_sum(self, tree: Expression) -> Expression:
        token = self.peek()
        if token and token.kind in ("+", "-", "*", "word") and token.value.lower() in ("+", "-", "*", "div", "mod"):
            raise ExpressionError(message("条件里有计算"))
        return tree

    def call(self, function: str) -> Expression:
        if not self.take("("):
            raise ExpressionError(message("“{word}”没有引号，也不是函数", word=function), is_syntax=True)
        arguments: list[Expression] = []
        while not self.take(")"):
            if arguments and not self.take(","):
                raise _unexpected(self.peek())
            arguments.append(self.either())
        if function == "not" and len(arguments) == 1:
            return Negation(arguments[0])
        return Call(function, tuple(arguments))

    def close(self) -> None:
        if not self.take(")"):
            raise ExpressionError(message("括号没有成对"), is_syntax=True)
