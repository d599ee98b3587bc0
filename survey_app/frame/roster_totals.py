"""The totals that an office's own sheet states, against the schools that were read: a mistyped number shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from survey_app.definition.messages import Message, message

from .roster_columns import column_label

Sums = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StatedTotal:
    """A row of totals: its number, what it states by audience, and the sums of the schools above it."""

    row: int
    stated: Sums
    above: Sums


def total_notes(totals: Sequence[StatedTotal], before: Sums, whole: Sums) -> list[Message]:
    """Return a note for each stated total that no run of schools between two rows of totals adds up to.

    Notes
    -----
    ``before`` and ``whole`` are the sums of the schools when the sheet began and when it ended. A total may stand
    above or below what it adds up, and count a section, several of them or all: each run counts.
    """
    sides = (before, *(total.above for total in totals), whole)
    return [
        message(
            "第 {row} 行的合计写着{label} {stated}，各校加起来是 {sum}：请看哪一个写错了", row=total.row,
            label=column_label(name), stated=f"{number:,}", sum=f"{_own_sum(name, sides, place):,}",
        )
        for place, total in enumerate(totals) for name, number in total.stated.items()
        if number not in _runs([side.get(name, 0) for side in sides])
    ]  # fmt: skip


def _own_sum(name: str, sides: Sequence[Sums], place: int) -> int:
    """What the total at this place most likely adds up: the schools since the one before it, or where there are none
    all above it, or where these are none, too, the whole sheet."""
    first, previous, above, last = (sides[index].get(name, 0) for index in (0, place, place + 1, -1))
    return above - previous or above - first or last - first


def _runs(sums: Sequence[int]) -> set[int]:
    return {later - earlier for earlier, later in combinations(sums, 2)}
