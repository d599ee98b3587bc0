"""Who is asked: what a text says about skipping and about answers to earlier questions, as conditions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from survey_app.definition.conditions import AllOf, Comparison, Condition

from ..draft import DraftItem, DraftOption, GuessedCondition, ItemKind
from .answers import ReadLabel
from .lines import half_width
from .marks import chinese_value

_EARLIER = re.compile(
    r"(?:第\s*(\d+|[一二三四五六七八九十]{1,3})\s*题|[Qq](\d+)|(上一?题|前一?题))\D{0,6}?(?:选(?:择)?|答|回答|为)(?:了|择)?\s*[“\"'‘]?"
    r"(?P<what>[^”\"'’]+?)[”\"'’]?\s*(?:的|者|时|才|，|,|请|作答|填|回答|$)"
)
_LATER = re.compile(
    r"(?:如果?|若)?(?:选|选择|回答)(?:了|择)?\s*[“\"]?(?P<what>[^”\"]+?)[”\"]?(?:的|者|时)?[,，]?\s*"
    r"(?:请)?(?:继续)?(?:回答|作答|填写|填|答|做)\s*第?\s*(?P<number>\d+)\s*题"
)
_IF_CHOSEN = re.compile(
    r"^(?:如果?|若|假如)(?:您|你)?选(?:择)?了?\s*[“\"‘]?(?P<what>[^”\"’]{1,16}?)[”\"’]?(?:的|时)?[,，、]"
)
_IF = re.compile(r"^(?:如果?|若|假如)\s*(?P<what>[^,，、。]{1,6}?)[,，、]")
_DEPENDS = re.compile(r"依赖于?\s*第\s*(\d+)\s*题\s*第\s*([\d;；、,]+)\s*个?选项")
_DENIES = re.compile(r"(没|不|否|未|无)")


@dataclass(frozen=True, slots=True)
class ReadCondition:
    """A condition for one item. ``is_guess``: it was concluded, not said by number."""

    item: int
    condition: Condition
    guessed: GuessedCondition
    is_guess: bool
    code: str


def read_conditions(
    items: Sequence[DraftItem], labels: Sequence[Sequence[ReadLabel]], sayings: Sequence[Sequence[str]]
) -> tuple[tuple[DraftItem, ...], tuple[ReadCondition, ...]]:
    """Return the items with their conditions. ``sayings``: what the brackets of each item say of other questions."""
    read = [*_said(items, sayings), *_onwards(items, labels, sayings), *_skips(items, labels), *_ifs(items)]
    out = list(items)
    for entry in read:
        item = out[entry.item]
        if item.show_if is None:
            out[entry.item] = replace(item, show_if=entry.condition, guessed_condition=entry.guessed)
        elif item.show_if != entry.condition and entry.code == "skip_instruction":
            out[entry.item] = replace(item, show_if=AllOf((item.show_if, entry.condition)))
    return tuple(out), tuple(read)


def _numbered(items: Sequence[DraftItem], number: str, before: int) -> int | None:
    fitting = [index for index in range(before) if items[index].number == number]
    return fitting[-1] if fitting else None


def _said(items: Sequence[DraftItem], sayings: Sequence[Sequence[str]]) -> Iterator[ReadCondition]:
    """第1题选“否”的回答"""
    for index, words in enumerate(sayings):
        for saying in words:
            found = _EARLIER.search(half_width(saying))
            if depends := _DEPENDS.search(half_width(saying)):
                yield from _depends(items, index, depends[1], depends[2])
                continue
            if found is None:
                continue
            typed = found[1] or found[2]
            number = str(chinese_value(typed)) if typed and not typed.isdecimal() else typed
            subject = _numbered(items, number, index) if number else index - 1
            chosen = _options_named(items[subject], found["what"]) if subject is not None and subject >= 0 else ()
            if subject is not None and chosen:
                yield _entry(items, index, subject, chosen, False, "condition_guessed")


def _depends(items: Sequence[DraftItem], index: int, number: str, places: str) -> Iterator[ReadCondition]:
    """依赖于第1题第4;5个选项, as an online form prints it: the options by their places."""
    subject = _numbered(items, number, index)
    labels = [option.name for option in _options(items[subject])] if subject is not None else []
    chosen = tuple(labels[int(word) - 1] for word in re.findall(r"\d+", places) if 0 < int(word) <= len(labels))
    if subject is not None and chosen:
        yield _entry(items, index, subject, chosen, False, "condition_guessed")


def _options_named(item: DraftItem, words: str) -> tuple[str, ...]:
    """The options that words name: by label, or by letters."""
    labels = [option.name for option in _options(item)]
    parts = [part.strip() for part in re.split(r"[、,或/]|以及|和", words) if part.strip()]
    chosen = []
    for part in parts:
        if part in labels:
            chosen.append(part)
        elif re.fullmatch(r"[A-Z]", part) and ord(part) - ord("A") < len(labels):
            chosen.append(labels[ord(part) - ord("A")])
    return tuple(dict.fromkeys(chosen))


def _onwards(
    items: Sequence[DraftItem], labels: Sequence[Sequence[ReadLabel]], sayings: Sequence[Sequence[str]]
) -> Iterator[ReadCondition]:
    """如选D、E请回答第3题: the later question is for these."""
    for index, item in enumerate(items):
        for saying in (*sayings[index], *(label.saying for label in labels[index])):
            found = _LATER.search(half_width(saying))
            chosen = _options_named(item, found["what"]) if found else ()
            target = found["number"] if found else ""
            later = next((n for n in range(index + 1, len(items)) if items[n].number == target), None)
            if chosen and later is not None:
                yield _entry(items, later, index, chosen, False, "condition_guessed")


def _options(item: DraftItem) -> tuple[DraftOption, ...]:
    return item.scale.options if item.scale else item.options


def _skips(items: Sequence[DraftItem], labels: Sequence[Sequence[ReadLabel]]) -> Iterator[ReadCondition]:
    """否（请跳至第4题）: what lies between is for the other options."""
    for index, item in enumerate(items):
        skipping = {label.label: label.skip for label in labels[index] if label.skip}
        if not skipping or item.kind not in (ItemKind.CHOICE, ItemKind.SCALE):
            continue
        for target in sorted(set(skipping.values())):
            going = [option.name for option in _options(item) if skipping.get(option.name) != target]
            end = next((later for later in range(index + 1, len(items)) if items[later].number == target), None)
            for later in range(index + 1, end if end is not None else index + 1):
                if going:
                    yield _entry(items, later, index, tuple(going), False, "skip_instruction")


def _if_chosen(items: Sequence[DraftItem], index: int, what: str) -> Iterator[ReadCondition]:
    """若选择“收费”，…: the nearest question before it that has this option."""
    for subject in range(index - 1, -1, -1):
        if chosen := _options_named(items[subject], what):
            yield _entry(items, index, subject, chosen, True, "condition_guessed")
            return


def _ifs(items: Sequence[DraftItem]) -> Iterator[ReadCondition]:
    """如果乘坐，…: the nearest question before it that is answered with yes or no and speaks of the same."""
    for index, item in enumerate(items):
        words = next(iter(item.text.values()), "")
        if named := _IF_CHOSEN.match(words):
            yield from _if_chosen(items, index, named["what"])
            continue
        found = _IF.match(words)
        if found is None:
            continue
        what = found["what"]
        for subject in range(index - 1, max(index - 4, -1), -1):
            options = [option.name for option in _options(items[subject])]
            denying = [option for option in options if _DENIES.match(option)]
            if len(options) != 2 or len(denying) != 1:
                continue
            core = _DENIES.sub("", what).strip()
            asked = next(iter(items[subject].text.values()), "")
            if core and (core in asked or any(core in option for option in options)):
                affirmed = [option for option in options if option not in denying]
                chosen = denying if _DENIES.search(what) else affirmed
                yield _entry(items, index, subject, tuple(chosen), True, "condition_guessed")
                break


def _entry(
    items: Sequence[DraftItem], index: int, subject: int, chosen: tuple[str, ...], is_guess: bool, code: str
) -> ReadCondition:
    number = items[subject].number or items[subject].name
    return ReadCondition(
        index, Comparison(items[subject].name, chosen), GuessedCondition(number, chosen), is_guess, code
    )
