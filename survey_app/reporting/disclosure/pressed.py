"""Was-pressed answers as they may be read, by the office and auditors: how many say that they were told how to answer.

A few among many are not counted out: whoever reads "one of forty" looks for the one. Neither are nearly all.
"""

from collections.abc import Iterable, Mapping

from survey_app.measurement.statistics.intervals import wilson
from survey_app.measurement.suppression import near_unanimity_share

from .figures import (
    DisclosurePolicy,
    PressedFigures,
    PublishableCount,
    RareCount,
    SignalCount,
    UnanimousCount,
    UnavailableCount,
)

PRESSED_QUESTION, PRESSED, UNSAID = "pressed", "yes", "unsaid"  # the private question and two of its options
NOT_ASKED = PressedFigures(UnavailableCount.UNDEFINED, UnavailableCount.UNDEFINED)


def disclose_pressed(
    counts: Mapping[str, int], min_n: int, policy: DisclosurePolicy = DisclosurePolicy.PUBLIC
) -> PressedFigures:
    """Return the answers of a publishable cell to the private question, by option code."""
    total = sum(counts.values())
    if total < (1 if policy is DisclosurePolicy.FULL else min_n):
        return PressedFigures(UnavailableCount.HIDDEN, UnavailableCount.HIDDEN)
    pressed = _disclose(counts.get(PRESSED, 0), total, policy)
    low, high = _limits(pressed)
    return PressedFigures(pressed, _disclose(counts.get(UNSAID, 0), total, policy), low, high)


def usual_pressed(cells: Iterable[tuple[PressedFigures, Mapping[str, int]]]) -> PressedFigures:
    """Return the answers of several cells together, made so that no cell can be found by subtraction.

    Cells that say only "few" or "nearly all" are in it where they are two or more, or else the one would be known.
    """
    known = [(figures, counts) for figures, counts in cells if figures.pressed is not UnavailableCount.HIDDEN]
    ranges = [entry for entry in known if not isinstance(entry[0].pressed, PublishableCount)]
    counted = [entry[1] for entry in known if len(ranges) != 1 or entry is not ranges[0]]
    total = sum(sum(counts.values()) for counts in counted)
    if not total:
        return NOT_ASKED
    pressed = PublishableCount(sum(counts.get(PRESSED, 0) for counts in counted), total)
    low, high = _limits(pressed)
    return PressedFigures(pressed, UnavailableCount.UNDEFINED, low, high)


def _disclose(count: int, total: int, policy: DisclosurePolicy) -> SignalCount:
    if policy is DisclosurePolicy.FULL:
        return PublishableCount(count, total)
    low = near_unanimity_share(total)
    if count >= low * total - 1e-9:
        return UnanimousCount(total, low)
    if count <= (1 - low) * total + 1e-9:
        return RareCount(total, 1 - low)
    return PublishableCount(count, total)


def _limits(count: SignalCount) -> tuple[float | None, float | None]:
    if not isinstance(count, PublishableCount):
        return None, None
    interval = wilson(count.count, count.total)
    return float(interval.low), float(interval.high)
