"""Careless-response signals as they may be read: counts with what they are counted of, or the reason for none."""

from survey_app.measurement.signals import Signals
from survey_app.measurement.suppression import near_unanimity_share

from .figures import CellSignals, DisclosurePolicy, PublishableCount, SignalCount, UnanimousCount, UnavailableCount

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


def disclose_signals(signals: Signals, min_n: int, policy: DisclosurePolicy = DisclosurePolicy.PUBLIC) -> CellSignals:
    """Return the signals of a publishable cell without what would tell of fewer than ``min_n`` or of everybody.

    Said only where it is all of them, "at least 95 %" would mean all: it is said from there on, as for items.
    """
    counts = {
        name: disclose_count(
            getattr(signals, name),
            signals.timed_responses if name in TIMED_SIGNALS else signals.responses,
            min_n,
            policy,
        )
        for name in SIGNAL_NAMES
    }
    return CellSignals(counts, signals.expected, signals.p_value if signals.duplicates else None)


def disclose_count(
    count: int | None, total: int, min_n: int, policy: DisclosurePolicy = DisclosurePolicy.PUBLIC
) -> SignalCount:
    """Return how many of ``total`` there are, unless these are too few, or nearly all of them."""
    if count is None or total == 0:
        return UnavailableCount.UNDEFINED
    if policy is DisclosurePolicy.FULL:
        return PublishableCount(count, total)
    if total < min_n:
        return UnavailableCount.HIDDEN
    low = near_unanimity_share(total)
    return UnanimousCount(total, low) if count >= low * total - 1e-9 else PublishableCount(count, total)
