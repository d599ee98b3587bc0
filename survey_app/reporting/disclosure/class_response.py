"""Response by class as it may be read: from which to which, and how alike classes answered; never of one class."""

from collections.abc import Sequence
from dataclasses import dataclass

from survey_app.definition.audiences import AUDIENCES
from survey_app.measurement.statistics.nonresponse import r_indicator

from .figures import Cell
from .live_counts import PublishedCount, RawCount, disclose_split

MIN_SHARE_BY_CLASS = 0.5  # of the ballots: with fewer through class links, the rates of classes are no rates


@dataclass(frozen=True, slots=True)
class ClassResponse:
    """Of the classes that may be shown: how many, lowest and highest response, and the R-indicator (1: all alike)."""

    classes: int
    lowest: float
    highest: float
    r_indicator: float


def disclose_class_response(cell: Cell, classes: Sequence[tuple[int, int]]) -> ClassResponse | None:
    """Return the response of the classes of a school × audience; None where it says nothing or may not be said.

    Classes of fewer than ten are left out, and a second one where it is only one, as wherever ballots are followed.
    """
    if cell.received is None or not AUDIENCES[cell.audience].is_sample:
        return None
    if sum(ballots for _people, ballots in classes) < max(1.0, MIN_SHARE_BY_CLASS * cell.received):
        return None
    whole = PublishedCount(cell.population, cell.received)
    parts = disclose_split(cell.audience, whole, [RawCount(people, ballots) for people, ballots in classes])
    shown = [(part.population, part.received) for part in parts if part.received is not None and part.population]
    if len(shown) < 2:
        return None
    rates = [received / people for people, received in shown]
    indicator = r_indicator([people for people, _received in shown], [received for _people, received in shown])
    return ClassResponse(len(shown), min(rates), max(rates), indicator)
