"""A list of options that is a scale of numbers: a row for each number, words at the ends only."""

from dataclasses import replace

from survey_app.definition.languages import Text
from survey_app.definition.messages import message

from ..draft import DraftOption, DraftScale, NumericRange
from .options import OptionList
from .report import SheetReport

MAX_NUMBER = 99


def number_scale_of(entry: OptionList, report: SheetReport) -> DraftScale | None:
    """Return the scale; numbers between the first and the last need no row. None where a code is no number."""
    scored = [option for option in entry.options if option.code not in entry.without_points]
    others = [option for option in entry.options if option.code in entry.without_points]
    wrong = [option for option in scored if not (option.code.isdecimal() and int(option.code) <= MAX_NUMBER)]
    if wrong or len(scored) < 2:
        place = entry.places[entry.options.index(wrong[0])] if wrong else entry.places[0]
        text = message("数字量表“{name}”的代码应当是 0 到 99 的整数，至少写最小的和最大的", name=entry.name)
        report.mistake("number_expected", replace(place, column="B"), text, wrong[0].code if wrong else "")
        return None
    by_number = {int(option.code): option for option in scored}
    low, high = min(by_number), max(by_number)
    favourable = [number for number, option in by_number.items() if option.favourable]
    unfavourable = [number for number in by_number if str(number) in entry.unfavourable]
    numbers = NumericRange(
        low, high, by_number[low].label or None, by_number[high].label or None,
        min(favourable, default=None), max(unfavourable, default=None), entry.show, entry.is_nps,
        _listed_points(by_number, low, high),
    )  # fmt: skip
    options = tuple(DraftOption(Text.of(zh=str(n)), str(n)) for n in range(low, high + 1))
    return DraftScale("numbers", options, others[0] if others else None, numbers, name=entry.name)


def _listed_points(by_number: dict[int, DraftOption], low: int, high: int) -> tuple[float, ...]:
    """The points of all numbers, unless they are spread evenly or not all are stated."""
    stated = [by_number[number].points if number in by_number else None for number in range(low, high + 1)]
    points = [value for value in stated if value is not None]
    even = [100 * step / (high - low) for step in range(high - low + 1)]
    is_even = len(points) == len(even) and all(abs(a - b) < 0.01 for a, b in zip(points, even, strict=True))
    return () if is_even or len(points) < len(even) else tuple(points)
