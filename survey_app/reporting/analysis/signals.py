"""Careless-response signals as they may be read: counts with what they are counted of, or the reason for none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from survey_app.measurement.signals import Signals

NAMES = ("fast", "quick", "run", "alike", "top", "far", "twins")  # in the order in which they are shown
TIMED = {"fast", "quick"}  # counted of the forms that have a time
LOOK = 0.02  # so rarely do honest forms repeat each other as often by chance


@dataclass(frozen=True, slots=True)
class Signal:
    """How many forms ``of`` all show it; None where nothing can be said.

    With ``unanimous`` all do and only "at least 95 %" may be said; with ``hidden`` too few were observed.
    """

    count: int | None = None
    of: int = 0
    unanimous: bool = False
    hidden: bool = False

    @property
    def share(self) -> float | None:
        return None if self.count is None or not self.of else self.count / self.of


@dataclass(frozen=True, slots=True)
class ShownSignals:
    """The signals of one school × audience, or of several together, by name."""

    counts: Mapping[str, Signal]
    expected: float | None = None
    p_value: float | None = None

    @property
    def asks_for_a_look(self) -> bool:
        """Whether forms repeat each other more often than chance explains."""
        return self.p_value is not None and self.p_value <= LOOK


def readable(found: Signals, least: int, full: bool = False) -> ShownSignals:
    """The signals of a cell that may be shown, without what would tell of fewer than ``least`` or of everybody."""
    counts = {
        name: _readable(getattr(found, name), found.timed if name in TIMED else found.forms, least, full)
        for name in NAMES
    }
    return ShownSignals(counts, found.expected, found.p_value if found.twins else None)


def _readable(count: int | None, of: int, least: int, full: bool) -> Signal:
    if count is None or of == 0:
        return Signal()
    if full:
        return Signal(count, of)
    return Signal(hidden=True) if of < least else Signal(None, of, True) if count == of else Signal(count, of)


def pooled(cells: Iterable[ShownSignals]) -> ShownSignals:
    """The usual share: all cells together, each signal over those that show its count."""
    parts = list(cells)
    return ShownSignals({name: _sum([part.counts[name] for part in parts]) for name in NAMES})


def _sum(found: list[Signal]) -> Signal:
    known = [signal for signal in found if signal.count is not None]
    return Signal(sum(signal.count or 0 for signal in known), sum(signal.of for signal in known)) if known else Signal()
