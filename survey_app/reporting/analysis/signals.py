"""Careless-response signals as they may be read: counts with what they are counted of, or the reason for none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from survey_app.measurement.signals import Signals

SIGNAL_NAMES = (
    "speeding_1s",
    "speeding_2s",
    "longstring",
    "straightlined",
    "top_option_only",
    "outliers",
    "duplicates",
)  # in the order in which they are shown
TIMED_SIGNALS = {"speeding_1s", "speeding_2s"}  # counted of the forms that have a time
REVIEW_P_VALUE = 0.02  # so rarely do honest forms repeat each other as often by chance


@dataclass(frozen=True, slots=True)
class SignalCount:
    """How many forms ``of`` all show it; None where nothing can be said.

    With ``is_unanimous`` all do and only "at least 95 %" may be said; with ``is_hidden`` too few were observed.
    """

    count: int | None = None
    total: int = 0
    is_unanimous: bool = False
    is_hidden: bool = False

    @property
    def share(self) -> float | None:
        return None if self.count is None or not self.total else self.count / self.total


@dataclass(frozen=True, slots=True)
class CellSignals:
    """The signals of one school × audience, or of several together, by name."""

    counts: Mapping[str, SignalCount]
    expected: float | None = None
    p_value: float | None = None

    @property
    def needs_review(self) -> bool:
        """Whether forms repeat each other more often than chance explains."""
        return self.p_value is not None and self.p_value <= REVIEW_P_VALUE


def mask_signals(signals: Signals, min_n: int, full: bool = False) -> CellSignals:
    """The signals of a cell that may be shown, without what would tell of fewer than ``least`` or of everybody."""
    counts = {
        name: _mask_count(
            getattr(signals, name), signals.timed_responses if name in TIMED_SIGNALS else signals.responses, min_n, full
        )
        for name in SIGNAL_NAMES
    }
    return CellSignals(counts, signals.expected, signals.p_value if signals.duplicates else None)


def _mask_count(count: int | None, total: int, min_n: int, full: bool) -> SignalCount:
    if count is None or total == 0:
        return SignalCount()
    if full:
        return SignalCount(count, total)
    return (
        SignalCount(is_hidden=True)
        if total < min_n
        else SignalCount(None, total, True)
        if count == total
        else SignalCount(count, total)
    )


def pool_signals(cells: Iterable[CellSignals]) -> CellSignals:
    """The usual share: all cells together, each signal over those that show its count."""
    cell_signals = list(cells)
    return CellSignals(
        {name: _pool_counts([signals.counts[name] for signals in cell_signals]) for name in SIGNAL_NAMES}
    )


def _pool_counts(counts: list[SignalCount]) -> SignalCount:
    published = [signal for signal in counts if signal.count is not None]
    return (
        SignalCount(sum(signal.count or 0 for signal in published), sum(signal.total for signal in published))
        if published
        else SignalCount()
    )
