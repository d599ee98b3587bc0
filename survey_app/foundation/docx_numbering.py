"""The numbers that Word puts before paragraphs by itself; they are not in the text and must be counted again."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = "零一二三四五六七八九十"
MAX_LEVEL = 8


@dataclass(frozen=True, slots=True)
class Level:
    """How one level is counted: its format, its text with ``%1`` for the number, where it begins."""

    format: str
    text: str
    start: int


class Numbering:
    """Counts on from paragraph to paragraph."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self.levels: dict[str, dict[int, Level]] = {}
        self.abstract: dict[str, str] = {}
        self.styles: dict[str, tuple[str, int]] = {}
        self.counts: dict[tuple[str, int], int] = {}
        if numbering is not None:
            self._read_numbering(numbering)
        if styles is not None:
            for style in styles.iter(f"{W}style"):
                if named := _reference(style):
                    self.styles[style.get(f"{W}styleId", "")] = named

    def _read_numbering(self, numbering: Element) -> None:
        abstract = {
            entry.get(f"{W}abstractNumId", ""): {
                _number(level.get(f"{W}ilvl")): _level(level) for level in entry.iter(f"{W}lvl")
            }
            for entry in numbering.iter(f"{W}abstractNum")
        }
        for entry in numbering.iter(f"{W}num"):
            target = entry.find(f"{W}abstractNumId")
            number = entry.get(f"{W}numId", "")
            self.abstract[number] = _value(target)
            self.levels[number] = dict(abstract.get(self.abstract[number], {}))
            for override in entry.iter(f"{W}lvlOverride"):
                inner = override.find(f"{W}lvl")
                if inner is not None:
                    self.levels[number][_number(override.get(f"{W}ilvl"))] = _level(inner)

    def next_number(self, paragraph: Element) -> str:
        """The number of a paragraph with a space behind it; nothing where it has none."""
        named = _reference(paragraph) or self.styles.get(_value(paragraph.find(f"{W}pPr/{W}pStyle")))
        if named is None or named[0] == "0" or named[1] > MAX_LEVEL:
            return ""
        number, depth = named
        levels = self.levels.get(number, {})
        level = levels.get(depth)
        if level is None or level.format in ("none", ""):
            return ""
        if level.format == "bullet":
            return "□ " if level.text and ord(level.text[0]) >= 0xF000 else "- "
        self._count(number, depth, level.start)
        words = level.text
        for inner in range(depth + 1):
            value = self.counts.get((number, inner), levels[inner].start if inner in levels else 1)
            words = words.replace(
                f"%{inner + 1}", _written(value, levels[inner].format if inner in levels else "decimal")
            )
        return f"{words} " if words.strip() else ""

    def _count(self, number: str, depth: int, start: int) -> None:
        """One more on this level; deeper ones begin anew."""
        self.counts[number, depth] = self.counts.get((number, depth), start - 1) + 1
        for deeper in [key for key in self.counts if key[0] == number and key[1] > depth]:
            del self.counts[deeper]


def _reference(element: Element) -> tuple[str, int] | None:
    properties = element.find(f"{W}pPr/{W}numPr")
    if properties is None:
        return None
    number = properties.find(f"{W}numId")
    return (_value(number), _number(_value(properties.find(f"{W}ilvl")))) if number is not None else None


def _level(level: Element) -> Level:
    return Level(
        _value(level.find(f"{W}numFmt")), _value(level.find(f"{W}lvlText")), _number(_value(level.find(f"{W}start")), 1)
    )


def _value(element: Element | None) -> str:
    return element.get(f"{W}val", "") if element is not None else ""


def _number(words: str | None, default: int = 0) -> int:
    return int(words) if words and words.isdecimal() and len(words) < 6 else default


def _written(value: int, style: str) -> str:
    if style in ("upperLetter", "lowerLetter") and 1 <= value <= 26:
        return chr((64 if style == "upperLetter" else 96) + value)
    if style in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= value <= 20:
        return chr(0x245F + value)
    if "hinese" in style or style in ("japaneseCounting", "ideographDigital"):
        tens, ones = divmod(value, 10)
        if 0 < value <= 10:
            return _CHINESE[value]
        if value < 100:
            return (_CHINESE[tens] if tens > 1 else "") + "十" + (_CHINESE[ones] if ones else "")
    return str(value)
