"""When an item is shown: a small language of its own, read by a small parser, never by ``eval``.

``boarding == 'yes' and grade in ['1', '2']`` · ``not (meals == 'no')`` · ``any_at_most(teaching, '2')`` ·
``at_most(T1, '2')`` · ``at_least(T1, '4')`` · ``answered(T1)`` · ``count(reasons) >= 2``

Full-width signs that Chinese keyboards produce (``＝＝``, ``“”``, ``（）``) are understood.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

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


class AnswerLookup(Protocol):
    """What a condition may ask about the answers given so far."""

    def codes(self, question: str) -> tuple[str, ...]:
        """The chosen codes; empty if the question was hidden, left blank or not asked."""

    def any_at_most(self, dimension: str, code: str) -> bool:
        """Whether some shown item of the dimension was answered with this option or a less favourable one."""

    def reaches(self, question: str, code: str, or_worse: bool) -> bool:
        """Whether a question was answered with this option or a better one, or, ``or_worse``, a worse one."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """``question`` was answered with one of ``codes`` (or, negated, with something else). A blank compares false."""

    question: str
    codes: tuple[str, ...]
    negated: bool = False

    def holds(self, answers: AnswerLookup) -> bool:
        answer_codes = answers.codes(self.question)
        return bool(answer_codes) and (any(code in self.codes for code in answer_codes) != self.negated)


@dataclass(frozen=True, slots=True)
class AnyAtMost:
    """Some shown item of ``dimension`` was answered with ``code`` or worse, after flipping reverse items."""

    dimension: str
    code: str

    def holds(self, answers: AnswerLookup) -> bool:
        return answers.any_at_most(self.dimension, self.code)


@dataclass(frozen=True, slots=True)
class Threshold:
    """``question`` was answered with ``code`` or better (``at_most``: or worse), after flipping a reverse item."""

    question: str
    code: str
    at_most: bool

    def holds(self, answers: AnswerLookup) -> bool:
        return answers.reaches(self.question, self.code, self.at_most)


@dataclass(frozen=True, slots=True)
class Answered:
    """``question`` was answered, "don't know" included."""

    question: str

    def holds(self, answers: AnswerLookup) -> bool:
        return bool(answers.codes(self.question))


@dataclass(frozen=True, slots=True)
class CountAtLeast:
    """At least ``number`` options of ``question`` were chosen."""

    question: str
    number: int

    def holds(self, answers: AnswerLookup) -> bool:
        return len(answers.codes(self.question)) >= self.number


@dataclass(frozen=True, slots=True)
class Not:
    operand: "Condition"

    def holds(self, answers: AnswerLookup) -> bool:
        return not self.operand.holds(answers)


@dataclass(frozen=True, slots=True)
class AllOf:
    operands: tuple["Condition", ...]

    def holds(self, answers: AnswerLookup) -> bool:
        return all(operand.holds(answers) for operand in self.operands)


@dataclass(frozen=True, slots=True)
class AnyOf:
    operands: tuple["Condition", ...]

    def holds(self, answers: AnswerLookup) -> bool:
        return any(operand.holds(answers) for operand in self.operands)


QuestionLeaf = Comparison | Threshold | Answered | CountAtLeast
Condition = QuestionLeaf | AnyAtMost | Not | AllOf | AnyOf


def leaves(condition: Condition) -> Iterator[QuestionLeaf | AnyAtMost]:
    """Every question and dimension that the condition asks."""
    if isinstance(condition, QuestionLeaf | AnyAtMost):
        yield condition
    elif isinstance(condition, Not):
        yield from leaves(condition.operand)
    else:
        for operand in condition.operands:
            yield from leaves(operand)


def to_source(condition: Condition) -> str:
    """The condition in its canonical spelling; reading it again gives the same condition."""
    if isinstance(condition, QuestionLeaf):
        return _leaf_source(condition)
    if isinstance(condition, AnyAtMost):
        return f"any_at_most({condition.dimension}, '{condition.code}')"
    if isinstance(condition, Not):
        return f"not ({to_source(condition.operand)})"
    joiner = " and " if isinstance(condition, AllOf) else " or "
    return joiner.join(f"({to_source(operand)})" for operand in condition.operands)


def _leaf_source(condition: QuestionLeaf) -> str:
    if isinstance(condition, Comparison):
        if len(condition.codes) == 1:
            return f"{condition.question} {'!=' if condition.negated else '=='} '{condition.codes[0]}'"
        code_list = ", ".join(f"'{code}'" for code in condition.codes)
        return f"{condition.question} {'not in' if condition.negated else 'in'} [{code_list}]"
    if isinstance(condition, Threshold):
        return f"{'at_most' if condition.at_most else 'at_least'}({condition.question}, '{condition.code}')"
    if isinstance(condition, Answered):
        return f"answered({condition.question})"
    return f"count({condition.question}) >= {condition.number}"


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
