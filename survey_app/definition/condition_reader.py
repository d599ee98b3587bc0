"""Reads a condition: a small parser of our own, never ``eval``.

Full-width signs that Chinese keyboards produce (``＝＝``, ``“”``, ``（）``) are understood.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .conditions import (
    AllOf,
    Answered,
    AnyAtMost,
    AnyOf,
    Comparison,
    Condition,
    CountAtLeast,
    Not,
    Threshold,
    to_source,
)
from .messages import Message, message

_HALF_WIDTH = str.maketrans({
    "＝": "=", "！": "!", "（": "(", "）": ")", "，": ",", "、": ",", "［": "[", "］": "]", "【": "[", "】": "]",
    "“": '"', "”": '"', "‘": "'", "’": "'", "＂": '"', "＇": "'", "　": " ", "＞": ">",
})  # fmt: skip
_SYMBOLS = ("==", "!=", ">=", "≥", "(", ")", "[", "]", ",")
_CLOSING_QUOTES = {'"': '"”“＂', "'": "'’‘＇"}
MAX_LENGTH = 500
MAX_NESTING = 50
MAX_COUNT = 35
_FUNCTIONS = ("any_at_most", "at_most", "at_least", "answered", "count")


class ConditionError(Exception):
    """A condition cannot be read; ``offset`` counts characters from its beginning."""

    def __init__(self, offset: int, text: Message) -> None:
        self.offset = offset
        self.message = text
        super().__init__(str(text))


def read_condition(text: str) -> Condition:
    """Raises :class:`ConditionError`.

    >>> to_source(read_condition("boarding ＝＝ “yes”"))
    "boarding == 'yes'"
    """
    condition = _parse(text)
    try:
        _parse(to_source(condition))  # what an open wave freezes must be readable for ever
    except ConditionError as error:
        raise ConditionError(0, error.message) from error
    return condition


def _parse(text: str) -> Condition:
    if len(text) > MAX_LENGTH:
        raise ConditionError(0, message("条件超过 {limit} 个字符", limit=MAX_LENGTH))
    parser = _Parser(list(_tokens(text)), len(text))
    condition = parser.parse_or()
    parser.expect_end()
    return condition


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # "word", "string" or the sign itself
    value: str
    offset: int


def _tokens(text: str) -> Iterator[_Token]:
    normalized = text.translate(_HALF_WIDTH)
    offset = 0
    while offset < len(normalized):
        letter = normalized[offset]
        if letter.isspace():
            offset += 1
        elif letter in "\"'":
            end = next((i for i in range(offset + 1, len(text)) if text[i] in _CLOSING_QUOTES[letter]), None)
            if end is None:
                raise ConditionError(offset, message("引号没有成对"))
            yield _Token("string", text[offset + 1 : end], offset)
            offset = end + 1
        elif letter.isascii() and (letter.isalnum() or letter == "_"):
            end = offset
            while (
                end < len(normalized)
                and normalized[end].isascii()
                and (normalized[end].isalnum() or normalized[end] == "_")
            ):
                end += 1
            yield _Token("word", normalized[offset:end], offset)
            offset = end
        else:
            symbol = next((symbol for symbol in _SYMBOLS if normalized.startswith(symbol, offset)), None)
            if symbol is None:
                hint = (
                    message("判断相等请写“==”") if letter == "=" else message("只能用 == != in and or not、函数和括号")
                )
                raise ConditionError(offset, message("无法识别“{letter}”：{hint}", letter=text[offset], hint=hint))
            yield _Token(symbol, symbol, offset)
            offset += len(symbol)


class _Parser:
    """Recursive descent; nesting is bounded by MAX_NESTING."""

    def __init__(self, tokens: list[_Token], length: int) -> None:
        self.tokens = tokens
        self.length = length
        self.index = 0
        self.depth = 0

    def parse_or(self) -> Condition:
        return self._parse_chain("or", self.parse_and, AnyOf)

    def parse_and(self) -> Condition:
        return self._parse_chain("and", self.parse_not, AllOf)

    def _parse_chain(
        self, word: str, parse_operand: Callable[[], Condition], combine: Callable[[tuple[Condition, ...]], Condition]
    ) -> Condition:
        operands = [parse_operand()]
        while self.accept_word(word):
            operands.append(parse_operand())
        return operands[0] if len(operands) == 1 else combine(tuple(operands))

    def parse_not(self) -> Condition:
        if self.accept_word("not"):
            return Not(self.parse_nested(self.parse_not))
        if self.accept("("):
            condition = self.parse_nested(self.parse_or)
            self.expect(")")
            return condition
        return self.parse_comparison()

    def parse_nested(self, parse: Callable[[], Condition]) -> Condition:
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise ConditionError(self.offset(), message("括号和 not 嵌套超过 {limit} 层", limit=MAX_NESTING))
        condition = parse()
        self.depth -= 1
        return condition

    def parse_comparison(self) -> Condition:
        word = self.expect("word")
        if word.value in _FUNCTIONS and self.accept("("):
            return self.parse_call(word.value)
        if self.accept("=="):
            return Comparison(word.value, (self.expect("string").value,))
        if self.accept("!="):
            return Comparison(word.value, (self.expect("string").value,), negated=True)
        negated = self.accept_word("not")
        if not self.accept_word("in"):
            raise ConditionError(self.offset(), message("“{word}”后面应当是 ==、!= 或 in", word=word.value))
        return Comparison(word.value, self.parse_list(), negated)

    def parse_call(self, function: str) -> Condition:
        """What a function asks, from behind its opening bracket; the name alone may be a question's."""
        name = self.expect("word").value
        if function in ("answered", "count"):
            self.expect(")")
            return Answered(name) if function == "answered" else CountAtLeast(name, self.parse_number())
        self.expect(",")
        code = self.expect("string").value
        self.expect(")")
        return AnyAtMost(name, code) if function == "any_at_most" else Threshold(name, code, function == "at_most")

    def parse_number(self) -> int:
        if not self.accept("≥"):
            self.expect(">=")
        token = self.peek()
        is_number = token is not None and token.kind == "word" and token.value.isdigit()
        if token is None or not is_number or not 1 <= int(token.value[:4]) <= MAX_COUNT:
            raise ConditionError(self.offset(), message("这里应当是 1 到 {limit} 的整数", limit=MAX_COUNT))
        self.expect("word")
        return int(token.value)

    def parse_list(self) -> tuple[str, ...]:
        self.expect("[")
        codes = [self.expect("string").value]
        while self.accept(","):
            codes.append(self.expect("string").value)
        self.expect("]")
        return tuple(codes)

    def peek(self) -> _Token | None:
        return self.tokens[self.index] if self.index < len(self.tokens) else None

    def offset(self) -> int:
        token = self.peek()
        return token.offset if token else self.length

    def accept(self, kind: str) -> bool:
        token = self.peek()
        if token is None or token.kind != kind:
            return False
        self.index += 1
        return True

    def accept_word(self, word: str) -> bool:
        token = self.peek()
        return token is not None and token.value == word and self.accept("word")

    def expect(self, kind: str) -> _Token:
        token = self.peek()
        if token is None or token.kind != kind:
            kind_labels = {"word": message("题号"), "string": message("带引号的选项代码")}
            raise ConditionError(self.offset(), message("这里应当是{wanted}", wanted=kind_labels.get(kind, kind)))
        self.index += 1
        return token

    def expect_end(self) -> None:
        token = self.peek()
        if token is not None:
            raise ConditionError(token.offset, message("多出了“{value}”", value=token.value))
