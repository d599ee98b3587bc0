"""Marks at the beginning of a line or within it: numbers, letters, boxes. What they mean is decided elsewhere."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

BOXES = "□○◯▢☐◻◽▫●■☑☒✓√◎◇◆△▲⬜"
_CIRCLED = {
    chr(first + n): n + 1
    for first, count in ((0x2460, 20), (0x2776, 10), (0x2780, 10), (0x278A, 10), (0x24F5, 10))
    for n in range(count)
}
_CHINESE = {sign: number for number, sign in enumerate("一二三四五六七八九", 1)}
_CHINESE_NUMBER = "[一二三四五六七八九十]{1,3}"
_CJK = "\u3400-\u9fff"
_UNITS = "年月日岁周天次个人小时分秒元万千百班级成倍%-~至到~—–"
_NUMBERS = (
    ("part", re.compile(rf"第\s*({_CHINESE_NUMBER}|\d{{1,2}})\s*(?:部分|单元|模块|章|节|篇)\s*[:、.]?\s*")),
    ("question", re.compile(rf"第\s*({_CHINESE_NUMBER}|\d{{1,3}})\s*题\s*[:、.)]?\s*")),
    ("question", re.compile(r"(?:题目?|问题) *(\d{1,3})\s*[:、.)]?\s*")),
    ("q", re.compile(r"[Qq](\d{1,3})\s*(?:[:、.)]|(?=\s)|(?=[\u3400-\u9fff]))\s*")),
    ("q", re.compile(r"[A-Za-z](\d{1,3})\s*[.、:)](?!\d)\s*")),
    ("circled", re.compile("([0-9])\ufe0f?\u20e3\\s*")),
    ("paren", re.compile(r"\(\s*(\d{1,3})\s*\)\s*[.、]?\s*")),
    ("half", re.compile(r"(\d{1,3})\s*\)\s*[.、]?\s*")),
    ("dot", re.compile(r"(\d{1,3})\s*\.(?!\d)\s*")),
    ("dot", re.compile(rf"(\d{{1,3}})\s*\.(?=\d{{1,2}}\s*[{_CJK}])(?!\d{{1,2}}\s*[{_UNITS}])\s*")),
    ("comma", re.compile(r"(\d{1,3})\s*[、]\s*")),
    ("comma", re.compile(rf"(\d{{1,3}})\s*[,:](?=\s*[{_CJK}A-Za-z“《])\s*")),
    ("circled", re.compile(rf"([{''.join(_CIRCLED)}])\s*[.、]?\s*")),
    ("chinese", re.compile(rf"({_CHINESE_NUMBER})\s*[、.:]\s*")),
    ("chinese_paren", re.compile(rf"\(\s*({_CHINESE_NUMBER})\s*\)\s*[、.]?\s*")),
    ("section", re.compile(rf"\d{{1,2}}[-–](\d{{1,2}})\s*[.、\s]\s*(?=[{_CJK}])")),
    ("bare", re.compile(rf"(\d{{1,3}})\s+(?=[{_CJK}])")),
    ("bare", re.compile(rf"(\d{{1,3}})(?=[{_CJK}])(?![{_UNITS}])")),
)  # fmt: skip
_LETTERS = re.compile(
    rf"(?<![A-Za-z0-9])(?:\(\s*([A-Z])\s*\)\s*[.、:]?|\[([A-Z])\]|([A-Z])\s*[.、):]|([A-J])(?=\s*[{_CJK}\d<>≥≤“(]))\s*"
)
_SMALL_LETTERS = re.compile(r"(?<![A-Za-z0-9])(?:\(\s*([a-j])\s*\)|([a-j])\s*[.、):])\s*")
_GLUED_LETTERS = re.compile(rf"(?<![A-Za-z0-9])([a-j])\s*(?=[{_CJK}])")
_SMILEYS = "\U0001f600-\U0001f644\U0001f910-\U0001f92f\u2639\u263a\U0001f44d\U0001f44e"
_BOX = re.compile(rf"(?:[{BOXES}{_SMILEYS}]\ufe0f?|\(\s*\)|\[\s*\])\s*")
UNITS = frozenset((
    "分钟", "小时", "个小时", "天", "周", "次", "%", "元", "人", "个", "岁", "年", "公里", "本", "节", "万元", "名",
    "月",
))  # fmt: skip
_NUMBER_BEHIND = re.compile(rf"\s*(?:{'|'.join(sorted(UNITS, key=len, reverse=True))})(?=\s*(?:[,;。.、]|$))")
_BULLET = re.compile(r"[-–·•∙*>]\s*(?=\S)")
_EQUALS = re.compile(r"(?<![\d.])(\d{1,2})\s*=\s*(?=\S)")
_INNER_NUMBERS = {
    "paren": re.compile(r"(?<!\d)\(\s*(\d{1,2})\s*\)\s*"),
    "circled": re.compile(rf"([{''.join(_CIRCLED)}])\s*[.、]?\s*"),
    "dot": re.compile(r"(?<![\d.\-~])(\d{1,2})\s*\.(?!\d)\s*"),
    "comma": re.compile(r"(?<![\d.\-~])(\d{1,2})\s*[、]\s*"),
    "half": re.compile(r"(?<![\d.(\-~])(\d{1,2})\s*\)\s*"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """A number, letter or box with what it counts (0: nothing) and where it stands in its line."""

    style: str
    value: int
    start: int
    end: int
    typed: str = ""


@dataclass(frozen=True, slots=True)
class MarkedPart:
    """What stands behind one mark, up to the next."""

    mark: Mark
    start: int
    end: int


def chinese_value(words: str) -> int:
    """Return a Chinese number up to 99, or 0.

    >>> [chinese_value(words) for words in ("三", "十二", "二十", "三十五")]
    [3, 12, 20, 35]
    """
    tens, ten, ones = words.partition("十")
    if not ten:
        return _CHINESE.get(words, 0)
    return (_CHINESE.get(tens, 1) if tens else 1) * 10 + _CHINESE.get(ones, 0)


def number_mark(half: str, start: int) -> Mark | None:
    """Return the number that a line (in half width) has at a position."""
    for style, pattern in _NUMBERS:
        if found := pattern.match(half, start):
            typed = next(group for group in found.groups() if group)
            return Mark(style, _value(typed), start, found.end(), typed)
    return None


def _value(typed: str) -> int:
    if typed in _CIRCLED:
        return _CIRCLED[typed]
    return int(typed) if typed.isdecimal() else chinese_value(typed)


def option_marks(half: str, start: int = 0, bare: int = 0) -> tuple[Mark, ...]:
    """Return the marks of options within a line: the kind of which most continue each other, in their order.

    ``bare``: the letter that counts without a sign behind it, because the lines around have those beside it.
    """
    candidates = [_letters(half, start, _LETTERS, bare), _letters(half, start, _SMALL_LETTERS), _boxes(half, start)]
    candidates.append(_glued(half, start))
    candidates.append(_equals(half, start))
    candidates += [_numbered(half, start, style, pattern) for style, pattern in _INNER_NUMBERS.items()]
    best = max(candidates, key=lambda marks: (len(marks) > 1, len(marks), -(marks[0].start if marks else 0)))
    return tuple(best)


def _letters(half: str, start: int, pattern: re.Pattern[str], expected: int = 0) -> list[Mark]:
    """Letters in the order of the alphabet; one without a sign behind it counts only beside others."""
    marks: list[Mark] = []
    bare = 0
    for found in pattern.finditer(half, start):
        typed = next(group for group in found.groups() if group)
        value = ord(typed.upper()) - ord("A") + 1
        if marks and value != marks[-1].value + 1:
            continue
        is_bare = pattern is _LETTERS and found[4] is not None
        bare += is_bare
        marks.append(Mark("letter", value, found.start(), found.end(), typed))
    return [] if len(marks) == 1 and bare and marks[0].value != expected else marks


def _glued(half: str, start: int) -> list[Mark]:
    """Small letters with nothing behind them, a满意b一般c不满意: only where at least three begin at a."""
    marks = _letters(half, start, _GLUED_LETTERS)
    return marks if len(marks) > 2 and marks[0].value == 1 else []


def bare_letter(half: str) -> int:
    """Return the place in the alphabet of a capital letter before the first Chinese character, or 0."""
    found = re.match(rf"\s*([A-J])(?=[{_CJK}\d<>≥≤“(])", half)
    return ord(found[1]) - ord("A") + 1 if found else 0


def _boxes(half: str, start: int) -> list[Mark]:
    marks = [Mark("box", 0, found.start(), found.end()) for found in _BOX.finditer(half, start)]
    drawn = [mark for mark in marks if half[mark.start] not in "(["]
    labelled = [mark for mark, after in pairwise(marks) if mark.end < after.start] + marks[-1:]
    marks = drawn or labelled
    if not drawn and len(marks) > 1 and all(_NUMBER_BEHIND.match(half, mark.end) for mark in marks):
        return []  # brackets to write numbers in
    if len(marks) == 1 and marks[0].start > start and half[marks[0].end :].strip() == "":
        return []  # an answer bracket at the end of a question
    return marks


def _equals(half: str, start: int) -> list[Mark]:
    """Codes with their labels: 1=男 2=女 9=不愿回答."""
    marks = [
        Mark("equals", int(found[1]), found.start(), found.end(), found[1]) for found in _EQUALS.finditer(half, start)
    ]
    return marks if len(marks) > 1 and len({mark.value for mark in marks}) == len(marks) else []


def _numbered(half: str, start: int, style: str, pattern: re.Pattern[str]) -> list[Mark]:
    """Numbers that go up by one, from any beginning; a single one only where the line begins with it."""
    runs: list[list[Mark]] = []
    for found in pattern.finditer(half, start):
        mark = Mark(style, _value(found[1]), found.start(), found.end(), found[1])
        if runs and mark.value == runs[-1][-1].value + 1:
            runs[-1].append(mark)
        elif not runs or mark.value == 1:
            runs.append([mark])
    best = max(runs, key=len, default=[])
    if len(best) == 1:
        return best if not half[start : best[0].start].strip() else []
    return best


def parts_behind(half: str, marks: Sequence[Mark]) -> Iterator[MarkedPart]:
    """Yield what stands behind each mark."""
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        yield MarkedPart(mark, mark.end, following.start if following else len(half))


def bullet_length(half: str) -> int:
    """Return how long a dash or dot at the beginning is."""
    found = _BULLET.match(half)
    return found.end() if found else 0
