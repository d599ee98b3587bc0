"""A pasted text as lines with their numbers; signs that are typed in two widths can be compared in one."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

STARS = "☆★⭐✩✰"
_WIDE_SPACES = "\u3000\u00a0\u2002\u2003\u2007\u2009\u202f\u000b\u000c\r"
_HALF_WIDTH = {0xFEE0 + code: chr(code) for code in range(0x21, 0x7F)} | {ord(space): " " for space in _WIDE_SPACES}
_HALF_WIDTH |= {ord("．"): ".", ord("﹡"): "*", ord("✱"): "*", ord("＿"): "_", ord("〔"): "[", ord("〕"): "]"}
_HALF_WIDTH |= {ord("【"): "[", ord("】"): "]", ord("［"): "[", ord("］"): "]", ord("＊"): "*", ord("★"): "*"}


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line that says something. ``after_gap``: blank lines stand before it.

    ``text`` is without invisible signs and space at its end; ``half`` is the same in half width, sign by sign.
    """

    number: int
    text: str
    after_gap: bool = False

    @property
    def half(self) -> str:
        return half_width(self.text)


def half_width(text: str) -> str:
    """Return a text in half width with as many signs as before.

    >>> half_width("１．Ａ　（多选）")
    '1.A (多选)'
    """
    return text.translate(_HALF_WIDTH)


def visible(text: str) -> str:
    """Return a text without signs that nobody sees and that carry nothing."""
    kept = (sign for sign in text if sign == "\t" or unicodedata.category(sign) not in ("Cf", "Cs", "Cc", "Cn", "Co"))
    return "".join(kept)


def source_lines(text: str) -> tuple[SourceLine, ...]:
    """Return the lines that say something, counted from 1 at every line feed."""
    return numbered_lines(enumerate(text.replace("\r\n", "\n").split("\n"), 1))


def numbered_lines(numbered: Iterable[tuple[int, str]]) -> tuple[SourceLine, ...]:
    """Return those of numbered lines that say something; several may have one number."""
    lines: list[SourceLine] = []
    for number, raw in numbered:
        if says_something(raw):
            after_gap = bool(lines) and lines[-1].number < number - 1
            lines.append(SourceLine(number, without_strokes(visible(raw).rstrip()), after_gap))
    return tuple(lines)


def without_strokes(text: str) -> str:
    """Return a row of a table that is drawn with strokes as its cells, and the rule below its head as a rule.

    >>> without_strokes("| 1 | 教学质量 |  |"), without_strokes("|---|:-:|"), without_strokes("好|中|差")
    ('1\\t教学质量\\t', '---', '好|中|差')
    """
    stripped = text.strip()
    if not (stripped.count("|") > 2 and stripped.startswith("|") and stripped.endswith("|")):
        return text
    if not stripped.strip("|:- "):
        return "---"
    return "\t".join(cell.strip() for cell in stripped[1:-1].split("|"))


def says_something(raw: str) -> bool:
    """Return whether anything is to be seen in a line."""
    return any(not sign.isspace() and unicodedata.category(sign) != "Cf" for sign in raw)


def has_cjk(text: str) -> bool:
    """Return whether a text has a Chinese character."""
    return any(is_cjk(sign) for sign in text)


def is_cjk(sign: str) -> bool:
    return "\u3400" <= sign <= "\u9fff" or "\U00020000" <= sign <= "\U0003ffff"


def is_decoration(sign: str) -> bool:
    """Return whether a sign is a picture, a dingbat or what varies one."""
    is_picture = unicodedata.category(sign) in ("So", "Sk") or "\ufe00" <= sign <= "\ufe0f"
    return is_picture and sign not in STARS


def undecorated(text: str) -> str:
    """Return a text without pictures and rules at its ends.

    >>> undecorated("🍚校园午餐👇")
    '校园午餐'
    """
    start, end = 0, len(text)
    while start < end and (text[start].isspace() or is_decoration(text[start])):
        start += 1
    while end > start and (text[end - 1].isspace() or is_decoration(text[end - 1])):
        end -= 1
    return text[start:end]


def joined(parts: Iterable[str]) -> str:
    """Return wrapped parts as one text: without a space between Chinese, with one between words."""
    out = ""
    for part in (part.strip() for part in parts):
        if not out or not part:
            out += part
            continue
        needs_space = not (is_wide(out[-1]) or is_wide(part[0]))
        out += (" " if needs_space else "") + part
    return out


def is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF" or sign in "“”‘’…—"
