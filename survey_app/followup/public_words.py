"""Words that anybody may read: short, without names, figures of the survey, ranks, or so few people that one knows who.

A person reads them twice before they are shown; this finds what a tired reader overlooks.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from survey_app.comments.masking import mask
from survey_app.definition.messages import Message, message
from survey_app.foundation.errors import UserError

MAX_SAID, MAX_DONE = 100, 200  # a page of twelve entries stays below 20 KB
LATIN_FACTOR = 2  # the same sentence in English is longer, each letter a third as heavy
_CHINESE_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_FIGURE = re.compile(
    r"\d\s*[%％‰]|百分之|\d\s*(?:分(?![钟之])|points?\b)|per\s?cent|满意率|指数|\bindex\b", re.IGNORECASE
)
_RANK = re.compile(
    r"第\s*[\d一二三四五六七八九十两]+\s*名|倒数|排名|名次|末位|\brank(?:s|ed|ing)?\b|\d(?:st|nd|rd|th)\s+place",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"(\d+|[零〇一二两三四五六七八九十]+)\s*(?:多|余|来)?\s*(?:名|位|个(?=人|学生|孩子|家长|老师|教师)|人(?!次|均|一))|"
    r"(?<!\S)(\d+)\s+(?:people|persons|students|pupils|children|parents|teachers)\b", re.IGNORECASE
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PublicWords:
    """What was said and what was done, in Chinese and, where somebody wrote it, in English."""

    said: str
    done: str
    said_en: str = ""
    done_en: str = ""

    def stripped(self) -> "PublicWords":
        return PublicWords(*(" ".join(text.split()) for text in (self.said, self.done, self.said_en, self.done_en)))


def check_public_words(words: PublicWords, min_n: int, names: Iterable[str]) -> None:
    """Raises :class:`UserError` with everything that stands against showing them.

    ``min_n``: fewer people than that are not counted in public; ``names``: of whoever worked on the case.
    """
    if problems := tuple(_problems(words, min_n, tuple(name for name in names if len(name) > 1))):
        raise UserError(*problems)


def _problems(words: PublicWords, min_n: int, names: tuple[str, ...]) -> Iterator[Message]:
    limits = (
        (message("大家说"), words.said, MAX_SAID, True), (message("学校做了"), words.done, MAX_DONE, True),
        (message("大家说（英文）"), words.said_en, MAX_SAID * LATIN_FACTOR, False),
        (message("学校做了（英文）"), words.done_en, MAX_DONE * LATIN_FACTOR, False),
    )  # fmt: skip
    for what, text, most, is_needed in limits:
        if len(text) > most or (is_needed and not text):
            yield message("“{what}”要有 1 到 {max} 个字", what=what, max=most)
        yield from _problems_of(what, text, min_n, names)
    if bool(words.said_en) != bool(words.done_en):
        yield message("英文要么两句都写，要么都不写")


def _problems_of(what: Message, text: str, min_n: int, names: tuple[str, ...]) -> Iterator[Message]:
    if found := _FIGURE.search(text):
        yield message("“{what}”里有测评的数字（“{found}”）：公开的话里不写", what=what, found=found.group())
    if found := _RANK.search(text):
        yield message("“{what}”里有名次（“{found}”）：公开的话里不写", what=what, found=found.group())
    for found in _PEOPLE.finditer(text):
        count = _number(found.group(1) or found.group(2))
        if 0 < count < min_n:
            yield message(
                "“{what}”里的“{found}”不到 {n} 人，别人可能知道是谁：请不写人数",
                what=what,
                found=found.group(),
                n=min_n,
            )
    if mask(text, names) != text:
        yield message("“{what}”里有姓名、电话、网址或者证件号：请删去", what=what)


def _number(text: str) -> int:
    """A whole number below a hundred as it is spoken, or in digits.

    >>> [_number(text) for text in ("46", "三", "十", "十二", "二十", "二十五")]
    [46, 3, 10, 12, 20, 25]
    """
    if text.isdecimal():
        return int(text)
    if "十" not in text:
        return int("".join(str(_CHINESE_DIGITS[sign]) for sign in text))
    tens, _ten, ones = text.partition("十")
    return 10 * _CHINESE_DIGITS.get(tens, 1) + _CHINESE_DIGITS.get(ones, 0)
