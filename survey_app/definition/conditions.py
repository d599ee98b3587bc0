"""When an item is shown: a small language of its own, read by a small parser, never by ``eval``.

``boarding == 'yes' and grade in ['1', '2']`` · ``not (meals == 'no')`` · ``any_at_most(teaching, '2')``

Full-width signs that Chinese keyboards produce (``＝＝``, ``“”``, ``（）``) are understood.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from .messages import Message, message

_PLAIN = str.maketrans({
    "＝": "=", "！": "!", "（": "(", "）": ")", "，": ",", "、": ",", "［": "[", "］": "]", "【": "[", "】": "]",
    "“": '"', "”": '"', "‘": "'", "’": "'", "＂": '"', "＇": "'", "　": " ",
})  # fmt: skip
_SIGNS = ("==", "!=", "(", ")", "[", "]", ",")
_CLOSING = {'"': '"”“＂', "'": "'’‘＇"}
MAX_LENGTH = 500
MAX_NESTING = 50


class ConditionFaulty(Exception):
    """A condition cannot be read; ``offset`` counts characters from its beginning."""

    def __init__(self, offset: int, text: Message) -> None:
        self.offset = offset
        self.message = text
        super().__init__(str(text))


class Answered(Protocol):
    """What a condition may ask about the answers given so far."""

    def codes(self, question: str) -> tuple[str, ...]:
        """The chosen codes; empty if the question was hidden, left blank or not asked."""

    def any_at_most(self, dimension: str, code: str) -> bool:
        """Whether some shown item of the dimension was answered with this option or a less favourable one."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """``question`` was answered with one of ``codes`` (or, negated, with something else). A blank compares false."""

    question: str
    codes: tuple[str, ...]
    negated: bool = False

    def holds(self, answered: Answered) -> bool:
        given = answered.codes(self.question)
        return bool(given) and (any(code in self.codes for code in given) != self.negated)


@dataclass(frozen=True, slots=True)
class AnyAtMost:
    """Some shown item of ``dimension`` was answered with ``code`` or worse, after flipping reverse items."""

    dimension: str
    code: str

    def holds(self, answered: Answered) -> bool:
        return answered.any_at_most(self.dimension, self.code)


@dataclass(frozen=True, slots=True)
class Not:
    part: "Condition"

    def holds(self, answered: Answered) -> bool:
        return not self.part.holds(answered)


@dataclass(frozen=True, slots=True)
class Both:
    parts: tuple["Condition", ...]

    def holds(self, answered: Answered) -> bool:
        return all(part.holds(answered) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple["Condition", ...]

    def holds(self, answered: Answered) -> bool:
        return any(part.holds(answered) for part in self.parts)


Condition = Comparison | AnyAtMost | Not | Both | Either


def leaves(condition: Condition) -> Iterator[Comparison | AnyAtMost]:
    """Every question that the condition asks."""
    if isinstance(condition, Comparison | AnyAtMost):
        yield condition
    elif isinstance(condition, Not):
        yield from leaves(condition.part)
    else:
        for part in condition.parts:
            yield from leaves(part)


def written(condition: Condition) -> str:
    """The condition in its canonical spelling; reading it again gives the same condition."""
    if isinstance(condition, Comparison):
        if len(condition.codes) == 1:
            return f"{condition.question} {'!=' if condition.negated else '=='} '{condition.codes[0]}'"
        listed = ", ".join(f"'{code}'" for code in condition.codes)
        return f"{condition.question} {'not in' if condition.negated else 'in'} [{listed}]"
    if isinstance(condition, AnyAtMost):
        return f"any_at_most({condition.dimension}, '{condition.code}')"
    if isinstance(condition, Not):
        return f"not ({written(condition.part)})"
    word = " and " if isinstance(condition, Both) else " or "
    return word.join(f"({written(part)})" for part in condition.parts)


def read_condition(text: str) -> Condition:
    """Raises :class:`ConditionFaulty`.

    >>> written(read_condition("boarding ＝＝ “yes”"))
    "boarding == 'yes'"
    """
    condition = _parsed(text)
    try:
        _parsed(written(condition))  # what an open wave freezes must be readable for ever
    except ConditionFaulty as error:
        raise ConditionFaulty(0, error.message) from error
    return condition


def _parsed(text: str) -> Condition:
    if len(text) > MAX_LENGTH:
        raise ConditionFaulty(0, message("条件超过 {limit} 个字符", limit=MAX_LENGTH))
    parser = _Parser(list(_tokens(text)), len(text))
    condition = parser.either()
    parser.expect_end()
    return condition


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # "word", "string" or the sign itself
    value: str
    offset: int


def _tokens(text: str) -> Iterator[_Token]:
    plain = text.translate(_PLAIN)
    offset = 0
    while offset < len(plain):
        letter = plain[offset]
        if letter.isspace():
            offset += 1
        elif letter in "\"'":
            end = next((i for i in range(offset + 1, len(text)) if text[i] in _CLOSING[letter]), None)
            if end is None:
                raise ConditionFaulty(offset, message("引号没有成对"))
            yield _Token("string", text[offset + 1 : end], offset)
            offset = end + 1
        elif letter.isascii() and (letter.isalnum() or letter == "_"):
            end = offset
            while end < len(plain) and plain[end].isascii() and (plain[end].isalnum() or plain[end] == "_"):
                end += 1
            yield _Token("word", plain[offset:end], offset)
            offset = end
        else:
            sign = next((sign for sign in _SIGNS if plain.startswith(sign, offset)), None)
            if sign is None:
                hint = message("判断相等请写“==”") if letter == "=" else message("只能用 == != in and or not 和括号")
                raise ConditionFaulty(offset, message("无法识别“{letter}”：{hint}", letter=text[offset], hint=hint))
            yield _Token(sign, sign, offset)
            offset += len(sign)


class _Parser:
    """Recursive descent; nesting is bounded by MAX_NESTING."""

    def __init__(self, tokens: list[_Token], length: int) -> None:
        self.tokens = tokens
        self.length = length
        self.next = 0
        self.depth = 0

    def either(self) -> Condition:
        return self._joined("or", self.both, Either)

    def both(self) -> Condition:
        return self._joined("and", self.negation, Both)

    def _joined(
        self, word: str, part: Callable[[], Condition], join: Callable[[tuple[Condition, ...]], Condition]
    ) -> Condition:
        parts = [part()]
        while self.takes_word(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else join(tuple(parts))

    def negation(self) -> Condition:
        if self.takes_word("not"):
            return Not(self.deeper(self.negation))
        if self.takes("("):
            inner = self.deeper(self.either)
            self.expect(")")
            return inner
        return self.comparison()

    def deeper(self, part: Callable[[], Condition]) -> Condition:
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise ConditionFaulty(self.offset(), message("括号和 not 嵌套超过 {limit} 层", limit=MAX_NESTING))
        inner = part()
        self.depth -= 1
        return inner

    def comparison(self) -> Condition:
        word = self.expect("word")
        if word.value == "any_at_most":
            self.expect("(")
            dimension = self.expect("word").value
            self.expect(",")
            code = self.expect("string").value
            self.expect(")")
            return AnyAtMost(dimension, code)
        if self.takes("=="):
            return Comparison(word.value, (self.expect("string").value,))
        if self.takes("!="):
            return Comparison(word.value, (self.expect("string").value,), negated=True)
        negated = self.takes_word("not")
        if not self.takes_word("in"):
            raise ConditionFaulty(self.offset(), message("“{word}”后面应当是 ==、!= 或 in", word=word.value))
        return Comparison(word.value, self.listed(), negated)

    def listed(self) -> tuple[str, ...]:
        self.expect("[")
        codes = [self.expect("string").value]
        while self.takes(","):
            codes.append(self.expect("string").value)
        self.expect("]")
        return tuple(codes)

    def peek(self) -> _Token | None:
        return self.tokens[self.next] if self.next < len(self.tokens) else None

    def offset(self) -> int:
        token = self.peek()
        return token.offset if token else self.length

    def takes(self, kind: str) -> bool:
        token = self.peek()
        if token is None or token.kind != kind:
            return False
        self.next += 1
        return True

    def takes_word(self, word: str) -> bool:
        token = self.peek()
        return token is not None and token.value == word and self.takes("word")

    def expect(self, kind: str) -> _Token:
        token = self.peek()
        if token is None or token.kind != kind:
            names = {"word": message("题号"), "string": message("带引号的选项代码")}
            raise ConditionFaulty(self.offset(), message("这里应当是{wanted}", wanted=names.get(kind, kind)))
        self.next += 1
        return token

    def expect_end(self) -> None:
        token = self.peek()
        if token is not None:
            raise ConditionFaulty(token.offset, message("多出了“{value}”", value=token.value))
