"""Scales of numbers in a text: 0 to 10, marks, stars, 5 4 3 2 1 with words for the ends."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..draft import DraftOption, DraftScale, NumericRange
from ..label_degrees import degree_of
from ..scale_families import FAMILIES, UNCLEAR_DIRECTION, scale_from_labels
from .languages import Languages
from .legends import Legend, ends_of, labels_of
from .lines import half_width
from .tags import Tags

_STARS = re.compile(r"[:：]?\s*([☆★⭐✩✰]{2,10})\s*$")
_RUN = re.compile(r"[:：]?\s*((?:\d{1,2}\s*[ /、,|]\s*){2,}\d{1,2})\s*$")
_MARKS = re.compile(r"(打分|评分|给.{0,8}分|多少分|分数)")
_RECOMMEND = re.compile(r"(推荐|recommend)", re.IGNORECASE)
MAX_POINTS = 11


@dataclass(frozen=True, slots=True)
class NumberScale:
    """The numbers of a scale as a question shows them, and the question without them."""

    text: str
    values: tuple[int, ...]
    is_stars: bool = False


def number_scale(text: str, labels: list[str], tags: Tags) -> NumberScale | None:
    """Return the numbers that a question is answered with, or None.

    >>> number_scale("请打星：☆☆☆☆☆", [], Tags()).values
    (1, 2, 3, 4, 5)
    """
    half = half_width(text)
    if found := _STARS.search(half):
        return NumberScale(text[: found.start()].strip(), tuple(range(1, len(found[1]) + 1)), True)
    if labels:
        digits = [half_width(label).rstrip("分星级") for label in labels]
        values = [int(word) for word in digits if word.isdecimal() and len(word) < 4]
        if len(values) == len(labels) and _goes_by_one(values):
            return NumberScale(text, tuple(values))
        return None
    if (found := _RUN.search(half)) and _goes_by_one(values := [int(word) for word in re.findall(r"\d+", found[1])]):
        return NumberScale(text[: found.start()].strip(), tuple(values))
    low, high = tags.low, tags.high
    if low is not None and high is not None and 1 < abs(high - low) < MAX_POINTS:
        step = 1 if high > low else -1
        return NumberScale(text, tuple(range(low, high + step, step)))
    return None


def _goes_by_one(values: list[int]) -> bool:
    ordered = list(range(min(values), max(values) + 1))
    return 2 < len(values) <= MAX_POINTS and values in (ordered, ordered[::-1])


def asks_for_marks(text: str, tags: Tags) -> bool:
    """Return whether a number from a wide range (0 to 100) is asked for as marks."""
    wide = tags.low is not None and tags.high is not None
    return (wide and abs((tags.high or 0) - (tags.low or 0)) >= MAX_POINTS) or (
        tags.unit == "分" and _MARKS.search(text) is not None
    )


def scale_of_numbers(numbers: NumberScale, tags: Tags, languages: Languages) -> DraftScale:
    """Return the scale. What counts as favourable is known of stars, of 0 to 10 and where the ends say it."""
    low, high = min(numbers.values), max(numbers.values)
    ends = dict(tags.ends)
    options = tuple(DraftOption(languages.text(str(value))) for value in numbers.values)
    shown = NumericRange(
        low,
        high,
        languages.text(ends[low]) if low in ends and high in ends else None,
        languages.text(ends[high]) if low in ends and high in ends else None,
        show="stars" if numbers.is_stars else "numbers",
    )
    family, from_words = "number", _family_of_ends(ends.get(high, ""))
    if numbers.is_stars:
        family, shown = "stars", replace(shown, favourable_from=high - 1)
    elif (low, high) == (0, 10) and _RECOMMEND.search(numbers.text):
        family, shown = "recommend", replace(shown, favourable_from=9, unfavourable_to=6, is_nps=True)
    elif from_words:
        family, shown = from_words, replace(shown, favourable_from=high - (1 if high - low > 2 else 0))
    return DraftScale(family, options, numbers=shown)


def scale_given_once(legend: Legend, tags: Tags, languages: Languages) -> DraftScale | None:
    """Return the scale of a question without options, as a sentence above all of them gives it."""
    if len(legend) > 2:
        return scale_from_labels([languages.text(label) for _value, label in legend])
    first, last = (value for value, _label in legend)
    step = 1 if last > first else -1
    return explained_scale(NumberScale("", tuple(range(first, last + step, step))), tags, legend, languages)


def explained_scale(numbers: NumberScale, tags: Tags, legend: Legend, languages: Languages) -> DraftScale:
    """Return the scale of numbers with the words that a sentence above all questions has for them."""
    if numbers.is_stars or tags.ends:
        return scale_of_numbers(numbers, tags, languages)
    words = [languages.text(label) for label in labels_of(numbers.values, legend)]
    if len(words) > 2 and (scale := scale_from_labels(words)):
        return scale
    ends = ends_of(numbers.values, legend)
    if ends and degree_of(ends[0][1]).value > 0:
        return _falling_scale(numbers.values, dict(ends), languages)
    return scale_of_numbers(numbers, replace(tags, ends=ends), languages)


def _falling_scale(values: Sequence[int], ends: Mapping[int, str], languages: Languages) -> DraftScale:
    """Numbers of which the lowest is best: a scale of numbers would count them the other way."""
    low, high = min(values), max(values)
    options = []
    for value in values:
        share = (high - value) / (high - low)
        shown = f"{value}（{ends[value]}）" if value in ends else str(value)
        options.append(DraftOption(languages.text(shown), "", round(100 * share, 1), share > 0.5))
    return DraftScale(_family_of_ends(ends[low]) or "number", tuple(options))


def _family_of_ends(words: str) -> str:
    """The family of the word for the highest number, if that is the better end."""
    degree = degree_of(words) if words else None
    if degree is None or degree.value <= 0:
        return ""
    family = next((family for family, stems in FAMILIES.items() if degree.stem in stems), "")
    return "" if family in UNCLEAR_DIRECTION else family
