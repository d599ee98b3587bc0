"""Answers to private questions as the office and the auditor may read them: per school and audience, or not at all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from survey_app.definition.model import BackgroundQuestion
from survey_app.measurement.settings import MeasurementSettings

from .figures import PublishableCount, SignalCount, UnavailableCount
from .signals import disclose_count

MIN_PRIVATE = 10  # persons who answered, before anything is shown

PrivateQuestion = tuple[str, tuple[str, ...]]  # id and codes: what can be counted together


@dataclass(frozen=True, slots=True)
class PrivateCell:
    """One school × audience. ``counts`` by code; of fewer than the least number of persons none is shown."""

    school_id: int
    audience: str
    answered: int | None
    counts: Mapping[str, SignalCount]


@dataclass(frozen=True, slots=True)
class PrivateAnswers:
    """One private question with its answers by school and audience."""

    question: BackgroundQuestion
    cells: tuple[PrivateCell, ...]


def pool_private(cells: Iterable[PrivateCell], codes: Sequence[str]) -> dict[str, SignalCount]:
    """Return the usual share: all cells with a figure together, so that no hidden one can be found by subtraction."""
    shown = [cell for cell in cells if cell.answered is not None]
    pooled: dict[str, SignalCount] = {}
    for code in codes[1:]:
        counts = [count for cell in shown if isinstance(count := cell.counts[code], PublishableCount)]
        total = sum(count.total for count in counts)
        pooled[code] = (
            PublishableCount(sum(count.count for count in counts), total) if total else UnavailableCount.UNDEFINED
        )
    return pooled


def disclose_private(
    school_id: int, audience: str, answered: int, raw: Mapping[str, int], codes: Sequence[str]
) -> PrivateCell:
    """Return the answers but the first: that is the one with nothing to look into, and what remains when all is said.

    What nearly everybody answered is said only as that, as with the other signals.
    """
    min_n = max(MIN_PRIVATE, MeasurementSettings().audience_min_n(audience))
    if answered < min_n:
        return PrivateCell(school_id, audience, None, dict.fromkeys(codes[1:], UnavailableCount.HIDDEN))
    counts = {code: disclose_count(raw.get(code, 0), answered, min_n) for code in codes[1:]}
    return PrivateCell(school_id, audience, answered, counts)
