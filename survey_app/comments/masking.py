"""Covering what could tell who is meant or who wrote: numbers as of telephones and identity cards, addresses, names."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

COVER = "＊＊＊"
SHORTEST_NUMBER = 7  # digits; years, prices, classes and room numbers are shorter

_DIGIT = "[0-9零〇一二三四五六七八九幺]"
_BETWEEN = r"[\s\-‐-―_.·:/()]{0,2}"
_NUMBER = re.compile(
    rf"(?:\+?\(?86\)?{_BETWEEN})?{_DIGIT}(?:{_BETWEEN}{_DIGIT}){{{SHORTEST_NUMBER - 1},}}"
    rf"(?:{_BETWEEN}[xX](?![a-zA-Z]))?"
)
_MAIL = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+")
_CHAT_NAME = re.compile(r"(?i)(?:微信号?|wechat|weixin|vx|qq号?)[\s::号是为]{0,4}([a-z0-9][a-z0-9_\-]{4,})")
_WEB = re.compile(r"(?i)(?:https?://|www\.)[^\s,;)，。；、）]+")


def mask(text: str, names: Iterable[str] = ()) -> str:
    """Return the text with what identifies covered, and the rest as it was written.

    >>> mask("请打 138-1234-5678，找王小明老师", ["王小明"])
    '请打 ＊＊＊，找＊＊＊老师'
    """
    narrow = _narrow(text)
    covered = [match.span() for pattern in (_WEB, _MAIL, _NUMBER) for match in pattern.finditer(narrow)]
    covered += [match.span(1) for match in _CHAT_NAME.finditer(narrow)]
    if pattern := _names_pattern(tuple(names)):
        covered += [match.span() for match in pattern.finditer(narrow)]
    return _cover(text, covered)


class _NarrowLetters(dict[int, str]):
    """Each letter as a keyboard of narrow letters writes it, one for one so that places stay the same."""

    def __missing__(self, letter: int) -> str:
        narrow = unicodedata.normalize("NFKC", chr(letter))
        self[letter] = narrow if len(narrow) == 1 else chr(letter)
        return self[letter]


_NARROW = _NarrowLetters()


def _narrow(text: str) -> str:
    return text.translate(_NARROW)


@lru_cache(maxsize=8)
def _names_pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """The longest first, so that nothing of a longer name is left over; blanks between the letters do not help."""
    found = sorted({_narrow("".join(name.split())) for name in names} - {""}, key=lambda name: (-len(name), name))
    return re.compile("|".join(r"\s*".join(map(re.escape, name)) for name in found), re.IGNORECASE) if found else None


def _cover(text: str, spans: Iterable[tuple[int, int]]) -> str:
    parts, end = [], 0
    for start, stop in sorted(spans):
        if start >= end:
            parts += [text[end:start], COVER]
        end = max(end, stop)
    return "".join((*parts, text[end:]))
