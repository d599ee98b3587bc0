"""What is usual: how much the index of the cells of a category moves without flagged forms, and between modes."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..disclosure.figures import FormGroupFigures, ModeFigures, WithoutFlagged

MIN_CELLS = 2  # the mean of one is that one


@dataclass(frozen=True, slots=True)
class UsualDifferences:
    """Plain means over the cells that show them, in points; None with fewer than two."""

    without: float | None = None
    modes: float | None = None


def usual_differences(cells: Iterable[FormGroupFigures]) -> UsualDifferences:
    """Return the means of both differences over cells."""
    figures = list(cells)
    without = [one.without.difference for one in figures if isinstance(one.without, WithoutFlagged)]
    modes = [one.modes.difference.points for one in figures if isinstance(one.modes, ModeFigures)]
    return UsualDifferences(_mean([value for value in without if value is not None]), _mean(modes))


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if len(values) >= MIN_CELLS else None
