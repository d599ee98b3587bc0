"""What is usual: the signals of several cells together."""

from collections.abc import Iterable, Sequence

from ..disclosure.figures import CellSignals, PublishableCount, SignalCount, UnavailableCount
from ..disclosure.signals import SIGNAL_NAMES


def pool_signals(cells: Iterable[CellSignals]) -> CellSignals:
    """Return the usual share: all cells together, each signal over those that show its count."""
    cell_signals = list(cells)
    return CellSignals(
        {name: _pool_counts([signals.counts[name] for signals in cell_signals]) for name in SIGNAL_NAMES}
    )


def _pool_counts(counts: Sequence[SignalCount]) -> SignalCount:
    published = [count for count in counts if isinstance(count, PublishableCount)]
    if not published:
        return UnavailableCount.UNDEFINED
    return PublishableCount(sum(count.count for count in published), sum(count.total for count in published))
